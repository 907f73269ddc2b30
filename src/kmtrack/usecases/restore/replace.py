"""Putting a backup in the place of a ledger that is gone, or that nobody can read any more."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Final, NamedTuple

from kmtrack.clock import here
from kmtrack.errors import Refusal
from kmtrack.files import empty_beside, move_into
from kmtrack.ledger.store.address import is_shared
from kmtrack.ledger.store.copies import Backups, copy_ledger
from kmtrack.ledger.store.errors import WriteFailed
from kmtrack.ledger.store.quarantine import quarantined
from kmtrack.ledger.store.sqlite import journals_beside, remove_journals
from kmtrack.usecases.restore.restore import refuse_unfit

if TYPE_CHECKING:
    from pathlib import Path

    from kmtrack.clock import Clock

_COMMANDS: Final = "SELECT count(*) AS number, max(recorded_at) AS last FROM command"


class Replaced(NamedTuple):
    """What a backup holds: so many commands, the last of them recorded then (UTC).

    `kept` is where the unreadable file lies now, if there was one.
    """

    commands: int
    last: str
    kept: Path | None = None


def replace_unreadable(path: Path, file: Path, clock: Clock, *, keep: bool = True) -> Replaced:
    """Put a backup where the ledger lay; what lay there is kept among the backups.

    Without `keep` only to tell what the backup holds. Raises Refusal `shared_place`, `copy_failed`,
    `disk_full`, and as `quarantined` and `refuse_unfit`.
    """
    if not path.exists() and is_shared(path):
        raise Refusal("shared_place", path=path)
    with quarantined(file, path.parent) as copy:
        refuse_unfit(copy, file)
        found = Replaced(*copy.get(_COMMANDS))
        if keep:
            found = found._replace(kept=_keep(path, clock))
            copy_ledger(copy, path)
    return found


def _keep(path: Path, clock: Clock) -> Path | None:
    """Copy an unreadable ledger to the backups, if there is one, and what SQLite left beside it.

    That then must go: SQLite would play it back into the backup that takes the ledger's place.
    """
    kept = Backups(path).of_damaged(here(clock.now()))
    there = path.exists()
    try:
        kept.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        for source in (*((path,) if there else ()), *journals_beside(path)):
            target = kept.with_name(kept.name + source.name.removeprefix(path.name))
            with empty_beside(target) as beside:
                shutil.copyfile(source, beside)
                move_into(beside, target)
        remove_journals(path)
    except OSError as error:
        raise WriteFailed("copy_failed", file=kept) from error
    return kept if there else None
