"""Folding: what entries add up to, in the order in which they were stated, whichever ledger they came by."""

from __future__ import annotations

import json
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from kmtrack.ledger.commitments import legible
from kmtrack.ledger.rows import Origin, row_after
from kmtrack.ledger.schema.nouns import NOUNS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from kmtrack.ledger.entries import Action
    from kmtrack.ledger.rows import Row
    from kmtrack.ledger.store.base import Store, StoredRow

# The order is the same in every ledger that holds the same commands.
_OF_RECORDS: Final = """
    SELECT entry.record_id, entry.action, entry.facts, command.recorded_at, entry.command, entry.number
    FROM entry JOIN command ON command.number = entry.command
    WHERE entry.noun = :noun AND entry.record_id IN (SELECT value FROM json_each(:ids))
    AND (:known_at IS NULL OR coalesce(command.arrived_at, command.recorded_at) <= :known_at)
    ORDER BY command.recorded_at, command.token, entry.number
"""
_OF_NOUN: Final = """
    SELECT entry.record_id, entry.action, entry.facts, command.recorded_at, entry.command, entry.number
    FROM entry JOIN command ON command.number = entry.command
    WHERE entry.noun = :noun
    AND (:known_at IS NULL OR coalesce(command.arrived_at, command.recorded_at) <= :known_at)
    ORDER BY entry.record_id, command.recorded_at, command.token, entry.number
"""


class StoredEntry(NamedTuple):
    """What one entry states of a record: facts, when (UTC), and the numbers of command and entry."""

    record_id: str
    action: Any
    facts: dict[str, Any]
    recorded_at: str
    command: int
    entry: int


def statements_on(
    store: Store, noun: str, ids: Iterable[str], known_at: str | None = None
) -> list[StoredEntry]:
    """What was stated of these records, in order.

    With `known_at` (UTC) only what this ledger held at that moment.
    """
    named = {"noun": noun, "ids": json.dumps(list(ids)), "known_at": known_at}
    return [_statement(row) for row in store.each(_OF_RECORDS, **named)]


def statements_by_record(
    store: Store, noun: str, known_at: str | None = None
) -> Iterator[tuple[str, list[StoredEntry]]]:
    """What was stated of each record of a noun, in the order of their ids; `known_at` as above."""
    rows = store.each(_OF_NOUN, noun=noun, known_at=known_at)
    for record_id, group in groupby(rows, key=lambda row: row[0]):
        yield record_id, [_statement(row) for row in group]


def _statement(row: StoredRow) -> StoredEntry:
    record_id, action, facts, *when_and_where = row
    return StoredEntry(record_id, action, legible(json.loads(facts)), *when_and_where)


class Folding:
    """A record that statements add up to, one after the other; `row` is None before the first.

    A record that was added on two laptops is restated by the second: the later statement stands, but
    one that says again what the first said says nothing. Of two contracts the first stands, and the
    municipalities of both take part.
    """

    def __init__(self, noun: str, record_id: str) -> None:
        self._noun = noun
        self._id = record_id
        self._first: dict[str, Any] = {}
        self.row: Row | None = None

    def take(self, stated: StoredEntry) -> None:
        """Add one more statement."""
        if self.row is None:
            if stated.action == "add":  # else what it is about was taken out of the ledger
                origin = Origin(self._id, stated.recorded_at)
                self.row = row_after(self._noun, None, origin, "add", stated.facts)
                self._first = stated.facts
        elif stated.action != "add":
            self._go_on(self.row, stated.action, stated.facts)
        elif self._noun == "contract":
            self._go_on(self.row, "edit", _where_else_it_takes_part(self._first, stated.facts))
        elif stated.facts != self._first:
            self._go_on(self.row, "undo", stated.facts)

    def _go_on(self, row: Row, action: Action, facts: dict[str, Any]) -> None:
        origin = Origin(row["id"], row["recorded_at"])
        self.row = row_after(self._noun, row, origin, action, facts)


def _where_else_it_takes_part(first: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    """What the contract of one ledger adds to that of another: the municipalities it alone has."""
    known = {span["municipality"] for span in first.get("participation", [])}
    spans = [s for s in other.get("participation", []) if s["municipality"] not in known]
    return {"participation": spans}


def fold(noun: str, record_id: str, statements: Iterable[StoredEntry]) -> Row | None:
    """The row that these statements add up to; None where there are none."""
    folding = Folding(noun, record_id)
    for stated in statements:
        folding.take(stated)
    return folding.row


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
