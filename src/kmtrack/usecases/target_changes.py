"""Target changes: the counts of each target before and after a command."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from kmtrack.rules.status import Tally

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kmtrack.rules.contract import Contract, Target


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
