"""Whether every entry is as it was written, and every row what its entries add up to."""

from __future__ import annotations

import json
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final

from kmtrack.ledger.entries import FIRST_DIGEST, Chain, Entry, Heading
from kmtrack.ledger.nouns import NOUNS
from kmtrack.ledger.rows import Origin, row_after
from kmtrack.usecases.checking.finding import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kmtrack.ledger.store import Store, StoredRow

_CHAIN: Final = """
    SELECT command.token, command.recorded_at, command.recorded_by, command.name,
           entry.noun, entry.record_id, entry.action, entry.facts, entry.digest, entry.number
    FROM entry JOIN command ON command.number = entry.command ORDER BY entry.number
"""
_OF_NOUN: Final = """
    SELECT entry.record_id, entry.action, entry.facts, command.recorded_at
    FROM entry JOIN command ON command.number = entry.command
    WHERE entry.noun = :noun ORDER BY entry.record_id, entry.number
"""
# A person's name and key are erasable, so no entry holds them.
_NOT_IN_ENTRIES: Final = {"person": frozenset({"name", "secret"})}


def damage_to_entries(store: Store) -> Iterator[Finding]:
    """Entries whose digest is wrong, and rows that differ from what their entries add up to."""
    yield from _broken_chain(store)
    for noun in NOUNS:
        yield from _differing_rows(store, noun)


def _broken_chain(store: Store) -> Iterator[Finding]:
    last: dict[str, str] = {}
    for row in store.each(_CHAIN):
        heading, entry = Heading(*row[:4]), Entry(*row[4:8])
        previous = last.get(heading.recorded_by, FIRST_DIGEST)
        if Chain(heading, previous).add(entry) != row["digest"]:
            facts = {
                "number": row["number"],
                "id": entry.record_id,
                "by": heading.recorded_by,
                "at": heading.recorded_at,
            }
            yield Finding("entry_altered", facts, (entry.record_id,))
        last[heading.recorded_by] = row["digest"]


def _differing_rows(store: Store, noun: str) -> Iterator[Finding]:
    stored = store.each(NOUNS[noun].select + " ORDER BY id")
    row = next(stored, None)
    for record_id, entries in groupby(store.each(_OF_NOUN, noun=noun), key=lambda e: e[0]):
        while row is not None and row["id"] < record_id:
            yield Finding("row_without_entry", {"noun": noun, "id": row["id"]}, (row["id"],))
            row = next(stored, None)
        if row is None or row["id"] != record_id:
            yield Finding("row_missing", {"noun": noun, "id": record_id}, (record_id,))
            continue
        fields = _difference(noun, _added_up(noun, record_id, entries), row)
        if fields:
            facts = {"noun": noun, "id": record_id, "fields": ", ".join(fields)}
            yield Finding("row_differs", facts, (record_id,))
        row = next(stored, None)
    while row is not None:
        yield Finding("row_without_entry", {"noun": noun, "id": row["id"]}, (row["id"],))
        row = next(stored, None)


def _added_up(noun: str, record_id: str, entries: Iterator[StoredRow]) -> dict[str, Any]:
    row: dict[str, Any] = {}
    for _, action, facts, recorded_at in entries:
        origin = Origin(record_id, row.get("recorded_at", recorded_at))
        row = row_after(noun, row or None, origin, action, json.loads(facts))
    return row


def _difference(noun: str, expected: dict[str, Any], row: StoredRow) -> list[str]:
    skipped = _NOT_IN_ENTRIES.get(noun, frozenset())
    return [
        column
        for column in NOUNS[noun].columns
        if column not in skipped and expected.get(column) != row[column]
    ]
