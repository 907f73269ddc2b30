"""Copies of a ledger: made while it is in use, verified, and moved into place whole."""

from __future__ import annotations

import errno
import json
import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final, NamedTuple

from kmtrack.errors import Refusal
from kmtrack.files import begun_as, empty_beside, is_private_folder, move_into, sweep
from kmtrack.ledger.settings import put_setting, setting_names
from kmtrack.ledger.store.errors import WriteFailed

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date, datetime
    from pathlib import Path

    from kmtrack.ledger.store.base import Store


def copy_ledger(store: Store, target: Path) -> None:
    """Copy an open ledger to `target`, over what is there.

    Raises WriteFailed `copy_failed` or `disk_full`.
    """
    with (
        reporting_failure_of(target),
        _empty_beside_made(target) as beside,
        reporting_failure_of(target, beside),
    ):
        with store.reading():
            copied = store.back_up_to(beside)
        if store.digest_of(beside) != copied:
            raise WriteFailed("copy_failed", file=target)
        move_into(beside, target)


@contextmanager
def _empty_beside_made(target: Path) -> Iterator[Path]:
    """As `empty_beside`, in a folder that is made if it is not there."""
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with empty_beside(target) as beside:
        yield beside


@contextmanager
def reporting_failure_of(target: Path, beside: Path | None = None) -> Iterator[None]:
    """Tell of `target` what fails where it is written, be it to the hidden file `beside` it.

    What is wrong with a ledger that is read for it is told of that. Raises WriteFailed
    `copy_failed` or `disk_full`.
    """
    try:
        yield
    except OSError as error:
        refusal = (
            WriteFailed("disk_full", path=target)
            if error.errno == errno.ENOSPC
            else WriteFailed("copy_failed", file=target)
        )
        raise refusal from error
    except Refusal as error:
        if beside is None or error.facts.get("path") != beside:
            raise
        if error.key == "disk_full":
            raise WriteFailed("disk_full", path=target) from error
        raise WriteFailed("copy_failed", file=target) from error


KEPT: Final = 10
FOLDER_PREFIX: Final = "backups:"
_DAY: Final = r"\d{4}-\d\d-\d\d"
_MOMENT: Final = rf"{_DAY}-\d{{12}}"


class Copies(NamedTuple):
    """The copies of a ledger that kmtrack made, as far as it can see.

    `unfinished` are those that were broken off or are still being made, `away` the folders that hold
    copies and are not there, or that nobody may read.
    """

    files: list[Path]
    unfinished: list[Path]
    away: list[Path]


class Backups:
    """The backups of a ledger in one folder; by themselves they go beside it."""

    def __init__(self, ledger: Path, folder: Path | None = None) -> None:
        self._ledger = ledger
        self.folder = folder or ledger.with_name(f"{ledger.stem}-backups")

    def of_day(self, day: date) -> Path:
        """Where the backup that is made by itself on a day goes."""
        return self.folder / f"{self._ledger.stem}-{day.isoformat()}{self._ledger.suffix}"

    def of_moment(self, moment: datetime) -> Path:
        """Where the backup that somebody asks for at a moment goes."""
        stamp = f"{moment:%Y-%m-%d-%H%M%S%f}"
        return self.folder / f"{self._ledger.stem}-{stamp}{self._ledger.suffix}"

    def of_damaged(self, moment: datetime) -> Path:
        """Where a ledger is kept that nobody could read at a moment."""
        stamp = f"{moment:%Y-%m-%d-%H%M%S%f}"
        return self.folder / f"{self._ledger.stem}-damaged-{stamp}{self._ledger.suffix}"

    def all(self) -> list[Path]:
        """The backups that are there, the oldest first."""
        form = _name_pattern(self._ledger, _DAY, _MOMENT)
        found = (path for path in self._there() if form.fullmatch(path.name))
        return sorted(found, key=lambda path: path.stem)

    def last_until(self, moment: datetime) -> Path | None:
        """The newest backup that was surely made at a moment or before, if one is there."""
        until, of_day = self.of_moment(moment).stem, self.of_day(moment.date())
        before = [path for path in self.all() if path.stem <= until and path != of_day]
        return before[-1] if before else None

    def keep_last(self, number: int) -> None:
        """Remove the oldest backups beyond `number`, and what a crash left of one. Raises OSError."""
        for path in self.all()[:-number]:
            path.unlink(missing_ok=True)
        for path in self._there():
            if _is_unfinished(self._ledger, path):
                sweep(path)

    def _there(self) -> list[Path]:
        return list(self.folder.iterdir()) if self.folder.is_dir() else []


def remember_backup_folder(store: Store, folder: Path) -> None:
    """Remember a folder that backups were asked into, so that an erasure reaches them."""
    # With escapes: not every name that a file system has is a text.
    name = json.dumps(str(folder.resolve()))
    if name not in setting_names(store, FOLDER_PREFIX):
        put_setting(store, f"{FOLDER_PREFIX}{name}")


def find_copies(store: Store) -> Copies:
    """Every copy of a ledger that kmtrack made, and the folders of which it cannot tell."""
    ledger, files, unfinished, away = store.path, [], [], []
    noted_ones = _remembered_folders(store)
    own = {path.resolve(): path for path in (Backups(ledger).folder, ledger.parent)}
    for folder in {**{path: path for path in noted_ones}, **own}.values():
        try:
            there = sorted(folder.iterdir())
        except FileNotFoundError:
            if folder in noted_ones:
                away.append(folder)
        except OSError:
            away.append(folder)
        else:
            files += [path for path in there if _is_copy(ledger, path.name)]
            unfinished += [path for path in there if _is_unfinished(ledger, path)]
            if folder == ledger.parent:
                unfinished += filter(is_private_folder, there)
    return Copies(files, unfinished, away)


def _remembered_folders(store: Store) -> list[Path]:
    return [
        type(store.path)(remembered_folder(text)) for text in setting_names(store, FOLDER_PREFIX)
    ]


def remembered_folder(text: str) -> str:
    """The folder that was noted so. Raises ValueError for what is no such note."""
    # Before they were noted with escapes they were noted without.
    return str(json.loads(text)) if text.startswith('"') else text


def _name_pattern(ledger: Path, *marks: str) -> re.Pattern[str]:
    """What the names of copies of a ledger fit; `marks` stand behind its own name."""
    stem, suffix = re.escape(ledger.stem), re.escape(ledger.suffix)
    return re.compile(rf"{stem}-(?:{'|'.join(marks)}){suffix}")


def _is_copy(ledger: Path, name: str) -> bool:
    # What nobody could read is kept along with its journal.
    is_kept = name.startswith(f"{ledger.stem}-damaged-")
    return (
        is_kept
        or _name_pattern(ledger, _DAY, _MOMENT, "version-[0-9]+").fullmatch(name) is not None
    )


def _is_unfinished(ledger: Path, path: Path) -> bool:
    """Whether a path is of a copy that was broken off, or that is being made right now."""
    name = begun_as(path)
    return name is not None and (name == ledger.name or _is_copy(ledger, name))
