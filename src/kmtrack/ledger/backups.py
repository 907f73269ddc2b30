"""Backups: where the copies of a ledger lie, what they are called, and which of them are kept."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Final

from kmtrack.ledger.settings import noted, put_setting

if TYPE_CHECKING:
    from datetime import date, datetime
    from pathlib import Path

    from kmtrack.ledger.store import Store

KEPT: Final = 10
NOTED: Final = "backups:"


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

    def damaged(self) -> list[Path]:
        """The ledgers that are kept though nobody could read them, and their journals."""
        named = f"{self._ledger.stem}-damaged-"
        found = self.folder.iterdir() if self.folder.is_dir() else ()
        return sorted(path for path in found if path.name.startswith(named))

    def all(self) -> list[Path]:
        """The backups that are there, the oldest first."""
        stem, suffix = re.escape(self._ledger.stem), re.escape(self._ledger.suffix)
        form = re.compile(rf"{stem}-\d{{4}}-\d\d-\d\d(?:-\d{{12}})?{suffix}")
        if not self.folder.is_dir():
            return []
        found = (path for path in self.folder.iterdir() if form.fullmatch(path.name))
        return sorted(found, key=lambda path: path.stem)

    def last_until(self, moment: datetime) -> Path | None:
        """The newest backup that was surely made at a moment or before, if one is there."""
        until, of_day = self.of_moment(moment).stem, self.of_day(moment.date())
        before = [path for path in self.all() if path.stem <= until and path != of_day]
        return before[-1] if before else None

    def keep_last(self, number: int) -> None:
        """Remove the oldest backups beyond `number`. Raises OSError."""
        for path in self.all()[:-number]:
            path.unlink(missing_ok=True)


def note_folder(store: Store, folder: Path) -> None:
    """Remember a folder that backups were asked into, so that an erasure reaches them."""
    # With escapes: not every name that a file system has is a text.
    put_setting(store, f"{NOTED}{json.dumps(str(folder.resolve()))}")


def folder_noted(text: str) -> str:
    """The folder that was noted so. Raises ValueError for what is no such note."""
    return str(json.loads(text)) if text.startswith('"') else text


def all_copies(store: Store) -> list[Path]:
    """Every copy of a ledger that kmtrack knows it made, and that is still there."""
    ledger = store.path
    folders = [type(ledger)(folder_noted(text)) for text in noted(store, NOTED)]
    found = [path for folder in (None, *folders) for path in Backups(ledger, folder).all()]
    found += Backups(ledger).damaged()
    beside = sorted(ledger.parent.glob("*-version-*"))
    found += [path for path in beside if path.name.startswith(f"{ledger.stem}-version-")]
    return list(dict.fromkeys(found))
