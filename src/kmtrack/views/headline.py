"""The status in a sentence or two: how many targets are on schedule, and which are not, by how many."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kmtrack.i18n import current, enumerated, has, say
from kmtrack.rules.deliverables import SubmissionStatus
from kmtrack.views.format import long_day, sentence, whole_in_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kmtrack.rules.status import Status, TargetStatus

_NAMED: Final = 4  # targets; of more the worst three are named
_WORST: Final = 3


def headline(status: Status) -> str:
    """Return the main message for a reader, worded by the state of the targets."""
    contract = status.contract
    if status.as_of < contract.first_day:
        return say("headline.before", day=long_day(contract.first_day))
    counted = [each for each in status.targets if each.target.is_counted]
    measured = [each for each in counted if each.target.minimum is not None]
    is_over = status.as_of > max(
        [contract.last_day, *(contract.due_day(e.target) for e in counted)]
    )
    parts = [say("headline.ended", day=long_day(contract.last_day))] if is_over else []
    if measured:
        noun = say("headline.targets" if len(measured) == len(counted) else "headline.measured")
        parts += _measured(measured, noun, is_over=is_over)
    elif counted:
        parts.append(say("headline.no_minimum"))
    else:
        parts.append(_only_deliverables(len(status.targets)))
    return " ".join(sentence(part) for part in [*parts, *_deadlines(status)])


def _only_deliverables(number: int) -> str:
    if number == 1:
        return say("headline.only_one_deliverable")
    return say("headline.only_deliverables", n=number_word(number))


def number_word(number: int) -> str:
    """Return a number as a word if it is small, in digits otherwise."""
    return say(f"number.{number}") if has(f"number.{number}") else whole_in_words(number)


def _measured(targets: Sequence[TargetStatus], noun: str, *, is_over: bool) -> list[str]:
    """Word targets with a minimum; `noun` is the word for all of them."""
    total = len(targets)
    by_state: dict[str, list[TargetStatus]] = {}
    for each in targets:
        by_state.setdefault(each.state, []).append(each)
    behind, short = by_state.get("behind", []), by_state.get("late", [])
    not_begun = by_state.get("not-started", [])
    if len(not_begun) == total:
        return [say("headline.not_begun", n=total)]
    if len(behind) == total > 1:
        return [_all_behind(behind, noun)]
    lines = []
    if total > 1 or not (behind or short):
        met, on_schedule = len(by_state.get("met", [])), len(by_state.get("on-schedule", []))
        lines.append(_well(total, met, on_schedule, noun, is_over=is_over))
    for key, found in (("behind", behind), ("short", short)):
        lines += [_lacking(key, found)] if found else []
    return [*lines, *([_not_begun(not_begun, noun)] if not_begun else [])]


def _well(total: int, met: int, on_schedule: int, noun: str, *, is_over: bool) -> str:
    """Word how many of the targets are met or on schedule."""
    well = met + on_schedule
    who = _who(well, total, noun)
    number = 1 if well == 0 or total == 1 else well  # in English "none … is"
    if is_over:
        return say("headline.was_met", who=who, number=number)
    if met and not on_schedule:
        return say("headline.met", who=who, number=number)
    if not met:
        return say("headline.on_schedule", who=who, number=number)
    if well < total:
        return say(
            "headline.met_and_on_schedule",
            who=_who(met, total, noun),
            number=met,
            k=number_word(on_schedule),
            other=on_schedule,
        )
    if total == 2:  # noqa: PLR2004 - of a pair
        return say("headline.one_of_two_met", who=who)
    return say("headline.some_of_them_met", who=who, k=number_word(met), number=met)


def _who(number: int, total: int, noun: str) -> str:
    """Word a number of all targets, such as "three of four targets"."""
    if total == 1:
        return say("headline.the_target")
    pair = total == 2  # noqa: PLR2004
    if number == total:
        return say("headline.both" if pair else "headline.all", n=number_word(total), targets=noun)
    if number == 0:
        return say(
            "headline.neither" if pair else "headline.none", n=number_word(total), targets=noun
        )
    return say("headline.some", k=number_word(number), n=number_word(total), targets=noun)


def _all_behind(targets: Sequence[TargetStatus], noun: str) -> str:
    who = _who(len(targets), len(targets), noun)
    if len(targets) <= _NAMED:
        return say("headline.all_behind", who=who, list=enumerated(list(map(_next_one, targets))))
    return say("headline.all_behind_most", who=who, list=_worst(targets))


def _lacking(key: str, targets: Sequence[TargetStatus]) -> str:
    """Word targets that are behind, or short of their minimum; the first in full."""
    if len(targets) > _NAMED:
        return say(f"headline.furthest_{key}", list=_worst(targets))
    first, *others = targets
    full = say(f"headline.{key}", name=_name(first), number=whole_in_words(_lack(first)))
    return f"{enumerated([full, *map(_next_one, others)])}."


def _worst(targets: Sequence[TargetStatus]) -> str:
    """List those that lack the largest part of their minimum."""
    worst = sorted(targets, key=lambda each: _lack(each) / (each.target.minimum or 1), reverse=True)
    return enumerated([f"{_name(each)} ({whole_in_words(_lack(each))})" for each in worst[:_WORST]])


def _next_one(status: TargetStatus) -> str:
    return say("headline.next_one", name=_name(status), number=whole_in_words(_lack(status)))


def _lack(status: TargetStatus) -> int:
    return (status.expected or 0) - status.tally.counted


def _not_begun(targets: Sequence[TargetStatus], noun: str) -> str:
    if len(targets) <= _NAMED:
        return say("headline.named_not_begun", names=enumerated(list(map(_name, targets))))
    return say("headline.numbered_not_begun", k=number_word(len(targets)), targets=noun)


def _name(status: TargetStatus) -> str:
    return say("headline.name", name=status.target.name.in_language(current()))


def _deadlines(status: Status) -> list[str]:
    """Word what should have been submitted and was not in time."""
    overdue, late = [], []
    for each in status.targets:
        if isinstance(each.delivered, SubmissionStatus) and each.delivered.state == "late":
            if each.delivered.submitted is None:
                overdue.append(_name(each))
            elif each.delivered.submitted > each.delivered.due:
                late.append(_name(each))
    lines = [say("headline.overdue", names=enumerated(overdue))] if overdue else []
    if late:
        lines.append(say("headline.delivered_late", names=enumerated(late), number=len(late)))
    return lines
