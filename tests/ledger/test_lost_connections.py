"""A connection to a server that breaks at any point of a command, or waits: what is stored is what is told."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
import time
from contextlib import closing
from typing import TYPE_CHECKING, Final
from unittest.mock import patch

import pytest
from bench.relay import Relay

import servers
from builders import CVR
from kmtrack.cli.main import main
from kmtrack.ledger.open import open_store
from kmtrack.usecases.check import check_ledger

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kmtrack.ledger.store.address import ServerAddress

pytestmark = pytest.mark.server

_ADD: Final = ("contact", "add", CVR, "--date", "2011-03-01")
_NOTHING: Final = re.compile("nothing was stored|NOT stored|No change was stored")
_STEPS: Final = (
    "lock_ledger",
    "INSERT INTO command",
    "INSERT INTO entry",
    "kmtrack.put_contact",
    "kmtrack.replace_verdicts",
)


@pytest.fixture
def relay(served: ServerAddress) -> Iterator[Relay]:
    """Yield a relay before the server, on which there is a company."""
    with Relay(servers.server().socket) as relay:
        words = ("company", "add", "Smedjen", "--cvr", CVR, "--municipality", "Viborg")
        assert _run(served, relay, *words) == 0
        yield relay


def _address(served: ServerAddress, relay: Relay) -> str:
    return f"postgresql+psycopg://postgres@127.0.0.1:{relay.port}/{served.settings['dbname']}"


def _run(served: ServerAddress, relay: Relay, *words: str) -> int:
    given = {"KMTRACK_LEDGER": _address(served, relay), "KMTRACK_BROKER": "JH"}
    with patch.dict(os.environ, given):
        return main(["--lang", "en", *words])


def _contacts(served: ServerAddress) -> int:
    with closing(open_store(served)) as store:
        assert check_ledger(store).damage == []
        return int(store.get("SELECT count(*) FROM contact")[0])


@pytest.mark.everyday(2)
@pytest.mark.parametrize("is_passed_on", [False, True])
@pytest.mark.parametrize("step", _STEPS)
def test_a_connection_that_breaks_before_the_commit_stores_nothing(
    served: ServerAddress,
    relay: Relay,
    step: str,
    capsys: pytest.CaptureFixture[str],
    *,
    is_passed_on: bool,
) -> None:
    if step == "kmtrack.replace_verdicts" and is_passed_on:
        pytest.skip("it travels with the COMMIT")
    relay.cut(step, is_passed_on=is_passed_on)
    assert _run(served, relay, *_ADD) == 1
    told = capsys.readouterr().err
    assert told.count("\n") == 1
    assert _NOTHING.search(told)
    assert _contacts(served) == 0


@pytest.mark.parametrize("is_passed_on", [False, True])
def test_a_connection_that_breaks_at_the_commit_is_looked_into(
    served: ServerAddress,
    relay: Relay,
    capsys: pytest.CaptureFixture[str],
    *,
    is_passed_on: bool,
) -> None:
    relay.cut("COMMIT", is_passed_on=is_passed_on)
    assert _run(served, relay, *_ADD) == int(not is_passed_on)
    told = capsys.readouterr().err
    assert bool(_NOTHING.search(told)) is not is_passed_on
    assert _contacts(served) == int(is_passed_on)


@pytest.mark.parametrize("is_passed_on", [False, True])
@pytest.mark.parametrize("words", [("contact", "edit", "last", "--note", "X"), ("undo", "--yes")])
def test_a_connection_that_breaks_over_the_one_trip_with_the_lock_is_looked_into(
    served: ServerAddress,
    relay: Relay,
    capsys: pytest.CaptureFixture[str],
    words: tuple[str, ...],
    *,
    is_passed_on: bool,
) -> None:
    assert _run(served, relay, *_ADD) == 0
    before = _commands(served)
    relay.cut("lock_ledger", is_passed_on=is_passed_on)
    assert _run(served, relay, *words) == int(not is_passed_on)
    told = capsys.readouterr().err
    assert bool(_NOTHING.search(told)) is not is_passed_on, told
    assert _commands(served) == before + is_passed_on


def _commands(served: ServerAddress) -> int:
    with closing(open_store(served)) as store:
        assert check_ledger(store).damage == []
        return int(store.get("SELECT count(*) FROM command")[0])


def test_a_write_that_is_refused_later_is_told_as_what_it_is(served: ServerAddress) -> None:
    with closing(open_store(served)) as store:
        begun = store.get("SELECT count(*) FROM setting")[0]
        with pytest.raises(ArithmeticError), store.writing("token"):
            store.run("INSERT INTO setting (name, value) VALUES ('a', 'b')")
            raise ArithmeticError
        assert store.get("SELECT count(*) FROM setting")[0] == begun
        with pytest.raises(Exception, match="duplicate key"), store.writing("token"):
            store.run("INSERT INTO setting (name, value) VALUES ('a', 'b')")
            store.run("INSERT INTO setting (name, value) VALUES ('a', 'c')")
        assert store.get("SELECT count(*) FROM setting")[0] == begun


@pytest.mark.slow
def test_of_two_who_add_one_company_at_once_the_second_sees_the_first(
    served: ServerAddress, relay: Relay
) -> None:
    program = "import sys; from kmtrack.cli.main import main; sys.exit(main(sys.argv[1:]))"
    words = ("company", "add", "Mols", "--cvr", "13585628", "--municipality", "Viborg")
    relay.seconds = 0.02
    given = {
        **os.environ,
        "KMTRACK_LEDGER": _address(served, relay),
        "PYTHONPATH": os.pathsep.join(sys.path),
    }
    both = [
        subprocess.Popen(
            [sys.executable, "-c", program, *words],
            env={**given, "KMTRACK_BROKER": broker},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        for broker in ("JH", "MK")
    ]
    told = [each.communicate()[1] for each in both]
    assert sorted(each.returncode for each in both) == [0, 1], told
    assert "13585628" in "".join(told)
    with closing(open_store(served)) as store:
        assert store.get("SELECT count(*) FROM company WHERE cvr = '13585628'")[0] == 1
        assert check_ledger(store).damage == []


def test_who_gives_up_waiting_for_the_lock_has_stored_nothing(
    served: ServerAddress, relay: Relay, capsys: pytest.CaptureFixture[str]
) -> None:
    def give_up() -> None:
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline and not _waits(served):
            time.sleep(0.02)
        os.kill(os.getpid(), signal.SIGINT)

    with closing(open_store(served)) as other, other.writing("token"):
        other.get("SELECT 1")
        impatient = threading.Thread(target=give_up)
        impatient.start()
        assert _run(served, relay, *_ADD) == 130
        impatient.join()
    assert _NOTHING.search(capsys.readouterr().err)
    assert _contacts(served) == 0


def _waits(served: ServerAddress) -> bool:
    waiting = f"""
        SELECT 1 FROM pg_stat_activity
        WHERE datname = '{served.settings["dbname"]}' AND wait_event_type = 'Lock'
    """
    return bool(servers.server().run(waiting))
