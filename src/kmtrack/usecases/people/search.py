"""Finding the contact persons that somebody means by a name or an id."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kmtrack.errors import Refusal
from kmtrack.ledger.schema.ids import noun_of
from kmtrack.ledger.schema.names import name_key
from kmtrack.ledger.schema.plain_text import shown

if TYPE_CHECKING:
    from kmtrack.ledger.rows import Row
    from kmtrack.ledger.store.base import Store

# Whoever was taken out by an undo is still held, so they are found as well.
_PERSONS: Final = """
    SELECT person.id, person.name, person.company_id, company.name AS company,
           person.recorded_at, person.withdrawn
    FROM person JOIN company ON company.id = person.company_id
    WHERE person.name IS NOT NULL ORDER BY person.name, person.id
"""


def find_persons(store: Store, reference: str) -> list[Row]:
    """The persons of that name or id, or else those in whose names it stands.

    Raises Refusal `unknown_person`.
    """
    rows = [dict(row) for row in store.each(_PERSONS)]
    text, key = reference.strip().lower(), name_key(reference)
    whole = [row for row in rows if name_key(row["name"]) == key]
    begun = [row for row in rows if noun_of(text) == "person" and row["id"].startswith(text)]
    found = whole or begun or [row for row in rows if key and key in name_key(row["name"])]
    if not found:
        raise Refusal("unknown_person", reference=shown(reference))
    return found


def records_of_person(store: Store, reference: str) -> list[Row]:
    """The records of the one person that is meant; of two laptops each may have made one.

    Raises Refusal `unknown_person` or `several_persons`.
    """
    found = find_persons(store, reference)
    if len({(name_key(row["name"]), row["company_id"]) for row in found}) > 1:
        among = ", ".join(f"{row['name']}, {row['company']} ({row['id']})" for row in found[:5])
        raise Refusal("several_persons", reference=shown(reference), among=among)
    return found
