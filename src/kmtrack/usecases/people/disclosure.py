"""What is held of one person, for a request of access, and whom nobody has met since a day."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from kmtrack.ledger.commitments import legible
from kmtrack.ledger.erasure import mentions, name_pattern

if TYPE_CHECKING:
    from datetime import date

    from kmtrack.ledger.rows import Row
    from kmtrack.ledger.store.base import Store

_CONTACTS: Final = """
    SELECT id, date, channel, broker, note, withdrawn FROM contact
    WHERE person_id = :id ORDER BY date, id
"""
_ENTRY: Final = """
    SELECT entry.facts, command.recorded_at, command.recorded_by
    FROM entry JOIN command ON command.number = entry.command WHERE entry.number = :number
"""
_REASONS: Final = """
    SELECT number, name, recorded_at, recorded_by, reason FROM command
    WHERE reason IS NOT NULL ORDER BY number
"""
_COMPANIES: Final = "SELECT id, name FROM company ORDER BY id"
_STALE: Final = """
    SELECT person.id, person.name, company.name AS company,
           coalesce(max(contact.date), substr(person.recorded_at, 1, 10)) AS last
    FROM person JOIN company ON company.id = person.company_id
    LEFT JOIN contact ON contact.person_id = person.id AND contact.withdrawn IS NULL
    WHERE person.name IS NOT NULL
    GROUP BY person.id, company.name
    HAVING coalesce(max(contact.date), substr(person.recorded_at, 1, 10)) < :before
    ORDER BY last, person.name
"""


def person_record(store: Store, row: Row) -> dict[str, Any]:
    """Everything that is held of a person: their contacts, and the texts that name them.

    Reasons of commands are among these, and names of companies, which stay when the person is
    erased: they are in a public register.
    """
    texts = []
    for mention in mentions(store, row["name"]):
        entry = store.get(_ENTRY, number=mention.number)
        facts = legible(json.loads(entry["facts"]))
        texts.append(
            {
                "id": mention.record_id,
                "noun": mention.noun,
                "recorded_at": entry["recorded_at"],
                "recorded_by": entry["recorded_by"],
                "texts": {
                    field: facts[field]
                    for field, left in mention.left.items()
                    if facts[field] != left
                },
            }
        )
    contacts = [dict(contact) for contact in store.all(_CONTACTS, id=row["id"])]
    names = name_pattern(row["name"]).search
    reasons = [dict(each) for each in store.all(_REASONS) if names(each["reason"])]
    companies = [dict(each) for each in store.each(_COMPANIES) if names(each["name"])]
    held = {"contacts": contacts, "texts": texts, "reasons": reasons, "companies": companies}
    return {**row, **held}


def stale_persons(store: Store, before: date) -> list[dict[str, Any]]:
    """The persons whom nobody has met on that day or since, longest ago first."""
    return [dict(row) for row in store.all(_STALE, before=before.isoformat())]
