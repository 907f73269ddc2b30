"""Ctrl-C, as a real signal before, during and after COMMIT: what is said of the change is true."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest

import servers
from builders import CVR
from kmtrack.ledger.open import open_store
from started import Started, asked, until

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cli_runner import Runner

pytestmark = pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="it looks into /proc")

ADD: Final = ("contact", "add", CVR, "--date", "2011-03-01")
NOT_STORED: Final = "Interrupted. No change was stored in the ledger"
STORED: Final = "Interrupted. The change is stored"


def contacts(ledger: Any) -> int:
    with closing(open_store(ledger)) as store:
        return int(store.get("SELECT count(*) FROM contact WHERE withdrawn IS NULL")[0])


@pytest.fixture
def ledger(runner: Runner) -> Any:
    company = ("company", "add", "Smedjen", "--cvr", CVR, "--municipality", "Viborg")
    runner.done(*company, "--employees", "40")
    return runner.ledger


@contextmanager
def full_pipe() -> Iterator[int]:
    """Open a pipe into which nothing more goes, so that whoever prints into it waits."""
    import fcntl

    read, write = os.pipe()
    try:
        flags = fcntl.fcntl(write, fcntl.F_GETFL)
        fcntl.fcntl(write, fcntl.F_SETFL, flags | os.O_NONBLOCK)
        with pytest.raises(BlockingIOError):
            while True:
                os.write(write, bytes(1024))
        fcntl.fcntl(write, fcntl.F_SETFL, flags)
        yield write
    finally:
        os.close(read)
        os.close(write)


@contextmanager
def locked(ledger: Path, *statements: str) -> Iterator[None]:
    """Hold a lock of a ledger in a file for the length of the block."""
    with closing(sqlite3.connect(ledger, isolation_level=None)) as other:
        for statement in statements:
            other.execute(statement)
        yield
        other.execute("ROLLBACK")


@pytest.mark.files
def test_before_the_commit_nothing_is_stored(ledger: Path) -> None:
    with locked(ledger, "BEGIN IMMEDIATE"):
        started = Started(ledger, ADD)
        until(started.is_waiting_its_turn)
        started.interrupt()
    assert started.ended() == (130, "", NOT_STORED)
    assert contacts(ledger) == 0


@pytest.mark.files
def test_during_the_commit_it_comes_too_late(ledger: Path) -> None:
    with locked(ledger, "BEGIN", "SELECT count(*) FROM contact"):
        started = Started(ledger, ADD)
        until(started.is_committing)
        started.interrupt()
    code, out, err = started.ended()
    assert (code, err) == (0, "")
    assert "New contacts: counts as no. 1 of 1000" in out
    assert contacts(ledger) == 1


def test_after_the_commit_it_is_stored(ledger: Any) -> None:
    with full_pipe() as pipe:
        started = Started(ledger, ADD, stdout=pipe)
        until(started.is_printing)
        assert contacts(ledger) == 1
        started.interrupt()
    assert started.ended() == (130, "", STORED)


@pytest.mark.files
def test_a_command_that_only_reads_has_stored_nothing(ledger: Path) -> None:
    with full_pipe() as pipe:
        started = Started(ledger, ("contract", "show", "--json"), stdout=pipe)
        until(started.is_printing)
        started.interrupt()
    assert started.ended() == (130, "", NOT_STORED)


@pytest.mark.files
def test_at_a_question_nothing_is_stored(ledger: Path, runner: Runner) -> None:
    runner.done(*ADD)
    with asked(ledger, "undo") as undo:
        assert undo.question().endswith(" [y/N] ")
        undo.interrupt()
        code, _, said = undo.ended()
    assert (code, NOT_STORED in said) == (130, True)
    assert contacts(ledger) == 1


@pytest.mark.slow
@pytest.mark.files
def test_a_ledger_that_is_not_made_yet_is_not_there(tmp_path: Path) -> None:
    place = tmp_path / "new.db"
    started = Started(place, ("init", "--municipality", "Viborg"))
    until(lambda: any(tmp_path.iterdir()) or started.process.poll() is not None)
    started.interrupt()
    code, _, err = started.ended()
    assert (code, err) in {(130, STORED if place.exists() else NOT_STORED), (0, "")}


_SLEEPING: Final = """
    CREATE FUNCTION kmtrack.sleep() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        BEGIN PERFORM pg_sleep(60); EXCEPTION WHEN query_canceled THEN {then}; END;
        RETURN NULL;
    END $$;
    CREATE CONSTRAINT TRIGGER slow AFTER INSERT ON kmtrack.command
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION kmtrack.sleep()
"""
_WAITING: Final = "SELECT 1 FROM pg_stat_activity WHERE datname = '{}' AND wait_event = '{}'"


@pytest.mark.slow
class TestOnServer:
    """The same of a ledger on a server."""

    @pytest.fixture
    def database(self, tmp_path: Path) -> tuple[Any, str, str]:
        place: Any = servers.place_in(tmp_path, servers.founded_template())
        name = place.settings["dbname"]
        address = servers.server().address(name)
        company = ("company", "add", "Smedjen", "--cvr", CVR, "--municipality", "Viborg")
        assert Started(address, (*company, "--employees", "40")).ended()[0] == 0
        return place, name, address

    def test_before_the_commit_nothing_is_stored(self, database: tuple[Any, str, str]) -> None:
        place, name, address = database
        with closing(servers.server().connection(name)) as other:
            other.execute("BEGIN")
            other.execute("SELECT kmtrack.lock_ledger()")
            started = Started(address, ADD)
            waits = _WAITING.format(name, "transactionid")
            until(lambda: bool(servers.server().run(waits)))
            started.interrupt()
            assert started.ended() == (130, "", NOT_STORED)
        assert contacts(place) == 0

    @pytest.mark.parametrize(("then", "stored"), [("RAISE", 0), ("NULL", 1)])
    def test_during_the_commit_the_ledger_is_asked(
        self, database: tuple[Any, str, str], then: str, stored: int
    ) -> None:
        place, name, address = database
        servers.server().run(_SLEEPING.format(then=then), name)
        started = Started(address, ADD)
        until(lambda: bool(servers.server().run(_WAITING.format(name, "PgSleep"))))
        started.interrupt()
        code, out, err = started.ended()
        if stored:
            assert (code, err) == (0, "")
            assert "New contacts: counts as no. 1 of 1000" in out
        else:
            assert (code, out, err) == (130, "", NOT_STORED)
        assert contacts(place) == stored

    def test_after_the_commit_it_is_stored(self, database: tuple[Any, str, str]) -> None:
        place, _, address = database
        with full_pipe() as pipe:
            started = Started(address, ADD, stdout=pipe)
            until(started.is_printing)
            assert contacts(place) == 1
            started.interrupt()
        assert started.ended() == (130, "", STORED)
