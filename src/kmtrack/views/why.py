"""Explanations drawn: one record with its requirements, or a target with its records by reason."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from rich.text import Text

from kmtrack.i18n import current, say
from kmtrack.views.console import cell, column, console, indented, plain_table
from kmtrack.views.format import (
    answer_in_words,
    day_in_words,
    heading_of,
    history_in_words,
    quoted,
    reason_in_words,
    remedy_in_words,
    value_in_words,
)
from kmtrack.views.table_layout import draw

if TYPE_CHECKING:
    from rich.console import Console

    from kmtrack.rules.contact_history import Meeting
    from kmtrack.rules.contract import Target
    from kmtrack.rules.explanation import Explained, Member, ReasonGroup, TargetExplained
    from kmtrack.rules.judgement import Verdict

_STYLES: Final = {"yes": "green", "no": "red", "unknown": "yellow"}
_SHOWN: Final = 10
_NO_FACTS: Final = frozenset(
    {
        "id",
        "noun",
        "company_id",
        "company",
        "cvr",
        "verdicts",
        "stated",
        "withdrawn",
        "company_changes",
    }
)


def show_explained(explained: Explained) -> None:
    """Print a record, each requirement of its targets, and what would change the verdict."""
    screen, record = console(), explained.record
    company = f"{record['company']} ({say('field.cvr')} {record['cvr'] or say('group.unknown')})"
    title = f"{say('noun.' + record['noun']).capitalize()} {record['id']} · {company}"
    screen.print(Text(title, style="bold"))
    screen.print(Text(_facts(record)))
    if record["withdrawn"]:
        screen.print(Text(say("why.withdrawn", reason=record["withdrawn"]), style="yellow"))
    elif not explained.verdicts:
        screen.print(Text(say("why.for_no_target")))
    for target, verdict in explained.verdicts:
        _show_verdict(screen, explained, target, verdict)


def _show_verdict(screen: Console, explained: Explained, target: Target, verdict: Verdict) -> None:
    language = current()
    screen.print()
    name = target.name.in_language(language)
    screen.print(Text(f"{name}: {say('outcome.' + verdict.outcome)}", style="bold"))
    screen.print(Text(say("why.words_of_target", words=quoted(target.words.in_language(language)))))
    if target.selection.history is not None:
        screen.print(Text(history_in_words(explained.met_before)))
    table = plain_table()
    column(table, say("why.requirement"), wrap=True)
    column(table, say("why.answer"))
    column(table, say("why.fact"), wrap=True)
    column(table, say("why.words"), wrap=True)
    for rule, answer in verdict.answers:
        table.add_row(
            cell(say(f"rule.{rule}")),
            cell(say(f"answer.{answer.outcome}"), _STYLES[answer.outcome]),
            cell(answer_in_words(answer)),
            cell(quoted(target.requires[rule].in_language(language))),
        )
    draw(screen, table)
    for remedy in remedies(explained.record, verdict):
        show_remedy(remedy)


def remedies(record: dict[str, Any], verdict: Verdict) -> list[str]:
    """What would change a verdict that is not yet counted, each remedy once, in order.

    Several requirements may wait for the same fact.
    """
    found = dict.fromkeys(remedy_in_words(record, answer) for _, answer in verdict.reasons)
    return [remedy for remedy in found if remedy]


def _facts(record: dict[str, Any]) -> str:
    noun = record["noun"]
    facts = [
        f"{heading_of(noun, field)}: {value_in_words(noun, field, value)}"
        for field, value in record.items()
        if field not in _NO_FACTS and value not in (None, "")
    ]
    return " · ".join(facts)


def show_target(explained: TargetExplained, *, whole: bool) -> None:
    """Print the records of a target grouped by reason; a few of each unless the `whole` is asked."""
    screen, target, language = console(), explained.target, current()
    screen.print(Text(target.name.in_language(language), style="bold"))
    screen.print(Text(say("why.words_of_target", words=quoted(target.words.in_language(language)))))
    if not explained.groups:
        screen.print(Text(say("why.no_records")))
    for group in explained.groups:
        screen.print()
        screen.print(Text(group_title(group), style="bold"))
        show_members(group.members, whole=whole)


def show_members(members: list[Member], *, whole: bool) -> None:
    """Print records, one a line; a few of them unless the `whole` is asked."""
    screen = console()
    shown = members if whole else members[:_SHOWN]
    for member in shown:
        day = day_in_words(member.day) or say("word.not_agreed")
        indented(screen, f"{member.record_id}  {day}  {member.company}")
    if len(shown) < len(members):
        screen.print(Text(say("why.more", number=len(members) - len(shown))))


def member_data(member: Member) -> dict[str, Any]:
    """A record of a target as data."""
    return {
        "id": member.record_id,
        "date": member.day or None,
        "company": member.company,
        "cvr": member.cvr,
    }


def show_remedy(remedy: str) -> None:
    """Print what to type, behind an arrow that the screen can draw."""
    screen = console()
    screen.print(Text(f"→ {remedy}" if screen.encoding.startswith("utf") else f"-> {remedy}"))


def group_title(group: ReasonGroup) -> str:
    """How a group of records stands, why, and how many they are."""
    # Several requirements may wait for the same fact: it is said once.
    reasons = dict.fromkeys(reason for _, reason in group.reasons)
    why = "; ".join(map(reason_in_words, reasons))
    title = f"{say('outcome.' + group.outcome).capitalize()}: {len(group.members)}"
    return f"{title} · {why}" if why else title


def explained_data(explained: Explained) -> dict[str, Any]:
    """An explained record as data."""
    return {
        "record": explained.record,
        "verdicts": [
            {
                "target": target.id,
                "outcome": verdict.outcome,
                "history": _history_data(explained.met_before, target),
                "requirements": [
                    {
                        "rule": rule,
                        "answer": answer.outcome,
                        "reason": answer.reason,
                        "looked_at": [str(value) for value in answer.looked_at],
                        "fact": answer_in_words(answer),
                        "words": target.requires[rule].da,
                    }
                    for rule, answer in verdict.answers
                ],
                "remedies": remedies(explained.record, verdict),
            }
            for target, verdict in explained.verdicts
        ],
    }


def _history_data(met: Meeting | None, target: Target) -> dict[str, Any] | None:
    """What makes a contact a first one or a later one, as data; None where that is not asked."""
    if target.selection.history is None:
        return None
    return {
        "contact": target.selection.history,
        "met_before": {"id": met.contact_id or None, "date": met.day.isoformat()} if met else None,
        "fact": history_in_words(met),
        "words": target.words.da,
    }


def target_data(explained: TargetExplained) -> dict[str, Any]:
    """A target with all its records as data."""
    return {
        "target": explained.target.id,
        "words": explained.target.words.da,
        "as_of": explained.as_of.isoformat(),
        "groups": [
            {
                "outcome": group.outcome,
                "reasons": [{"rule": rule, "reason": reason} for rule, reason in group.reasons],
                "number": len(group.members),
                "records": list(map(member_data, group.members)),
            }
            for group in explained.groups
        ],
    }
