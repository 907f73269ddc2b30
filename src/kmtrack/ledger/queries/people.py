"""Queries about contact persons: names, stored data, and persons without a recent contact."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from kmtrack.ledger.rows import UNDONE

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from kmtrack.ledger.store.base import Store, StoredRow

_WITH_NAME: Final = "SELECT id, name FROM person WHERE name IS NOT NULL"
_NAME: Final = "SELECT name, secret FROM person WHERE id = :id AND name IS NOT NULL"
_COMPANY: Final = """
    SELECT company.name FROM person JOIN company ON company.id = person.company_id
    WHERE person.id = :id
"""
_BY_ID: Final = "SELECT * FROM person WHERE id = :id"
_NAMED: Final = """
    SELECT id FROM person WHERE company_id = :company_id AND name = :name
    AND (withdrawn IS NULL OR withdrawn <> :undone)
"""
# A person whose record was undone is still held, and must be found.
_PEOPLE: Final = """
    SELECT person.id, person.name, person.company_id, company.name AS company,
           person.recorded_at, person.withdrawn
    FROM person JOIN company ON company.id = person.company_id
    WHERE person.name IS NOT NULL ORDER BY person.name, person.id
"""
_CONTACTS: Final = """
    SELECT id, date, channel, broker, note, withdrawn FROM contact NOT INDEXED
    WHERE person_id = :id ORDER BY date, id
"""
_NUMBER_OF_CONTACTS: Final = """
    SELECT count(*) FROM contact WHERE person_id IN (SELECT value FROM json_each(:ids))
"""
_NOT_MET_SINCE: Final = """
    SELECT person.id, person.name, company.name AS company,
           coalesce(max(contact.date), substr(person.recorded_at, 1, 10)) AS last
    FROM person JOIN company ON company.id = person.company_id
    LEFT JOIN contact ON contact.person_id = person.id AND contact.withdrawn IS NULL
    WHERE person.name IS NOT NULL
    GROUP BY person.id, person.name, person.recorded_at, company.name
    HAVING coalesce(max(contact.date), substr(person.recorded_at, 1, 10)) < :before
    ORDER BY last, person.name
"""
_LIVE_NAMED: Final = """
    SELECT id FROM person WHERE company_id = :company_id AND name = :name AND withdrawn IS NULL
"""

_LIVE_AT: Final = """
    SELECT id, name FROM person
    WHERE company_id = :company_id AND name IS NOT NULL AND withdrawn IS NULL ORDER BY name, id
"""


def live_people_at(store: Store, company_id: str) -> list[dict[str, Any]]:
    """Return the id and name of the contact persons of a company who are not withdrawn, by name."""
    return [dict(row) for row in store.all(_LIVE_AT, company_id=company_id)]


def live_person_named(store: Store, company_id: str, name: str) -> str | None:
    """Return the id of a company's contact person of exactly that name who is not withdrawn."""
    row = store.one(_LIVE_NAMED, company_id=company_id, name=name)
    return None if row is None else str(row["id"])


def person_named(store: Store, company_id: str, name: str) -> str | None:
    """Return the id of the contact person with exactly that name at a company, withdrawn or not.

    Persons whose record was undone are left out.
    """
    row = store.one(_NAMED, company_id=company_id, name=name, undone=UNDONE)
    return None if row is None else str(row["id"])


def named_people(store: Store) -> Iterator[StoredRow]:
    """Yield the id and name of everybody who has a name."""
    return store.each(_WITH_NAME)


def name_of(store: Store, person_id: str) -> StoredRow | None:
    """Return the name of a person and the key of its commitment (`secret`), if they have a name."""
    return store.one(_NAME, id=person_id)


def company_of_person(store: Store, person_id: str) -> str | None:
    """Return the name of a person's company, erased persons included; None for an unknown id."""
    row = store.one(_COMPANY, id=person_id)
    return None if row is None else str(row["name"])


def person_by_id(store: Store, person_id: str) -> dict[str, Any]:
    """Return the row of a person. Raises LookupError for an unknown id."""
    return dict(store.get(_BY_ID, id=person_id))


def people_with_company(store: Store) -> Iterator[dict[str, Any]]:
    """Yield every person who is not erased, with the name of their company, by name."""
    return (dict(row) for row in store.each(_PEOPLE))


def contacts_of_person(store: Store, person_id: str) -> list[StoredRow]:
    """Return the contacts that name a person, withdrawn ones too, by day."""
    return store.all(_CONTACTS, id=person_id)


def number_of_contacts(store: Store, person_ids: Sequence[str]) -> int:
    """Return how many contacts name one of these persons."""
    return int(store.get(_NUMBER_OF_CONTACTS, ids=json.dumps(list(person_ids)))[0])


def people_not_met_since(store: Store, day: date) -> list[StoredRow]:
    """Return the persons last met before a day (if never, recorded before it), longest ago first."""
    return store.all(_NOT_MET_SINCE, before=day.isoformat())
