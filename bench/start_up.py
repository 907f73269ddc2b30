"""The commands that a broker waits for, compared with a minimal Typer app."""

from __future__ import annotations

import contextlib
import sqlite3
from functools import partial
from typing import TYPE_CHECKING

from bench import floor_app
from bench.commands import Runner, measured_here
from bench.large_ledger import copy_of_ledger
from bench.results import Goal, Line, Part
from bench.timing import Pairs, interleaved, milliseconds, seconds_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from bench.commands import Command
    from bench.plan import Plan
    from bench.programs import Programs


def start_up(plan: Plan, programs: Programs) -> Part:
    """Measure each command that a person waits for, on ledgers of all sizes."""
    floor = partial(seconds_of, floor_words(plan, programs), programs.environment)
    runners = [Runner(programs, copy_of_ledger(plan, size)) for size in plan.sizes]
    lines = []
    for command in measured_here():
        if command.floor is not None or command.on_terminal:
            on = runners if command.reads_ledger else runners[:1]
            lines.append(_line(plan, command, floor, on))
    return Part(
        "Start-up",
        f"Whole processes on ledgers of so many contacts, in milliseconds, in turns with the floor: a"
        f" bare Typer command that inserts one row through sqlite3, in the same environment. Into a"
        f" pipe unless a terminal is named. Middle of {plan.pairs} rounds; the ratio is taken round by"
        f" round, on the ledger on which it is highest.",
        ("command", *(f"{size:,}" for size in plan.sizes), "floor"),
        lines,
    )


def floor_words(plan: Plan, programs: Programs) -> tuple[str, ...]:
    """Return the command line of the floor; its database is made if it is missing."""
    ledger = plan.run_folder / "floor.db"
    if not ledger.exists():
        with contextlib.closing(sqlite3.connect(ledger)) as connection:
            connection.execute(floor_app.TABLE)
    return (*programs.floor, str(ledger), "Company", "--date", "2012-06-01")


def _line(plan: Plan, command: Command, floor: Callable[[], float], runners: list[Runner]) -> Line:
    runners[0].assert_prints(command)
    once = [partial(runner.seconds, command) for runner in runners]
    floors, *taken = interleaved(plan.pairs, [floor, *once])
    ratio = max(Pairs(floors, times).ratio for times in taken)
    shown = [f"{milliseconds(times):.0f}" for times in taken]
    cells = (*shown, *[""] * (len(plan.sizes) - len(shown)), f"{milliseconds(floors):.0f}")
    goals = () if command.floor is None else (Goal(ratio, command.floor),)
    return Line(command.name, cells, ratio, goals)
