"""Status: each target of a contract on one day, and what would be on schedule by then."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from kmtrack.rules.growth import GrowthStatus
from kmtrack.rules.tallies import Tally

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from kmtrack.rules.contract import Contract, Target
    from kmtrack.rules.deliverables import RunningStatus, SubmissionStatus
    from kmtrack.rules.methods import MethodsStatus

    DeliveredStatus = MethodsStatus | SubmissionStatus | RunningStatus | GrowthStatus


# Four years, with one leap day.
_DAYS: Final = 1461
_MONTHS: Final = 48


class Group(NamedTuple):
    """A municipality, broker, council or month with its tally; `key` is "" for unknown."""

    key: str
    name: str
    tally: Tally


class TargetStatus(NamedTuple):
    """A target on one day; `expected` is how many would be on schedule.

    `delivered` is the status of a delivered target. `needed` is how many more are required each
    month to meet the minimum, None if there is no minimum or the time is over.
    """

    target: Target
    tally: Tally
    percent: int | None
    expected: int | None
    state: str
    groups: list[Group]
    delivered: DeliveredStatus | None = None
    needed: int | None = None


class Status(NamedTuple):
    """All targets of the contract on one day; `grouping` names the kind of groups, if any.

    `known_at` is the moment (UTC) as of which the ledger was read, None for now.
    """

    contract: Contract
    as_of: date
    grouping: str | None
    targets: list[TargetStatus]
    known_at: str | None = None

    @property
    def days_left(self) -> int:
        """The remaining days of the contract; none once it is over."""
        first = max(self.as_of, self.contract.first_day)
        return max(0, (self.contract.last_day - first).days)

    def of_target(self, target: Target) -> Status:
        """Return the status of one target only."""
        return self._replace(targets=[each for each in self.targets if each.target == target])


def status_from(
    contract: Contract,
    as_of: date,
    tallies: Mapping[str, Tally],
    statuses: Mapping[str, DeliveredStatus],
) -> Status:
    """Return the status on `as_of`, without groups.

    `tallies` are those of the counted targets, `statuses` those of the delivered ones, by id.
    """
    rows = [
        _counted(contract, target, as_of, tallies.get(target.id, Tally()))
        if target.is_counted
        else _delivered(contract, target, as_of, statuses[target.id])
        for target in contract.targets
    ]
    return Status(contract, as_of, None, rows)


def with_groups(status: Status, grouping: str, groups: Mapping[str, list[Group]]) -> Status:
    """Return a status with the groups of each counted target, by the id of the target."""
    targets = [
        each._replace(groups=groups.get(each.target.id, [])) if each.target.is_counted else each
        for each in status.targets
    ]
    return status._replace(grouping=grouping, targets=targets)


def _delivered(
    contract: Contract, target: Target, as_of: date, status: DeliveredStatus
) -> TargetStatus:
    if not isinstance(status, GrowthStatus):
        return TargetStatus(target, Tally(), None, None, status.state, [], status)
    percent = percent_of(status.hired, target.minimum)
    needed = needed_per_month(target, contract, as_of, status.hired)
    return TargetStatus(target, Tally(), percent, None, status.state, [], status, needed)


def _counted(contract: Contract, target: Target, as_of: date, tally: Tally) -> TargetStatus:
    return TargetStatus(
        target,
        tally,
        percent_of(tally.counted, target.minimum),
        expected_by(target, contract, as_of),
        state_of(target, contract, as_of, tally.counted, tally.all),
        [],
        needed=needed_per_month(target, contract, as_of, tally.counted),
    )


TargetState = Literal["met", "on-schedule", "behind", "not-started", "late"]


def expected_by(target: Target, contract: Contract, day: date) -> int | None:
    """Return how many would be on schedule at the end of `day`, rounded down; None without a minimum.

    The minimum is spread evenly over the days from the contract's first to the target's due day,
    both inclusive (our rule: the note sets nothing between none and the minimum).
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


def needed_per_month(target: Target, contract: Contract, day: date, counted: int) -> int | None:
    """Return how many more are needed each month, rounded up, to meet the minimum by the due day.

    With less than a month left it is all that is missing; nothing once the minimum is met. None
    without a minimum, and after the due day, when no pace helps any more.
    """
    if target.minimum is None:
        return None
    missing = max(0, target.minimum - counted)
    due = contract.due_day(target)
    if not missing:
        return 0
    if day > due:
        return None
    days = (due - max(day, contract.first_day)).days + 1
    return min(missing, -(-missing * _DAYS // (days * _MONTHS)))


def months_between(first: date, last: date) -> list[str]:
    """Return the months from `first` to `last`, as "2011-03"; none if `last` is earlier."""
    numbers = range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
    return [f"{number // 12:04}-{number % 12 + 1:02}" for number in numbers]


def percent_of(counted: int, minimum: int | None) -> int | None:
    """Return the share of the minimum in percent, rounded down and not capped at 100."""
    return counted * 100 // minimum if minimum else None


def state_of(
    target: Target, contract: Contract, day: date, counted: int, worked_on: int
) -> TargetState:
    """Return the state of a counted target on `day`; `worked_on` is the number of records for it.

    After its due day it is late if the minimum is not met, or if nothing was ever done for it.
    """
    if target.minimum is not None and counted >= target.minimum:
        return "met"
    if day > contract.due_day(target) and not (target.minimum is None and worked_on):
        return "late"
    if not worked_on:
        return "not-started"
    expected = expected_by(target, contract, day)
    return "on-schedule" if expected is None or counted >= expected else "behind"
