"""Tallies: how many records count, wait or are excluded for a target, and how a command changes that."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kmtrack.rules.contract import Contract, Target


class Tally(NamedTuple):
    """Numbers of records for a target, by outcome."""

    counted: int = 0
    waiting: int = 0
    excluded: int = 0

    @property
    def all(self) -> int:
        """The number of all records that are for the target."""
        return self.counted + self.waiting + self.excluded


class TargetChange(NamedTuple):
    """The tally of a target before a command and after it."""

    target: Target
    before: Tally
    after: Tally


def target_changes(
    contract: Contract, before: Mapping[str, Tally], after: Mapping[str, Tally]
) -> list[TargetChange]:
    """Return each counted target of the contract with its tally before and after."""
    return [
        TargetChange(target, before.get(target.id, Tally()), after.get(target.id, Tally()))
        for target in contract.targets
        if target.is_counted
    ]
