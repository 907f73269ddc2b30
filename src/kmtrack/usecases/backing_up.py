"""Backing up: whole copies of the ledger, once a day by themselves and whenever somebody asks."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from kmtrack.ledger.backups import KEPT, Backups, note_folder
from kmtrack.ledger.copies import CopyFailed, copy_ledger

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from kmtrack.ledger.store import Store
    from kmtrack.usecases.desk import Desk


class BackedUp(NamedTuple):
    """A backup that was made, and how many there are in its folder."""

    file: Path
    number: int


def back_up(desk: Desk, folder: Path | None = None, keep: int = KEPT) -> BackedUp:
    """Copy the ledger into a folder, its own unless another is named, and keep the last ones there.

    Raises CopyFailed or DiskFull.
    """
    backups = Backups(desk.store.path, folder)
    file = backups.of_moment(datetime.fromisoformat(desk.clock.now()).astimezone())
    if folder is not None:
        # First, or no erasure would ever reach the copy of a command that was broken off.
        _make(folder, file)
        note_folder(desk.store, folder)
    copy_ledger(desk.store, file)
    try:
        backups.keep_last(keep)
    except OSError as error:
        raise CopyFailed(file=file) from error
    return BackedUp(file, len(backups.all()))


def _make(folder: Path, file: Path) -> None:
    """Make the folder of a backup, or it would be noted though it can never hold one."""
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise CopyFailed(file=file) from error


def back_up_for_the_day(store: Store, day: date) -> None:
    """Copy the ledger as it is before the first change of a day. Raises CopyFailed or DiskFull."""
    backups = Backups(store.path)
    file = backups.of_day(day)
    try:
        if not file.exists():
            copy_ledger(store, file)
            backups.keep_last(KEPT)
    except OSError as error:
        raise CopyFailed(file=file) from error
