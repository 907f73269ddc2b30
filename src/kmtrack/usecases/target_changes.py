"""Moves: how a command changed, or would change, what the targets have."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from kmtrack.i18n import current, say
from kmtrack.rules.judgement import OUTCOMES
from kmtrack.rules.status import Tally

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from kmtrack.rules.contract import Contract, Target


class TargetChange(NamedTuple):
    """How a target stood before a command, and how it stands with it."""

    target: Target
    before: Tally
    after: Tally


def target_changes(
    contract: Contract, before: Mapping[str, Tally], after: Mapping[str, Tally]
) -> list[TargetChange]:
    """Each counted target of the contract with what it had and what it has."""
    return [
        TargetChange(target, before.get(target.id, Tally()), after.get(target.id, Tally()))
        for target in contract.targets
        if target.is_counted
    ]


def change_lines(changes: Iterable[TargetChange]) -> list[str]:
    """A line for each target that moved."""
    return [
        say(
            "move.target",
            target=change.target.name.in_language(current()),
            **{
                name: _moved(getattr(change.before, name), getattr(change.after, name))
                for name in OUTCOMES
            },
        )
        for change in changes
        if change.before != change.after
    ]


def _moved(before: int, after: int) -> str:
    """A number, with what it was before if that is another."""
    return str(after) if before == after else f"{before} -> {after}"


def changes_data(changes: Iterable[TargetChange]) -> dict[str, Any]:
    """The targets with what they had and what they have, as data."""
    return {
        change.target.id: {"before": change.before._asdict(), "after": change.after._asdict()}
        for change in changes
    }
