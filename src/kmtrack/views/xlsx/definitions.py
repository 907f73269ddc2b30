"""The definitions: what each target requires, in the words of the note, and what the terms mean."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kmtrack.i18n import current, say
from kmtrack.rules.confidentiality import SMALLEST_GROUP
from kmtrack.views.contract import counting_in_words, delivered_in_words
from kmtrack.views.format import amount_in_words, day_in_words, named_company, utc_in_words
from kmtrack.views.xlsx.cells import styled
from kmtrack.views.xlsx.formulas import sheet_reference
from kmtrack.views.xlsx.layout import Column, SheetLayout

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kmtrack.rules.contract import Contract, Target
    from kmtrack.rules.questionnaire import Questionnaire
    from kmtrack.usecases.export import ExportContent
    from kmtrack.usecases.successions import Takeover
    from kmtrack.views.xlsx.cells import Sheet
    from kmtrack.views.xlsx.controls import Controls

_OUTCOMES: Final = ("counted", "waiting", "excluded")
_STATES: Final = ("met", "on-schedule", "behind", "not-started", "missed", "late")
_TERMS: Final = ("even", "percent", "share", "rounding", "several", "confidential")


def write_definitions(sheet: Sheet, content: ExportContent, controls: Controls) -> None:
    """Write what each target requires, what the terms mean, the questions, and the ledger's checksums.

    The controls learn where the minimums are.
    """
    keys = ("field.target", "why.requirement", "why.words", "workbook.looked_at")
    widths = (30, 30, 80, 60)  # a digest fits on one line, with room beside it
    columns = [Column(say(key), most=most) for key, most in zip(keys, widths, strict=True)]
    layout = SheetLayout(sheet, columns)
    contract = content.status.contract
    layout.begin_table()
    for target in contract.targets:
        _add_target(layout, contract, target)
        if target.is_counted and target.minimum is not None:
            place = f"{sheet_reference(sheet.title)}!$D${layout.next_row}"
            controls.place_minimum(target.id, place)
            name = target.name.in_language(current())
            minimum = styled(sheet, target.minimum, number_format="#,##0")
            layout.add(name, say("workbook.minimum"), None, minimum)
    layout.end_table(say("workbook.requirements"), say("workbook.no_records"))
    _add_terms(layout, contract)
    _add_questions(layout, content.questionnaire)
    if content.takeovers:
        _add_takeovers(layout, content.takeovers)
    _add_heads(layout, content)
    layout.write(repeats_heads=False)


def _add_target(layout: SheetLayout, contract: Contract, target: Target) -> None:
    """Add what a target requires, and each of its requirements with the note's words."""
    language = current()
    name = target.name.in_language(language)
    asked = delivered_in_words(target) if not target.is_counted else None
    layout.add(name, say("workbook.whole_target"), target.words.in_language(language), asked)
    for rule, words in target.requires.items():
        looked_at = say(f"definition.{rule}", **_facts_of(contract))
        layout.add(name, say(f"rule.{rule}"), words.in_language(language), looked_at)
    for point in target.points:
        texts = (point.name.in_language(language), point.words.in_language(language))
        layout.add(name, *texts, say("definition.point"))


def _add_terms(layout: SheetLayout, contract: Contract) -> None:
    """Add what outcomes, states and figures mean."""
    _add_title(layout, say("workbook.terms"))
    for term in _TERMS:
        facts = {"first": day_in_words(contract.first_day), "fewest": SMALLEST_GROUP}
        meaning = say(f"definition.term.{term}", **facts)
        layout.add_entry(say(f"definition.name.{term}"), meaning)
    layout.add_entry(say("workbook.controls"), say("workbook.controls_cover"))
    for outcome in _OUTCOMES:
        layout.add_entry(say(f"outcome.{outcome}").capitalize(), say(f"definition.{outcome}"))
    for state in _STATES:
        meaning = say(f"definition.state.{state}")
        layout.add_entry(f"{say('workbook.state')}: {say(f'state.{state}')}", meaning)


def _add_questions(layout: SheetLayout, questionnaire: Questionnaire) -> None:
    language = current()
    _add_title(layout, f"{questionnaire.name.in_language(language)} ({questionnaire.edition})")
    for question in questionnaire.questions:
        codes = ", ".join(say(f"oslo.{code}") for code in question.oslo)
        asks = say(f"definition.asks.{question.asks}")
        layout.add(None, asks, question.wording.in_language(language), codes)


def _add_takeovers(layout: SheetLayout, takeovers: Iterable[Takeover]) -> None:
    _add_title(layout, say("nouns.succession"))
    layout.add_note(say("definition.takeovers"))
    for company, successor, since in takeovers:
        names = (named_company(each["name"], each["cvr"]) for each in (company, successor))
        layout.add(None, day_in_words(since), say("workbook.takeover", *names))


def _add_heads(layout: SheetLayout, content: ExportContent) -> None:
    """Add the checksums, which are those of the ledger as read, whatever day the report is of."""
    made_at = f"{day_in_words(content.made_at.date())} {content.made_at:%H:%M} UTC"
    known_at = content.status.known_at
    moment = utc_in_words(known_at) if known_at else made_at
    _add_title(layout, say("workbook.heads"))
    layout.add_note(say("definition.heads", moment=moment))
    for head in content.heads:
        moment = utc_in_words(head.recorded_at)
        entries = say("workbook.head", number=head.entries, moment=moment)
        layout.add(None, head.recorded_by, head.digest, entries)


def _add_title(layout: SheetLayout, text: str) -> None:
    layout.add_blank()
    layout.add_title(text)


def _facts_of(contract: Contract) -> dict[str, object]:
    limits = contract.sme
    return counting_in_words(contract) | {
        **contract.lasting._asdict(),
        "employees": limits.employees_below,
        "turnover": amount_in_words(limits.turnover_at_most),
        "balance": amount_in_words(limits.balance_at_most),
    }
