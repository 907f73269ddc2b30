"""Checking a ledger: damage and differences, and what is merely doubtful or missing."""

from __future__ import annotations

import json
from contextlib import closing
from typing import TYPE_CHECKING, Final, NamedTuple

from kmtrack.errors import Refusal
from kmtrack.i18n import say
from kmtrack.ledger.schema.nouns import EVENTS, NOUNS
from kmtrack.ledger.store.base import open_store
from kmtrack.ledger.store.errors import LedgerDamaged
from kmtrack.usecases.check.checksums import missing_heads
from kmtrack.usecases.check.database import damage_to_store, missing_tables
from kmtrack.usecases.check.integrity import altered_entries, differing_rows
from kmtrack.usecases.check.issue import UNREADABLE, Issue
from kmtrack.usecases.check.people import altered_persons, persons_to_erase_again
from kmtrack.usecases.check.settings import altered_settings
from kmtrack.usecases.check.verdicts import differing_tallies, differing_verdicts
from kmtrack.usecases.check.warnings import doubts_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kmtrack.ledger.store.address import Location
    from kmtrack.ledger.store.base import Store


_NAMED: Final = """
    WHERE id IN (SELECT value FROM json_each(:ids))
    OR company_id IN (SELECT value FROM json_each(:ids))
"""


class Checked(NamedTuple):
    """What a check found: `damage` must not be, `doubts` are for a person to look at.

    Of so many `records` (contacts, collaborations, hires) so many are `concerned` by damage; None
    where the file is too damaged to tell.
    """

    damage: list[Issue]
    doubts: list[Issue]
    records: int | None = None
    concerned: int | None = None


def check_ledger(store: Store, heads: Sequence[str] = ()) -> Checked:
    """Check the whole ledger as it is at one moment, and for entries that a workbook has proof of.

    `heads` are digests as `heads_typed` gives them.
    """
    with store.reading():
        damage = [*damage_in(store), *missing_heads(store, heads)]
        if not damage:
            return Checked([], [*persons_to_erase_again(store), *doubts_in(store)])
        if _is_beyond_counting(damage):
            return Checked(damage, [])
        return Checked(damage, [], *_touched(store, damage))


def _is_beyond_counting(damage: list[Issue]) -> bool:
    """Whether pages do not hold, or a table is lost without which nobody can tell."""
    lost = {
        each.facts["table"] for each in damage if each.kind in {"table_missing", "column_missing"}
    }
    return not lost.isdisjoint({"command", "entry", *EVENTS}) or any(
        each.kind == "integrity" for each in damage
    )


def _touched(store: Store, damage: list[Issue]) -> tuple[int, int]:
    """How many records there are, and how many of them are named in damage, or their company."""
    named = json.dumps(sorted({id_ for finding in damage for id_ in finding.records}))
    records = concerned = 0
    for noun in EVENTS:
        records += store.get(NOUNS[noun].count)[0]
        concerned += store.get(NOUNS[noun].count + _NAMED, ids=named)[0]
    return records, concerned


def damage_in(store: Store) -> list[Issue]:
    """What must not be: pages, tables, entries, rows or verdicts that are not as they were written."""
    missing = list(missing_tables(store))
    lost = {finding.facts["table"] for finding in missing}
    # What refers to a table that is lost is no damage of its own.
    damage = [each for each in damage_to_store(store) if each.facts.get("parent") not in lost]
    if any(each.kind == "integrity" for each in damage):
        return missing + damage  # what follows reads what SQLite has found whole
    return missing + damage + [each for look in _looks(store, lost) for each in look]


def is_damaged(store: Store) -> bool:
    """Whether anything is wrong with an open ledger, whatever it is."""
    try:
        with store.reading():
            return bool(damage_in(store))
    except LedgerDamaged:
        return True


def is_found_damaged(place: Location) -> bool:
    """Whether a ledger over which something stumbled is damaged; no where nobody can tell."""
    try:
        with closing(open_store(place)) as store:
            return is_damaged(store)
    except LedgerDamaged:
        return True
    except Exception:  # noqa: BLE001 - whoever asks has an error of their own to tell
        return False


def _looks(store: Store, lost: set[str]) -> Iterator[Iterator[Issue]]:
    """What each look finds, but for those at tables that are lost."""
    if lost.isdisjoint({"command", "entry"}):
        yield _looked("altered_entries", altered_entries(store))
        if "person" not in lost:
            yield _looked("altered_persons", altered_persons(store))
        nouns = [noun for noun in NOUNS if noun not in lost]
        yield _looked("differing_rows", differing_rows(store, nouns))
    if lost.isdisjoint({"company", *EVENTS, "contract", "verdict"}):
        yield _looked("differing_verdicts", differing_verdicts(store))
    if lost.isdisjoint({"verdict", "tally"}):
        yield differing_tallies(store)
    if "setting" not in lost:
        yield altered_settings(store)


def _looked(look: str, findings: Iterator[Issue]) -> Iterator[Issue]:
    """What a look finds, until it meets what nobody can read."""
    try:
        yield from findings
    except (*UNREADABLE, Refusal):
        yield Issue("unreadable", {"of": look, "look": say(f"check.look.{look}")})
