"""The sheets of the outcome, one table each: what the questionnaires tell, withheld below three answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from kmtrack.i18n import current, say
from kmtrack.rules.confidentiality import SMALLEST_GROUP
from kmtrack.rules.questionnaire import DEGREES
from kmtrack.rules.survey_results import share
from kmtrack.usecases.surveys.sent import RULE
from kmtrack.views.format import day_in_words, utc_in_words
from kmtrack.views.questionnaire import question_in_words, short_name, survey_answer_in_words
from kmtrack.views.surveys import group_name
from kmtrack.views.xlsx.layout import Column, SheetLayout

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from kmtrack.rules.questionnaire import Questionnaire
    from kmtrack.rules.survey_results import GroupReport, QuestionResult, SurveyReport
    from kmtrack.usecases.surveys.sent import SentReport
    from kmtrack.views.xlsx.cells import Sheet

_DEGREE: Final = "0" * 8  # a heading of a few words takes three lines in it


class _Line(NamedTuple):
    """A group of respondents: the kind of group, its name, and its report."""

    kind: str
    name: str
    report: GroupReport


def write_response(sheet: Sheet, outcome: SurveyReport, sent: Sequence[SentReport]) -> None:
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
            *_of_day(sent),
        ],
    )
    layout.begin_table()
    for line in _lines(outcome):
        day = line.report.growth.day
        layout.add(line.kind, line.name, *_response(line.report), *_day(sent, day))
    _end(layout, sheet.title, sent)


def write_degrees(
    sheet: Sheet, questionnaire: Questionnaire, outcome: SurveyReport, sent: Sequence[SentReport]
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
            *_of_day(sent),
        ],
    )
    layout.begin_table()
    for kind, name, report in (*_lines(outcome), _municipalities(outcome)):
        if not report.answered or report.is_withheld:
            continue
        for found in report.of_kind("degree"):
            question = short_name(found.question)
            layout.add(kind, name, question, *_degrees(found), *_day(sent, found.day))
    _end(layout, sheet.title, sent)


def write_answers(sheet: Sheet, outcome: SurveyReport, sent: Sequence[SentReport]) -> None:
    """Write the other answers: how many chose each option, and the sums of numbers."""
    layout = SheetLayout(
        sheet,
        [
            Column(say("workbook.group"), most=24),
            Column(say("workbook.question"), most=70),
            Column(say("workbook.option"), most=44),
            *[Column(say(f"workbook.{key}"), "number") for key in ("number", "answers")],
            *_of_day(sent),
        ],
    )
    layout.begin_table()
    for kind, _, report in (next(_lines(outcome)), _municipalities(outcome)):
        if not report.answered or report.is_withheld:
            continue
        for result in (*report.of_kind("choice", "yes-no"), *report.of_kind("number")):
            for option, *numbers in _choices(result):
                question = question_in_words(result.question)
                layout.add(kind, question, option, *numbers, *_day(sent, result.day))
    _end(layout, sheet.title, sent)


def _of_day(sent: Sequence[SentReport]) -> list[Column]:
    """Return the column with the days of earlier figures, if there can be any."""
    return [Column(say("workbook.stays"))] if sent else []


def _day(sent: Sequence[SentReport], day: date | None) -> list[str]:
    return [day_in_words(day)] if sent else []


def _end(layout: SheetLayout, title: str, sent: Sequence[SentReport]) -> None:
    """End the only table of a sheet, and note what is not shown and what it was compared with."""
    layout.end_table(title, say("workbook.no_answers"))
    layout.add_blank()
    layout.add_note(say("workbook.confidential", number=SMALLEST_GROUP))
    if sent:
        reports = "; ".join(
            say(
                "workbook.sent",
                day=day_in_words(report.as_of),
                moment=utc_in_words(report.known_at),
            )
            for report in sent
        )
        layout.add_note(say("workbook.compared", reports=reports, number=len(sent)))
        if any(report.rule < RULE for report in sent):
            layout.add_note(say("workbook.compared_older"))
    else:
        layout.add_note(say("workbook.not_compared"))
    layout.write()


def _lines(outcome: SurveyReport) -> Iterator[_Line]:
    """Yield all companies, then the groups of each grouping."""
    yield _Line(say("workbook.all_companies"), "", outcome.whole)
    for grouping, groups in outcome.groups.items():
        for name, report in groups.items():
            yield _Line(say(f"grouping.{grouping}"), group_name(grouping, name), report)


def _municipalities(outcome: SurveyReport) -> _Line:
    return _Line(say("survey.municipalities"), "", outcome.municipalities)


def _response(report: GroupReport) -> list[Any]:
    rate: Any = share(report.answered, report.asked) / 100 if report.asked else "-"
    cells = [report.asked, report.answered, rate]
    if not report.answered:
        return [*cells, *["-"] * 5]
    rise = report.growth.rise
    if rise is None:
        return [*cells, *[say("workbook.withheld")] * 5]
    return [*cells, rise.companies, rise.before, rise.after, rise.more, report.growth.first]


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
