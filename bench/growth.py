"""Commands on ledgers of growing size: their time and their memory."""

from __future__ import annotations

import statistics
from typing import TYPE_CHECKING, Final

from bench.commands import COMMANDS, Runner
from bench.large_ledger import copy_of_ledger
from bench.results import Goal, Line, Part

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bench.commands import Command
    from bench.plan import Plan
    from bench.programs import Programs

SECONDS: Final = 2.0
MEBIBYTES: Final = 300.0
_HOPELESS: Final = 5.0  # seconds
_SLACK: Final = 1.2  # ten times the records may take twelve times the time


def growth(plan: Plan, programs: Programs) -> Part:
    """Measure each command that has a goal of growth, on ledgers of all sizes."""
    runners = [Runner(programs, copy_of_ledger(plan, size)) for size in plan.sizes]
    for runner in runners:
        runner.make_backup_of_day()
    lines = [line_of(plan, command, runners) for command in COMMANDS if command.growth]
    return Part(
        "Growth",
        f"Whole processes on ledgers of so many contacts, in milliseconds, and the peak memory on the"
        f" largest; the ratio compares the two largest. What shows a page or changes one record has a"
        f" goal in seconds (middle of {plan.rounds}, in turns), and is not run on a larger ledger once"
        f" it takes {_HOPELESS:g} s. What reads the whole may take {_times(plan):g} times as long for"
        f" {plan.sizes[-1] / plan.sizes[-2]:g} times the records (once).",
        ("command", *(f"{size:,}" for size in plan.sizes), "MiB"),
        lines,
    )


def line_of(plan: Plan, command: Command, runners: Sequence[Runner]) -> Line:
    """Measure a command on ledgers of growing size, and judge it by the kind of its growth."""
    runners[0].assert_prints(command)
    is_page = command.growth == "page"
    on = _bearable(command, runners) if is_page else runners
    times = plan.rounds if is_page and on == runners else 1
    rounds = [[runner.measurement(command) for runner in on] for _ in range(times)]
    taken = list(zip(*rounds, strict=True))
    seconds = [statistics.median(one.seconds for one in its) for its in taken]
    ratio = seconds[-1] / seconds[-2]
    goals = [Goal(seconds[-1], SECONDS, " s") if is_page else Goal(ratio, _times(plan), " times")]
    peaks = [one.peak / 2**20 for one in taken[-1] if one.peak is not None]
    if peaks:
        goals.append(Goal(max(peaks), MEBIBYTES, " MiB"))
    shown = [f"{one * 1000:,.0f}" for one in seconds] + [""] * (len(runners) - len(on))
    cells = (*shown, f"{max(peaks):.0f}" if peaks else "?")
    return Line(command.name, cells, ratio, tuple(goals))


def _bearable(command: Command, runners: Sequence[Runner]) -> Sequence[Runner]:
    """Return the ledgers up to the first, of the second and later ones, on which a command drags."""
    for number in range(2, len(runners)):
        if runners[number - 1].measurement(command).seconds > _HOPELESS:
            return runners[:number]
    return runners


def _times(plan: Plan) -> float:
    return _SLACK * plan.sizes[-1] / plan.sizes[-2]
