"""The questionnaires drawn: whom to ask, one that is filled in, and the report on all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.text import Text

from kmtrack.places import municipality_name
from kmtrack.report.screen import cell, column, console, plain_table
from kmtrack.report.words import day_in_words
from kmtrack.rules.outcome import SMALLEST_GROUP
from kmtrack.texts import current, say

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rich.table import Table

    from kmtrack.rules.outcome import Asked, Report, SurveyReport
    from kmtrack.rules.questionnaire import Question


def show_due(found: Sequence[Asked]) -> None:
    """Print whom to ask now, and who has answered."""
    screen = console()
    waiting = [one for one in found if one.answered is None]
    screen.print(Text(say("survey.due", waiting=len(waiting), number=len(found)), style="bold"))
    if not found:
        return
    table = plain_table()
    column(table, say("survey.respondent"), wrap=True)
    column(table, say("field.cvr"))
    column(table, say("survey.due_from"))
    column(table, say("survey.answered"))
    for one in found:
        days = (day_in_words(one.due), day_in_words(one.answered))
        table.add_row(cell(one.name), cell(one.cvr or ""), *map(cell, days))
    screen.print(table)


def due_data(found: Sequence[Asked]) -> list[dict[str, Any]]:
    """Whom to ask, as data."""
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


def show_report(found: SurveyReport) -> None:
    """Print the report: the whole, and each group that is large enough to be shown."""
    screen = console()
    _show(found.whole)
    for name, report in found.groups.items():
        screen.print()
        screen.print(Text(_group_name(found.grouping, name), style="bold"))
        if report is None:
            screen.print(Text(say("survey.withheld", number=SMALLEST_GROUP)))
        else:
            _show(report)


def _show(report: Report) -> None:
    screen = console()
    for line in report_lines(report):
        screen.print(Text(line))
    if not is_withheld(report):
        screen.print(_degrees(report))


def report_lines(report: Report) -> list[str]:
    """The figures of a report that are no degrees, each with the number of answers behind it."""
    share = f"{report.answered * 100 // report.asked}%" if report.asked else "-"
    lines = [say("survey.response", answered=report.answered, asked=report.asked, share=share)]
    if is_withheld(report):
        return [*lines, say("survey.withheld", number=SMALLEST_GROUP)]
    rise = report.rise
    if rise.companies >= SMALLEST_GROUP:
        facts = {"companies": rise.companies, "before": rise.before, "after": rise.after}
        lines.append(say("survey.rise", more=f"{rise.more:+d}", **facts))
        lines.append(say("survey.first", number=report.first, companies=rise.companies))
    else:
        lines.append(say("survey.no_rise", companies=rise.companies))
    for chosen in report.chosen:
        named = zip(chosen.question.choices, chosen.numbers, strict=True)
        parts = [f"{choice.wording.in_language(current())} {number}" for choice, number in named]
        answers = sum(chosen.numbers)
        question = chosen.question.wording.in_language(current())
        lines.append(
            say("survey.chosen", question=question, answers=answers, parts=", ".join(parts))
        )
    return lines


def is_withheld(report: Report) -> bool:
    """Whether so few answered that their answers could be traced to them."""
    return report.answered < SMALLEST_GROUP


def _degrees(report: Report) -> Table:
    table = plain_table()
    column(table, say("survey.question"), wrap=True)
    for degree in range(5):
        column(table, str(degree), justify="right")
    for key in ("answers", "mean", "unknown", "unanswered"):
        column(table, say(f"survey.{key}"), justify="right")
    for found in report.degrees:
        pairs = zip(found.at, found.shares, strict=True)
        table.add_row(
            cell(name_of(found.question)),
            *[cell(f"{number}\n{share}%" if number else "0") for number, share in pairs],
            cell(found.answers, "bold"),
            cell(mean_in_words(found.mean)),
            cell(found.unknown),
            cell(found.unanswered),
        )
    return table


def name_of(question: Question) -> str:
    """What a question of degree is called in a table."""
    return (question.short or question.wording).in_language(current())


def mean_in_words(mean: float | None) -> str:
    """A mean degree with one decimal; "-" where nobody gave a degree."""
    if mean is None:
        return "-"
    text = f"{mean:.1f}"
    return text.replace(".", ",") if current() == "da" else text


def report_data(found: SurveyReport) -> dict[str, Any]:
    """The report as data; what is withheld is null."""
    data = _data(found.whole)
    if found.grouping:
        data["by"] = found.grouping
        data["groups"] = [
            {"group": name or None, **(_data(report) if report else {"withheld": True})}
            for name, report in found.groups.items()
        ]
    return data


def _data(report: Report) -> dict[str, Any]:
    response: dict[str, Any] = {"asked": report.asked, "answered": report.answered}
    if is_withheld(report):
        return {**response, "withheld": True}
    known = report.rise.companies >= SMALLEST_GROUP
    return {
        **response,
        "withheld": False,
        "highly_educated": {
            "companies": report.rise.companies,
            "before": report.rise.before if known else None,
            "after": report.rise.after if known else None,
            "rise": report.rise.more if known else None,
            "first": report.first if known else None,
        },
        "degrees": [
            {
                "question": one.question.id,
                "oslo": list(one.question.oslo),
                "at": list(one.at),
                "shares": list(one.shares),
                "answers": one.answers,
                "mean": one.mean,
                "unknown": one.unknown,
                "unanswered": one.unanswered,
            }
            for one in report.degrees
        ],
        "choices": [
            {
                "question": one.question.id,
                "numbers": {
                    choice.id: number
                    for choice, number in zip(one.question.choices, one.numbers, strict=True)
                },
                "answers": sum(one.numbers),
                "unanswered": one.unanswered,
            }
            for one in report.chosen
        ],
    }


def _group_name(grouping: str | None, name: str) -> str:
    if not name:
        return say("group.unknown")
    if grouping == "municipality":
        return municipality_name(name)
    return say(f"choice.level.{name}")


def show_survey(record: Mapping[str, Any]) -> None:
    """Print one filled questionnaire, an answer a line; `record` has its questions in words."""
    screen = console()
    wave = say(f"choice.wave.{record['wave']}")
    title = f"{record['respondent']} ({record['id']}) · {wave} · {day_in_words(record['date'])}"
    screen.print(Text(title, style="bold"))
    if record["withdrawn"]:
        screen.print(Text(say("why.withdrawn", reason=record["withdrawn"]), style="yellow"))
    for answer in record["in_words"]:
        screen.print(Text(f"  {answer['question']} {answer['answer']}"))
