"""Checking a ledger: damage and differences, and what is merely doubtful or missing."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final, NamedTuple

from kmtrack.errors import KmtrackError
from kmtrack.ledger.nouns import EVENTS, NOUNS
from kmtrack.texts import say
from kmtrack.usecases.checking.doubts import doubts_in
from kmtrack.usecases.checking.entries import altered_entries, differing_rows
from kmtrack.usecases.checking.finding import UNREADABLE, Finding
from kmtrack.usecases.checking.heads import missing_heads
from kmtrack.usecases.checking.persons import altered_persons, persons_to_erase_again
from kmtrack.usecases.checking.store import damage_to_store
from kmtrack.usecases.checking.verdicts import differing_verdicts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from kmtrack.ledger.store import Store


_OF_THE_FILE: Final = frozenset({"integrity", "reference"})
_NAMED: Final = """
    WHERE id IN (SELECT value FROM json_each(:ids))
    OR company_id IN (SELECT value FROM json_each(:ids))
"""


class Checked(NamedTuple):
    """What a check found: `damage` must not be, `doubts` are for a person to look at.

    Of so many `records` (contacts, collaborations, hires) so many are `concerned` by damage; None
    where the file is too damaged to tell.
    """

    damage: list[Finding]
    doubts: list[Finding]
    records: int | None = None
    concerned: int | None = None


def check_ledger(store: Store, heads: Sequence[str] = ()) -> Checked:
    """Check the whole ledger as it is at one moment, and for entries that a workbook has proof of.

    `heads` are digests as the workbook prints them.
    """
    with store.reading():
        damage = [*damage_in(store), *missing_heads(store, heads)]
        if not damage:
            return Checked([], [*persons_to_erase_again(store), *doubts_in(store)])
        if any(finding.kind in _OF_THE_FILE for finding in damage):
            return Checked(damage, [])
        return Checked(damage, [], *_touched(store, damage))


def _touched(store: Store, damage: list[Finding]) -> tuple[int, int]:
    """How many records there are, and how many of them are named in damage, or their company."""
    named = json.dumps(sorted({id_ for finding in damage for id_ in finding.records}))
    records = concerned = 0
    for noun in EVENTS:
        records += store.get(NOUNS[noun].count)[0]
        concerned += store.get(NOUNS[noun].count + _NAMED, ids=named)[0]
    return records, concerned


def damage_in(store: Store) -> list[Finding]:
    """What must not be: pages, entries, rows or verdicts that are not as they were written."""
    damage = list(damage_to_store(store))
    if damage:
        return damage  # what follows reads what SQLite has found whole
    looks = (altered_entries, altered_persons, differing_rows, differing_verdicts)
    return [finding for look in looks for finding in _looked(look, store)]


def _looked(look: Callable[[Store], Iterator[Finding]], store: Store) -> list[Finding]:
    """What a look finds, until it meets what nobody can read."""
    found: list[Finding] = []
    try:
        found += look(store)
    except (*UNREADABLE, KmtrackError):
        found.append(Finding("unreadable", {"look": say(f"check.look.{look.__name__}")}))
    return found
