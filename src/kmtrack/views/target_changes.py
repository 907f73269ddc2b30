"""How a command changed, or would change, other records' verdicts and the counts of the targets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from kmtrack.i18n import current, say
from kmtrack.rules.judgement import OUTCOMES
from kmtrack.views.format import day_in_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from kmtrack.ledger.verdicts import VerdictChange
    from kmtrack.rules.tallies import TargetChange

# No more changed records than this are named in words.
_MOST: Final = 10


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


def format_effects(others: Sequence[VerdictChange], changes: Sequence[TargetChange]) -> list[str]:
    """Word what a command changed besides its own record: other records, and the counts."""
    return [*_format_other_records(others, changes), *format_changes(changes)]


def effects_as_dict(
    others: Iterable[VerdictChange], changes: Iterable[TargetChange]
) -> dict[str, Any]:
    """Return what a command changed besides its own record as data."""
    return {"changed": [other._asdict() for other in others], "targets": changes_as_dict(changes)}


def _format_other_records(
    others: Sequence[VerdictChange], changes: Iterable[TargetChange]
) -> Iterator[str]:
    """Yield a line for each other record whose verdicts changed, the first ones if there are many.

    `changes` have the names of the targets.
    """
    names = {change.target.id: change.target.name.in_language(current()) for change in changes}
    for other in others[:_MOST]:
        yield say(
            "move.record",
            noun=say(f"noun.{other.noun}"),
            id=other.id,
            day=day_in_words(other.day) or say("word.not_agreed"),
            change=_verdicts_changed(other, names),
        )
    if len(others) > _MOST:
        yield say("move.more", number=len(others) - _MOST)


def _verdicts_changed(other: VerdictChange, names: Mapping[str, str]) -> str:
    """Word the verdicts before and after; a target that stays is named once."""
    if other.before.keys() == other.after.keys():
        return "; ".join(
            f"{names.get(target, target)}: {say(f'outcome.{old}')} -> {say(f'outcome.{other.after[target]}')}"
            for target, old in other.before.items()
        )
    before, after = (
        "; ".join(
            f"{names.get(target, target)}: {say(f'outcome.{now}')}"
            for target, now in verdicts.items()
        )
        for verdicts in (other.before, other.after)
    )
    return f"{before or '-'} -> {after or '-'}"
