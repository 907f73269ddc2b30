"""The SQLite store: statements and transactions of a ledger in a file."""

from __future__ import annotations

import sqlite3
from contextlib import ExitStack, closing, contextmanager, suppress
from functools import cache
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, BinaryIO, Final

from kmtrack.errors import Refusal
from kmtrack.ledger.schema.nouns import TABLES
from kmtrack.ledger.settings import RESTORED, put_setting
from kmtrack.ledger.store.base import IS_STORED, Problem, Store, columns_by_table, insertion
from kmtrack.ledger.store.errors import LedgerDamaged, NotALedger
from kmtrack.ledger.store.sqlite import (
    APPLICATION_ID,
    SCHEMA_VERSION,
    connect,
    connect_in_memory,
    connect_to_scratch,
    connection_to,
    digest_of_pages,
    file_id,
    refusal,
    uri_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from kmtrack.ledger.store.base import StoredRow
    from kmtrack.ledger.store.objects import Schema

_TABLES_TO_REPLACE: Final = """
    SELECT name FROM main.sqlite_schema WHERE type = 'table' AND name <> 'setting' ORDER BY rowid
"""
_COLUMNS: Final = """
    SELECT made.name, info.name FROM sqlite_schema AS made, pragma_table_info(made.name) AS info
    WHERE made.type = 'table'
"""
_SOURCE_ERRORS: Final = frozenset(
    {
        sqlite3.SQLITE_CORRUPT,
        sqlite3.SQLITE_NOTADB,
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_IOERR_READ,
        sqlite3.SQLITE_IOERR_SHORT_READ,
    }
)
# In KiB. One for each of two files, where more makes nothing quicker.
_CACHE_TO_COMPACT: Final = -2000
# Every row is looked up in every index: of a million contacts in two thirds of the time.
_CACHE_TO_LOOK_UP: Final = -160_000
# What SQLite makes by itself has no text.
_OBJECTS: Final = "SELECT type, name, sql FROM sqlite_schema WHERE sql IS NOT NULL"
_TABLES: Final = ", ".join(f"'{table}'" for table in TABLES)
_PLANTED: Final = f"""
    SELECT name FROM sqlite_schema
    WHERE type = 'trigger' OR (type = 'view' AND name IN ({_TABLES})) LIMIT 1
"""  # noqa: S608 - names of ours
_SCHEMA: Final = "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL"


class FileStore(Store):
    """An open ledger in a file."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        super().__init__(path, path)
        self._connection = connection
        self._file: BinaryIO | None = None
        self._file_id = file_id(path)
        self._unread: set[sqlite3.Cursor] = set()  # not read to the end by `each`

    def version(self) -> int:
        """Return the version of the ledger, after SQLite has undone what a crash left unfinished.

        Raises NotALedger, and Refusal `ledger_newer`.
        """
        version = int(self.get("PRAGMA user_version")[0])
        if version != SCHEMA_VERSION and self.get("PRAGMA application_id")[0] != APPLICATION_ID:
            raise NotALedger("not_a_ledger", path=self.path)
        if version > SCHEMA_VERSION:
            raise Refusal("ledger_newer", path=self.path)
        return version

    @property
    def schemas(self) -> tuple[str, str]:
        """The names of the schema with the ledger's tables, and of that with temporary ones."""
        return "main", "temp"

    def prefer_temporary(self, *, prefer: bool) -> None:
        """Do nothing: SQLite always looks for temporary tables first."""

    def spill(self) -> None:
        """Let sorted rows and temporary tables that are too large for memory go to temporary files."""
        self.run("PRAGMA temp_store = FILE")

    def each(self, statement: str, **named: object) -> Iterator[StoredRow]:
        """Yield the rows of a query, one at a time."""
        with self._translated_errors():
            cursor = self._connection.execute(statement, named)
            self._unread.add(cursor)
            try:
                # Not "yield from": if the caller stops early, it closes the cursor after the connection.
                while (row := cursor.fetchone()) is not None:
                    yield row
            finally:
                self._unread.discard(cursor)
                with suppress(sqlite3.ProgrammingError):  # where the connection was closed first
                    cursor.close()

    def all(self, statement: str, **named: object) -> list[StoredRow]:
        """Return all rows of a query."""
        with self._translated_errors():
            return self._connection.execute(statement, named).fetchall()

    def one(self, statement: str, **named: object) -> StoredRow | None:
        """Return the first row of a query, or None."""
        with self._translated_errors():
            row: StoredRow | None = self._connection.execute(statement, named).fetchone()
            return row

    def run(self, statement: str, **named: object) -> None:
        """Run a statement."""
        with self._translated_errors():
            self._connection.execute(statement, named)

    def run_many(self, statement: str, rows: Iterable[Mapping[str, object]]) -> None:
        """Run a statement once for each mapping of named parameters."""
        with self._translated_errors():
            self._connection.executemany(statement, rows)

    def insert_rows(
        self, table: str, columns: Sequence[str], rows: Iterable[Sequence[object]]
    ) -> None:
        """Insert rows into a table, their values in the order of `columns`."""
        with self._translated_errors():
            self._connection.executemany(insertion(table, columns, "?"), rows)

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Open a snapshot: all queries inside see the ledger as it is at the first of them."""
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
        """Open the only writing transaction, with a lock from the start, as its reads decide its writes."""
        self.run("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self.roll_back()
            raise
        try:
            self._connection.execute("COMMIT")
        except sqlite3.Error as error:
            self._resolve_commit(token, error)
        except KeyboardInterrupt:
            if self._connection.in_transaction:
                self.roll_back()
                raise
            # It came after the COMMIT: the command is stored, and is reported as stored.

    def is_stored(self, token: str) -> bool:
        """Return whether the command of a token was stored, once its transaction has ended."""
        if self._connection.in_transaction:
            self._connection.rollback()
        return self._connection.execute(IS_STORED, {"token": token}).fetchone() is not None

    def refuse_replaced(self, token: str) -> None:
        """Raise Refusal `ledger_deleted` or `ledger_replaced` unless the file is still in place."""
        if not self.path.exists():
            raise Refusal("ledger_deleted", path=self.path)
        if file_id(self.path) != self._file_id or not _holds(self.path, token):
            raise Refusal("ledger_replaced", path=self.path)

    def roll_back(self) -> None:
        """Roll back the transaction under way, if there still is one, and ignore failures."""
        with suppress(sqlite3.Error):  # the first error is the one to report
            self._connection.rollback()

    def limit(self, longest: int, seconds: int) -> None:
        """Read no value of more than `longest` bytes; after `seconds` refuse with `took_too_long`."""
        self._connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, longest)
        end = monotonic() + seconds
        self._connection.set_progress_handler(lambda: int(monotonic() > end), 1_000_000)

    def write_unsynced(self) -> None:
        """Let the system decide when changes reach the disk, for a ledger that is not in use yet."""
        self.run("PRAGMA synchronous = OFF")
        self.run("PRAGMA journal_mode = MEMORY")

    def replace_with(self, file: Path, token: str, meanwhile: Callable[[], None]) -> None:
        """Replace the content of this ledger by that of another of this version.

        Settings stay, as they belong to this file. `meanwhile` runs as soon as no one else can write.
        """
        from kmtrack.ledger.imported_rows import keep_sealed

        # Read-only, or both files would be in one transaction, and recovery would need them both.
        self.run("ATTACH :file AS other", file=uri_of(file.absolute(), "ro"))
        try:
            with self.writing(token):
                meanwhile()
                # They were created in the order of their references.
                tables = [row["name"] for row in self.all(_TABLES_TO_REPLACE)]
                for table in reversed(tables):
                    self.run(f'DELETE FROM main."{table}"')  # noqa: S608 - a name of ours
                columns = self.tables()
                for table in tables:
                    # Row by row: for one statement SQLite would remember every page that it changes.
                    names = sorted(columns[table])
                    named = ", ".join(f'"{name}"' for name in names)
                    rows = self.each(f'SELECT {named} FROM other."{table}"')  # noqa: S608 - as above
                    self.insert_rows(table, names, map(tuple, rows))
                keep_sealed(self)
                put_setting(self, RESTORED, token)
        finally:
            with suppress(sqlite3.Error, Refusal):  # the first error is the one to report
                self.run("DETACH other")

    def back_up_to(self, path: Path) -> bytes:
        """Copy every page into the database at `path`; return the digest of what was copied.

        Call it inside `reading` or `writing`, before anything is written.
        """
        # A second connection: on one that is writing, backup() would wait forever.
        with self._translated_errors(), closing(connection_to(self.path, "ro")) as source:
            source.execute("BEGIN")
            source.execute(
                "PRAGMA schema_version"
            ).fetchone()  # from here on no other process can commit
            with closing(sqlite3.connect(path)) as copy:
                self._copy(source, copy, path)
            if self._file is None:
                self._file = self.path.open("rb")
            return digest_of_pages(self._file)

    def _copy(self, source: sqlite3.Connection, copy: sqlite3.Connection, path: Path) -> None:
        try:
            source.backup(copy)
        except sqlite3.Error as error:
            # SQLite reports both sides by one error.
            is_read = error.sqlite_errorcode in _SOURCE_ERRORS
            raise refusal(error, self.path if is_read else path) from error

    def digest_of(self, copy: Path) -> bytes:
        """Return the digest of the pages of a copy."""
        with copy.open("rb") as written:
            return digest_of_pages(written)

    def create_schema_in(self, empty: Store) -> None:
        """Create the tables of this ledger in an empty file."""
        # From the file itself: loading SQLModel would take a second.
        for row in self.all(_SCHEMA):
            empty.run(row["sql"])

    def tables(self) -> dict[str, set[str]]:
        """Return the names of the columns of each table that exists."""
        return columns_by_table(self.all(_COLUMNS))

    def schema(self) -> Schema:
        """Return all objects of the ledger's schema."""
        from kmtrack.ledger.store.objects import SchemaObject

        return {SchemaObject(row["type"], row["name"]): row["sql"] for row in self.all(_OBJECTS)}

    def due_schema(self) -> Schema:
        """Return the objects of a new ledger."""
        return _due_schema()

    def planted(self) -> str | None:
        """Return the name of a trigger, or of a view in place of a table, that kmtrack did not make."""
        row = self.one(_PLANTED)
        return None if row is None else str(row["name"])

    def problems(self) -> Iterator[Problem]:
        """Yield broken pages, indexes and constraints, and dangling references."""
        for problem in self._broken_parts():
            yield Problem("integrity", {"problem": problem})
        for row in self.all("PRAGMA foreign_key_check"):
            yield Problem("reference", {"table": row[0], "row": row[1], "parent": row[2]})

    def _broken_parts(self) -> list[str]:
        with self._translated_errors():
            try:
                with self._cached(_CACHE_TO_LOOK_UP):
                    found = self._connection.execute("PRAGMA integrity_check(20)").fetchall()
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode != sqlite3.SQLITE_ERROR:
                    raise
                return [str(error)]  # a table's definition is spoiled, so its rows cannot be judged
            return [row[0] for row in found if row[0] != "ok"]

    def compact(self) -> None:
        """Rewrite the file, as its pages may still contain data that was moved from them.

        Meanwhile a file without a name has the rows: only those that stay.
        """
        self.run("PRAGMA temp_store = FILE")
        try:
            with self._cached(_CACHE_TO_COMPACT):
                self.run("VACUUM")
        finally:
            with suppress(sqlite3.Error, Refusal):  # the first error is the one to report
                self.run("PRAGMA temp_store = MEMORY")

    @contextmanager
    def _cached(self, kibibytes: int) -> Iterator[None]:
        """Hold so much of the ledger in memory meanwhile (negative, as SQLite has it), and none afterwards."""
        cache = self.get("PRAGMA cache_size")[0]
        self.run(f"PRAGMA cache_size = {kibibytes}")
        try:
            yield
        finally:
            with suppress(sqlite3.Error, Refusal):  # the first error is the one to report
                self.run(f"PRAGMA cache_size = {cache}")
                self.run("PRAGMA shrink_memory")

    def close(self) -> None:
        """Close the connection and everything opened with it, even if interrupted."""
        with ExitStack() as last:  # callbacks run in reverse order
            if self._file is not None:  # closed earlier, it would drop the connection's POSIX locks
                last.callback(self._file.close)
            last.callback(self._connection.close)
            for cursor in self._unread:  # an open cursor keeps the file open
                last.callback(cursor.close)
            self.roll_back()

    def _resolve_commit(self, token: str, error: sqlite3.Error) -> None:
        cause = refusal(error, self.path)
        try:
            was_stored = self.is_stored(token)
        except sqlite3.Error:
            facts = {"path": self.path, "cause": cause.cause(), "token": token}
            raise Refusal("stored_unknown", **facts) from error
        if not was_stored:
            raise Refusal("not_stored", path=self.path, cause=cause.cause()) from error

    @contextmanager
    def _translated_errors(self) -> Iterator[None]:
        """Raise errors of the database as the corresponding refusals."""
        try:
            yield
        except sqlite3.OperationalError as error:
            raise refusal(error, self.path) from error
        except UnicodeDecodeError as error:  # every text was written as UTF-8
            raise LedgerDamaged("ledger_damaged", path=self.path) from error
        except sqlite3.IntegrityError:
            raise
        except sqlite3.DatabaseError as error:
            raise refusal(error, self.path) from error


def _holds(path: Path, token: str) -> bool:
    """Return by a new connection whether a file is a ledger with the command of a token.

    The open connection may still have pages of the former file.
    """
    try:
        with closing(connection_to(path, "ro")) as anew:
            return anew.execute(IS_STORED, {"token": token}).fetchone() is not None
    except sqlite3.Error as error:
        if getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_BUSY:
            raise refusal(error, path) from error
        return False


def new_store(path: Path) -> FileStore:
    """Open a store on an existing file, to make a ledger in it or to read one that was just made."""
    return FileStore(connect(path), path)


@contextmanager
def scratch_like(store: Store) -> Iterator[Store]:
    """Open an empty ledger with the tables of another, without foreign keys enforced.

    It is in memory; what exceeds that goes to a file without a name.
    """
    scratch = FileStore(connect_to_scratch(), store.path)
    try:
        scratch.run("PRAGMA foreign_keys = OFF")
        store.create_schema_in(scratch)
        scratch.run("BEGIN")  # nothing is ever committed
        yield scratch
    finally:
        scratch.close()


@cache
def _due_schema() -> Schema:
    with closing(FileStore(connect_in_memory(), Path())) as new:
        create_tables(new)
        return new.schema()


def make_tables(store: Store) -> None:
    """Create the tables of this version in an empty database, and mark it as a ledger."""
    store.run("BEGIN IMMEDIATE")
    create_tables(store)
    store.run(f"PRAGMA application_id = {APPLICATION_ID}")
    store.run(f"PRAGMA user_version = {SCHEMA_VERSION}")
    store.run("COMMIT")


def create_tables(store: Store) -> None:
    """Create the tables of this version, inside a transaction."""
    # SQLModel takes three times as long to load as everything else, and is needed only here.
    from kmtrack.ledger.schema.tables import statements

    for statement in statements():
        store.run(statement)
