"""Commands on ledgers of growing size: their time and their memory."""

from __future__ import annotations

import statistics
from typing import TYPE_CHECKING, Final

from bench.commands import COMMANDS, Runner
from bench.large_ledger import copy_of_ledger
from bench.results import Goal, Line, Part

if TYPE_CHECKING:
    from bench.commands import Command
    from bench.plan import Plan
    from bench.programs import Programs
    from bench.timing import Measurement

SECONDS: Final = 2.0
MEBIBYTES: Final = 300.0
_LONG: Final = 10.0
_SLACK: Final = 1.2  # ten times the records may take twelve times the time


def growth(plan: Plan, programs: Programs) -> Part:
    """Measure each command that has a goal of growth, on ledgers of all sizes."""
    runners = [Runner(programs, copy_of_ledger(plan, size)) for size in plan.sizes]
    lines = [_line(plan, command, runners) for command in COMMANDS if command.growth]
    return Part(
        "Growth",
        f"Whole processes on ledgers of so many contacts, in milliseconds, and the peak memory on the"
        f" largest. The ratio compares the two largest. A command that shows a page or changes one"
        f" record may take {SECONDS:g} s on the largest (middle of {plan.rounds}, in turns); one that"
        f" reads the whole may take {_times(plan):g} times as long for"
        f" {plan.sizes[-1] / plan.sizes[-2]:g} times the records (once).",
        ("command", *(f"{size:,}" for size in plan.sizes), "MiB"),
        lines,
    )


def _line(plan: Plan, command: Command, runners: list[Runner]) -> Line:
    runners[0].assert_prints(command)
    taken: list[list[Measurement]] = [[] for _ in runners]
    for _ in range(plan.rounds if command.growth == "page" else 1):
        for runner, its in zip(runners, taken, strict=True):
            its.append(runner.measurement(command))
        if taken[-1][-1].seconds > _LONG:  # one round says it all
            break
    seconds = [statistics.median(one.seconds for one in its) for its in taken]
    ratio = seconds[-1] / seconds[-2]
    goals = [
        Goal(seconds[-1], SECONDS, " s")
        if command.growth == "page"
        else Goal(ratio, _times(plan), " times")
    ]
    peaks = [one.peak / 2**20 for one in taken[-1] if one.peak is not None]
    if peaks:
        goals.append(Goal(max(peaks), MEBIBYTES, " MiB"))
    cells = (*(f"{one * 1000:,.0f}" for one in seconds), f"{max(peaks):.0f}" if peaks else "?")
    return Line(command.name, cells, ratio, tuple(goals))


def _times(plan: Plan) -> float:
    return _SLACK * plan.sizes[-1] / plan.sizes[-2]
