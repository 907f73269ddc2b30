"""The definitions: what each target asks, in the words of the note, and what the words here mean."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kmtrack.report.workbook.cells import BOLD, HEAD, HEAD_FILL, MIDDLE, TOP, styled
from kmtrack.report.workbook.pages import set_up_page
from kmtrack.texts import current, say

if TYPE_CHECKING:
    from openpyxl import Workbook

    from kmtrack.report.workbook.content import Content
    from kmtrack.rules.contract import Contract, Target

_MEANINGS = ("counted", "waiting", "excluded")


def write_definitions(workbook: Workbook, content: Content) -> None:
    """Write the sheet of definitions: the targets, what the outcomes mean, what is asked, the heads."""
    contract, questionnaire = content.status.contract, content.questionnaire
    sheet = workbook.create_sheet(say("workbook.definitions"))
    for letter, width in (("A", 30), ("B", 30), ("C", 60), ("D", 60)):
        sheet.column_dimensions[letter].width = width
    set_up_page(sheet, repeated_rows="1:1")
    sheet.freeze_panes = "A2"
    keys = ("field.target", "why.requirement", "why.words", "workbook.looked_at")
    sheet.append(
        [styled(sheet, say(key), font=HEAD, fill=HEAD_FILL, alignment=MIDDLE) for key in keys]
    )

    def line(*texts: str) -> None:
        cells: list[Any] = [styled(sheet, text, alignment=TOP) for text in texts]
        cells[0].font = BOLD
        sheet.append(cells)

    language = current()
    for target in contract.targets:
        line(target.name.in_language(language), "", target.words.in_language(language), "")
        for rule, words in target.requires.items():
            looked_at = say(f"definition.{rule}", **_facts_of(contract))
            line("", say(f"rule.{rule}"), words.in_language(language), looked_at)
        for point in target.points:
            name, note = point.name.in_language(language), point.words.in_language(language)
            line("", name, note, say("definition.point"))
        if not target.is_counted:
            line("", "", "", say(f"definition.{_delivered(target)}", days=target.logged_every_days))
    sheet.append([])
    for outcome in _MEANINGS:
        line(say(f"outcome.{outcome}").capitalize(), "", "", say(f"definition.{outcome}"))
    sheet.append([])
    line(questionnaire.name.in_language(language), questionnaire.edition, "", "")
    for question in questionnaire.questions:
        codes = ", ".join(say(f"oslo.{code}") for code in question.oslo)
        asks = say(f"definition.asks.{question.asks}")
        line("", asks, question.wording.in_language(language), codes)
    sheet.append([])
    line(say("workbook.heads"), "", "", say("definition.heads"))
    for head in content.heads:
        entries = say("workbook.head", number=head.entries, moment=head.recorded_at[:19])
        line("", head.recorded_by, head.digest, entries)


def _delivered(target: Target) -> str:
    """What is looked at in a target that is delivered."""
    if target.logged_every_days is not None:
        return "running"
    return target.counts


def _facts_of(contract: Contract) -> dict[str, object]:
    def words(field: str, values: frozenset[str]) -> str:
        return ", ".join(sorted(say(f"choice.{field}.{value}") for value in values))

    return {
        "employees": contract.sme.employees_below,
        "turnover": f"{contract.sme.turnover_at_most:g}",
        "balance": f"{contract.sme.balance_at_most:g}",
        "channels": words("channel", contract.channels),
        "levels": words("level", contract.highly_educated),
        "terms": words("terms", contract.paid_terms),
    }
