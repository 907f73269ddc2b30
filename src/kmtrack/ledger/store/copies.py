"""Copies of a ledger: make and verify them, and where backups lie and which are kept."""

from __future__ import annotations

import errno
import json
import os
import re
import shutil
from contextlib import closing, contextmanager, suppress
from datetime import date, datetime
from hashlib import sha256
from pathlib import PureWindowsPath
from typing import TYPE_CHECKING, Final, NamedTuple

from kmtrack.errors import Refusal
from kmtrack.files import begun_as, empty_beside, move_into, sweep
from kmtrack.ledger.settings import (
    all_settings,
    drop_setting,
    put_setting,
    seal_settings,
    setting,
    setting_names,
)
from kmtrack.ledger.store.errors import WriteFailed
from kmtrack.named_files import open_regular

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import time
    from pathlib import Path

    from kmtrack.ledger.store.base import Store


def copy_ledger(
    store: Store, target: Path, finish: Callable[[Path], None] = lambda _: None
) -> None:
    """Copy an open ledger to `target`, replacing any file there; `finish` changes the copy first.

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
        if store.is_served:
            _seal(beside)
        finish(beside)
        move_into(beside, target)


def _seal(copy: Path) -> None:
    """Seal in a file what a server protects by its rights: settings, and where rows were read."""
    from kmtrack.ledger.imported_rows import seal_places
    from kmtrack.ledger.store.sqlite_file import new_store

    with closing(new_store(copy)) as store:
        store.run("BEGIN IMMEDIATE")
        seal_settings(store)
        seal_places(store)
        store.run("COMMIT")


@contextmanager
def under_all_names(path: Path) -> Iterator[None]:
    """Give what the block puts in the place of a file to the other names of that file (hard links) too.

    They are not known, but they have its content. Raises OSError.
    """
    if os.name == "nt" or path.stat().st_nlink == 1:  # there an open file cannot be replaced
        yield
        return
    with path.open("rb+") as other:
        yield
        if not os.path.samestat(path.stat(), os.fstat(other.fileno())):
            with open_regular(path) as new:
                shutil.copyfileobj(new, other)
            other.truncate()
            other.flush()
            os.fsync(other.fileno())


@contextmanager
def _empty_beside_made(target: Path) -> Iterator[Path]:
    """Open an empty file beside `target`, in a folder that is created if missing."""
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with empty_beside(target) as beside:
        yield beside


@contextmanager
def reporting_failure_of(target: Path, beside: Path | None = None) -> Iterator[None]:
    """Report a failure to write `target` by that path, even if the hidden file `beside` it failed.

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
_OF_ANY_LEDGER: Final = rf".+-(?:{_DAY}|{_MOMENT}|version-[0-9]+)(?:\.[^.]+)?"
# How the folder of backups beside a ledger is named, after the ledger.
_FOLDER: Final = "-backups"


class Backup(NamedTuple):
    """A backup and its time; without a time it is the one before the first change of the day."""

    file: Path
    day: date
    time: time | None = None


class Backups:
    """The backups of a ledger in one folder, by default beside the ledger."""

    def __init__(self, ledger: Path, folder: Path | None = None) -> None:
        self._ledger = ledger
        self.folder = folder or ledger.with_name(f"{ledger.stem}{_FOLDER}")

    def of_day(self, day: date) -> Path:
        """Return the path of the automatic backup of a day."""
        return self.folder / f"{self._ledger.stem}-{day.isoformat()}{self._ledger.suffix}"

    def of_moment(self, moment: datetime) -> Path:
        """Return the path of a backup requested at a moment."""
        stamp = f"{moment:%Y-%m-%d-%H%M%S%f}"
        return self.folder / f"{self._ledger.stem}-{stamp}{self._ledger.suffix}"

    def of_damaged(self, moment: datetime) -> Path:
        """Return the path for a ledger that was unreadable at a moment."""
        stamp = f"{moment:%Y-%m-%d-%H%M%S%f}"
        return self.folder / f"{self._ledger.stem}-damaged-{stamp}{self._ledger.suffix}"

    def all(self) -> list[Path]:
        """List the existing backups, oldest first."""
        form = _name_pattern(self._ledger, _DAY, _MOMENT)
        found = (path for path in self._there() if form.fullmatch(path.name))
        return sorted(found, key=lambda path: path.stem)

    def newest(self) -> list[Backup]:
        """List the existing backups with their times, newest first."""
        return list(filter(None, map(self._made, reversed(self.all()))))

    def _made(self, path: Path) -> Backup | None:
        """Read the time of a backup from its name; None for a name with an impossible day."""
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
        """Remove all but the last `number` backups, and the remains of an interrupted one. Raises OSError."""
        for path in self.all()[:-number]:
            path.unlink(missing_ok=True)
        for path in self._there():
            if is_unfinished(self._ledger, path):
                sweep(path)

    def _there(self) -> list[Path]:
        return list(self.folder.iterdir()) if self.folder.is_dir() else []


def remember_folder(store: Store, folder: Path) -> None:
    """Remember, in a setting, a folder with copies of a ledger, so that an erasure reaches them."""
    folder = folder.resolve()
    noted = _place_from(folder, setting(store, _folder_setting(folder)) or "")
    _remember(store, noted, folder)


def note_moved_folder(store: Store, before: CopiesFolder, folder: Path) -> None:
    """Remember the present place of a folder, with what was noted at its former place."""
    _remember(store, before, folder.resolve())
    for text in setting_names(store, FOLDER_PREFIX):
        if remembered_folder(text) == str(before.path):
            drop_setting(store, f"{FOLDER_PREFIX}{text}")


def forget_folder(store: Store, folder: Path) -> Path:
    """Forget a folder of copies that is lost for good; return it as it was noted.

    Raises Refusal `folder_not_noted`, or `folder_there` if the folder still exists.
    """
    known = {each.path: each for each in _remembered_folders(store)}
    path = folder if folder in known else folder.resolve()
    if path not in known:
        raise Refusal("folder_not_noted", folder=folder)
    if not known[path].is_away:
        raise Refusal("folder_there", folder=folder)
    for text in setting_names(store, FOLDER_PREFIX):
        if remembered_folder(text) == str(path):
            drop_setting(store, f"{FOLDER_PREFIX}{text}")
    return path


def _remember(store: Store, noted: CopiesFolder, folder: Path) -> None:
    ledgers = tuple(dict.fromkeys((*noted.ledgers, store.path.resolve())))
    makers = tuple(dict.fromkeys((*noted.makers, maker_at(store.path))))
    place = CopiesFolder(folder, ledgers, makers, _mount_of(folder))
    if place != noted:
        value = {"ledgers": [*map(str, ledgers)], "makers": makers, "mount": place.mount}
        put_setting(store, _folder_setting(folder), json.dumps(value))


def _folder_setting(folder: Path) -> str:
    # With escapes: not every file name is valid text.
    return f"{FOLDER_PREFIX}{json.dumps(str(folder))}"


def maker_at(ledger: Path) -> str:
    """Return a mark that identifies a ledger by its machine and place, without naming these."""
    from platform import node

    return sha256(f"{node()} {ledger.resolve()}".encode(errors="surrogateescape")).hexdigest()[:16]


class CopiesFolder(NamedTuple):
    """A folder with copies, where the ledger was then, and the disk of the folder.

    `makers` are the marks in the copies that it made there. `mount` is where that disk is in the
    tree of folders, "" for the one that is always there.
    """

    path: Path
    ledgers: tuple[Path, ...] = ()
    makers: tuple[str, ...] = ()
    mount: str = ""

    @property
    def names(self) -> set[str]:
        """The names that the ledger had."""
        return set(map(last_part, self.ledgers))

    @property
    def is_away(self) -> bool:
        """Whether the folder, or the disk that it was on, is missing now."""
        return not os.path.lexists(self.path) or _mount_of(self.path) != self.mount


def copies_folders(store: Store) -> list[CopiesFolder]:
    """Return the remembered folders, and those beside the ledger that may contain copies."""
    ledger = store.path
    found = {each.path: each for each in _remembered_folders(store)}
    beside = [Backups(ledger).folder, ledger.parent]
    with suppress(OSError):
        beside += ledger.parent.glob(f"*{_FOLDER}")
    for folder in sorted({path.resolve() for path in beside if path.is_dir()}):
        known = found.get(folder, CopiesFolder(folder, mount=_mount_of(folder)))
        found[folder] = known._replace(ledgers=(*known.ledgers, ledger))
    return list(found.values())


def last_part(path: Path) -> str:
    """Return the last part of a path, which may have been noted on Windows; "" for a drive itself."""
    return PureWindowsPath(path).name if PureWindowsPath(path).drive else path.name


def _mount_of(folder: Path) -> str:
    """Return the folder at which the disk of a folder is mounted; "" for the disk of the system."""
    for path in (folder, *folder.parents):
        if path.parent == path:
            break
        if os.path.ismount(path):
            return str(path)
    return ""


def backups_of(store: Store) -> list[Backup]:
    """List the backups of a ledger in its own folder and those that it remembers, newest first."""
    folders = [None, *(each.path for each in _remembered_folders(store))]
    found = {each.file.resolve(): each for f in folders for each in Backups(store.path, f).newest()}
    return sorted(found.values(), key=lambda each: each.file.stem, reverse=True)


def _remembered_folders(store: Store) -> list[CopiesFolder]:
    return [
        _place_from(type(store.path)(remembered_folder(text)), value)
        for name, value in all_settings(store)
        if (text := name.removeprefix(FOLDER_PREFIX)) != name
    ]


def _place_from(folder: Path, value: str) -> CopiesFolder:
    """Read the value of a setting that remembers a folder; older versions noted nothing in it."""
    noted = json.loads(value or "{}")
    ledgers = tuple(map(type(folder), noted.get("ledgers", ())))
    return CopiesFolder(folder, ledgers, tuple(noted.get("makers", ())), noted.get("mount", ""))


def remembered_folder(text: str) -> str:
    """Return the folder that a setting remembers. Raises ValueError for a malformed one."""
    # Older versions stored them without escapes.
    return str(json.loads(text)) if text.startswith('"') else text


def is_folder_value(value: str) -> bool:
    """Return whether the value of a setting that remembers a folder has the form that kmtrack writes."""
    noted = json.loads(value or "{}")
    texts = [*noted.get("ledgers", []), *noted.get("makers", []), noted.get("mount", "")]
    return all(isinstance(text, str) for text in texts)


def _name_pattern(ledger: Path, *marks: str) -> re.Pattern[str]:
    """Return a pattern for the names of copies of a ledger; `marks` follow its own name."""
    stem, suffix = re.escape(ledger.stem), re.escape(ledger.suffix)
    return re.compile(rf"{stem}-(?:{'|'.join(marks)}){suffix}")


def is_named_as_copy(ledger: Path, name: str) -> bool:
    """Return whether a file has the name of a copy of a ledger."""
    # A damaged ledger is kept together with its journal.
    is_kept = name.startswith(f"{ledger.stem}-damaged-")
    return (
        is_kept
        or _name_pattern(ledger, _DAY, _MOMENT, "version-[0-9]+").fullmatch(name) is not None
    )


def is_named_as_any_copy(name: str) -> bool:
    """Return whether a file has the name of a copy of some ledger."""
    return re.fullmatch(_OF_ANY_LEDGER, name) is not None


def is_unfinished(ledger: Path, path: Path) -> bool:
    """Return whether a path belongs to a copy that was interrupted or is still being made."""
    name = begun_as(path)
    return name is not None and (name == ledger.name or is_named_as_copy(ledger, name))
