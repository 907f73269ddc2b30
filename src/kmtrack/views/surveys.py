"""Questionnaires on the screen and as data: who to ask, a completed one, and the report."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kmtrack.errors import decimal_in_words
from kmtrack.i18n import say
from kmtrack.municipalities import municipality_name
from kmtrack.rules.confidentiality import SMALLEST_GROUP
from kmtrack.rules.survey_results import share
from kmtrack.usecases.surveys.questionnaire import questionnaire
from kmtrack.views.colours import WARNING
from kmtrack.views.console import console
from kmtrack.views.format import day_in_words, withdrawal_in_words
from kmtrack.views.questionnaire import question_in_words, short_name, survey_answer_in_words
from kmtrack.views.table import Table, cell

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kmtrack.rules.questionnaire import AnswerValue
    from kmtrack.rules.survey_results import (
        DueRespondent,
        GroupReport,
        Growth,
        QuestionResult,
        SurveyReport,
    )
    from kmtrack.usecases.surveys.forms import FormError

_CHOSEN = ("choice", "yes-no")  # kinds of question whose options are counted


def render_due(found: Sequence[DueRespondent]) -> None:
    """Print who to ask now, and who has answered."""
    screen = console()
    if not found:
        screen.line(say("survey.nobody_due"))
        return
    waiting = [one for one in found if one.answered is None]
    screen.line(say("survey.due", waiting=len(waiting), number=len(found)), "bold")
    table = Table()
    table.column(say("survey.respondent"), wraps=True)
    table.column(say("field.cvr"))
    table.column(say("survey.due_from"))
    table.column(say("survey.answered"))
    for one in found:
        days = (day_in_words(one.due), day_in_words(one.answered))
        table.row(cell(one.name), cell(one.cvr or ""), *map(cell, days))
    screen.list(table, ())


def due_as_dicts(found: Sequence[DueRespondent]) -> list[dict[str, Any]]:
    """Return who to ask as data."""
    return [
        {
            "asks": one.asks,
            "id": one.key,
            "name": one.name,
            "cvr": one.cvr,
            "due": one.due.isoformat(),
            "answered": one.answered.isoformat() if one.answered else None,
        }
        for one in found
    ]


def form_error_as_dict(error: FormError) -> dict[str, str]:
    """Return an error in a form as data, with its sentence."""
    return {
        "file": error.file,
        "sheet": error.sheet,
        "cell": error.cell,
        "value": error.value,
        "sentence": str(error.reason),
    }


def show_survey(record: Mapping[str, Any]) -> None:
    """Print one completed questionnaire, an answer to a line."""
    screen = console()
    wave = say(f"choice.wave.{record['wave']}")
    title = f"{record['respondent']} ({record['id']}) · {wave} · {day_in_words(record['date'])}"
    screen.line(title, "bold")
    if record["withdrawn"]:
        reason = withdrawal_in_words(record["withdrawn"])
        screen.line(say("why.withdrawn", reason=reason), WARNING)
    for answer in _answers_in_words(record["answers"]):
        screen.indented(f"{answer['question']} {answer['answer']}")


def survey_as_dict(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return one completed questionnaire as data, with its questions and answers in words."""
    data: dict[str, Any] = {}
    for name, value in record.items():
        data[name] = value
        if name == "answers":
            data["in_words"] = _answers_in_words(value)
    return data


def _answers_in_words(answers: Mapping[str, AnswerValue]) -> list[dict[str, str]]:
    return [
        {
            "question": question_in_words(question),
            "answer": survey_answer_in_words(question, answers[question.id]),
        }
        for question in questionnaire().questions
        if question.id in answers
    ]


def show_report(found: SurveyReport, grouping: str | None = None) -> None:
    """Print the report: the whole, and each group of a grouping that is large enough to be shown."""
    screen = console()
    screen.line(say("survey.internal"), WARNING)
    screen.line()
    _show_group(found.whole)
    if found.municipalities.asked:
        screen.line()
        screen.line(say("survey.municipalities"), "bold")
        _show_group(found.municipalities, "municipality")
    if grouping is None:
        return
    for name, report in found.groups[grouping].items():
        screen.line()
        screen.line(group_name(grouping, name), "bold")
        _show_group(report)


def _show_group(report: GroupReport, asks: str = "company") -> None:
    screen = console()
    for line in _lines(report, asks):
        screen.line(line)
    if report.answered and not report.is_withheld:
        screen.draw(_degrees(report))


def _lines(report: GroupReport, asks: str) -> list[str]:
    """Return every figure but the degrees, each with the number of answers behind it."""
    percent = f"{share(report.answered, report.asked)}%" if report.asked else "-"
    numbers = {"answered": report.answered, "asked": report.asked, "share": percent}
    lines = [say(f"survey.response.{asks}", **numbers)]
    if not report.answered:
        return lines
    if report.is_withheld:
        return [*lines, say("survey.withheld", number=SMALLEST_GROUP)]
    if asks == "company":
        lines += _growth_in_words(report.growth)
    for result in (*report.of_kind(*_CHOSEN), *report.of_kind("number")):
        question = question_in_words(result.question)
        if result.is_withheld:
            lines.append(f"{question} {say('survey.withheld', number=SMALLEST_GROUP)}")
        else:
            facts = {"question": question, "answers": result.answers}
            lines.append(say("survey.chosen", parts=_figures(result), **facts))
    return lines


def _figures(result: QuestionResult) -> str:
    if result.question.kind == "number":
        return "-" if result.total is None else say("survey.total", number=result.total)
    return ", ".join(
        f"{survey_answer_in_words(result.question, option)} {number}"
        for option, number in result.counts.items()
    )


def _growth_in_words(growth: Growth) -> list[str]:
    """Return the highly educated before and after, and how many companies had none before."""
    rise = growth.rise
    if rise is None:
        return [say("survey.rise_withheld", number=SMALLEST_GROUP)]
    if not rise.companies:
        return [say("delivered.no_answers")]
    facts = {"companies": rise.companies, "before": rise.before, "after": rise.after}
    return [
        say("survey.rise", more=f"{rise.more:+d}", **facts),
        say("survey.first", number=growth.first, companies=rise.companies),
    ]


def _degrees(report: GroupReport) -> Table:
    table = Table()
    table.column(say("survey.question"), wraps=True)
    for degree in range(5):
        table.column(str(degree), is_number=True)
    for key in ("answers", "mean", "unknown", "unanswered"):
        table.column(say(f"survey.{key}"), is_number=True)
    for result in report.of_kind("degree"):
        name = cell(short_name(result.question))
        if result.is_withheld:
            table.row(name, *[cell("-")] * 9)
            continue
        pairs = zip(result.counts.values(), result.shares, strict=True)
        table.row(
            name,
            *[cell(f"{number}\n{percent}%" if number else "0") for number, percent in pairs],
            cell(result.answers, "bold"),
            cell("-" if result.mean is None else decimal_in_words(f"{result.mean:.1f}")),
            cell(result.unknown),
            cell(result.unanswered),
        )
    return table


def report_as_dict(found: SurveyReport, grouping: str | None = None) -> dict[str, Any]:
    """Return the report as data, with the groups of a grouping; what is withheld is null."""
    data = {"internal": True, **_group_as_dict(found.whole)}
    municipal = _group_as_dict(found.municipalities)
    del municipal["highly_educated"]  # no municipality is asked for them
    data["municipalities"] = municipal
    if grouping is not None:
        data["by"] = grouping
        data["groups"] = [
            {"group": name or None, **_group_as_dict(report)}
            for name, report in found.groups[grouping].items()
        ]
    return data


def _group_as_dict(report: GroupReport) -> dict[str, Any]:
    """Return what a group answered."""
    data: dict[str, Any] = {
        "asked": report.asked,
        "answered": report.answered,
        "withheld": report.is_withheld,
        **dict.fromkeys(("highly_educated", "degrees", "choices", "totals")),
    }
    if report.is_withheld:
        return data
    rise = report.growth.rise
    return data | {
        "highly_educated": rise
        and {
            "companies": rise.companies,
            "before": rise.before,
            "after": rise.after,
            "rise": rise.more,
            "first": report.growth.first,
        },
        "degrees": [_result_as_dict(one) for one in report.of_kind("degree")],
        "choices": [_result_as_dict(one) for one in report.of_kind(*_CHOSEN)],
        "totals": [_result_as_dict(one) for one in report.of_kind("number")],
    }


def _result_as_dict(result: QuestionResult) -> dict[str, Any]:
    kind = result.question.kind
    data: dict[str, Any] = {"question": result.question.id}
    if kind == "degree":
        data["oslo"] = list(result.question.oslo)
    data["withheld"] = result.is_withheld
    figures: dict[str, Any] = {}
    if kind == "degree":
        figures |= {"at": list(result.counts.values()), "shares": list(result.shares)}
    elif kind == "number":
        figures["total"] = result.total
    else:
        figures["numbers"] = {str(option).lower(): n for option, n in result.counts.items()}
    figures["answers"] = result.answers
    if kind == "degree":
        figures |= {"mean": result.mean, "unknown": result.unknown}
    figures["unanswered"] = result.unanswered
    return data | (dict.fromkeys(figures) if result.is_withheld else figures)


def group_name(grouping: str, name: str) -> str:
    """Return what a group of the report is called."""
    if not name:
        return say("group.unknown")
    if grouping == "municipality":
        return municipality_name(name)
    return say(f"choice.level.{name}")
