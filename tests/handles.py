"""What a test has opened and not closed: connections to SQLite, and files where the system lists them.

Python says nothing of an open connection before 3.13, and later only once it is collected.
"""

from __future__ import annotations

import os
import sqlite3
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

_OPENED: Final[list[sqlite3.Connection]] = []
_MANY: Final = 256  # after which those that are closed are let go
_DESCRIPTORS: Final = Path("/proc/self/fd")  # of Linux


def _note(event: str, arguments: tuple[Any, ...]) -> None:
    if event == "sqlite3.connect/handle":
        if len(_OPENED) > _MANY:
            _forget_closed()
        _OPENED.append(arguments[0])


sys.addaudithook(_note)


def open_connections() -> list[sqlite3.Connection]:
    """Every connection to SQLite of this process that is open, referred to or not."""
    _forget_closed()
    return list(_OPENED)


def open_files(folder: Path) -> list[str]:
    """The files below a folder that this process has open; none where the system does not list them."""
    found = []
    with suppress(FileNotFoundError):
        for descriptor in _DESCRIPTORS.iterdir():
            with suppress(OSError):  # that of the list itself
                found.append(str(descriptor.readlink()))
    return sorted(file for file in found if file.startswith(f"{folder}{os.sep}"))


def _forget_closed() -> None:
    _OPENED[:] = [connection for connection in _OPENED if _is_open(connection)]


def _is_open(connection: sqlite3.Connection) -> bool:
    try:
        return connection.total_changes >= 0
    except sqlite3.ProgrammingError:
        return False
