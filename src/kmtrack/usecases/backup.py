"""Backing up: whole copies of the ledger, once a day by themselves and whenever somebody asks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from kmtrack.clock import here
from kmtrack.errors import Refusal
from kmtrack.ledger.store.copies import KEPT, Backups, copy_ledger, remember_backup_folder
from kmtrack.ledger.store.errors import WriteFailed

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from kmtrack.ledger.store.base import Store
    from kmtrack.usecases.session import Session


# What is larger would keep whoever makes the first change of a day waiting.
_LARGE: Final = 16 << 20


class BackedUp(NamedTuple):
    """A backup that was made, and how many there are in its folder.

    `keeps_older` says that none made way, since the ledger is damaged: they may be whole.
    """

    file: Path
    number: int
    keeps_older: bool = False


def back_up(session: Session, folder: Path | None = None, keep: int = KEPT) -> BackedUp:
    """Copy the ledger into a folder, its own unless another is named, and keep the last ones there.

    Of a damaged ledger all are kept: one of them may be the last that is whole. Raises WriteFailed
    `copy_failed` or `disk_full`.
    """
    backups = Backups(session.store.path, folder)
    file = backups.of_moment(here(session.clock.now()))
    if folder is not None:
        # First, or no erasure would ever reach the copy of a command that was broken off.
        _make(folder, file)
        remember_backup_folder(session.store, folder)
    copy_ledger(session.store, file)
    try:
        keeps_older = len(backups.all()) > keep and _is_damaged(session.store)
        if not keeps_older:
            backups.keep_last(keep)
    except OSError as error:
        raise WriteFailed("copy_failed", file=file) from error
    return BackedUp(file, len(backups.all()), keeps_older)


def _make(folder: Path, file: Path) -> None:
    """Make the folder of a backup, or it would be noted though it can never hold one."""
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise WriteFailed("copy_failed", file=file) from error


def back_up_for_the_day(store: Store, day: date) -> None:
    """Copy the ledger as it is before the first change of a day, and keep the last copies.

    Of a damaged ledger all are kept, and of one that is too large to be looked at meanwhile: one of
    them may be the last that is whole. Raises WriteFailed `copy_failed`, `disk_full`, or
    `older_kept` when all is done.
    """
    backups = Backups(store.path)
    file = backups.of_day(day)
    try:
        if not file.exists():
            copy_ledger(store, file)
            _keep_last(store, backups)
    except OSError as error:
        raise WriteFailed("copy_failed", file=file) from error


def _keep_last(store: Store, backups: Backups) -> None:
    if len(backups.all()) <= KEPT or store.path.stat().st_size > _LARGE:
        return
    if _is_damaged(store):
        raise Refusal("older_kept", path=store.place)
    backups.keep_last(KEPT)


def _is_damaged(store: Store) -> bool:
    from kmtrack.usecases.check.integrity import is_damaged

    return is_damaged(store)
