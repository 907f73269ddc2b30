"""Untrusted files: read a few rows of a file of unknown origin, without changing or trusting it."""

from __future__ import annotations

import sqlite3
import stat
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Final

from kmtrack.ledger.store.sqlite import APPLICATION_ID, connection_to, journals_beside, refusal
from kmtrack.ledger.store.sqlite_file import FileStore
from kmtrack.named_files import open_regular

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from kmtrack.ledger.store.base import Store

_LONGEST_VALUE: Final = 10_000_000
_SECONDS: Final = 10
_HEADER: Final = 100
_MAGIC: Final = b"SQLite format 3\x00"


def is_plain_file(path: Path) -> bool:
    """Return whether a path is a regular file itself: not a link, and nothing that a program waits at."""
    try:
        return stat.S_ISREG(path.lstat().st_mode)
    except OSError:
        return False


def looks_like_ledger(path: Path) -> bool:
    """Return whether a file begins as a ledger of any version does."""
    if not is_plain_file(path):
        return False
    try:
        with open_regular(path) as file:
            header = file.read(_HEADER)
    except OSError:
        return False
    is_marked = int.from_bytes(header[68:72], "big") == APPLICATION_ID
    return header.startswith(_MAGIC) and is_marked


def has_journal(path: Path) -> bool:
    """Return whether a crash left a journal beside a ledger that must be played back first."""
    return any(True for _ in journals_beside(path))


@contextmanager
def glimpsed(path: Path) -> Iterator[Store]:
    """Open a file to read a few rows. Raises the refusal or the error of SQLite."""
    try:
        with closing(connection_to(path, "ro")) as connection:
            connection.row_factory = sqlite3.Row
            connection.execute("PRAGMA trusted_schema = OFF")
            store = FileStore(connection, path)
            store.limit(_LONGEST_VALUE, _SECONDS)
            yield store
    except sqlite3.Error as error:
        raise refusal(error, path) from error
