"""Folding: what entries add up to, in the order in which they were stated, whichever ledger they came by."""

from __future__ import annotations

import json
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from kmtrack.ledger.nouns import NOUNS
from kmtrack.ledger.rows import Origin, row_after
from kmtrack.ledger.sealing import legible

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from kmtrack.ledger.rows import Row
    from kmtrack.ledger.store import Store, StoredRow

# The order is the same in every ledger that holds the same commands.
_OF_RECORDS: Final = """
    SELECT entry.record_id, entry.action, entry.facts, command.recorded_at, entry.command
    FROM entry JOIN command ON command.number = entry.command
    WHERE entry.noun = :noun AND entry.record_id IN (SELECT value FROM json_each(:ids))
    AND (:known_at IS NULL OR coalesce(command.arrived_at, command.recorded_at) <= :known_at)
    ORDER BY command.recorded_at, command.token, entry.number
"""
_OF_NOUN: Final = """
    SELECT entry.record_id, entry.action, entry.facts, command.recorded_at, entry.command
    FROM entry JOIN command ON command.number = entry.command
    WHERE entry.noun = :noun
    AND (:known_at IS NULL OR coalesce(command.arrived_at, command.recorded_at) <= :known_at)
    ORDER BY entry.record_id, command.recorded_at, command.token, entry.number
"""
_JOINING: Final = "SELECT DISTINCT record_id FROM entry WHERE noun = 'company' AND action = 'join'"


class Statement(NamedTuple):
    """What one entry states of a record: facts, when (UTC), and by the command of which number."""

    record_id: str
    action: Any
    facts: dict[str, Any]
    recorded_at: str
    command: int


def statements_on(
    store: Store, noun: str, ids: Iterable[str], known_at: str | None = None
) -> list[Statement]:
    """What was stated of these records, in order.

    With `known_at` (UTC) only what this ledger held at that moment.
    """
    named = {"noun": noun, "ids": json.dumps(list(ids)), "known_at": known_at}
    return [_statement(row) for row in store.each(_OF_RECORDS, **named)]


def records_joined(store: Store) -> list[str]:
    """The records of companies that were ever said to be one with another."""
    return [row["record_id"] for row in store.each(_JOINING)]


def statements_by_record(
    store: Store, noun: str, known_at: str | None = None
) -> Iterator[tuple[str, list[Statement]]]:
    """What was stated of each record of a noun, in the order of their ids; `known_at` as above."""
    rows = store.each(_OF_NOUN, noun=noun, known_at=known_at)
    for record_id, group in groupby(rows, key=lambda row: row[0]):
        yield record_id, [_statement(row) for row in group]


def _statement(row: StoredRow) -> Statement:
    record_id, action, facts, recorded_at, command = row
    return Statement(record_id, action, legible(json.loads(facts)), recorded_at, command)


def fold(noun: str, record_id: str, statements: Iterable[Statement]) -> Row | None:
    """The row that these statements add up to; None where there are none.

    A record that was added on two laptops is restated by the second: the later statement stands, but
    one that says again what the first said says nothing.
    """
    row: Row | None = None
    first: dict[str, Any] = {}
    for stated in statements:
        if row is None:
            if stated.action != "add":  # what it is about was taken out of the ledger
                continue
            row = row_after(noun, None, Origin(record_id, stated.recorded_at), "add", stated.facts)
            first = stated.facts
        elif stated.action != "add":
            row = _after(noun, row, stated)
        elif noun != "contract" and stated.facts != first:
            row = _after(noun, row, stated._replace(action="undo"))
    return row


def _after(noun: str, row: Row, stated: Statement) -> Row:
    origin = Origin(row["id"], row["recorded_at"])
    return row_after(noun, row, origin, stated.action, stated.facts)


def differences(noun: str, expected: Mapping[str, Any], row: Mapping[str, Any]) -> list[str]:
    """The columns in which two rows of a noun differ, but for what no entry holds."""
    skipped = NOT_IN_ENTRIES.get(noun, frozenset())
    return [
        column
        for column in NOUNS[noun].columns
        if column not in skipped and expected.get(column) != row[column]
    ]


# A person's name and key are erasable, so no entry holds them.
NOT_IN_ENTRIES: Final = {"person": frozenset({"name", "secret"})}
