"""The status: each target of a contract on one day, from the tallies of its verdicts."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from kmtrack.rules.schedule import expected_by, percent_of, state_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from kmtrack.rules.contract import Contract, Target


class Tally(NamedTuple):
    """The records for one target, by how they stand to it."""

    counted: int = 0
    waiting: int = 0
    excluded: int = 0

    @property
    def all(self) -> int:
        """All records that are for the target."""
        return self.counted + self.waiting + self.excluded


class Group(NamedTuple):
    """One municipality, broker, council or month; `key` is "" for what is not known."""

    key: str
    name: str
    tally: Tally


class TargetStatus(NamedTuple):
    """A target on one day; `expected` is what would be on schedule, `state` one word."""

    target: Target
    tally: Tally
    percent: int | None
    expected: int | None
    state: str
    groups: list[Group]


class Status(NamedTuple):
    """The whole contract on one day; `grouping` names what the groups are, if there are any."""

    contract: Contract
    as_of: date
    grouping: str | None
    targets: list[TargetStatus]


def status_from(
    contract: Contract,
    as_of: date,
    tallies: Mapping[str, Tally],
    grouping: str | None = None,
    groups: Mapping[str, list[Group]] | None = None,
) -> Status:
    """The status on `as_of` from the tally, and the groups, of each target by its id."""
    return Status(
        contract,
        as_of,
        grouping,
        [
            _target_status(
                contract,
                target,
                as_of,
                tallies.get(target.id, Tally()),
                (groups or {}).get(target.id, []),
            )
            for target in contract.targets
        ],
    )


def _target_status(
    contract: Contract, target: Target, as_of: date, tally: Tally, groups: list[Group]
) -> TargetStatus:
    if not target.is_counted:
        return TargetStatus(target, tally, None, None, "not-started", [])
    return TargetStatus(
        target,
        tally,
        percent_of(tally.counted, target.minimum),
        expected_by(target, contract, as_of),
        state_of(target, contract, as_of, tally.counted, tally.all),
        groups,
    )
