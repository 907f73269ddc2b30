"""What a test has opened and not closed: connections, and files where the system lists them.

Python says nothing of an open connection to SQLite before 3.13, and later only once it is collected.
"""

from __future__ import annotations

import os
import sqlite3
import sys
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import psycopg
import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    Connection = sqlite3.Connection | psycopg.Connection[Any]

_OPENED: Final[list[Connection]] = []
_MANY: Final = 256  # after which those that are closed are let go
_DESCRIPTORS: Final = Path("/proc/self/fd")  # of Linux


def _note(event: str, arguments: tuple[Any, ...]) -> None:
    if event == "sqlite3.connect/handle":
        _keep(arguments[0])


sys.addaudithook(_note)


@contextmanager
def servers_too() -> Iterator[None]:
    """Know of connections to PostgreSQL too while the block runs: no event tells of these."""
    connect = psycopg.connect

    def noted(*arguments: Any, **named: Any) -> Any:
        connection = connect(*arguments, **named)
        _keep(connection)
        return connection

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(psycopg, "connect", noted)
        yield


def open_connections() -> list[Connection]:
    """Every connection to a database of this process that is open, referred to or not."""
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


def _keep(connection: Connection) -> None:
    if len(_OPENED) > _MANY:
        _forget_closed()
    _OPENED.append(connection)


def _forget_closed() -> None:
    _OPENED[:] = [connection for connection in _OPENED if _is_open(connection)]


def _is_open(connection: Connection) -> bool:
    if isinstance(connection, psycopg.Connection):
        return not connection.closed
    try:
        return connection.total_changes >= 0
    except sqlite3.ProgrammingError:
        return False
