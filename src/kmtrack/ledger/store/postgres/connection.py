"""Connections to a PostgreSQL server: their settings, rows and errors."""

from __future__ import annotations

import logging
import re
from typing import TYPE_CHECKING, Any, Final

import psycopg
from psycopg.adapt import Dumper
from psycopg.conninfo import make_conninfo
from psycopg.pq import PGconn, Ping

from kmtrack.errors import Refusal
from kmtrack.ledger.store.errors import Outdated, ServerLost, WriteFailed
from kmtrack.ledger.store.sqlite import SECONDS_TO_WAIT

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from psycopg import Connection, Cursor

    from kmtrack.ledger.store.address import ServerAddress

SCHEMA_NAME: Final = "kmtrack"
# Temporary tables are searched last, so that they cannot shadow a table of the ledger.
SEARCH_PATH: Final = f"{SCHEMA_NAME}, pg_temp"
_SETTINGS: Final[Mapping[str, str]] = {
    "search_path": SEARCH_PATH,
    "lock_timeout": f"{SECONDS_TO_WAIT}s",
    # A command whose machine is gone holds up the others no longer than its connection lives.
    "idle_in_transaction_session_timeout": "600s",
    "tcp_keepalives_idle": "30",
    "client_min_messages": "error",
    "client_encoding": "UTF8",
    "timezone": "UTC",
    "synchronous_commit": "on",
    "standard_conforming_strings": "on",
    "default_transaction_isolation": "read committed",  # whoever waited for the lock sees what came
    "cursor_tuple_fraction": "1",  # what is read with a cursor is read to its end
}
# The driver logs what it ignores, with the values of rows; without a handler that goes to stderr.
logging.getLogger("psycopg").addHandler(logging.NullHandler())
_SECONDS_TO_CONNECT: Final = 10
_LONGEST_CAUSE: Final = 200
# What a server says in English that accepts no connections now, and one that has no more of them.
_NOT_READY: Final = re.compile("the database system is ")
_FULL: Final = re.compile("too many (clients|connections)|connection slots are reserved")

# What a statement has the server take for a number where something was stored since it was read.
OUTDATED: Final = "kmtrack: outdated"

_REFUSALS: Final[Mapping[str, tuple[type[Refusal], str]]] = {
    "55P03": (Refusal, "ledger_busy"),  # lock_not_available
    "40001": (Refusal, "ledger_busy"),  # serialization_failure
    "40P01": (Refusal, "ledger_busy"),  # deadlock_detected
    "57014": (Refusal, "cut_short"),  # query_canceled
    "25006": (Refusal, "server_read_only"),  # read_only_sql_transaction
    "42501": (Refusal, "not_allowed"),  # insufficient_privilege
    "53100": (WriteFailed, "disk_full"),  # disk_full
    # What the functions of the ledger itself refuse; see guard.py.
    "KM001": (Refusal, "name_of_another"),
    "KM002": (Refusal, "ahead_of_server"),
    "KM003": (Refusal, "not_allowed"),
}


def connect(address: ServerAddress) -> Connection[NamedRow]:
    """Open a connection to the database at an address.

    Raises Refusal `server_not_reached`, `server_not_ready`, `server_full`, `server_turns_away` or
    `password_missing`.
    """
    options = " ".join(f"-c {name}={_escape(value)}" for name, value in _SETTINGS.items())
    conninfo = ""
    try:
        conninfo = make_conninfo(
            **address.settings,
            options=options,
            application_name="kmtrack",
            connect_timeout=_SECONDS_TO_CONNECT,
        )
        connection = psycopg.connect(conninfo, autocommit=True, row_factory=_rows_of)
    except (psycopg.Error, UnicodeError) as error:
        if isinstance(error, psycopg.Error) and error.pgconn and error.pgconn.needs_password:
            raise Refusal("password_missing", path=address) from None
        raise Refusal(_why_not(error, conninfo), path=address, cause=_cause(error)) from None
    connection.adapters.register_dumper(bool, _YesOrNo)
    return connection


def _why_not(error: Exception, conninfo: str) -> str:
    """Return the key of the refusal for a failed connection; `conninfo` are the parameters for libpq.

    libpq gives no error code, only a text in the server's language. Whether the server is starting
    up or shutting down can be found out by a ping.
    """
    text = str(error)
    if "FATAL" not in text:
        return "server_not_reached"
    if _NOT_READY.search(text) or PGconn.ping(conninfo.encode()) == Ping.REJECT:
        return "server_not_ready"
    return "server_full" if _FULL.search(text) else "server_turns_away"


def refusal(error: psycopg.Error, address: ServerAddress) -> Refusal:
    """Return the refusal for an error of PostgreSQL. Raises the error if there is none."""
    found = _REFUSALS.get(error.sqlstate or "")
    if found is not None:
        kind, key = found
        # Only functions of the ledger give a detail: the name that belongs to a login.
        detail = {"who": error.diag.message_detail} if key == "name_of_another" else {}
        return kind(key, path=address, **detail)
    if isinstance(error, psycopg.errors.InvalidTextRepresentation) and OUTDATED in str(error):
        return Outdated("ledger_busy", path=address)
    if isinstance(error, psycopg.IntegrityError | psycopg.ProgrammingError | psycopg.DataError):
        raise error
    # Never its text: it may repeat the values of a row.
    return ServerLost("server_lost", path=address, cause=error.sqlstate or type(error).__name__)


class _YesOrNo(Dumper):
    """Booleans as 1 and 0, as SQLite stores them."""

    oid = 23  # int4

    def dump(self, obj: bool) -> bytes:  # noqa: FBT001 - it is what is dumped
        return b"1" if obj else b"0"


class NamedRow(tuple[Any, ...]):
    """A row with the names of its columns, like sqlite3.Row."""

    __slots__ = ()
    columns: Mapping[str, int]

    def keys(self) -> list[str]:
        """Return the names of the columns."""
        return list(self.columns)

    def __getitem__(self, name: Any) -> Any:
        return super().__getitem__(self.columns[name] if isinstance(name, str) else name)


def _rows_of(cursor: Cursor[Any]) -> Callable[[Any], NamedRow]:
    named: dict[str, int] = {}
    for at, column in enumerate(cursor.description or ()):
        named.setdefault(column.name, at)  # of two of one name the first is meant, as in a file
    # A class for each query, so that a row is no larger than its values.
    return type("NamedRow", (NamedRow,), {"__slots__": (), "columns": named})


def _escape(value: str) -> str:
    return re.sub(r"([\\\s])", r"\\\1", value)


def _cause(error: Exception) -> str:
    """Return the last line that libpq reports of a connection: it has neither secrets nor translations."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    last = lines[-1] if lines else type(error).__name__
    return "".join(filter(str.isprintable, last.rpartition("FATAL:")[2]))[:_LONGEST_CAUSE].strip()
