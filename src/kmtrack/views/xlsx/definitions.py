"""The definitions: what each target requires, in the words of the note, and what the terms mean."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeAlias

from kmtrack.i18n import current, say
from kmtrack.views.contract import counting_in_words, delivered_in_words
from kmtrack.views.format import amount_in_words, day_in_words, named_company
from kmtrack.views.xlsx.cells import BOLD, TOP, head_cells, styled
from kmtrack.views.xlsx.page import set_height, set_up_page

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from kmtrack.ledger.queries.commands import ChainHead
    from kmtrack.rules.contract import Contract
    from kmtrack.rules.questionnaire import Questionnaire
    from kmtrack.usecases.export import ExportContent
    from kmtrack.usecases.successions import Takeover
    from kmtrack.views.xlsx.cells import Sheet

_WIDTHS: Final = (30, 30, 76, 60)  # a digest fits on one line
DefinitionLine: TypeAlias = tuple[str, str, str, str]
_MEANINGS: Final = ("counted", "waiting", "excluded")


def write_definitions(sheet: Sheet, content: ExportContent) -> None:
    """Write the sheet of definitions: targets, outcomes, questions and the checksums of the ledger."""
    for letter, width in zip("ABCD", _WIDTHS, strict=True):
        sheet.column_dimensions[letter].width = width
    set_up_page(sheet, repeated_rows="1:1")
    sheet.freeze_panes = "A2"
    keys = ("field.target", "why.requirement", "why.words", "workbook.looked_at")
    sheet.append(head_cells(sheet, map(say, keys)))
    parts = (
        _targets(content.status.contract),
        _meanings(),
        _questions(content.questionnaire),
        *([_takeovers(content.takeovers)] if content.takeovers else []),
        _heads(content.heads),
    )
    row = 2
    for number, part in enumerate(parts):
        if number:
            sheet.append([])
            row += 1
        for texts in part:
            set_height(sheet, row, texts, _WIDTHS)
            cells: list[Any] = [styled(sheet, text, alignment=TOP) for text in texts]
            cells[0].font = BOLD
            sheet.append(cells)
            row += 1


def _targets(contract: Contract) -> Iterator[DefinitionLine]:
    language = current()
    for target in contract.targets:
        yield target.name.in_language(language), "", target.words.in_language(language), ""
        for rule, words in target.requires.items():
            looked_at = say(f"definition.{rule}", **_facts_of(contract))
            yield "", say(f"rule.{rule}"), words.in_language(language), looked_at
        for point in target.points:
            name, note = point.name.in_language(language), point.words.in_language(language)
            yield "", name, note, say("definition.point")
        if not target.is_counted:
            yield "", "", "", delivered_in_words(target)


def _meanings() -> Iterator[DefinitionLine]:
    for outcome in _MEANINGS:
        yield say(f"outcome.{outcome}").capitalize(), "", "", say(f"definition.{outcome}")


def _questions(questionnaire: Questionnaire) -> Iterator[DefinitionLine]:
    language = current()
    yield questionnaire.name.in_language(language), questionnaire.edition, "", ""
    for question in questionnaire.questions:
        codes = ", ".join(say(f"oslo.{code}") for code in question.oslo)
        asks = say(f"definition.asks.{question.asks}")
        yield "", asks, question.wording.in_language(language), codes


def _takeovers(takeovers: Iterable[Takeover]) -> Iterator[DefinitionLine]:
    yield say("nouns.succession"), "", "", say("definition.takeovers")
    for company, successor, since in takeovers:
        names = (named_company(each["name"], each["cvr"]) for each in (company, successor))
        yield "", day_in_words(since), say("workbook.takeover", *names), ""


def _heads(heads: list[ChainHead]) -> Iterator[DefinitionLine]:
    yield say("workbook.heads"), "", "", say("definition.heads")
    for head in heads:
        moment = f"{day_in_words(head.recorded_at[:10])} {head.recorded_at[11:19]}"
        entries = say("workbook.head", number=head.entries, moment=moment)
        yield "", head.recorded_by, head.digest, entries


def _facts_of(contract: Contract) -> dict[str, object]:
    limits = contract.sme
    return counting_in_words(contract) | {
        **contract.lasting._asdict(),
        "employees": limits.employees_below,
        "turnover": amount_in_words(limits.turnover_at_most),
        "balance": amount_in_words(limits.balance_at_most),
    }
