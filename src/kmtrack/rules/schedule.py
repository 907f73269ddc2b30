"""The schedule: what would be on time by a day, and the state of a target in one word."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from datetime import date

    from kmtrack.rules.contract import Contract, Target

State = Literal["met", "on-schedule", "behind", "not-started", "late"]


def expected_by(target: Target, contract: Contract, day: date) -> int | None:
    """How many would be on schedule at the end of `day`, rounded down; None without a minimum.

    The minimum spread evenly over the days from the contract's first to the target's due day, both
    inclusive (ours: the note sets no line between nothing and the minimum).
    """
    if target.minimum is None:
        return None
    due = contract.due_day(target)
    if day < contract.first_day:
        return 0
    if day >= due:
        return target.minimum
    passed = (day - contract.first_day).days + 1
    whole = (due - contract.first_day).days + 1
    return target.minimum * passed // whole


def months_between(first: date, last: date) -> list[str]:
    """The months from that of `first` to that of `last`, as "2011-03"; none if `last` is earlier."""
    numbers = range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
    return [f"{number // 12:04}-{number % 12 + 1:02}" for number in numbers]


def percent_of(counted: int, minimum: int | None) -> int | None:
    """The share of the minimum in percent, rounded down and never clipped."""
    return counted * 100 // minimum if minimum else None


def state_of(target: Target, contract: Contract, day: date, counted: int, worked_on: int) -> State:
    """The state of a counted target on `day`; `worked_on` is how many records are for it."""
    if target.minimum is not None and counted >= target.minimum:
        return "met"
    if target.minimum is not None and day > contract.due_day(target):
        return "late"
    if not worked_on:
        return "not-started"
    expected = expected_by(target, contract, day)
    return "on-schedule" if expected is None or counted >= expected else "behind"
