"""Start-up time of the everyday commands, compared with a minimal Typer app."""

from __future__ import annotations

import contextlib
import sqlite3
from typing import TYPE_CHECKING, Final

from bench import floor_app
from bench.everyday import COMMANDS, PRINTS, Everyday, environment_of
from bench.large_ledger import copy_of_ledger
from bench.results import Line, Part
from bench.timing import Pairs, assert_prints, interleaved, milliseconds, seconds_of

if TYPE_CHECKING:
    from bench.plan import Plan
    from bench.programs import Programs

GOAL: Final = 1.5


def start_up(plan: Plan, programs: Programs) -> Part:
    """Measure each everyday command on a small ledger in turns with the floor."""
    everyday = Everyday(copy_of_ledger(plan, plan.sizes[0]))
    floor_ledger = plan.run_folder / "floor.db"
    with contextlib.closing(sqlite3.connect(floor_ledger)) as connection:
        connection.execute(floor_app.TABLE)
    floor_words = (*programs.floor, str(floor_ledger), "Company", "--date", "2012-06-01")

    def floor() -> float:
        return seconds_of(floor_words, programs.environment)

    lines = []
    for command in COMMANDS:
        environment = environment_of(command, programs.environment)

        def once(command: str = command, environment: dict[str, str] = environment) -> float:
            return seconds_of((*programs.kmtrack, *everyday.words(command)), environment)

        words = (*programs.kmtrack, *everyday.words(command))
        assert_prints(words, environment, PRINTS[command])
        pairs = Pairs(*interleaved(plan.pairs, (floor, once)))
        cells = (f"{milliseconds(pairs.second):.0f}", f"{milliseconds(pairs.first):.0f}")
        lines.append(Line(command, cells, pairs.ratio, GOAL))
    return Part(
        "Start-up",
        f"Each command as a whole process on a ledger of {plan.sizes[0]:,} contacts, in turns with the"
        f" floor: a bare Typer command that inserts one row through sqlite3, in the same environment."
        f" Middle of {plan.pairs} pairs; the ratio is taken pair by pair.",
        ("command", "ms", "floor ms"),
        lines,
    )
