"""Find connections and files that a test has left open.

Python warns of an unclosed SQLite connection only since 3.13, and only when it is collected.
"""

from __future__ import annotations

import os
import sqlite3
import sys
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, Final

import psycopg
import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    Connection = sqlite3.Connection | psycopg.Connection[Any]

_OPENED: Final[list[Connection]] = []
_PRUNE_ABOVE: Final = 256  # drop closed connections from the list beyond this number
_DESCRIPTORS: Final = "/proc/self/fd/"  # Linux only


def _on_audit_event(event: str, arguments: tuple[Any, ...]) -> None:
    if event == "sqlite3.connect/handle":
        _track(arguments[0])


sys.addaudithook(_on_audit_event)


@contextmanager
def track_servers() -> Iterator[None]:
    """Track connections to PostgreSQL too while the block runs; they raise no audit event."""
    connect = psycopg.connect

    def tracked(*arguments: Any, **named: Any) -> Any:
        connection = connect(*arguments, **named)
        _track(connection)
        return connection

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(psycopg, "connect", tracked)
        yield


def open_connections() -> list[Connection]:
    """Return all open database connections of this process, referenced or not."""
    _forget_closed()
    return list(_OPENED)


def open_files(folder: Path) -> list[str]:
    """Return the open files of this process below a folder; an empty list except on Linux."""
    beginning, found = f"{folder}{os.sep}", list[str]()
    with suppress(FileNotFoundError):
        for descriptor in os.scandir(_DESCRIPTORS):
            with suppress(OSError):  # the descriptor of the directory listing itself
                # Paths would cost every test half a millisecond.
                found.append(os.readlink(descriptor.path))  # noqa: PTH115 - see above
    return sorted(file for file in found if file.startswith(beginning))


def _track(connection: Connection) -> None:
    if len(_OPENED) > _PRUNE_ABOVE:
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
