"""Stored entries: what was stated about records, in order, and what of it is in force."""

from __future__ import annotations

import json
from heapq import merge
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from kmtrack.ledger.commitments import legible
from kmtrack.ledger.schema.ids import LETTERS
from kmtrack.ledger.voids import Voids

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from kmtrack.ledger.store.base import Store, StoredRow

# The order is the same in every ledger that holds the same commands.
_ON_RECORDS: Final = """
    SELECT entry.record_id, entry.action, entry.facts, command.recorded_at, entry.command, entry.number
    FROM entry JOIN command ON command.number = entry.command
    WHERE entry.noun = :noun AND entry.record_id IN (SELECT value FROM json_each(:ids))
    AND (:known_at IS NULL OR coalesce(command.arrived_at, command.recorded_at) <= :known_at)
    ORDER BY command.recorded_at, command.token, entry.number
"""
_ON_NOUN: Final = """
    SELECT entry.record_id, entry.action, entry.facts, command.recorded_at, entry.command, entry.number
    FROM entry JOIN command ON command.number = entry.command
    WHERE entry.noun = :noun {ids}
    AND (:known_at IS NULL OR coalesce(command.arrived_at, command.recorded_at) <= :known_at)
    ORDER BY entry.record_id, command.recorded_at, command.token, entry.number
"""
# Ids that begin with a letter are read in order from the index of ids: to sort all entries of a noun
# takes as much memory as they do. There are no others, but by hand.
_OF_LETTER: Final = "AND entry.record_id >= :letter AND entry.record_id < :end"
_OF_OTHERS: Final = "AND substr(entry.record_id, 1, 1) <> :letter"


class StoredEntry(NamedTuple):
    """One entry on a record: its facts, its moment (UTC), and the numbers of its command and itself.

    `is_void` is true for the entry that adds a record which only void commands add.
    """

    record_id: str
    action: Any
    facts: dict[str, Any]
    recorded_at: str
    command: int
    entry: int
    is_void: bool = False


def entries_on(
    store: Store, noun: str, ids: Iterable[str], voids: Voids | None = None
) -> list[StoredEntry]:
    """Read the entries in force on these records, in order, as `entries_in_force` returns them."""
    voids = voids or Voids(store)
    named = {"noun": noun, "ids": json.dumps(list(ids)), "known_at": voids.known_at}
    return entries_in_force(list(map(_stored, store.each(_ON_RECORDS, **named))), voids)


def all_entries_on(store: Store, noun: str, ids: Iterable[str]) -> list[StoredEntry]:
    """Read all entries on these records, in order, including those of void commands."""
    named = {"noun": noun, "ids": json.dumps(list(ids)), "known_at": None}
    return list(map(_stored, store.each(_ON_RECORDS, **named)))


def entries_by_record(
    store: Store, noun: str, voids: Voids | None = None
) -> Iterator[tuple[str, list[StoredEntry]]]:
    """Read the entries in force on each record of a noun, in the order of their ids."""
    voids = voids or Voids(store)
    void, known_at = voids.all(), voids.known_at
    for record_id, group in groupby(_rows_on(store, noun, known_at), itemgetter(0)):
        entries = list(map(_stored, group))
        yield record_id, without_void(entries, void, voids.kept) if void else entries


def _rows_on(store: Store, noun: str, known_at: str | None) -> Iterator[StoredRow]:
    named = {"noun": noun, "known_at": known_at}
    letter = LETTERS.get(noun)
    if letter is None:
        return store.each(_ON_NOUN.format(ids=""), **named)
    named["letter"] = letter
    rows = store.each(_ON_NOUN.format(ids=_OF_LETTER), end=chr(ord(letter) + 1), **named)
    others = store.all(_ON_NOUN.format(ids=_OF_OTHERS), **named)
    return merge(rows, others, key=itemgetter(0)) if others else rows


def entries_in_force(entries: list[StoredEntry], voids: Voids) -> list[StoredEntry]:
    """Leave out the entries of void commands, except an `add` if no other entry adds the record.

    That entry is marked void, unless the record is kept.
    """
    void = voids.among({entry.command for entry in entries})
    return without_void(entries, void, voids.kept) if void else entries


def without_void(
    entries: list[StoredEntry], void: Collection[int], kept: Collection[str] = ()
) -> list[StoredEntry]:
    """Leave out the entries of these commands, as `entries_in_force` does; `kept` records stay."""
    added = {e.record_id for e in entries if e.action == "add" and e.command not in void}
    return [
        entry if entry.command not in void else entry._replace(is_void=entry.record_id not in kept)
        for entry in entries
        if entry.command not in void or (entry.action == "add" and entry.record_id not in added)
    ]


def _stored(row: StoredRow) -> StoredEntry:
    record_id, action, facts, *when_and_where = row
    return StoredEntry(record_id, action, legible(json.loads(facts)), *when_and_where)
