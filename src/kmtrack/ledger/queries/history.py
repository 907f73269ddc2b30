"""Queries of the history: how many entries commands have, their first records, and what they redacted."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from kmtrack.ledger.store.base import Store

_SIZES: Final = """
    SELECT command, count(*) AS number FROM entry
    WHERE command IN (SELECT value FROM json_each(:commands)) GROUP BY command
"""
_NUMBER_OF_RECORDS: Final = """
    SELECT count(*) FROM (
        SELECT DISTINCT noun, record_id FROM entry WHERE command = :command AND noun <> 'command'
    ) AS record
"""
_NUMBER_ON_RECORDS: Final = """
    SELECT count(*) FROM entry WHERE command = :command AND noun <> 'command'
"""
_REASONS: Final = """
    SELECT entry.command, redacted.number FROM entry
    JOIN command AS redacted ON redacted.token = entry.record_id
    WHERE entry.command IN (SELECT value FROM json_each(:commands))
      AND entry.noun = 'command' AND entry.action = 'redact' ORDER BY redacted.number
"""
_RECORDS: Final = """
    SELECT DISTINCT record_id FROM entry WHERE command = :command AND noun = :noun
    ORDER BY record_id LIMIT :most
"""


def sizes_of_commands(store: Store, commands: Iterable[int]) -> dict[int, int]:
    """Return how many entries each of these commands has, by its number; commands without any are missing."""
    rows = store.all(_SIZES, commands=json.dumps(list(commands)))
    return {row["command"]: row["number"] for row in rows}


def number_of_records(store: Store, command: int) -> int:
    """Return how many records a command (number) has entries on."""
    return int(store.get(_NUMBER_OF_RECORDS, command=command)[0])


def number_on_records(store: Store, command: int) -> int:
    """Return how many entries on records a command (number) has."""
    return int(store.get(_NUMBER_ON_RECORDS, command=command)[0])


def reasons_redacted_by(store: Store, commands: Iterable[int]) -> dict[int, tuple[int, ...]]:
    """Return for each of these commands the commands whose reasons it redacted, all by number."""
    found: dict[int, tuple[int, ...]] = {}
    for command, redacted in store.all(_REASONS, commands=json.dumps(list(commands))):
        found[command] = (*found.get(command, ()), redacted)
    return found


def records_of(store: Store, command: int, noun: str, most: int) -> Iterator[str]:
    """Yield the ids of the first `most` records of a noun that a command has entries on, in order."""
    rows = store.each(_RECORDS, command=command, noun=noun, most=most)
    return (row["record_id"] for row in rows)
