"""Copies of a ledger: make and verify them, and where backups lie and which are kept."""

from __future__ import annotations

import errno
import json
import re
from contextlib import contextmanager
from datetime import date, datetime
from typing import TYPE_CHECKING, Final, NamedTuple

from kmtrack.errors import Refusal
from kmtrack.files import begun_as, empty_beside, is_private_folder, move_into, sweep
from kmtrack.ledger.settings import put_setting, setting_names
from kmtrack.ledger.store.errors import WriteFailed

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import time
    from pathlib import Path

    from kmtrack.ledger.store.base import Store


def copy_ledger(store: Store, target: Path) -> None:
    """Copy an open ledger to `target`, replacing what is there.

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
    """Open an empty file beside `target`, in a folder that is created if missing."""
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with empty_beside(target) as beside:
        yield beside


@contextmanager
def reporting_failure_of(target: Path, beside: Path | None = None) -> Iterator[None]:
    """Report a failure to write `target` of that path, even if the hidden file `beside` it failed.

    Errors of the ledger that is read pass unchanged. Raises WriteFailed `copy_failed` or
    `disk_full`.
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
    """The copies of a ledger that kmtrack made and can find.

    `unfinished` are those that were interrupted or are still being made, `away` the folders with
    copies that are missing or cannot be read.
    """

    files: list[Path]
    unfinished: list[Path]
    away: list[Path]


class Backup(NamedTuple):
    """A backup and when it was made; without a time it is the one before the first change of the day."""

    file: Path
    day: date
    time: time | None = None


class Backups:
    """The backups of a ledger in one folder, by default beside the ledger."""

    def __init__(self, ledger: Path, folder: Path | None = None) -> None:
        self._ledger = ledger
        self.folder = folder or ledger.with_name(f"{ledger.stem}-backups")

    def of_day(self, day: date) -> Path:
        """Return the path of the automatic backup of a day."""
        return self.folder / f"{self._ledger.stem}-{day.isoformat()}{self._ledger.suffix}"

    def of_moment(self, moment: datetime) -> Path:
        """Return the path of a backup that is asked for at a moment."""
        stamp = f"{moment:%Y-%m-%d-%H%M%S%f}"
        return self.folder / f"{self._ledger.stem}-{stamp}{self._ledger.suffix}"

    def of_damaged(self, moment: datetime) -> Path:
        """Return the path to which a ledger is moved that could not be read at a moment."""
        stamp = f"{moment:%Y-%m-%d-%H%M%S%f}"
        return self.folder / f"{self._ledger.stem}-damaged-{stamp}{self._ledger.suffix}"

    def all(self) -> list[Path]:
        """List the existing backups, oldest first."""
        form = _name_pattern(self._ledger, _DAY, _MOMENT)
        found = (path for path in self._there() if form.fullmatch(path.name))
        return sorted(found, key=lambda path: path.stem)

    def newest(self) -> list[Backup]:
        """List the existing backups with when they were made, newest first."""
        return list(filter(None, map(self._made, reversed(self.all()))))

    def _made(self, path: Path) -> Backup | None:
        """Read from its name when a backup was made; None for a name with a day that is none."""
        stamp = path.stem.removeprefix(f"{self._ledger.stem}-")
        day, at = stamp[: len("2011-06-30")], stamp[len("2011-06-30-") :]
        try:
            moment = datetime.strptime(at, "%H%M%S%f").time() if at else None  # noqa: DTZ007 - local
            return Backup(path, date.fromisoformat(day), moment)
        except ValueError:
            return None

    def last_until(self, moment: datetime) -> Path | None:
        """Return the newest backup that was certainly made at a moment or before, or None."""
        until, of_day = self.of_moment(moment).stem, self.of_day(moment.date())
        before = [path for path in self.all() if path.stem <= until and path != of_day]
        return before[-1] if before else None

    def keep_last(self, number: int) -> None:
        """Remove all but the last `number` backups, and what a crash left of one. Raises OSError."""
        for path in self.all()[:-number]:
            path.unlink(missing_ok=True)
        for path in self._there():
            if _is_unfinished(self._ledger, path):
                sweep(path)

    def _there(self) -> list[Path]:
        return list(self.folder.iterdir()) if self.folder.is_dir() else []


def remember_backup_folder(store: Store, folder: Path) -> None:
    """Remember a folder of backups as a setting, so that an erasure reaches them."""
    # With escapes: not every file name is valid text.
    name = json.dumps(str(folder.resolve()))
    if name not in setting_names(store, FOLDER_PREFIX):
        put_setting(store, f"{FOLDER_PREFIX}{name}")


def find_copies(store: Store) -> Copies:
    """Find every copy of a ledger that kmtrack made, and the folders that it cannot read."""
    ledger, files, unfinished, away = store.path, [], [], []
    remembered = _remembered_folders(store)
    own = {path.resolve(): path for path in (Backups(ledger).folder, ledger.parent)}
    for folder in {**{path: path for path in remembered}, **own}.values():
        try:
            there = sorted(folder.iterdir())
        except FileNotFoundError:
            if folder in remembered:
                away.append(folder)
        except OSError:
            away.append(folder)
        else:
            files += [path for path in there if _is_copy(ledger, path.name)]
            unfinished += [path for path in there if _is_unfinished(ledger, path)]
            if folder == ledger.parent:
                unfinished += filter(is_private_folder, there)
    return Copies(files, unfinished, away)


def backups_of(store: Store) -> list[Backup]:
    """List the backups of a ledger in its own folder and those that it remembers, newest first."""
    folders = [None, *_remembered_folders(store)]
    found = {each.file.resolve(): each for f in folders for each in Backups(store.path, f).newest()}
    return sorted(found.values(), key=lambda each: each.file.stem, reverse=True)


def _remembered_folders(store: Store) -> list[Path]:
    return [
        type(store.path)(remembered_folder(text)) for text in setting_names(store, FOLDER_PREFIX)
    ]


def remembered_folder(text: str) -> str:
    """Return the folder that a setting remembers. Raises ValueError for a malformed one."""
    # Older versions stored them without escapes.
    return str(json.loads(text)) if text.startswith('"') else text


def _name_pattern(ledger: Path, *marks: str) -> re.Pattern[str]:
    """Return a pattern for the names of copies of a ledger; `marks` follow its own name."""
    stem, suffix = re.escape(ledger.stem), re.escape(ledger.suffix)
    return re.compile(rf"{stem}-(?:{'|'.join(marks)}){suffix}")


def _is_copy(ledger: Path, name: str) -> bool:
    # A damaged ledger is kept together with its journal.
    is_kept = name.startswith(f"{ledger.stem}-damaged-")
    return (
        is_kept
        or _name_pattern(ledger, _DAY, _MOMENT, "version-[0-9]+").fullmatch(name) is not None
    )


def _is_unfinished(ledger: Path, path: Path) -> bool:
    """Return whether a path belongs to a copy that was interrupted or is still being made."""
    name = begun_as(path)
    return name is not None and (name == ledger.name or _is_copy(ledger, name))
