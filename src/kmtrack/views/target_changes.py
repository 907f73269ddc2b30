"""How a command changed, or would change, the counts of the targets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kmtrack.i18n import current, say
from kmtrack.rules.judgement import OUTCOMES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kmtrack.rules.status import TargetChange


def format_changes(changes: Iterable[TargetChange]) -> list[str]:
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


def changes_as_dict(changes: Iterable[TargetChange]) -> dict[str, Any]:
    """The targets with what they had and what they have, as data."""
    return {
        change.target.id: {"before": change.before._asdict(), "after": change.after._asdict()}
        for change in changes
    }
