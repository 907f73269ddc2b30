"""Repair a damaged ledger from its own entries where these are whole; else name a backup that is."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Final

from kmtrack.clock import here
from kmtrack.errors import Phrase, Refusal
from kmtrack.ledger.migrations import LOCAL, TRUTH, remake
from kmtrack.ledger.settings import is_bundle
from kmtrack.ledger.store.address import path_beside
from kmtrack.ledger.store.copies import Backups
from kmtrack.ledger.store.errors import WriteFailed
from kmtrack.ledger.store.quarantine import quarantined
from kmtrack.usecases.check.entries import missing_digests
from kmtrack.usecases.check.integrity import damage_in

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
        *_OF_SCHEMA,
    }
)
_OF_TABLES: Final = frozenset({"table_missing", "column_missing"})
_PROJECTION_CHECKS: Final = frozenset(
    {"differing_rows", "differing_words", "differing_verdicts", "wrong_moments"}
)


def is_repairable(damage: Sequence[Issue]) -> bool:
    """Tell whether all entries are whole, and only what is computed from them is damaged."""
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
    """Rebuild all rows and verdicts of a ledger in a file from its entries, which must be intact.

    Altered settings are forgotten. Return the copy of the ledger as it was. Raises WriteFailed
    where there is no room for it.
    """
    kept = Backups(store.path).of_damaged(here(clock.now()))
    forgotten = [issue.facts["name"] for issue in damage if issue.kind == "setting_altered"]
    remake(store, kept, forgotten)
    return kept


def advise(location: Location, result: CheckResult, digests: Sequence[str]) -> Phrase:
    """Say what repairs a damaged ledger: its own entries, or the newest backup that is whole."""
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
