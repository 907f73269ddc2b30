"""Order of entry: the order in which records were entered, which is the same in every ledger."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from kmtrack.ledger.schema.ids import chunks

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from kmtrack.ledger.store.base import Store

# By the entry that adds the record as it is now: an earlier one may be void.
# A record that was undone and added again is entered where it was added again.
_IN_ORDER: Final = """
    SELECT entry.record_id FROM entry JOIN command ON command.number = entry.command
    JOIN {noun} AS record ON record.id = entry.record_id
    WHERE entry.noun = :noun AND entry.action = 'add' AND command.recorded_at = record.recorded_at
    AND entry.record_id IN (SELECT value FROM json_each(:ids))
    ORDER BY command.recorded_at, command.token, entry.number
"""
_COMMANDS: Final = "SELECT number, token, recorded_at FROM command"
_ADDITIONS: Final = "SELECT number, command, noun, record_id FROM entry WHERE action = 'add'"
_OF_RECORDS: Final = " AND record_id IN (SELECT value FROM json_each(:ids))"
_NUMBERED: Final = " WHERE number IN (SELECT value FROM json_each(:ids))"
_COPY_COMMAND: Final = """
    INSERT INTO command (number, token, recorded_at, recorded_by, name, previous)
    VALUES (:number, :token, :recorded_at, '', '', '')
"""
_COPY_ADDITION: Final = """
    INSERT INTO entry (number, command, noun, record_id, action, facts, digest)
    VALUES (:number, :command, :noun, :record_id, 'add', '', '')
"""


def by_entry(table: str) -> str:
    """Return the terms by which SQL sorts records of a table: by moment, then in order of entry."""
    return f"""{table}.recorded_at,
        (SELECT min(command.token) FROM entry JOIN command ON command.number = entry.command
         WHERE entry.record_id = {table}.id AND command.recorded_at = {table}.recorded_at),
        (SELECT min(entry.number) FROM entry JOIN command ON command.number = entry.command
         WHERE entry.record_id = {table}.id AND command.recorded_at = {table}.recorded_at)"""  # noqa: S608 - a name of ours


def in_order_of_entry(store: Store, noun: str, ids: Iterable[str]) -> list[str]:
    """Return the ids of these records of a noun in the order in which they were entered."""
    rows = store.each(_IN_ORDER.format(noun=noun), noun=noun, ids=json.dumps(list(ids)))
    return list(dict.fromkeys(row["record_id"] for row in rows))


def copy_order(source: Store, target: Store, ids: Collection[str] | None = None) -> None:
    """Copy the order of entry of all records, or of these, and nothing else, to an empty ledger."""
    if ids is None:
        target.run_many(_COPY_COMMAND, map(dict, source.each(_COMMANDS)))
        target.run_many(_COPY_ADDITION, map(dict, source.each(_ADDITIONS)))
        return
    additions = [
        dict(row)
        for some in chunks(ids)
        for row in source.all(_ADDITIONS + _OF_RECORDS, ids=json.dumps(some))
    ]
    numbers = json.dumps(sorted({row["command"] for row in additions}))
    target.run_many(_COPY_COMMAND, map(dict, source.all(_COMMANDS + _NUMBERED, ids=numbers)))
    target.run_many(_COPY_ADDITION, additions)
