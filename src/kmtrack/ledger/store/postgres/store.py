"""The PostgreSQL store: statements and transactions of a ledger on a server."""

from __future__ import annotations

from contextlib import contextmanager, suppress
from functools import partial
from typing import TYPE_CHECKING, Final

import psycopg
from psycopg.pq import TransactionStatus

from kmtrack.errors import Refusal
from kmtrack.ledger.settings import RESTORED, put_setting
from kmtrack.ledger.store.base import IS_STORED, Problem, columns_by_table
from kmtrack.ledger.store.errors import Outdated
from kmtrack.ledger.store.postgres.connection import SCHEMA_NAME, SEARCH_PATH, connect, refusal
from kmtrack.ledger.store.postgres.schema import migrate_on_server, version_of
from kmtrack.ledger.store.postgres.wire import LOCK, StoreOnWire
from kmtrack.ledger.store.postgres.writes import ServerWrites
from kmtrack.ledger.store.sqlite import SCHEMA_VERSION

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from psycopg import Connection, Cursor

    from kmtrack.ledger.store.address import ServerAddress
    from kmtrack.ledger.store.base import Store
    from kmtrack.ledger.store.objects import Schema
    from kmtrack.ledger.store.postgres.connection import NamedRow

_MAY_READ: Final = """
    SELECT has_schema_privilege(to_regnamespace('kmtrack')::oid, 'USAGE') AND NOT EXISTS (
        SELECT 1 FROM pg_class WHERE relnamespace = to_regnamespace('kmtrack') AND relkind = 'r'
        AND NOT has_table_privilege(oid, 'SELECT')
    )
"""
# Whom writers wait for, once that took too long.
_HELD_BY: Final = "SELECT login, since FROM kmtrack.held_by()"
_TABLES: Final = """
    SELECT relname::text AS name FROM pg_class
    WHERE relnamespace = 'kmtrack'::regnamespace AND relkind = 'r' ORDER BY relname
"""
_OWNS_ALL: Final = """
    SELECT bool_and(pg_has_role(relowner, 'USAGE')) FROM pg_class
    WHERE relnamespace = 'kmtrack'::regnamespace AND relkind = 'r'
"""
# Whoever has a transaction open in which they read a table.
_READ_BY: Final = """
    SELECT usename::text AS login FROM pg_locks JOIN pg_stat_activity USING (pid)
    JOIN pg_class ON pg_class.oid = pg_locks.relation
    WHERE relnamespace = 'kmtrack'::regnamespace AND granted AND datname = current_database()
    AND pid <> pg_backend_pid() LIMIT 1
"""
_COLUMNS: Final = """
    SELECT relname::text, attname::text FROM pg_attribute
    JOIN pg_class ON pg_class.oid = attrelid
    WHERE relnamespace = 'kmtrack'::regnamespace AND relkind = 'r'
    AND attnum > 0 AND NOT attisdropped
"""
_PROBLEMS: Final = """
    SELECT indexrelid::regclass::text AS problem FROM pg_index
    JOIN pg_class ON pg_class.oid = indrelid
    WHERE NOT indisvalid AND relnamespace = 'kmtrack'::regnamespace
    UNION ALL SELECT conname::text FROM pg_constraint
    WHERE NOT convalidated AND connamespace = 'kmtrack'::regnamespace
    UNION ALL SELECT tgrelid::regclass::text || ' ' || tgname FROM pg_trigger
    JOIN pg_class ON pg_class.oid = tgrelid
    WHERE tgenabled = 'D' AND relnamespace = 'kmtrack'::regnamespace
"""


class ServerStore(ServerWrites, StoreOnWire):
    """An open ledger on a server; `is_new` while it is made, all in one transaction."""

    def __init__(
        self, connection: Connection[NamedRow], address: ServerAddress, *, is_new: bool = False
    ) -> None:
        super().__init__(connection, address)
        self._is_new = is_new
        self._is_ending = False  # by a COMMIT, whose answer is `_ended`
        self._ended: Cursor[NamedRow] | None = None

    @property
    def folder(self) -> Path:
        """The folder for files that belong to the ledger: one of this user's."""
        with suppress(OSError):  # reported when a file is made there
            self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        return self.path.parent

    @property
    def login(self) -> str:
        """The login on the server."""
        return self.user

    @property
    def user(self) -> str:
        """The name of the user on the server."""
        return self._connection.info.user

    @property
    def schemas(self) -> tuple[str, str]:
        """The names of the schema with the ledger's tables, and of that with temporary ones."""
        return SCHEMA_NAME, "pg_temp"

    def prefer_temporary(self, *, prefer: bool) -> None:
        """Let names mean temporary tables and views first, or not: inside `reading` only."""
        path = f"pg_temp, {SCHEMA_NAME}" if prefer else SEARCH_PATH
        self.run(f"SET LOCAL search_path = {path}")

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Open a snapshot: all queries inside see the ledger as it is at the first of them."""
        if self._pipeline is not None or self._foreseeing is not None or self._is_in_transaction():
            yield
            return
        is_over = False
        try:
            with self._together():
                self._send("BEGIN ISOLATION LEVEL REPEATABLE READ", {})
                try:
                    yield
                finally:
                    self._send_last("ROLLBACK")
                is_over = True
        except psycopg.Error:
            if not is_over:
                raise
        finally:
            self.roll_back()

    @contextmanager
    def writing(self, token: str) -> Iterator[None]:
        """Open the only writing transaction; it sees everything that was stored before.

        Raises Refusal `ledger_held` where somebody else writes for too long.
        """
        if self._is_new or self._foreseeing is not None:
            yield
            return
        self._is_ending = False
        try:
            with self._locked():
                yield
        except BaseException as error:
            if self._is_ending and self._was_stored(token, error):
                return
            self.roll_back()
            refused = refusal(error, self._address) if isinstance(error, psycopg.Error) else error
            if isinstance(refused, Refusal):
                refused = self._as_held(refused)
            if refused is error:
                raise
            raise refused from None
        # The only sign PostgreSQL gives of a transaction in which something failed.
        ended = self._ended.statusmessage if self._ended else None
        if ended != "COMMIT":
            raise Refusal("not_stored", path=self._address, cause=str(ended))

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """Lock the ledger, and commit at the end."""
        with self._together():
            self._begin()
            try:
                yield
            except Exception:
                self._send_last("ROLLBACK")
                self._refuse_outdated()
                raise
            except BaseException:
                self._send_last("ROLLBACK")
                raise
            self._is_ending = True
            self._lock_trusting()
            self._ended = self._connection.execute("COMMIT")

    def _was_stored(self, token: str, error: BaseException) -> bool:
        """Find out whether a transaction was stored despite an error at its end.

        Raises Refusal `not_stored` and `stored_unknown`.
        """
        if isinstance(error, psycopg.Error):
            if self._has_failed():  # before the COMMIT, which was not carried out
                return False
            self._resolve_commit(token, error)
            return True
        if isinstance(error, KeyboardInterrupt):
            with suppress(Exception):  # where the server is gone it stays unknown
                return self.is_stored(token)  # then it came too late, and is reported as stored
        return False

    def _as_held(self, error: Refusal) -> Refusal:
        """Return the refusal that says who is writing, if somebody else writes for too long."""
        if error.key != "ledger_busy" or isinstance(error, Outdated):
            return error
        holder = self.one(_HELD_BY)
        if holder is None:
            return error
        login, since = holder
        return Refusal("ledger_held", path=self._address, login=login, since=since.astimezone())

    def is_stored(self, token: str) -> bool:
        """Return by a new connection whether the command of a token was stored."""
        self._connection.close()
        self._connection = connect(self._address)
        with self._connection.transaction():
            self.run(LOCK)  # until the server has ended the first connection's transaction
            return self.one(IS_STORED, token=token) is not None

    def refuse_replaced(self, token: str) -> None:
        """Raise Refusal `ledger_deleted` or `ledger_replaced` unless the ledger is still there."""
        try:
            is_there = self.one(IS_STORED, token=token) is not None
        except psycopg.errors.UndefinedTable as error:
            raise Refusal("ledger_deleted", path=self._address) from error
        if not is_there:
            raise Refusal("ledger_replaced", path=self._address)

    def roll_back(self) -> None:
        """Roll back the transaction under way, if there still is one, and ignore failures."""
        with suppress(psycopg.Error):  # the first error is the one to report
            if self._is_in_transaction():
                self._connection.execute("ROLLBACK")

    def replace_with(self, file: Path, token: str, meanwhile: Callable[[], None]) -> None:
        """Replace the content of this ledger by that of the ledger in a file."""
        from kmtrack.ledger.store.postgres.copies import replace_rows

        with self.writing(token):
            meanwhile()
            replace_rows(self, file)
            put_setting(self, RESTORED, token)

    def back_up_to(self, path: Path) -> bytes:
        """Copy this ledger into the empty file at `path`; return a digest of what was copied."""
        from kmtrack.ledger.store.postgres.copies import write_ledger

        return write_ledger(self, path)

    def digest_of(self, copy: Path) -> bytes:
        """Return the digest of the rows in a file that `back_up_to` wrote."""
        from kmtrack.ledger.store.postgres.copies import digest_of_ledger

        return digest_of_ledger(copy)

    def create_schema_in(self, empty: Store) -> None:
        """Create the tables of this ledger in an empty file."""
        from kmtrack.ledger.store.sqlite_file import create_tables

        create_tables(empty)

    def tables(self) -> dict[str, set[str]]:
        """Return the names of the columns of each table that exists."""
        return columns_by_table(self.all(_COLUMNS))

    def schema(self) -> Schema:
        """Return all objects of the ledger's schema."""
        from kmtrack.ledger.store.postgres.objects import objects_of

        return objects_of(self)

    def due_schema(self) -> Schema | None:
        """Return the objects of a new ledger; None if this user cannot have one made."""
        from kmtrack.ledger.store.postgres.objects import due_objects

        return due_objects(self)

    def problems(self) -> Iterator[Problem]:
        """Yield indexes and constraints that the server does not enforce; it checks its pages itself."""
        for row in self.all(_PROBLEMS):
            yield Problem("integrity", {"problem": row["problem"]})

    @property
    def is_owned(self) -> bool:
        """Whether the user owns all tables."""
        return bool(self.get(_OWNS_ALL)[0])

    def compact(self) -> None:
        """Rewrite the tables, which may still contain deleted or changed data."""
        tables = ", ".join(f'"{row["name"]}"' for row in self.all(_TABLES))
        try:
            self.run(f"VACUUM (FULL) {tables}")
        except Refusal as error:
            reader = self.one(_READ_BY) if error.key == "ledger_busy" else None
            if reader is None:
                raise
            raise Refusal("ledger_read", path=self._address, login=reader["login"]) from None

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def _is_in_transaction(self) -> bool:
        return self._connection.info.transaction_status != TransactionStatus.IDLE

    def _has_failed(self) -> bool:
        """Whether the transaction under way can only be rolled back."""
        return self._connection.info.transaction_status == TransactionStatus.INERROR

    def _resolve_commit(self, token: str, error: psycopg.Error) -> None:
        """Find out whether a transaction whose COMMIT failed was stored."""
        cause = refusal(error, self._address).cause()
        try:
            was_stored = self.is_stored(token)
        except Exception as second:
            raise Refusal(
                "stored_unknown", path=self._address, cause=cause, token=token
            ) from second
        if not was_stored:
            raise Refusal("not_stored", path=self._address, cause=cause) from error


def open_on_server(
    address: ServerAddress, ahead: Iterable[Callable[[Store], object]] = ()
) -> ServerStore:
    """Open the ledger in a database.

    Raises what `connect` raises, `no_ledger_on_server`, `ledger_newer`, `no_rights` or `ledger_older`.
    """
    store = ServerStore(connect(address), address)
    try:
        store.foresee(
            partial(version_of, store),
            partial(store.get, _MAY_READ),
            *(partial(read, store) for read in ahead),
        )
        _refuse_unusable(store)
    except BaseException:
        store.close()
        raise
    return store


def _refuse_unusable(store: ServerStore) -> None:
    version = version_of(store)
    if version is None:
        raise Refusal("no_ledger_on_server", path=store.location)
    if version > SCHEMA_VERSION:
        raise Refusal("ledger_newer", path=store.location)
    if not store.get(_MAY_READ)[0]:
        raise Refusal("no_rights", path=store.location, user=store.user)
    if version < SCHEMA_VERSION:
        migrate_on_server(store)
