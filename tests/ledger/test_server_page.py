"""The page about a server: its commands are run as they stand, and an older server gets its rights."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import psycopg
import pytest

import servers
from builders import CVR, TODAY, add_contact, session_over
from kmtrack.clock import Clock
from kmtrack.ledger.open import open_store
from kmtrack.ledger.schema.nouns import TABLES
from kmtrack.usecases.check import check_ledger
from kmtrack.usecases.companies import add_company
from kmtrack.usecases.location import location_named, session_at

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.server

_PAGE: Final = (Path(__file__).parents[2] / "docs" / "server.md").read_text("utf-8")
# The rights that version 5 of this page gave brokers.
_RIGHTS_OF_5: Final = """
    CREATE ROLE kmtrack_broker;
    GRANT USAGE ON SCHEMA kmtrack TO kmtrack_broker;
    GRANT SELECT, INSERT ON ALL TABLES IN SCHEMA kmtrack TO kmtrack_broker;
    GRANT USAGE ON ALL SEQUENCES IN SCHEMA kmtrack TO kmtrack_broker;
    GRANT UPDATE ON company, succession, person, contact, collaboration, hire, method, assessment, dissemination, usage,
        delivery, survey, broker, contract, setting, tally, imported_row TO kmtrack_broker;
    GRANT UPDATE, DELETE ON verdict TO kmtrack_broker;
"""


def _commands() -> list[str]:
    found = re.search(r"<!-- server-console -->\n```console\n(.*?)```", _PAGE, re.DOTALL)
    assert found is not None
    return [line.removeprefix("$ ") for line in found[1].splitlines()]


@pytest.fixture
def shell(tmp_path: Path) -> Iterator[dict[str, str]]:
    """Yield an environment with psql, createdb and kmtrack, for a user who may make databases."""
    running = servers.server()
    programs = running.programs
    if os.name == "nt" or not (programs / "psql").exists():
        pytest.skip("no psql here")
    running.run("DROP DATABASE IF EXISTS viborg WITH (FORCE)")
    for role in ("jh", "kmtrack_broker", "operator"):
        running.dismiss(role)
    running.run("CREATE ROLE operator LOGIN CREATEDB CREATEROLE")
    kmtrack = tmp_path / "bin" / "kmtrack"
    kmtrack.parent.mkdir()
    kmtrack.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m kmtrack "$@"\n')
    kmtrack.chmod(0o755)
    (tmp_path / "rights.sql").write_text(servers.rights_of_the_page(), encoding="utf-8")
    yield {
        **os.environ,
        "PATH": f"{kmtrack.parent}:{programs}:{os.environ.get('PATH', os.defpath)}",
        "PYTHONPATH": os.pathsep.join(sys.path),
        "PGHOST": running.folder,
        "PGUSER": "operator",
        "KMTRACK_TODAY": TODAY.isoformat(),
    }
    running.run("DROP DATABASE IF EXISTS viborg WITH (FORCE)")
    for role in ("jh", "kmtrack_broker", "operator"):
        running.dismiss(role)


@pytest.mark.slow
def test_the_commands_of_the_page_make_a_server_for_brokers(
    shell: dict[str, str], tmp_path: Path
) -> None:
    place = f"postgresql+psycopg://operator@/viborg?host={shell['PGHOST']}"
    script = "\n".join(_commands()).replace(
        "postgresql+psycopg://operator@db.example.dk/viborg", shlex.quote(place)
    )
    script = script.replace("PGHOST=db.example.dk", f"PGHOST={shlex.quote(shell['PGHOST'])}")
    done = subprocess.run(
        ["/bin/sh", "-e", "-c", script],
        input="hemmelig\nhemmelig\n",
        env=shell,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
        start_new_session=True,  # without a terminal psql asks on stdin
        check=False,
    )
    assert done.returncode == 0, done.stderr
    address = place.replace("operator@", "jh:hemmelig@")
    with session_at(
        location_named(address, {"KMTRACK_HOME": str(tmp_path)}), Clock(TODAY, is_set=True), {}
    ) as session:
        assert session.broker == "JH"
        add_company(session, {"name": "Hedelund", "cvr": CVR, "municipality": "Viborg"})
        add_contact(session, CVR, {"date": "2011-03-01"})
        assert check_ledger(session.store).damage == []


def _as_version_5(database: str) -> None:
    """Take from a server what version 6 added, and give brokers what version 5 gave them."""
    running = servers.server()
    with closing(running.connection(database)) as operator:
        operator.execute("SET search_path = kmtrack")
        functions = operator.execute(
            "SELECT oid::regprocedure::text FROM pg_proc WHERE pronamespace = 'kmtrack'::regnamespace"
        ).fetchall()
        for (function,) in functions:
            operator.execute(f"DROP FUNCTION {function} CASCADE".encode())
        operator.execute("DROP SEQUENCE writer_since")
        operator.execute("DELETE FROM setting WHERE name = 'writer'")
        for column in ("login", "reason_secret", "digest", "follows", "stated_at"):
            operator.execute(f"ALTER TABLE command DROP COLUMN {column} CASCADE".encode())
        for constraint in ("command_number", "command_recorded_at", "command_arrived_at"):
            operator.execute(f"ALTER TABLE command DROP CONSTRAINT {constraint}".encode())
        for table in ("command", "entry"):
            operator.execute(f"CREATE SEQUENCE {table}_number_seq OWNED BY {table}.number".encode())
            operator.execute(
                f"ALTER TABLE {table} ALTER number SET DEFAULT nextval('{table}_number_seq')".encode()
            )
        for role in ("jh", "reader", "kmtrack_broker"):
            running.dismiss(role)
        operator.execute(_RIGHTS_OF_5.encode())
        operator.execute("CREATE ROLE jh LOGIN IN ROLE kmtrack_broker")
        operator.execute("CREATE ROLE reader LOGIN")
        operator.execute("GRANT USAGE ON SCHEMA kmtrack TO reader")
        operator.execute("GRANT SELECT ON ALL TABLES IN SCHEMA kmtrack TO reader")
        operator.execute("COMMENT ON SCHEMA kmtrack IS 'kmtrack ledger, version 5'")


def test_a_server_of_version_5_gets_the_functions_and_brokers_their_new_rights(
    served: Any, tmp_path: Path
) -> None:
    running, database = servers.server(), served.settings["dbname"]
    with session_over(served) as session:
        add_company(session, {"name": "Hedelund", "cvr": CVR, "municipality": "Viborg"})
        add_contact(session, CVR, {"date": "2011-03-01", "person": "Inger Holm"})
    _as_version_5(database)
    try:
        open_store(served).close()
        with closing(running.connection(database, "jh")) as broker:
            broker.execute("SET search_path = kmtrack")
            for table, columns in TABLES.items():
                for statement in (
                    f'UPDATE "{table}" SET "{columns[0]}" = NULL',
                    f'DELETE FROM "{table}"',
                ):
                    with pytest.raises(psycopg.errors.InsufficientPrivilege):
                        broker.execute(statement.encode())
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                broker.execute("INSERT INTO setting VALUES ('heads', '{}')")
            with pytest.raises(psycopg.Error):
                broker.execute("SELECT nextval('entry_number_seq')")
        place = location_named(running.address(database, "jh"), {"KMTRACK_HOME": str(tmp_path)})
        with session_at(place, Clock(TODAY, is_set=True), {}) as session:
            add_contact(session, CVR, {"date": "2011-04-01"})
        with closing(running.connection(database, "reader")) as reader:
            assert reader.execute("SELECT count(*) FROM kmtrack.readable_contact").fetchone() == (
                2,
            )
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                reader.execute("SELECT kmtrack.lock_ledger()")
    finally:
        for role in ("jh", "reader", "kmtrack_broker"):
            running.dismiss(role)
