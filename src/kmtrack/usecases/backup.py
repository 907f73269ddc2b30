"""Backup: whole copies of the ledger, made once a day and on request."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from kmtrack.clock import here
from kmtrack.errors import Refusal
from kmtrack.ledger.copy_origin import keep_copy
from kmtrack.ledger.store.copies import KEPT, Backups, remember_folder
from kmtrack.ledger.store.errors import WriteFailed

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from kmtrack.clock import Clock
    from kmtrack.ledger.store.base import Store


# Checking a larger ledger for damage would keep the first change of a day waiting.
_LARGE: Final = 16 << 20


class BackedUp(NamedTuple):
    """A backup that was made, and the number of backups in its folder.

    `keeps_older` is true if no older one was removed because the ledger is damaged.
    """

    file: Path
    number: int
    keeps_older: bool = False


def back_up(store: Store, clock: Clock, folder: Path | None = None, keep: int = KEPT) -> BackedUp:
    """Copy the ledger to its own backup folder or another, and keep the last `keep` copies there.

    No older copy is removed while the ledger is damaged: one of them may be the last intact one.
    Raises WriteFailed `copy_failed` or `disk_full`.
    """
    backups = Backups(store.path, folder)
    file = backups.of_moment(here(clock.now()))
    # Note it first: an erasure must also reach the copy of an interrupted command.
    _make(backups.folder, file)
    remember_folder(store, backups.folder)
    keep_copy(store, file)
    try:
        keeps_older = len(backups.all()) > keep and _is_damaged(store)
        if not keeps_older:
            backups.keep_last(keep)
    except OSError as error:
        raise WriteFailed("copy_failed", file=file) from error
    return BackedUp(file, len(backups.all()), keeps_older)


def _make(folder: Path, file: Path) -> None:
    """Create the folder before it is noted, so that no folder is noted that cannot hold a backup."""
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise WriteFailed("copy_failed", file=file) from error


def back_up_for_the_day(store: Store, day: date) -> None:
    """Copy the ledger before the first change of a day, and keep the last copies.

    No older copy is removed while the ledger is damaged, or too large to be checked in passing: one
    of them may be the last intact one. Raises WriteFailed `copy_failed`, `disk_full`, or
    `older_kept` when all is done.
    """
    backups = Backups(store.path)
    file = backups.of_day(day)
    try:
        if not file.exists():
            _make(backups.folder, file)
            remember_folder(store, backups.folder)
            keep_copy(store, file)
            _keep_last(store, backups)
    except OSError as error:
        raise WriteFailed("copy_failed", file=file) from error


def _keep_last(store: Store, backups: Backups) -> None:
    if len(backups.all()) <= KEPT or store.path.stat().st_size > _LARGE:
        return
    if _is_damaged(store):
        raise Refusal("older_kept", path=store.location)
    backups.keep_last(KEPT)


def _is_damaged(store: Store) -> bool:
    from kmtrack.usecases.check.integrity import is_damaged

    return is_damaged(store)
