"""How a command changed, or would change, the counts of the targets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kmtrack.i18n import current, say
from kmtrack.rules.judgement import OUTCOMES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kmtrack.rules.status import TargetChange


def format_changes(changes: Iterable[TargetChange]) -> list[str]:
    """Word the changed counts: a line for each target with a change."""
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
    """Word a number, with the old one if it changed."""
    return str(after) if before == after else f"{before} -> {after}"


def changes_as_dict(changes: Iterable[TargetChange]) -> dict[str, Any]:
    """Return the tallies of the targets before and after, as data."""
    return {
        change.target.id: {"before": change.before._asdict(), "after": change.after._asdict()}
        for change in changes
    }
