"""Restatements: a command that states the same as another one, so that undoing that one changes nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from kmtrack.ledger.rows import UNDONE
from kmtrack.ledger.stored_entries import all_entries_on, entries_on
from kmtrack.ledger.voids import Voids

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kmtrack.ledger.store.base import Store
    from kmtrack.ledger.stored_entries import StoredEntry
    from kmtrack.usecases.undo_snapshot import Snapshot


class Restating(NamedTuple):
    """The number of the deciding command; `is_gone` if that command took the record out."""

    command: int
    is_gone: bool = False


def restating_command(store: Store, after: Snapshot) -> Restating | None:
    """Return the command that decides what the last one of a snapshot stated.

    That is the last of those that stated the same facts of its records, or took one of them out;
    None if there is none.
    """
    command, voids = after.commands[-1], Voids(store)
    numbers: set[int] = set()
    for noun, ids in after.records.items():
        own = [e for e in all_entries_on(store, noun, ids) if e.command == command]
        stated = {(entry.record_id, fact) for entry in own for fact in _facts_of(entry)}
        numbers |= {
            entry.command
            for entry in entries_on(store, noun, ids, voids)
            if entry.command != command
            and any((entry.record_id, fact) in stated for fact in _facts_of(entry))
        }
        for id_ in {entry.record_id for entry in own}:
            if after.withdrawn[id_] == UNDONE:
                undos = voids.undos_of_record(noun, id_)
                return Restating(max(undo.number for undo in undos), is_gone=True)
    later = {number for number in numbers if number > command}
    return Restating(max(later or numbers)) if numbers else None


def _facts_of(entry: StoredEntry) -> Iterator[tuple[object, ...]]:
    """Yield what an entry states something about: facts with their first day, or terms of the contract."""
    if entry.action in {"withdraw", "join"}:
        yield ("withdrawn" if entry.action == "withdraw" else "joined",)
    since = entry.facts.get("from")
    for name, value in entry.facts.items():
        if isinstance(value, dict):
            yield from ((name, part) for part in value)
        elif isinstance(value, list):
            yield from ((name, str(part.get("municipality", part))) for part in value)
        elif name != "from":
            yield (since, name) if since else (name,)
