"""The outcome sheet: survey results, withheld below three answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeAlias

from openpyxl.utils import get_column_letter

from kmtrack.i18n import current, say
from kmtrack.rules.confidentiality import SMALLEST_GROUP
from kmtrack.rules.questionnaire import DEGREES
from kmtrack.rules.survey_results import share
from kmtrack.views.questionnaire import question_in_words, short_name, survey_answer_in_words
from kmtrack.views.surveys import group_name
from kmtrack.views.xlsx.cells import GREY, TOP, head_cells, styled
from kmtrack.views.xlsx.page import set_height, set_up_page

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kmtrack.rules.questionnaire import Questionnaire
    from kmtrack.rules.survey_results import GroupReport, QuestionResult, SurveyReport
    from kmtrack.views.xlsx.cells import Sheet

_WIDTHS: Final = (30, 30, 24, *(11,) * 14)
_HEAD_HEIGHT: Final = 46  # points; headings of several words take three lines

SheetRow: TypeAlias = list[Any]


def write_outcome(
    sheet: Sheet, questionnaire: Questionnaire, reports: Sequence[SurveyReport]
) -> None:
    """Write the outcome of the companies, whole and by each report's groups, and of the municipalities."""
    for number, width in enumerate(_WIDTHS, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    set_up_page(sheet)
    sheet.append([styled(sheet, say("workbook.confidential", number=SMALLEST_GROUP), font=GREY)])
    row = 1
    lines = list(_lines(reports))
    with_municipalities = [*lines, _municipalities(reports[0])]
    for table in (
        _response_table(sheet, lines),
        _degrees_table(sheet, questionnaire, with_municipalities),
        _choices_table(sheet, reports[0]),
    ):
        sheet.append([])
        sheet.row_dimensions[row + 2].height = _HEAD_HEIGHT
        for number, cells in enumerate(table):
            if number:
                set_height(sheet, row + 2 + number, list(map(_wrapped, cells)), _WIDTHS)
            sheet.append(cells)
        row += 1 + len(table)


def _wrapped(cell: Any) -> str:
    """Return the text of a cell if it may take several lines, or else an empty one."""
    alignment = getattr(cell, "alignment", None)
    return str(cell.value) if alignment is not None and alignment.wrap_text else ""


def _lines(reports: Sequence[SurveyReport]) -> Iterator[tuple[str, str, GroupReport | None]]:
    """Yield the grouping, the group and its report, all companies first."""
    yield say("workbook.all_companies"), "", reports[0].whole
    for found in reports:
        for name, report in found.groups.items():
            yield say(f"grouping.{found.grouping}"), group_name(found.grouping, name), report


def _municipalities(found: SurveyReport) -> tuple[str, str, GroupReport]:
    return say("survey.municipalities"), "", found.municipalities


def _response_table(
    sheet: Sheet, lines: Sequence[tuple[str, str, GroupReport | None]]
) -> list[SheetRow]:
    keys = ("group", "grouped", "asked", "answered", "response", "both", "before", "after")
    rows = [head_cells(sheet, [say(f"workbook.{key}") for key in (*keys, "rise", "first")])]
    for kind, group, report in lines:
        rows.append([styled(sheet, kind), styled(sheet, group), *_response(sheet, report)])
    return rows


def _response(sheet: Sheet, report: GroupReport | None) -> list[Any]:
    if report is None:
        return [styled(sheet, say("workbook.withheld"), font=GREY)]
    rate = share(report.answered, report.asked) / 100
    cells: list[Any] = [report.asked, report.answered, styled(sheet, rate, number_format="0%")]
    if report.rise is None or report.is_withheld:
        return [*cells, styled(sheet, say("workbook.withheld"), font=GREY)]
    rise = report.rise
    return [*cells, rise.companies, rise.before, rise.after, rise.more, report.first]


def _degrees_table(
    sheet: Sheet, questionnaire: Questionnaire, lines: Sequence[tuple[str, str, GroupReport | None]]
) -> list[SheetRow]:
    words = [questionnaire.degrees[str(d)].in_language(current()) for d in DEGREES]
    keys = ("group", "grouped", "question", "answers", "mean", "unknown", "unanswered")
    heads = [say(f"workbook.{key}") for key in keys]
    heads += [f"{degree} {word}" for degree, word in zip(DEGREES, words, strict=True)]
    heads += [f"{degree} %" for degree in DEGREES]
    rows = [head_cells(sheet, heads)]
    for kind, group, report in lines:
        if report is None or report.is_withheld:
            continue
        for found in report.of_kind("degree"):
            question = styled(sheet, short_name(found.question))
            start = [styled(sheet, kind), styled(sheet, group), question]
            rows.append([*start, *_degrees(sheet, found)])
    return rows


def _degrees(sheet: Sheet, found: QuestionResult) -> list[Any]:
    if found.is_withheld:
        return [styled(sheet, say("workbook.withheld"), font=GREY)]
    mean = None if found.mean is None else styled(sheet, found.mean, number_format="0.0")
    shares = [styled(sheet, percent / 100, number_format="0%") for percent in found.shares]
    numbers = (found.unknown, found.unanswered, *found.counts.values())
    return [found.answers, mean, *numbers, *shares]


def _choices_table(sheet: Sheet, found: SurveyReport) -> list[SheetRow]:
    keys = ("group", "question", "option", "number", "answers")
    rows = [head_cells(sheet, [say(f"workbook.{key}") for key in keys])]
    for kind, _, report in (next(_lines([found])), _municipalities(found)):
        if report is None or report.is_withheld:
            continue
        for result in (*report.of_kind("choice", "yes-no"), *report.of_kind("number")):
            question = question_in_words(result.question)
            for option, *numbers in _choices(result):
                texts = (kind, question, option)
                rows.append([*(styled(sheet, text, alignment=TOP) for text in texts), *numbers])
    return rows


def _choices(result: QuestionResult) -> list[tuple[Any, ...]]:
    if result.is_withheld:
        return [(say("workbook.withheld"),)]
    if result.question.kind == "number":
        return [(say("workbook.in_all"), result.total, result.answers)]
    return [
        (survey_answer_in_words(result.question, option), number, result.answers)
        for option, number in result.counts.items()
    ]
