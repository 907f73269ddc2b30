"""Repair a damaged ledger from its own entries if these are whole; else name a backup that is."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Final

from kmtrack.clock import here
from kmtrack.errors import Phrase, Refusal
from kmtrack.ledger.contract import contract_in_force
from kmtrack.ledger.copy_origin import keep_copy
from kmtrack.ledger.migrations import LOCAL, TRUTH, remake
from kmtrack.ledger.moments import retime_all
from kmtrack.ledger.name_words import rewrite_name_words, wrong_name_words
from kmtrack.ledger.projection import Projection, stored_names
from kmtrack.ledger.queries.integrity import count_tallies, remove_rows, wrong_tallies
from kmtrack.ledger.rows import ERASED
from kmtrack.ledger.schema.nouns import NOUNS
from kmtrack.ledger.settings import (
    REMOVED_PREFIX,
    RESTORED,
    drop_setting,
    is_bundle,
    put_setting,
    setting_names,
)
from kmtrack.ledger.store.address import path_beside
from kmtrack.ledger.store.copies import Backups, remember_folder
from kmtrack.ledger.store.errors import WriteFailed
from kmtrack.ledger.store.quarantine import quarantined
from kmtrack.ledger.verdicts import rejudge_all
from kmtrack.usecases.check.entries import missing_digests
from kmtrack.usecases.check.integrity import damage_in, wrong_rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kmtrack.clock import Clock
    from kmtrack.ledger.store.address import Location
    from kmtrack.ledger.store.base import Store
    from kmtrack.usecases.check import CheckResult
    from kmtrack.usecases.check.issues import Issue

# The time limit, in seconds, of the search for an intact backup.
_SECONDS: Final = 60
_OF_SCHEMA: Final = frozenset({"object_missing", "object_extra", "object_different"})
_OF_PROJECTION: Final = frozenset(
    {
        "moment_differs",
        "row_missing",
        "row_without_entry",
        "row_differs",
        "words_differ",
        "verdict_differs",
        "tally_differs",
        "setting_altered",
        "setting_changed",
        "settings_removed",
        "places_altered",
        *_OF_SCHEMA,
    }
)
_OF_TABLES: Final = frozenset({"table_missing", "column_missing"})
_OF_SERVER: Final = _OF_SCHEMA | _OF_TABLES
_PROJECTION_CHECKS: Final = frozenset(
    {
        "differing_rows",
        "differing_words",
        "differing_verdicts",
        "differing_tallies",
        "wrong_moments",
    }
)


def is_repairable(damage: Sequence[Issue], *, is_served: bool = False) -> bool:
    """Return whether all entries are whole, and only what is computed from them is damaged.

    On a server kmtrack does not restore single tables, indexes and views.
    """
    if is_served and not _OF_SERVER.isdisjoint(issue.kind for issue in damage):
        return False
    return all(map(_is_of_projection, damage))


def _is_of_projection(issue: Issue) -> bool:
    facts = issue.facts
    if issue.kind == "reference":
        return str(facts["table"]) != "entry"
    if issue.kind in _OF_TABLES:
        # What belongs to this copy has no entries: a lost table of it is created empty.
        return facts["table"] in LOCAL or facts["table"] not in TRUTH
    if issue.kind == "row_missing" and facts["noun"] == "person":
        return False  # no entry holds a name
    if issue.kind == "unreadable":
        return facts["of"] in _PROJECTION_CHECKS
    return issue.kind in _OF_PROJECTION


def repair_ledger(store: Store, damage: Sequence[Issue], clock: Clock) -> Path:
    """Rebuild all rows and verdicts of a ledger from its entries, which must be intact.

    Malformed settings are forgotten, and where rows were read if that was changed. Return the copy of
    the ledger as it was. Raises WriteFailed where there is no room for it.
    """
    kept = Backups(store.path).of_damaged(here(clock.now()))
    forgotten = [issue.facts["name"] for issue in damage if issue.kind == "setting_altered"]
    if store.is_served:
        _repair_on_server(store, kept, forgotten)
    else:
        with_places = all(issue.kind != "places_altered" for issue in damage)
        remake(store, kept, forgotten, with_places=with_places)
    return kept


def _repair_on_server(store: Store, kept: Path, forgotten: Sequence[str]) -> None:
    """Correct what differs from the entries, in one transaction that other writers wait for."""
    token = os.urandom(16).hex()
    with store.writing(token):
        kept.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        keep_copy(store, kept)
        remember_folder(store, kept.parent)
        removed = [REMOVED_PREFIX + name for name in setting_names(store, REMOVED_PREFIX)]
        for name in (*forgotten, *removed):
            drop_setting(store, name)
        put_setting(store, RESTORED, token)  # by which it can be told whether it was stored
        retime_all(store)
        _put_rows_right(store)
        if next(wrong_name_words(store), None) is not None:
            rewrite_name_words(store)
        rejudge_all(store, contract_in_force(store))
        if wrong_tallies(store):
            count_tallies(store)


def _put_rows_right(store: Store) -> None:
    """Store the rows that the entries add up to where others are stored, and remove what is none."""
    expected, named = Projection(store), stored_names(store)
    without_entry: dict[str, list[str]] = {}
    for noun in NOUNS.values():
        wrong = list(wrong_rows(store, noun.name, expected))
        rows = [due for due, _ in wrong if due is not None]
        if noun.name == "person":
            rows = [row if row["withdrawn"] == ERASED else named(row) for row in rows]
        store.put_rows(noun, rows)
        without_entry[noun.name] = [row["id"] for due, row in wrong if due is None and row]
    for name, ids in reversed(without_entry.items()):  # what refers to a record goes before it
        remove_rows(store, name, ids)


def advise(location: Location, result: CheckResult, digests: Sequence[str]) -> Phrase:
    """Return the advice on a damaged ledger: to use its own entries, or the newest backup that is whole."""
    is_file = isinstance(location, Path)
    if not is_file and any(issue.kind in _OF_TABLES for issue in result.damage):
        return Phrase("check.lost_served")  # kmtrack makes no single tables on a server
    if all(issue.kind in _OF_SCHEMA for issue in result.damage):
        return Phrase("check.schema" if is_file else "check.schema_served")
    if is_repairable(result.damage):
        return Phrase("check.sums" if is_file else "check.sums_served")
    path = path_beside(location)
    backup = _newest_whole_backup(path, digests)
    if backup is None:
        return Phrase("check.no_backup", folder=Backups(path).folder)
    if result.records is None:
        return Phrase("check.lost", backup=backup)
    return Phrase("check.damaged", number=len(result.damage), backup=backup)


def _newest_whole_backup(ledger: Path, digests: Sequence[str]) -> Path | None:
    """Return the newest backup without damage that has entries with these digests, in limited time."""
    until = monotonic() + _SECONDS
    files: list[Path] = []
    with suppress(OSError):  # the folder cannot be read
        files = Backups(ledger).all()
    for file in reversed(files):
        if monotonic() > until:
            break
        if _is_whole(file, digests):
            return file
    return None


def _is_whole(file: Path, digests: Sequence[str]) -> bool:
    try:
        with quarantined(file, file.parent) as copy:
            return not (is_bundle(copy) or damage_in(copy) or list(missing_digests(copy, digests)))
    except WriteFailed:  # says nothing about the backup
        raise
    except Refusal:
        return False
