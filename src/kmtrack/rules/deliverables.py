"""Deliverables: what must be submitted by a day, and what must be kept running."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from kmtrack.rules.contract import Contract, Point, Target


class DeliveryStep(NamedTuple):
    """A step towards a deliverable: `kind` is log, check or submit; `point` is what was checked."""

    kind: str
    day: date
    point: str | None = None


class Demand(NamedTuple):
    """What the note demands of a deliverable: one point, or one of several ("eller alternativt").

    `checked` is the day on which the first of the points was ticked off.
    """

    points: tuple[Point, ...]
    checked: date | None


class SubmissionStatus(NamedTuple):
    """Status of a deliverable to be submitted; `days_left` is negative once it is late."""

    state: Literal["open", "met", "late", "incomplete"]
    due: date
    days_left: int
    submitted: date | None
    demands: tuple[Demand, ...]

    @property
    def missing(self) -> tuple[Demand, ...]:
        """The demands that are not ticked off."""
        return tuple(demand for demand in self.demands if demand.checked is None)

    @property
    def ticked_late(self) -> tuple[Demand, ...]:
        """The demands that were ticked off after the due day."""
        return tuple(each for each in self.demands if each.checked and each.checked > self.due)


class Gap(NamedTuple):
    """Two log entries, by their days, that are further apart than the contract allows."""

    first: date
    last: date

    @property
    def days(self) -> int:
        """The number of days between them."""
        return (self.last - self.first).days


class RunningStatus(NamedTuple):
    """Status of a deliverable to be kept running: what was logged, and until when that suffices.

    `suffices_until` is None if it suffices to the end of the contract. `every` is the greatest
    number of days allowed between two entries, `gaps` are the longer intervals.
    """

    state: Literal["not-started", "running", "silent", "gap", "late"]
    logged: int
    last_day: date | None
    suffices_until: date | None
    every: int
    gaps: tuple[Gap, ...] = ()


DeliverableStatus = SubmissionStatus | RunningStatus


def deliverable_status(
    target: Target, contract: Contract, steps: Sequence[DeliveryStep], as_of: date
) -> DeliverableStatus:
    """Return the status of a deliverable on `as_of`, from the steps dated that day or before."""
    done = [step for step in steps if step.day <= as_of]
    if target.logged_every_days is not None:
        return _running(target, target.logged_every_days, contract, done, as_of)
    return _submission(target, contract, done, as_of)


def _running(
    target: Target, every: int, contract: Contract, steps: Sequence[DeliveryStep], as_of: date
) -> RunningStatus:
    """Require a log entry ("etablere og drifte") at least every so many days of the contract."""
    if not steps:
        is_over = as_of > contract.due_day(target)
        return RunningStatus("late" if is_over else "not-started", 0, None, None, every)
    allowed = timedelta(days=every)
    days = sorted(step.day for step in steps)
    gaps = tuple(
        Gap(first, last)
        for first, last in pairwise(days)
        if min(last, contract.last_day) > first + allowed
    )
    until = days[-1] + allowed
    state: Literal["running", "silent", "gap"] = "gap" if gaps else "running"
    if min(as_of, contract.last_day) > until:
        state = "silent"
    is_enough = until >= contract.last_day
    return RunningStatus(state, len(steps), days[-1], None if is_enough else until, every, gaps)


def _submission(
    target: Target, contract: Contract, steps: Sequence[DeliveryStep], as_of: date
) -> SubmissionStatus:
    """Accept a submission on the due day, but not the day after ("inden den 1.7.2011").

    The same holds for each point: a submission that was on time but completed later is late.
    """
    due = contract.due_day(target)
    submitted = min((step.day for step in steps if step.kind == "submit"), default=None)
    demands = demands_of(target, steps)
    if submitted is None:
        state: Literal["open", "met", "late", "incomplete"] = "late" if as_of > due else "open"
    elif submitted > due:
        state = "late"
    elif not all(demand.checked for demand in demands):
        state = "incomplete"
    else:
        state = "met"
    status = SubmissionStatus(state, due, (due - as_of).days, submitted, demands)
    return status._replace(state="late") if state == "met" and status.ticked_late else status


def demands_of(target: Target, steps: Sequence[DeliveryStep] = ()) -> tuple[Demand, ...]:
    """Return the note's demands on a deliverable, with the day on which each was ticked off."""
    checked: dict[str | None, date] = {}
    for step in steps:
        if step.kind == "check":
            checked[step.point] = min(step.day, checked.get(step.point, step.day))
    by_demand: dict[str, list[Point]] = {}
    for point in target.points:
        by_demand.setdefault(point.demand, []).append(point)
    return tuple(
        Demand(tuple(points), min((checked[p.id] for p in points if p.id in checked), default=None))
        for points in by_demand.values()
    )
