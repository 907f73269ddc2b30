"""The page of a record: its requirements, and what would change its verdicts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from kmtrack.i18n import current, say
from kmtrack.views.colours import BAD, GOOD, WARNING
from kmtrack.views.console import can_print, console
from kmtrack.views.format import (
    answer_in_words,
    heading_of,
    history_in_words,
    named_company,
    predecessor_in_words,
    quoted,
    remedy_in_words,
    value_in_words,
    withdrawal_in_words,
)
from kmtrack.views.table import Table, cell

if TYPE_CHECKING:
    from kmtrack.rules.contract import Target
    from kmtrack.rules.explanation import (
        RecordExplanation,
    )
    from kmtrack.rules.judgement import Verdict
    from kmtrack.views.console import Screen


STYLES: Final = {"yes": GOOD, "no": BAD, "unknown": WARNING}
SHOWN: Final = 10
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


def show_explained(explained: RecordExplanation) -> None:
    """Print a record, each requirement of its targets, and what would change the verdict."""
    screen, record = console(), explained.record
    company = named_company(record["company"], record["cvr"])
    title = f"{say('noun.' + record['noun']).capitalize()} {record['id']} · {company}"
    screen.line(title, "bold")
    screen.line(_facts(record))
    if record["withdrawn"]:
        reason = withdrawal_in_words(record["withdrawn"])
        screen.line(say("why.withdrawn", reason=reason), WARNING)
    elif not explained.verdicts:
        screen.line(say("why.for_no_target"))
    for predecessor in explained.predecessors:
        screen.line(predecessor_in_words(predecessor))
    for target, verdict in explained.verdicts:
        _show_verdict(screen, explained, target, verdict)


def _show_verdict(
    screen: Screen, explained: RecordExplanation, target: Target, verdict: Verdict
) -> None:
    language = current()
    screen.line()
    name = target.name.in_language(language)
    screen.line(f"{name}: {say('outcome.' + verdict.outcome)}", "bold")
    screen.line(say("why.words_of_target", words=quoted(target.words.in_language(language))))
    if target.selection.history is not None:
        screen.line(history_in_words(explained.met_before, explained.predecessors))
    table = Table()
    table.column(say("why.requirement"), wraps=True)
    table.column(say("why.answer"))
    table.column(say("why.fact"), wraps=True)
    table.column(say("why.words"), wraps=True)
    for rule, answer in verdict.answers:
        table.row(
            cell(say(f"rule.{rule}")),
            cell(say(f"answer.{answer.outcome}"), STYLES[answer.outcome]),
            cell(answer_in_words(answer)),
            cell(quoted(target.requires[rule].in_language(language))),
        )
    screen.draw(table)
    for remedy in remedies(explained.record, verdict):
        show_remedy(remedy)


def remedies(record: dict[str, Any], verdict: Verdict) -> list[str]:
    """Return what would make a record count, each remedy once, in order.

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


def show_remedy(remedy: str) -> None:
    """Print what to type, after an arrow that the screen can show."""
    screen = console()
    screen.line(f"{'→' if can_print('→') else '->'} {remedy}")


def explained_as_dict(explained: RecordExplanation) -> dict[str, Any]:
    """Return an explained record as data."""
    return {
        "record": explained.record,
        "predecessors": list(explained.predecessors),
        "verdicts": [
            {
                "target": target.id,
                "outcome": verdict.outcome,
                "history": _history_as_dict(explained, target),
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


def _history_as_dict(explained: RecordExplanation, target: Target) -> dict[str, Any] | None:
    """Return why a contact is a first or later one, as data; None if the target does not depend on it."""
    if target.selection.history is None:
        return None
    met = explained.met_before
    return {
        "contact": target.selection.history,
        "met_before": (
            {"id": met.contact_id or None, "date": met.day.isoformat()}
            | ({"predecessor": met.predecessor} if met.predecessor else {})
            if met
            else None
        ),
        "fact": history_in_words(met, explained.predecessors),
        "words": target.words.da,
    }
