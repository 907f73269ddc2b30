"""The sheets of the outcome, one table each: what the questionnaires tell, withheld below three answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from kmtrack.i18n import current, say
from kmtrack.rules.confidentiality import SMALLEST_GROUP
from kmtrack.rules.questionnaire import DEGREES
from kmtrack.rules.survey_results import share
from kmtrack.views.questionnaire import question_in_words, short_name, survey_answer_in_words
from kmtrack.views.surveys import group_name
from kmtrack.views.xlsx.layout import Column, SheetLayout

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kmtrack.rules.questionnaire import Questionnaire
    from kmtrack.rules.survey_results import GroupReport, QuestionResult, SurveyReport
    from kmtrack.views.xlsx.cells import Sheet

_DEGREE: Final = "0" * 8  # a heading of a few words takes three lines in it


class _Line(NamedTuple):
    """A group of respondents: the kind of group, its name, and its report, None if withheld."""

    kind: str
    name: str
    report: GroupReport | None


def write_response(sheet: Sheet, reports: Sequence[SurveyReport]) -> None:
    """Write how many answered, and the highly educated before and after, for all and by group."""
    layout = SheetLayout(
        sheet,
        [
            Column(say("workbook.group"), most=30),
            Column(say("workbook.grouped"), most=34),
            *[Column(say(f"workbook.{key}"), "number") for key in ("asked", "answered")],
            Column(say("workbook.response"), "share"),
            *[
                Column(say(f"workbook.{key}"), "number")
                for key in ("both", "before", "after", "rise", "first")
            ],
        ],
    )
    layout.begin_table()
    for line in _lines(reports):
        layout.add(line.kind, line.name, *_response(line.report))
    _end(layout, sheet.title)


def write_degrees(
    sheet: Sheet, questionnaire: Questionnaire, reports: Sequence[SurveyReport]
) -> None:
    """Write the answers in degrees: their number, mean and shares, for all and by group."""
    words = [questionnaire.degrees[str(d)].in_language(current()) for d in DEGREES]
    degrees = [f"{degree} {word}" for degree, word in zip(DEGREES, words, strict=True)]
    layout = SheetLayout(
        sheet,
        [
            Column(say("workbook.group"), most=24),
            Column(say("workbook.grouped"), most=30),
            Column(say("workbook.question"), most=40),
            Column(say("workbook.answers"), "number"),
            Column(say("workbook.mean"), "decimal"),
            *[Column(say(f"workbook.{key}"), "number") for key in ("unknown", "unanswered")],
            *[Column(degree, "number", widest=_DEGREE) for degree in degrees],
            *[Column(f"{degree}\u00a0%", "share") for degree in DEGREES],
        ],
    )
    layout.begin_table()
    for kind, name, report in (*_lines(reports), _municipalities(reports[0])):
        if report is None or report.is_withheld:
            continue
        for found in report.of_kind("degree"):
            layout.add(kind, name, short_name(found.question), *_degrees(found))
    _end(layout, sheet.title)


def write_answers(sheet: Sheet, found: SurveyReport) -> None:
    """Write the other answers: how many chose each option, and the sums of numbers."""
    layout = SheetLayout(
        sheet,
        [
            Column(say("workbook.group"), most=24),
            Column(say("workbook.question"), most=70),
            Column(say("workbook.option"), most=44),
            *[Column(say(f"workbook.{key}"), "number") for key in ("number", "answers")],
        ],
    )
    layout.begin_table()
    for kind, _, report in (next(_lines([found])), _municipalities(found)):
        if report is None or report.is_withheld:
            continue
        for result in (*report.of_kind("choice", "yes-no"), *report.of_kind("number")):
            for option, *numbers in _choices(result):
                layout.add(kind, question_in_words(result.question), option, *numbers)
    _end(layout, sheet.title)


def _end(layout: SheetLayout, title: str) -> None:
    """End the one table of a sheet, and say below it what is not shown."""
    layout.end_table(title, say("workbook.no_answers"))
    layout.add_blank()
    layout.add_note(say("workbook.confidential", number=SMALLEST_GROUP))
    layout.write()


def _lines(reports: Sequence[SurveyReport]) -> Iterator[_Line]:
    """Yield all companies, then the groups of each report."""
    yield _Line(say("workbook.all_companies"), "", reports[0].whole)
    for found in reports:
        for name, report in found.groups.items():
            yield _Line(say(f"grouping.{found.grouping}"), group_name(found.grouping, name), report)


def _municipalities(found: SurveyReport) -> _Line:
    return _Line(say("survey.municipalities"), "", found.municipalities)


def _response(report: GroupReport | None) -> list[Any]:
    hidden = say("workbook.withheld")
    if report is None:
        return [hidden] * 8
    if not (report.asked or report.answered):  # as the report on the screen has it
        return [0, 0, *["-"] * 6]
    rate: Any = share(report.answered, report.asked) / 100 if report.asked else "-"
    cells = [report.asked, report.answered, rate]
    if report.rise is None or report.is_withheld:
        return [*cells, *[hidden] * 5]
    rise = report.rise
    return [*cells, rise.companies, rise.before, rise.after, rise.more, report.first]


def _degrees(found: QuestionResult) -> list[Any]:
    if found.is_withheld:
        return [say("workbook.withheld")] * (4 + 2 * len(DEGREES))
    shares = [percent / 100 for percent in found.shares]
    numbers = (found.unknown, found.unanswered, *found.counts.values())
    return [found.answers, found.mean, *numbers, *shares]


def _choices(result: QuestionResult) -> list[tuple[Any, ...]]:
    hidden = say("workbook.withheld")
    if result.is_withheld:
        return [(hidden, hidden, hidden)]
    if result.question.kind == "number":
        return [(say("workbook.in_all"), result.total, result.answers)]
    return [
        (survey_answer_in_words(result.question, option), number, result.answers)
        for option, number in result.counts.items()
    ]
