"""Run kmtrack with one safeguard disabled: `python driver.py SABOTAGE WORD...`."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


def _without(pragma: str, instead: str) -> None:
    from kmtrack.ledger.store import sqlite

    pragmas = tuple(instead if pragma in each else each for each in sqlite._PRAGMAS)
    vars(sqlite)["_PRAGMAS"] = pragmas


def no_sync() -> None:
    _without("synchronous", "PRAGMA synchronous = OFF")


def no_journal() -> None:
    _without("journal_mode", "PRAGMA journal_mode = OFF")


def journal_in_memory() -> None:
    _without("journal_mode", "PRAGMA journal_mode = MEMORY")


def no_foreign_keys() -> None:
    _without("foreign_keys", "PRAGMA foreign_keys = OFF")


def deletes_without_wiping() -> None:
    from kmtrack.ledger.store.sqlite_file import FileStore

    _without("secure_delete", "PRAGMA secure_delete = OFF")
    run = FileStore.run

    def never_compacts(self: FileStore, statement: str, **named: object) -> None:
        if statement != "VACUUM":
            run(self, statement, **named)

    FileStore.run = never_compacts  # type: ignore[method-assign]


def no_immediate() -> None:
    from kmtrack.ledger.store.sqlite_file import FileStore

    run = FileStore.run

    def begins_late(self: FileStore, statement: str, **named: object) -> None:
        run(self, "BEGIN" if statement == "BEGIN IMMEDIATE" else statement, **named)

    FileStore.run = begins_late  # type: ignore[method-assign]


def no_lock_on_server() -> None:
    from kmtrack.ledger.store.postgres import wire

    vars(wire)["LOCK"] = "SELECT 1"


def no_transaction() -> None:
    from kmtrack.ledger.store.sqlite_file import FileStore

    @contextmanager
    def at_once(self: FileStore, token: str) -> Iterator[None]:
        del token
        yield

    FileStore.writing = at_once  # type: ignore[method-assign]


def confirms_whatever_happens() -> None:
    from kmtrack.ledger.store.sqlite_file import FileStore

    def settles(self: FileStore, token: str, error: Exception) -> None:
        del self, token, error

    FileStore._resolve_commit = settles  # type: ignore[method-assign]


def export_in_place() -> None:
    from kmtrack.views.xlsx import file

    @contextmanager
    def in_place(path: Any, *_: object) -> Iterator[Any]:
        path.write_bytes(b"")
        yield path

    vars(file)["replacing"] = in_place


def moves_without_sync() -> None:
    from kmtrack import files
    from kmtrack.views.xlsx import file

    def moves(beside: Any, path: Any) -> None:
        beside.replace(path)

    for module in (files, file):
        vars(module)["move_into"] = moves


def nothing() -> None:
    """Disable nothing."""


SABOTAGE: dict[str, Callable[[], None]] = {
    each.__name__: each
    for each in (
        nothing,
        no_sync,
        no_journal,
        journal_in_memory,
        no_foreign_keys,
        deletes_without_wiping,
        no_immediate,
        no_lock_on_server,
        no_transaction,
        confirms_whatever_happens,
        export_in_place,
        moves_without_sync,
    )
}

if __name__ == "__main__":
    SABOTAGE[sys.argv[1]]()
    sys.argv = ["kmtrack", *sys.argv[2:]]
    from kmtrack.cli.process import run

    run()
