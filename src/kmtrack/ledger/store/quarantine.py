"""Quarantine: copy a foreign ledger, and inspect the copy before it is read."""

from __future__ import annotations

import os
import sqlite3
from contextlib import ExitStack, closing, contextmanager
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from kmtrack.errors import NO_ROOM, Refusal
from kmtrack.files import private_folder
from kmtrack.ledger.open import open_file, open_store
from kmtrack.ledger.store.address import ServerAddress
from kmtrack.ledger.store.copies import copy_ledger
from kmtrack.ledger.store.errors import (
    LedgerDamaged,
    LedgerEmpty,
    LedgerIsFolder,
    LedgerMissing,
    NotALedger,
    WriteFailed,
)
from kmtrack.ledger.store.sqlite import header_at, journal_of, names_other_files, version_at
from kmtrack.named_files import open_regular

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from kmtrack.ledger.store.address import Location
    from kmtrack.ledger.store.base import Store

LARGEST: Final = 4 << 30
_BLOCK: Final = 1 << 20
_LONGEST_VALUE: Final = 10_000_000
_SECONDS: Final = 600
_TRIES: Final = 3
# A quota that is used up is one more disk that is full, and not every system has it.
_MODE: Final = 18  # the place in the header
_IN_WAL_MODE: Final = 2
_TABLES: Final = "SELECT type, name FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name"
# The tables of each version with their columns, as a digest; constraints need not be trusted.
SHAPES: Final = {
    1: "2d894784537edcc5fada76889ed4656067e6c688e6948d537e2d327c03d89ffe",
    2: "b54d053fbb67915a2301445e174fe63ca2fea04c25fdd0d12aa03c21f30c9618",
    3: "227486048316cb6fb58ee365d9e3e361ad8898c6d48499ed1d0ecc6e40c74e91",
    4: "67b15cbcd7f44057c90c4bbb4d5bbc85fb392353f56f94d497b099f22b3c4fe4",
    5: "f38bb3d879214a7d14121c107a4708872131570881e72d0c972126794c5d2222",
    6: "e29550b5bd0a95595015cdfee9be2518e55862da1713cda7cdfef61586073ed7",
}


@contextmanager
def quarantined(location: Location, folder: Path) -> Iterator[Store]:
    """Open a migrated copy of the ledger at a location, in a private folder inside `folder`.

    The ledger itself is only read. Raises the refusals of this module, `ledger_busy`,
    `ledger_newer`, `ledger_not_readable` or `took_too_long`, each naming the ledger and not its
    copy; for a server its own refusals.
    """
    if not isinstance(location, ServerAddress):
        _refuse_no_ledger(location)
    with _private_place(folder) as copy, _reported_of(location, copy):
        if isinstance(location, ServerAddress):
            with closing(open_store(location)) as served:
                copy_ledger(served, copy)
        else:
            _copy(location, copy)
            _inspect(copy, location)
        with closing(open_file(copy)) as store:
            store.limit(_LONGEST_VALUE, _SECONDS)
            yield store


def _refuse_no_ledger(path: Path) -> None:
    try:
        version_at(path)
    except LedgerMissing as error:
        if error.key != "ledger_missing":
            raise
        raise Refusal("file_missing", file=path) from error
    except (NotALedger, LedgerEmpty, LedgerIsFolder) as error:
        raise Refusal("no_ledger_in_file", file=path) from error


@contextmanager
def _private_place(folder: Path) -> Iterator[Path]:
    """Return a path for a copy, in a private folder that is removed afterwards."""
    with ExitStack() as opened:
        try:
            private = opened.enter_context(private_folder(folder))
        except OSError as error:
            raise WriteFailed("no_room_aside", folder=folder) from error
        yield private / "ledger.db"


@contextmanager
def _reported_of(location: Location, copy: Path) -> Iterator[None]:
    """Report errors of the copy as errors of the ledger itself, or of the folder if it is full."""
    try:
        yield
    except Refusal as error:
        if copy not in error.facts.values():
            raise
        if isinstance(error, LedgerDamaged):
            raise Refusal("no_ledger_in_file", file=location) from error
        if isinstance(error, WriteFailed):
            raise WriteFailed("no_room_aside", folder=_beside(copy)) from error
        facts = {name: location if fact == copy else fact for name, fact in error.facts.items()}
        raise type(error)(error.key, **facts) from error


def _beside(copy: Path) -> Path:
    """Return the folder for the private folder of a copy."""
    return copy.parent.parent


def _copy(path: Path, copy: Path) -> None:
    """Copy a file and the journal that a crash left, both as of one moment."""
    journal = journal_of(path)
    try:
        for _ in range(_TRIES):
            before = _stamps(path, journal)
            _copy_file(path, copy)
            journal_of(copy).unlink(missing_ok=True)
            if journal.exists():
                _copy_file(journal, journal_of(copy))
            if _stamps(path, journal) == before:
                _refuse_foreign_journal(copy, path)
                copy.chmod(0o600)
                return
    except OSError as error:
        if error.errno in NO_ROOM:
            raise WriteFailed("no_room_aside", folder=_beside(copy)) from error
        raise Refusal("ledger_not_readable", path=path) from error
    raise Refusal("ledger_busy", path=path)


def _copy_file(path: Path, copy: Path) -> None:
    """Copy a regular file that is not too large, even if it grows meanwhile. Raises OSError."""
    with open_regular(path) as file, copy.open("wb") as copied:
        if os.fstat(file.fileno()).st_size > LARGEST:
            raise Refusal("file_too_large", file=path)
        for _ in range(LARGEST // _BLOCK + 1):
            if not (block := file.read(_BLOCK)):
                return
            copied.write(block)
    raise Refusal("file_too_large", file=path)


def _refuse_foreign_journal(copy: Path, path: Path) -> None:
    """Refuse a file whose journal would make SQLite delete another file."""
    journal = journal_of(copy)
    if journal.exists() and names_other_files(journal):
        raise Refusal("no_ledger_in_file", file=path)


def _stamps(*paths: Path) -> list[tuple[int, int] | None]:
    return [
        (path.stat().st_size, path.stat().st_mtime_ns) if path.exists() else None for path in paths
    ]


def _inspect(copy: Path, path: Path) -> None:
    """Inspect a copy before any of its tables is queried."""
    if header_at(copy)[_MODE] == _IN_WAL_MODE:  # its newest pages are in another file
        raise Refusal("no_ledger_in_file", file=path)
    try:
        with closing(sqlite3.connect(copy)) as connection:
            connection.execute("PRAGMA trusted_schema = OFF")
            connection.execute("PRAGMA cell_size_check = ON")
            if shape_of(connection) != SHAPES.get(version_at(copy)):
                raise Refusal("foreign_schema", file=path)
            # Not quick_check: an index that differs from its table would be read instead of the table.
            found = connection.execute("PRAGMA integrity_check(1)").fetchone()
    except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
        raise Refusal("no_ledger_in_file", file=path) from error
    if found != ("ok",):
        raise Refusal("no_ledger_in_file", file=path)


def shape_of(connection: sqlite3.Connection) -> str:
    """Return a digest of all tables of a database and their columns, and of the names of its views."""
    digest = sha256()
    for kind, name in connection.execute(_TABLES).fetchall():
        if kind == "index":
            continue
        digest.update(f"{kind} {name}\n".encode())
        if kind == "view":  # never read
            continue
        columns = connection.execute(
            "SELECT name, pk, hidden FROM pragma_table_xinfo(:name)", {"name": name}
        ).fetchall()
        digest.update("".join(f" {column}" for column in columns).encode())
    return digest.hexdigest()
