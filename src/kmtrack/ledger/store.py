"""The store: the one module that opens a connection to a ledger, and the statements run on it."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing, contextmanager, suppress
from functools import cache
from operator import itemgetter
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any, BinaryIO, Final

from kmtrack.ledger.errors import (
    DiskFull,
    LedgerBusy,
    LedgerDamaged,
    LedgerEmpty,
    LedgerIoError,
    LedgerIsFolder,
    LedgerMissing,
    LedgerNewer,
    LedgerNotReadable,
    LedgerReadOnly,
    NotALedger,
    NotStored,
    StoredUnknown,
    TookTooLong,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path

    from kmtrack.errors import KmtrackError

APPLICATION_ID: Final = 0x6B6D7472  # "kmtr"
SCHEMA_VERSION: Final = 2
SECONDS_TO_WAIT: Final = 10
_STORED: Final = """
    SELECT 1 FROM command WHERE token = :token
    UNION ALL SELECT 1 FROM setting WHERE name = 'restored' AND value = :token
"""
_NOTE_RESTORED: Final = "INSERT OR REPLACE INTO setting (name, value) VALUES ('restored', :token)"
_TABLES_TO_REPLACE: Final = """
    SELECT name FROM main.sqlite_schema WHERE type = 'table' AND name <> 'setting' ORDER BY rowid
"""
_HEADER: Final = 100
_BLOCK: Final = 1 << 20
_NAMED: Final = re.compile(r":([a-z_]+)")
_MAGIC: Final = b"SQLite format 3\x00"

_PRAGMAS: Final = (
    # Replayed power cuts lost confirmed rows with FULL and none with EXTRA; WAL has had a
    # corruption bug in every release before 3.51.3 and does not work on a share.
    "PRAGMA journal_mode = DELETE",
    "PRAGMA synchronous = EXTRA",
    "PRAGMA foreign_keys = ON",
    "PRAGMA secure_delete = ON",
    "PRAGMA trusted_schema = OFF",
    "PRAGMA temp_store = MEMORY",
    # 64 MiB at most: an import of a hundred thousand rows stays in memory until it is committed.
    "PRAGMA cache_size = -65536",
)

_REFUSALS: Final[Mapping[int, type[KmtrackError]]] = {
    sqlite3.SQLITE_BUSY: LedgerBusy,
    sqlite3.SQLITE_LOCKED: LedgerBusy,
    sqlite3.SQLITE_READONLY: LedgerReadOnly,
    sqlite3.SQLITE_PERM: LedgerReadOnly,
    sqlite3.SQLITE_CANTOPEN: LedgerNotReadable,
    sqlite3.SQLITE_CORRUPT: LedgerDamaged,
    sqlite3.SQLITE_NOTADB: LedgerDamaged,
    sqlite3.SQLITE_IOERR: LedgerIoError,
    sqlite3.SQLITE_FULL: DiskFull,
    sqlite3.SQLITE_INTERRUPT: TookTooLong,
    sqlite3.SQLITE_TOOBIG: LedgerDamaged,
}


StoredRow = sqlite3.Row


class Store:
    """An open ledger. Statements take named parameters only; rows come as mappings by column."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self._connection = connection
        self._file: BinaryIO | None = None
        self.path = path

    def each(self, statement: str, **named: object) -> Iterator[StoredRow]:
        """The rows of a query, one at a time."""
        with self._refusing():
            cursor = self._connection.execute(statement, named)
            # Not "yield from": it would close the cursor of whoever stops, after the connection.
            while (row := cursor.fetchone()) is not None:
                yield row

    def all(self, statement: str, **named: object) -> list[StoredRow]:
        """All rows of a query."""
        with self._refusing():
            return self._connection.execute(statement, named).fetchall()

    def one(self, statement: str, **named: object) -> StoredRow | None:
        """The first row of a query, if there is one."""
        with self._refusing():
            row: StoredRow | None = self._connection.execute(statement, named).fetchone()
            return row

    def get(self, statement: str, **named: object) -> StoredRow:
        """The first row of a query that always has one. Raises LookupError where it has none."""
        row = self.one(statement, **named)
        if row is None:
            raise LookupError(statement)
        return row

    def run(self, statement: str, **named: object) -> int:
        """Run a statement; the number of rows that it changed."""
        with self._refusing():
            return self._connection.execute(statement, named).rowcount

    def run_many(self, statement: str, rows: Iterable[Mapping[str, object]]) -> None:
        """Run a statement once for each mapping of named parameters."""
        numbered, values_of = _by_position(statement)
        with self._refusing():
            self._connection.executemany(numbered, map(values_of, rows))

    def insert(self, statement: str, **named: object) -> int:
        """Run an INSERT; the number that the new row got."""
        with self._refusing():
            return self._connection.execute(statement, named).lastrowid or 0

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Let all queries inside see the ledger as it is at the first of them."""
        if self._connection.in_transaction:
            yield
            return
        self.run("BEGIN")
        try:
            yield
        finally:
            self._connection.rollback()

    @contextmanager
    def writing(self, token: str) -> Iterator[None]:
        """One transaction, begun at once so that nothing is judged from what another is changing.

        Everything inside is stored or nothing. An error out of COMMIT leaves that open, so the
        command is looked for by its `token`: either it is stored after all, or NotStored is raised.
        """
        self.run("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            with suppress(sqlite3.Error):  # what went wrong first is what is to be told
                self._connection.rollback()
            raise
        try:
            self._connection.execute("COMMIT")
        except sqlite3.Error as error:
            self._settle(token, error)

    def limit(self, longest: int, seconds: int) -> None:
        """Read no value of more bytes than `longest`, and end after `seconds` with TookTooLong."""
        self._connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, longest)
        end = monotonic() + seconds
        self._connection.set_progress_handler(lambda: int(monotonic() > end), 1_000_000)

    def replace_with(self, file: Path, token: str, meanwhile: Callable[[], None]) -> None:
        """Put all that another ledger of this version holds in the place of what this one holds.

        Settings stay: they are of this file. `meanwhile` runs when nobody else can write any more.
        """
        # Read only, or the two files would be changed as one, and a crash would need them both.
        self.run("ATTACH :file AS other", file=f"{file.resolve().as_uri()}?mode=ro")
        try:
            with self.writing(token):
                meanwhile()
                # They were made with what others refer to first.
                tables = [row["name"] for row in self.all(_TABLES_TO_REPLACE)]
                for table in reversed(tables):
                    self.run(f'DELETE FROM main."{table}"')  # noqa: S608 - a name of ours
                for table in tables:
                    self.run(f'INSERT INTO main."{table}" SELECT * FROM other."{table}"')  # noqa: S608 - as above
                self.run(_NOTE_RESTORED, token=token)
        finally:
            self.run("DETACH other")

    def back_up_to(self, path: Path) -> bytes:
        """Copy every page into the database at `path`; the digest of what was copied.

        To be called inside `reading` or `writing`, before anything is written.
        """
        self.get("PRAGMA schema_version")  # from here on nobody else can commit
        with self._refusing(), closing(_connection_to(self.path, "ro")) as source:
            # A second connection: where this one writes, sqlite3 would wait for it for ever.
            with closing(sqlite3.connect(path)) as copy:
                source.backup(copy)
            if self._file is None:
                self._file = self.path.open("rb")
            return digest_of_pages(self._file)

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()
        if self._file is not None:  # closed any sooner, it would take the connection's locks along
            self._file.close()

    def _settle(self, token: str, error: sqlite3.Error) -> None:
        cause = _refusal(error, self.path)
        try:
            if self._connection.in_transaction:
                self._connection.rollback()
            row = self._connection.execute(_STORED, {"token": token}).fetchone()
        except sqlite3.Error:
            raise StoredUnknown(path=self.path, cause=cause.sentence()) from error
        if row is None:
            raise NotStored(path=self.path, cause=cause.sentence()) from error

    @contextmanager
    def _refusing(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.OperationalError as error:
            raise _refusal(error, self.path) from error
        except UnicodeDecodeError as error:  # every text was written as UTF-8
            raise LedgerDamaged(path=self.path) from error
        except sqlite3.IntegrityError:
            raise
        except sqlite3.DatabaseError as error:
            raise _refusal(error, self.path) from error


@cache
def _by_position(statement: str) -> tuple[str, Callable[[Mapping[str, object]], Any]]:
    """A statement with its names as positions, and what takes their values out of a mapping.

    sqlite3 looks every name up anew for every row: in bulk that takes half as long again.
    """
    names = _NAMED.findall(statement)
    values_of = itemgetter(*names) if len(names) > 1 else lambda row: (row[names[0]],)
    return _NAMED.sub("?", statement), values_of


def _refusal(error: sqlite3.Error, path: Path) -> KmtrackError:
    code = getattr(error, "sqlite_errorcode", None)
    refusal = _REFUSALS.get(code & 0xFF) if code is not None else None
    if refusal is None:
        if "decode" in str(error):  # sqlite3 itself, without a code, of what is not UTF-8
            return LedgerDamaged(path=path)
        raise error
    return refusal(path=path)


def open_store(path: Path) -> Store:
    """Open the ledger at `path`, after a look at the file that leaves it untouched.

    A ledger of an older version is brought forward first. Raises LedgerMissing, LedgerIsFolder,
    LedgerEmpty, NotALedger, LedgerNewer or LedgerNotReadable.
    """
    version = version_at(path)
    store = _connect(path)
    if version < SCHEMA_VERSION:
        from kmtrack.ledger.migrations import migrate

        try:
            migrate(store)
        except BaseException:
            store.close()
            raise
    return store


def new_store(path: Path) -> Store:
    """Open a store on an existing empty file, to make a ledger in it."""
    return _connect(path)


@contextmanager
def scratch_like(store: Store) -> Iterator[Store]:
    """An empty ledger in memory with the tables of another; it holds no references to be true."""
    scratch = Store(_with_pragmas(sqlite3.connect(":memory:", isolation_level=None)), store.path)
    try:
        scratch.run("PRAGMA foreign_keys = OFF")
        for row in store.all("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL"):
            scratch.run(row["sql"])
        yield scratch
    finally:
        scratch.close()


def version_at(path: Path) -> int:
    """The version of the ledger at `path`, which is only looked at. Raises as `open_store`."""
    try:
        if not path.exists():
            raise LedgerMissing(path=path)
        if not path.is_file():
            raise LedgerIsFolder(path=path)
        with path.open("rb") as file:
            header = file.read(_HEADER)
    except OSError as error:
        raise LedgerNotReadable(path=path) from error
    if not header:
        raise LedgerEmpty(path=path)
    application_id = int.from_bytes(header[68:72], "big")
    if not header.startswith(_MAGIC) or application_id != APPLICATION_ID:
        raise NotALedger(path=path)
    version = int.from_bytes(header[60:64], "big")
    if version > SCHEMA_VERSION:
        raise LedgerNewer(path=path)
    return version


def digest_of_pages(file: BinaryIO) -> bytes:
    """A digest of a database's content, without the header that counts its changes."""
    from hashlib import sha256

    digest = sha256()
    file.seek(_HEADER)
    while block := file.read(_BLOCK):
        digest.update(block)
    return digest.digest()


def _connection_to(path: Path, mode: str) -> sqlite3.Connection:
    # A quoted URI, or a "?" in the path opens another file; no mode that creates one by a slip.
    return sqlite3.connect(
        f"{path.resolve().as_uri()}?mode={mode}",
        uri=True,
        timeout=SECONDS_TO_WAIT,
        isolation_level=None,
    )


def _connect(path: Path) -> Store:
    try:
        connection = _with_pragmas(_connection_to(path, "rw"))
    except UnicodeDecodeError as error:
        raise LedgerDamaged(path=path) from error
    except sqlite3.Error as error:
        raise _refusal(error, path) from error
    return Store(connection, path)


def _with_pragmas(connection: sqlite3.Connection) -> sqlite3.Connection:
    connection.row_factory = sqlite3.Row
    for pragma in _PRAGMAS:
        connection.execute(pragma)
    return connection
