"""The page of a target: its records by reason, or its status with the records behind it."""

from __future__ import annotations

from heapq import merge
from itertools import islice
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from kmtrack.i18n import current, say
from kmtrack.rules.deliverables import RunningStatus, SubmissionStatus
from kmtrack.rules.growth import GrowthStatus
from kmtrack.rules.vocabulary import ASKED_AUDIENCES
from kmtrack.views.console import console
from kmtrack.views.deliverables import show_demands, show_steps
from kmtrack.views.format import (
    day_in_words,
    quoted,
    reason_in_words,
    sentence,
)
from kmtrack.views.table import Table, cell
from kmtrack.views.target_status import target_status_as_dict, target_status_in_words
from kmtrack.views.why import SHOWN, STYLES, show_remedy

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kmtrack.rules.explanation import (
        DeliveredExplanation,
        Member,
        ReasonGroup,
        TargetExplanation,
        Unmet,
    )
    from kmtrack.rules.methods import Method
    from kmtrack.views.table import Cell


_member_order = attrgetter("day", "record_id")


def show_target(explained: TargetExplanation, *, whole: bool) -> None:
    """Print the records of a target grouped by reason; a few of each unless the `whole` is asked."""
    screen, target, language = console(), explained.target, current()
    screen.line(target.name.in_language(language), "bold")
    screen.line(say("why.words_of_target", words=quoted(target.words.in_language(language))))
    if not explained.groups:
        screen.line(say("why.no_records"))
    for unmet in explained.unmet:
        screen.line(unmet_in_words(unmet))
    for group in _by_words(explained.groups):
        screen.line()
        screen.line(group_title(group), "bold")
        show_members(group.members, group.number, whole=whole)


def _by_words(groups: list[ReasonGroup]) -> list[ReasonGroup]:
    """Combine the groups that would have the same title: several rules may give one reason."""
    found: dict[tuple[str, tuple[str, ...]], ReasonGroup] = {}
    for group in groups:
        key = (group.outcome, tuple(sorted({reason for _, reason in group.reasons})))
        known = found.get(key)
        if known is not None:
            members = merge(known.members, group.members, key=_member_order)
            group = known._replace(members=members, number=known.number + group.number)  # noqa: PLW2901 - it is that group then
        found[key] = group
    return list(found.values())


def unmet_in_words(unmet: Unmet) -> str:
    """Word how many records do not meet a requirement, and how many of them count."""
    if not unmet.number:
        return say(f"unmet.none.{unmet.requirement}")
    return say(f"unmet.{unmet.requirement}", number=unmet.number, counted=unmet.counted)


def show_members(members: Iterable[Member], number: int, *, whole: bool) -> None:
    """Print records, one a line; a few of the `number` that there are unless the `whole` is asked."""
    screen = console()
    for member in members if whole else islice(members, SHOWN):
        day = day_in_words(member.day) or say("word.not_agreed")
        screen.indented(f"{member.record_id}  {day}  {member.company}")
    if number > SHOWN and not whole:
        screen.line(say("why.more", number=number - SHOWN))


def member_as_dict(member: Member) -> dict[str, Any]:
    """Return a record of a target as data."""
    return {
        "id": member.record_id,
        "date": member.day or None,
        "company": member.company,
        "cvr": member.cvr,
    }


def group_title(group: ReasonGroup) -> str:
    """Return the verdict of a group of records, its reasons, and their number."""
    # Several requirements may wait for the same fact: name it once.
    reasons = dict.fromkeys(reason for _, reason in group.reasons)
    why = "; ".join(map(reason_in_words, reasons))
    title = f"{say('outcome.' + group.outcome).capitalize()}: {group.number}"
    return f"{title} · {why}" if why else title


def target_as_dict(explained: TargetExplanation) -> dict[str, Any]:
    """Return a target with all its records as data; the records are read as they are printed."""
    return {
        "target": explained.target.id,
        "words": explained.target.words.da,
        "as_of": explained.as_of.isoformat(),
        "groups": [
            {
                "outcome": group.outcome,
                "reasons": [{"rule": rule, "reason": reason} for rule, reason in group.reasons],
                "number": group.number,
                "records": map(member_as_dict, group.members),
            }
            for group in explained.groups
        ],
        "unmet": [
            {
                "rule": unmet.requirement,
                "number": unmet.number,
                "counted": unmet.counted,
                "records": iter(unmet.ids),
            }
            for unmet in explained.unmet
        ],
    }


def show_delivered(explained: DeliveredExplanation, *, whole: bool) -> None:
    """Print the status of a target, its records or steps, and what would advance it.

    The companies that hired are a few unless the `whole` is asked.
    """
    screen, target, status = console(), explained.target, explained.status
    title = f"{target.name.in_language(current())}: {say('state.' + status.state)}"
    screen.line(title, "bold")
    screen.line(say("why.words_of_target", words=quoted(target.words.in_language(current()))))
    for text in target_status_in_words(status):
        screen.line(sentence(text))
    if isinstance(status, SubmissionStatus):
        show_demands(status.demands)
    if explained.methods:
        _show_methods(explained.methods)
    show_steps(explained.steps)
    show_members(explained.hired, len(explained.hired), whole=whole)
    for remedy in delivered_remedies(explained):
        show_remedy(remedy)


def _show_methods(methods: list[Method]) -> None:
    table = Table()
    table.column(say("field.method"), wraps=True)
    table.column(say("field.assessed"))
    for audience in ASKED_AUDIENCES:
        table.column(say("why.told", audience=say(f"choice.audience.{audience}")))
    for method in methods:
        verdict = method.verdict
        table.row(
            cell(f"{method.name} ({method.id})"),
            cell(say(f"choice.assessment.{verdict}")) if verdict else _answer("no"),
            *[_answer(_told(method, audience)) for audience in ASKED_AUDIENCES],
        )
    console().draw(table)


def _told(method: Method, audience: str) -> str:
    if audience not in method.audiences:
        return ""
    return "no" if audience in method.not_disseminated else "yes"


def _answer(answer: str) -> Cell:
    return cell(say(f"answer.{answer}"), STYLES[answer]) if answer else cell("-")


def delivered_remedies(explained: DeliveredExplanation) -> list[str]:
    """Return what to type to advance a target; nothing if it is met."""
    status, target = explained.status, explained.target.id
    if isinstance(status, SubmissionStatus):
        found = [
            say(key, target=target, point=demand.points[0].id)
            for key, demands in (
                ("remedy.check", status.missing),
                ("remedy.check_dated", status.ticked_late),
            )
            for demand in demands
        ]
        return found if status.submitted else [*found, say("remedy.submit", target=target)]
    if isinstance(status, RunningStatus):
        key = "remedy.log_dated" if status.state == "gap" else "remedy.log"
        return [] if status.state == "running" else [say(key, target=target)]
    if isinstance(status, GrowthStatus):
        return [say("remedy.survey")]
    return [remedy for method in explained.methods for remedy in _of_method(method)] or (
        [] if explained.methods else [say("remedy.method")]
    )


def _of_method(method: Method) -> list[str]:
    found = [
        say("remedy.disseminate", id=method.id, audience=who) for who in method.not_disseminated
    ]
    return found if method.verdict else [say("remedy.assess", id=method.id), *found]


def delivered_as_dict(explained: DeliveredExplanation) -> dict[str, Any]:
    """Return a delivered target as data; keys are stable, days are ISO texts."""
    target = explained.target
    data: dict[str, Any] = {
        "target": target.id,
        "words": target.words.da,
        "as_of": explained.as_of.isoformat(),
        "state": explained.status.state,
        **target_status_as_dict(explained.status),
    }
    if target.counts == "method":
        data["methods"] = [
            {
                "id": method.id,
                "name": method.name,
                "verdict": method.verdict,
                "audiences": list(method.audiences),
                "not_told": list(method.not_disseminated),
            }
            for method in explained.methods
        ]
    if target.counts == "deliverable":
        data["steps"] = explained.steps
    if target.counts == "survey":
        data["companies"] = list(map(member_as_dict, explained.hired))
    return {**data, "remedies": delivered_remedies(explained)}
