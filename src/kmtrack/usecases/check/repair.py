"""What mends a damaged ledger: its own entries, where these are whole, or else a backup that is."""

from __future__ import annotations

from contextlib import suppress
from time import monotonic
from typing import TYPE_CHECKING, Final

from kmtrack.clock import here
from kmtrack.errors import Refusal
from kmtrack.ledger.migrations import TRUTH, remake
from kmtrack.ledger.settings import HEADS, setting
from kmtrack.ledger.store.copies import Backups
from kmtrack.ledger.store.errors import WriteFailed
from kmtrack.ledger.store.quarantine import copied_aside
from kmtrack.usecases.check import damage_in
from kmtrack.usecases.check.checksums import missing_heads

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from kmtrack.clock import Clock
    from kmtrack.ledger.store.base import Store
    from kmtrack.usecases.check.issue import Issue

# Nobody waits longer for the search for a whole backup.
_SECONDS: Final = 60
_OF_SUMS: Final = frozenset(
    {"row_missing", "row_without_entry", "row_differs", "verdict_differs", "tally_differs"}
)
_OF_TABLES: Final = frozenset({"table_missing", "column_missing"})
_SUMS_READ_BY: Final = frozenset({"differing_rows", "differing_verdicts"})
# What is stated by nobody but belongs to the file; what is not as kmtrack wrote it is forgotten.
_OF_FILE: Final = frozenset({"setting"})


def is_mended_by_entries(damage: Sequence[Issue]) -> bool:
    """Whether all that was stated is whole, and only what it adds up to is not."""
    return all(map(_is_of_sums, damage))


def _is_of_sums(finding: Issue) -> bool:
    facts = finding.facts
    if finding.kind == "reference":
        return str(facts["table"]) != "entry"
    if finding.kind in _OF_TABLES:
        return facts["table"] in _OF_FILE or facts["table"] not in TRUTH
    if finding.kind == "row_missing" and facts["noun"] == "person":
        return False  # no entry holds a name
    if finding.kind == "unreadable":
        return facts["of"] in _SUMS_READ_BY
    return finding.kind in _OF_SUMS or finding.kind == "setting_altered"


def mend(store: Store, damage: Sequence[Issue], clock: Clock) -> Path:
    """Make all rows and verdicts of a ledger in a file anew from its entries, which must be whole.

    Returns where the ledger lies as it was. Raises WriteFailed `copy_failed` or `disk_full`.
    """
    kept = Backups(store.path).of_damaged(here(clock.now()))
    forgotten = [each.facts["name"] for each in damage if each.kind == "setting_altered"]
    remake(store, kept, forgotten)
    return kept


def newest_whole_backup(ledger: Path, heads: Sequence[str] = ()) -> Path | None:
    """The newest backup in which nothing is wrong and that has these heads, if one is found in time."""
    until = monotonic() + _SECONDS
    files: list[Path] = []
    with suppress(OSError):  # a folder that nobody may look into
        files = Backups(ledger).all()
    for file in reversed(files):
        if monotonic() > until:
            break
        if _is_whole(file, heads):
            return file
    return None


def _is_whole(file: Path, heads: Sequence[str]) -> bool:
    try:
        with copied_aside(file, file.parent) as copy:
            is_bundle = setting(copy, HEADS) is not None
            return not (is_bundle or damage_in(copy) or list(missing_heads(copy, heads)))
    except WriteFailed:  # of which the backup knows nothing
        raise
    except Refusal:
        return False
