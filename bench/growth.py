"""Everyday commands on ledgers of 1,000 to 1,000,000 contacts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bench.everyday import LEDGER_COMMANDS, Everyday
from bench.large_ledger import copy_of_ledger
from bench.results import Line, Part
from bench.timing import Pairs, interleaved, milliseconds, seconds_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from bench.plan import Plan
    from bench.programs import Programs

GOAL: Final = 1.5
_WITH_GOAL: Final = ("contact add", "status")


def growth(plan: Plan, programs: Programs) -> Part:
    """Measure each command on ledgers of all sizes; the ratio compares largest with smallest."""
    ledgers = [Everyday(copy_of_ledger(plan, size)) for size in plan.sizes]
    lines = []
    for command in LEDGER_COMMANDS:
        taken = interleaved(plan.rounds, [_once(programs, one, command) for one in ledgers])
        ratio = Pairs(taken[0], taken[-1]).ratio
        cells = tuple(f"{milliseconds(times):.0f}" for times in taken)
        lines.append(Line(command, cells, ratio, GOAL if command in _WITH_GOAL else None))
    return Part(
        "Growth",
        f"Whole processes on ledgers of so many contacts, in milliseconds, in turns; middle of"
        f" {plan.rounds}. The ratio is the largest ledger against the smallest, round by round.",
        ("command", *(f"{size:,}" for size in plan.sizes)),
        lines,
    )


def _once(programs: Programs, everyday: Everyday, command: str) -> Callable[[], float]:
    return lambda: seconds_of((*programs.kmtrack, *everyday.words(command)), programs.environment)
