"""How often a broker's command waits for the server, counted on the wire between them.

A trip is what a client sends before it waits, with the answer. They are counted from the first statement
on; the connection itself takes three more on this line, without encryption or a password: the connection,
whether there is encryption, and who it is. The lock is held from the trip that asks for it to that of
COMMIT, both included.
"""

from __future__ import annotations

import os
import re
import time
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from unittest.mock import patch

import psycopg
import pytest
from bench.relay import Relay
from psycopg.conninfo import make_conninfo

import servers
from builders import CVR, cvr_number
from kmtrack.cli.main import main
from kmtrack.ledger.open import open_store
from kmtrack.usecases.check import check_ledger

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bench.relay import Trip

    from kmtrack.ledger.store.address import ServerAddress

pytestmark = pytest.mark.server

_PAGE: Final = Path(__file__).parents[2] / "docs" / "server.md"
_LOCK: Final = re.compile("lock_ledger|pg_advisory_xact_lock")
_SET_UP: Final = 3


class Most(NamedTuple):
    """A command, and the most trips that it may take: all of them, and those over which it holds the lock."""

    command: str
    trips: int
    locked: int = 0


# The goals are 8 for `contact add`, 5 for `status`, 10 for `undo`, and 3 with the lock. What is pending
# until it has the lock takes one with it.
COMMANDS: Final = (
    Most("company add First --municipality Viborg", 6, 3),  # registers An
    Most(f"company add Smedjen --cvr {CVR} --municipality Viborg --employees 40", 6, 3),
    Most("company edit smed --employees 41", 7, 1),
    Most(f"contact add {CVR} --date 1.3.2011", 6, 3),
    Most("contact add smed --date 2.3.2011", 7, 3),
    Most(f"contact add {CVR} --date 3.3.2011 --person Inger --next 1.6.", 6, 3),
    Most(f"contact add {CVR} --date 3.3.2011 --person Inger", 6, 3),  # the same once more
    Most(f"followup add {CVR} --date 4.3.2011", 6, 3),
    Most(f"hire add {CVR} --agreed 5.4.2011", 6, 3),
    Most(f"collaboration add {CVR} --kind project --agreed 6.4.2011", 6, 3),
    Most("undo --yes", 9, 1),
    Most("redo --yes", 10, 1),
    Most("contact edit last --note Hej", 6, 1),
    Most("undo --yes", 9, 1),
    Most("contact withdraw last --reason X", 6, 1),
    Most("undo --yes", 9, 1),
    Most("redo --yes", 9, 1),
    Most("undo 5 --yes", 9, 1),
    Most("hire edit last --hours 30", 6, 1),
    Most("hire withdraw last --reason X", 6, 1),
    Most(f"contact add {CVR} --date 8.3.2011", 6, 3),
    Most("method add Samtale --kind method --for companies", 7, 1),
    Most("method assess Samtale --verdict keep --text Hej", 8, 1),
    Most("method disseminate Samtale --to companies --how letter", 8, 1),
    Most("method used Samtale --contact last", 10, 1),
    Most("method edit Samtale --name Interview", 8, 1),
    Most("deliverable log project-management --text Hej", 5, 1),
    Most("deliverable check continuation-model resources", 5, 1),
    Most("deliverable withdraw last --reason X", 7, 1),
    Most(f"survey answer {CVR} --wave before --answer students=3", 6, 1),
    Most("survey withdraw last --reason X", 10, 1),
    Most("broker edit AN --council Viborg", 4, 3),
    Most("company withdraw first --reason X", 6, 1),
    Most("undo --yes", 9, 1),
    # What takes two companies together or apart; the order of their ids makes some difference.
    Most("company join first smed --yes", 14, 1),
    Most("undo --yes", 15, 1),
    Most("redo --yes", 18, 1),
    Most("company edit smed --employees 3", 14, 1),
    Most("undo --yes", 13, 1),
    Most("undo --yes", 15, 1),
    Most("company add Third --municipality Viborg", 6, 3),
    Most("company succeed third first --from 1.4.2011", 8, 1),
    Most("undo --yes", 12, 1),
    Most("redo --yes", 13, 1),
    Most("company succeed third first --withdraw X", 10, 1),
    Most("contact edit last --company third", 22, 1),
    Most("undo --yes", 18, 1),
    Most("contact add Nowhere", 11, 2),
    Most("status", 4),
    Most("today", 6),
    Most(f"company show {CVR}", 4),
    Most("why last", 6),
    Most("contact list", 4),
    Most("contact show last", 6),
    Most("company list", 4),
    Most("followup due", 4),
    Most("method list", 4),
    Most("deliverable list", 7),
    Most("survey due", 6),
    Most("history", 7),
    Most(f"history {CVR}", 10),
    Most("history last", 11),
)


@pytest.fixture
def relay() -> Iterator[Relay]:
    """Yield a relay before the server."""
    with Relay(servers.server().socket) as relay:
        yield relay


@pytest.fixture
def broker(served: ServerAddress) -> Iterator[str]:
    """Yield the user of a broker who has the rights that docs/server.md gives, and made a command before."""
    running, database = servers.server(), served.settings["dbname"]
    statements = re.search(r"<!-- sql -->\n```sql\n(.*?)```", _PAGE.read_text("utf-8"), re.DOTALL)
    assert statements is not None
    with closing(running.connection(database)) as operator:
        operator.execute("SET search_path = kmtrack")
        operator.execute(statements[1].encode())
        operator.execute("CREATE ROLE an LOGIN IN ROLE kmtrack_broker")
    yield "an"
    with closing(running.connection(database)) as operator:
        operator.execute("DROP OWNED BY an, kmtrack_broker")
        operator.execute("DROP ROLE an, kmtrack_broker")


class Counted(NamedTuple):
    """What a command took."""

    code: int
    told: str
    trips: list[Trip]
    set_up: list[int]

    @property
    def locked(self) -> int:
        """The trips from that which takes the lock to that which ends the transaction."""
        taken = [
            at for at, trip in enumerate(self.trips) if _LOCK.search(" ".join(trip.statements))
        ]
        if not taken:
            return 0
        ended = [at for at, trip in enumerate(self.trips) if _ends(trip) and at >= taken[0]]
        return ended[0] - taken[0] + 1


def _ends(trip: Trip) -> bool:
    return not {"COMMIT", "ROLLBACK"}.isdisjoint(trip.statements)


def _counted(
    relay: Relay, address: str, command: str, capsys: pytest.CaptureFixture[str]
) -> Counted:
    capsys.readouterr()
    relay.forget()
    with patch.dict(os.environ, {"KMTRACK_LEDGER": address}):
        code = main(["--lang", "en", *command.split()])
    told = capsys.readouterr()
    relay.settle()
    set_up = [each.all_before for each in relay.conversations]
    return Counted(code, told.out + told.err, relay.trips, set_up)


def test_the_trips_of_a_broker(
    served: ServerAddress, broker: str, relay: Relay, capsys: pytest.CaptureFixture[str]
) -> None:
    database = served.settings["dbname"]
    address = f"postgresql+psycopg://{broker}@127.0.0.1:{relay.port}/{database}"
    table, missed = [], []
    for most in COMMANDS:
        counted = _counted(relay, address, most.command, capsys)
        assert counted.code == (most.command == "contact add Nowhere"), counted.told
        assert counted.set_up == [_SET_UP]
        table.append(f"{len(counted.trips):3} {counted.locked:3}  {most.command}")
        if len(counted.trips) > most.trips or counted.locked > most.locked:
            missed.append(f"{table[-1]}: at most {most.trips} and {most.locked}\n{_shown(counted)}")
    assert not missed, "\n".join([*table, "", *missed])
    with closing(open_store(served)) as store:
        assert check_ledger(store).damage == []


def test_a_file_of_known_companies_is_read_in_few_trips(
    served: ServerAddress,
    broker: str,
    relay: Relay,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:
    address = f"postgresql+psycopg://{broker}@127.0.0.1:{relay.port}/{served.settings['dbname']}"
    numbers = [cvr_number(at) for at in range(200)]
    for employees, most in (("", 60), ("", 20), ("7", 20)):
        rows = [f"Firma {number};{number};Viborg;{employees}" for number in numbers]
        file = tmp_path / "rows.csv"
        file.write_text("\n".join(["Virksomhed;CVR-nr.;Kommune;Ansatte", *rows]), "utf-8")
        counted = _counted(relay, address, f"import {file} --as company --yes", capsys)
        assert counted.code == 0, counted.told
        assert len(counted.trips) <= most, _shown(counted)


def _shown(counted: Counted) -> str:
    return "\n".join(f"    {at} {trip.statements}" for at, trip in enumerate(counted.trips, 1))


def test_a_trip_is_what_is_asked_together(served: ServerAddress, relay: Relay) -> None:
    with _connected(served, relay) as connection:
        connection.execute("SELECT 1")
        connection.execute("SELECT 2")
        with connection.pipeline():
            connection.execute("SELECT 3")
            connection.execute("SELECT repeat('x', 100000)")  # more than the server keeps for later
            connection.execute("SELECT 4")
    relay.settle()
    (counted,) = relay.conversations
    assert counted.all_before == _SET_UP
    assert [len(trip.statements) for trip in counted.trips] == [1, 1, 3]


def test_each_trip_by_a_relay_takes_its_time(served: ServerAddress) -> None:
    with Relay(servers.server().socket, 0.05) as far, _connected(served, far) as connection:
        begun = time.perf_counter()
        for _ in range(3):
            connection.execute("SELECT 1")
        assert time.perf_counter() - begun >= 0.15


def _connected(served: ServerAddress, relay: Relay) -> psycopg.Connection[Any]:
    where = {"dbname": str(served.settings["dbname"]), "user": "postgres", "host": "127.0.0.1"}
    return psycopg.connect(make_conninfo(**where, port=relay.port), autocommit=True)
