"""The status: each target of the contract on one day, added up from the stored verdicts."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from kmtrack.ledger.contracts import contract_in_force
from kmtrack.places import municipality_name
from kmtrack.rules.schedule import expected_by, percent_of, state_of
from kmtrack.usecases.tallies import Tally, by_group, totals

if TYPE_CHECKING:
    from datetime import date

    from kmtrack.ledger.store import Store
    from kmtrack.rules.contract import Contract, Target


class Group(NamedTuple):
    """One municipality, broker, council or month; `key` is "" for what is not known."""

    key: str
    name: str
    tally: Tally


class TargetStatus(NamedTuple):
    """A target on one day. `expected` is what would be on schedule; `state` one word (schedule.py)."""

    target: Target
    tally: Tally
    percent: int | None
    expected: int | None
    state: str
    groups: list[Group]


class Status(NamedTuple):
    """The whole contract on one day."""

    contract: Contract
    as_of: date
    grouping: str | None
    targets: list[TargetStatus]


def status_of(store: Store, as_of: date, grouping: str | None = None) -> Status:
    """The status on `as_of`, with the groups of `grouping` (one of tallies.GROUPINGS) if asked."""
    with store.reading():
        contract = contract_in_force(store)
        tallies = totals(store, as_of)
        grouped = by_group(store, as_of, grouping) if grouping else {}
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
                _groups(grouping, grouped.get(target.id, {})),
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


def _groups(grouping: str | None, tallies: dict[str, Tally]) -> list[Group]:
    groups = [
        Group(key, municipality_name(key) if grouping == "municipality" and key else key, tally)
        for key, tally in tallies.items()
    ]
    return sorted(groups, key=lambda group: (not group.key, group.name))
