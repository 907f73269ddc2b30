"""The contract: parties, period, participation, what counts, and what each target asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kmtrack.errors import in_words
from kmtrack.i18n import current, say
from kmtrack.municipalities import municipality_name
from kmtrack.rules.amendments import Term, is_reworded
from kmtrack.rules.contract_format import CHANNELS, COLLABORATION_KINDS, LEVELS, TERMS
from kmtrack.rules.deliverables import demands_of
from kmtrack.text import as_typed, in_danish_order
from kmtrack.usecases.contract import term_phrase, term_value, year_day_phrase
from kmtrack.views.console import console
from kmtrack.views.format import (
    amount_in_words,
    day_in_words,
    name_with_id,
    quoted,
    stated_in_words,
)
from kmtrack.views.target_status import demand_in_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from kmtrack.rules.amendments import TermChange
    from kmtrack.rules.contract import Contract, Participation, Target


def show_contract_page(
    contract: Contract, stated: Iterable[tuple[Mapping[str, str | None], Sequence[str]]]
) -> None:
    """Print the contract in force, and its amendments with what they changed."""
    screen = console()
    screen.line(contract.name.in_language(current()), "bold")
    terms = terms_in_words(contract) | reporting_in_words(contract) | counting_in_words(contract)
    for key, value in terms.items():
        screen.line(f"{say(f'contract.{key}')}: {value}")
    for target in contract.targets:
        _show_target(target)
    screen.line()
    for statement, changes in stated:
        screen.line(stated_in_words(statement))
        for change in changes:
            screen.indented(change)


def _show_target(target: Target) -> None:
    screen = console()
    facts = [name_with_id(target)]
    if target.minimum is not None:
        facts.append(f"{say('status.minimum')} {target.minimum}")
    if target.due is not None:
        facts.append(f"{say('contract.due')} {day_in_words(target.due)}")
    screen.line()
    screen.line(" · ".join(facts), "bold")
    screen.indented(quoted(target.words.in_language(current())))
    if asked := requirements_in_words(target):
        screen.indented(asked)
    for demand in demands_of(target):
        screen.indented(demand_in_words(demand), 2)


_LAST_DAY: Final = Term("last_day")


def terms_in_words(contract: Contract) -> dict[str, str]:
    """Word the parties, period and participation, by the keys of their headings."""
    unknown = say("group.unknown")
    taking_part = sorted(map(_span, contract.participation), key=in_danish_order)
    return {
        "region": contract.region,
        "operator": contract.operator or unknown,
        "period": f"{day_in_words(contract.first_day)} - {day_in_words(contract.last_day)}",
        "participation": ", ".join(taking_part) or unknown,
    }


def reporting_in_words(contract: Contract) -> dict[str, str]:
    """Word who answers questions and when the region follows up, or the options that would state it."""
    days = [str(in_words(year_day_phrase(each._asdict()))) for each in sorted(contract.report_days)]
    return {
        "questions_to": contract.questions_to or say("contract.no_questions_to"),
        "report_days": ", ".join(days) or say("contract.no_report_days"),
    }


def questions_as_read(contract: Contract) -> list[str]:
    """Word who answers questions, as the workbook's front page and a questionnaire say it."""
    from kmtrack.usecases.surveys.forms import recipient_of

    on_front = say("front.questions", name=contract.questions_to)
    in_form = say("survey.form.return", recipient=recipient_of(contract))
    return [
        f"{say('amend.on_front')}: {on_front}",
        f"{say('amend.in_form')}: {in_form}",
    ]


def counting_in_words(contract: Contract) -> dict[str, str]:
    """Word what the contract counts and its limits, by the keys of their headings."""
    limits = contract.sme
    counting = {
        "channels": _choices("channel", contract.channels, CHANNELS),
        "visits": _choices("channel", contract.visits, CHANNELS),
        "levels": _choices("level", contract.highly_educated, LEVELS),
        "terms": _choices("terms", contract.paid_terms, TERMS),
        "sme": say(
            "contract.sme_limits",
            employees=limits.employees_below,
            turnover=amount_in_words(limits.turnover_at_most),
            balance=amount_in_words(limits.balance_at_most),
        ),
    }
    if any("lasting" in target.requires for target in contract.targets):
        counting["lasting"] = say("contract.lasting_at_least", **contract.lasting._asdict())
    return counting


def requirements_in_words(target: Target) -> str:
    """Word what a target requires of its records, or of what is delivered."""
    if not target.is_counted:
        return delivered_in_words(target)
    selection = target.selection
    asked = [] if selection.history is None else [say(f"contract.history.{selection.history}")]
    for kinds in (
        _choices("collaboration_kind", selection.kinds, COLLABORATION_KINDS),
        _choices("level", selection.levels, LEVELS),
    ):
        asked += [kinds] if kinds else []
    asked += [say(f"rule.{rule}") for rule in target.requires]
    return say("contract.requires", asked=", ".join(asked)) if asked else ""


def delivered_in_words(target: Target) -> str:
    """Word what is examined in a delivered target."""
    kind = target.counts if target.logged_every_days is None else "running"
    if kind == "survey" and target.minimum is not None:
        kind = "survey_minimum"
    return say(f"definition.{kind}", days=target.logged_every_days, minimum=target.minimum)


def _choices(field: str, chosen: frozenset[str], among: Iterable[str]) -> str:
    """Word the chosen values, in the order of all of them."""
    return ", ".join(say(f"choice.{field}.{value}") for value in among if value in chosen)


def changes_in_words(contract: Contract, changes: Mapping[Term, TermChange]) -> list[str]:
    """Word each change with the old and the new value, without due days that move with the last day."""
    lines = []
    for term, (old, new) in changes.items():
        if term.kind == "other":
            lines.append(str(term_phrase(contract, term, reworded=is_reworded(old, new))))
        elif term.kind != "due" or changes.get(_LAST_DAY) != (old, new):
            before, after = in_words(term_value(term, old)), in_words(term_value(term, new))
            lines.append(f"{term_phrase(contract, term)}: {before} -> {after}")
    return lines


def amendment_to_type(term: Term) -> str:
    """Return the option of `contract amend` for a term, with placeholders; "" if none changes it."""
    place = as_typed([municipality_name(term.of)]) if term.kind == "participation" else ""
    return {
        "first_day": f"--first-day {say('metavar.day')}",
        "last_day": f"--last-day {say('metavar.day')}",
        "operator": f"--operator {say('metavar.text')}",
        "region": f"--region {say('metavar.text')}",
        "questions_to": f"--questions-to {say('metavar.text')}",
        "report_days": f"--report-day {say('metavar.day')}",
        "minimum": f"--minimum {term.of}={say('metavar.number')}",
        "due": f"--due {term.of}={say('metavar.day')}",
        "participation": f"--municipality {place} --from {say('metavar.day')}",
    }.get(term.kind, "")


def _span(span: Participation) -> str:
    days = _days(span.first_day, span.last_day)
    name = municipality_name(span.municipality)
    return f"{name} ({' '.join(days)})" if days else name


def _days(first: object, last: object) -> list[str]:
    return [
        f"{say(word)} {day_in_words(str(day))}"
        for word, day in (("word.from", first), ("word.until", last))
        if day
    ]
