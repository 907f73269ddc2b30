"""Queries about contact persons."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kmtrack.ledger.store.base import Store, StoredRow

_WITH_NAME: Final = "SELECT id, name FROM person WHERE name IS NOT NULL"
_NAME: Final = "SELECT name, secret FROM person WHERE id = :id AND name IS NOT NULL"
_NAMED: Final = "SELECT id FROM person WHERE company_id = :company_id AND name = :name"

_LIVE_NAMED: Final = _NAMED + " AND withdrawn IS NULL"


def live_person_named(store: Store, company_id: str, name: str) -> str | None:
    """Return the id of a company's contact person of exactly that name who is not withdrawn."""
    row = store.one(_LIVE_NAMED, company_id=company_id, name=name)
    return None if row is None else str(row["id"])


def person_named(store: Store, company_id: str, name: str) -> str | None:
    """Return the id of the contact person of exactly that name at a company."""
    row = store.one(_NAMED, company_id=company_id, name=name)
    return None if row is None else str(row["id"])


def named_people(store: Store) -> Iterator[StoredRow]:
    """Yield the id and name of everybody who has a name."""
    return store.each(_WITH_NAME)


def name_of(store: Store, person_id: str) -> StoredRow | None:
    """Return the name of a person and the key of its commitment (`secret`), if they have a name."""
    return store.one(_NAME, id=person_id)
