"""The report on the questionnaires drawn: response, the highly educated, and each question."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.text import Text

from kmtrack.i18n import current, say
from kmtrack.municipalities import municipality_name
from kmtrack.rules.answer_counts import Total, Withheld, share
from kmtrack.rules.confidentiality import SMALLEST_GROUP
from kmtrack.views.console import cell, column, console, plain_table
from kmtrack.views.format import decimal_in_words
from kmtrack.views.table_layout import draw

if TYPE_CHECKING:
    from rich.table import Table

    from kmtrack.rules.answer_counts import Chosen, Degrees
    from kmtrack.rules.questionnaire import Answer, Question
    from kmtrack.rules.survey_results import GroupReport, SurveyReport


def show_report(found: SurveyReport) -> None:
    """Print the report: the whole, and each group that is large enough to be shown."""
    screen = console()
    _show(found.whole)
    if found.municipalities.asked:
        screen.print()
        screen.print(Text(say("survey.municipalities"), style="bold"))
        _show(found.municipalities, "municipality")
    for name, report in found.groups.items():
        screen.print()
        screen.print(Text(group_name(found.grouping, name), style="bold"))
        if report is None:
            screen.print(Text(say("survey.withheld", number=SMALLEST_GROUP)))
        else:
            _show(report)


def _show(report: GroupReport, asks: str = "company") -> None:
    screen = console()
    for line in report_lines(report, asks):
        screen.print(Text(line))
    if not is_withheld(report):
        draw(screen, _degrees(report))


def report_lines(report: GroupReport, asks: str = "company") -> list[str]:
    """The figures of a report that are no degrees, each with the number of answers behind it."""
    percent = f"{share(report.answered, report.asked)}%" if report.asked else "-"
    numbers = {"answered": report.answered, "asked": report.asked, "share": percent}
    lines = [say(f"survey.response.{asks}", **numbers)]
    if is_withheld(report):
        return [*lines, say("survey.withheld", number=SMALLEST_GROUP)]
    if asks == "company":
        lines += rise_in_words(report)
    for found in (*report.chosen, *report.totals):
        question = found.question.wording.in_language(current())
        if isinstance(found, Withheld):
            lines.append(f"{question} {say('survey.withheld', number=SMALLEST_GROUP)}")
        else:
            lines.append(
                say(
                    "survey.chosen",
                    question=question,
                    answers=found.answers,
                    parts=_figures(found),
                )
            )
    return lines


def _figures(found: Chosen | Total) -> str:
    if isinstance(found, Total):
        return "-" if found.total is None else say("survey.total", number=found.total)
    return ", ".join(
        f"{option_in_words(found.question, option)} {number}"
        for option, number in found.numbers.items()
    )


def rise_in_words(report: GroupReport) -> list[str]:
    """The highly educated before and after, and for how many companies they were the first."""
    rise = report.rise
    if rise is None:
        return [say("survey.rise_withheld", number=SMALLEST_GROUP)]
    if not rise.companies:
        return [say("standing.no_answers")]
    facts = {"companies": rise.companies, "before": rise.before, "after": rise.after}
    return [
        say("survey.rise", more=f"{rise.more:+d}", **facts),
        say("survey.first", number=report.first, companies=rise.companies),
    ]


def is_withheld(report: GroupReport) -> bool:
    """Whether so few answered that their answers could be traced to them."""
    return report.answered < SMALLEST_GROUP


def _degrees(report: GroupReport) -> Table:
    table = plain_table()
    column(table, say("survey.question"), wrap=True)
    for degree in range(5):
        column(table, str(degree), justify="right")
    for key in ("answers", "mean", "unknown", "unanswered"):
        column(table, say(f"survey.{key}"), justify="right")
    for found in report.degrees:
        if isinstance(found, Withheld):
            table.add_row(cell(name_of(found.question)), *[cell("-")] * 9)
            continue
        pairs = zip(found.at, found.shares, strict=True)
        table.add_row(
            cell(name_of(found.question)),
            *[cell(f"{number}\n{percent}%" if number else "0") for number, percent in pairs],
            cell(found.answers, "bold"),
            cell(mean_in_words(found.mean)),
            cell(found.unknown),
            cell(found.unanswered),
        )
    return table


def option_in_words(question: Question, option: Answer) -> str:
    """An option of a question of choice, or of yes and no."""
    if isinstance(option, bool):
        return say("word.yes" if option else "word.no")
    wording = next(choice.wording for choice in question.choices if choice.id == option)
    return wording.in_language(current())


def name_of(question: Question) -> str:
    """What a question of degree is called in a table."""
    return (question.short or question.wording).in_language(current())


def mean_in_words(mean: float | None) -> str:
    """A mean degree with one decimal; "-" where nobody gave a degree."""
    if mean is None:
        return "-"
    return decimal_in_words(f"{mean:.1f}")


def report_data(found: SurveyReport) -> dict[str, Any]:
    """The report as data; what is withheld is null."""
    data = _data(found.whole)
    municipal = _data(found.municipalities)
    municipal.pop("highly_educated", None)  # no municipality is asked for them
    data["municipalities"] = municipal
    if found.grouping:
        data["by"] = found.grouping
        data["groups"] = [
            {"group": name or None, **(_data(report) if report else {"withheld": True})}
            for name, report in found.groups.items()
        ]
    return data


def _data(report: GroupReport) -> dict[str, Any]:
    response: dict[str, Any] = {"asked": report.asked, "answered": report.answered}
    if is_withheld(report):
        return {**response, "withheld": True}
    rise = report.rise
    return {
        **response,
        "withheld": False,
        "highly_educated": rise
        and {
            "companies": rise.companies,
            "before": rise.before,
            "after": rise.after,
            "rise": rise.more,
            "first": report.first,
        },
        "degrees": [_degrees_data(one) for one in report.degrees],
        "choices": [_chosen_data(one) for one in report.chosen],
        "totals": [_total_data(one) for one in report.totals],
    }


def _degrees_data(found: Degrees | Withheld) -> dict[str, Any]:
    about = {"question": found.question.id, "oslo": list(found.question.oslo)}
    if isinstance(found, Withheld):
        return {**about, "withheld": True}
    return {
        **about,
        "at": list(found.at),
        "shares": list(found.shares),
        "answers": found.answers,
        "mean": found.mean,
        "unknown": found.unknown,
        "unanswered": found.unanswered,
    }


def _chosen_data(found: Chosen | Withheld) -> dict[str, Any]:
    if isinstance(found, Withheld):
        return {"question": found.question.id, "withheld": True}
    numbers = {str(option).lower(): number for option, number in found.numbers.items()}
    return {
        "question": found.question.id,
        "numbers": numbers,
        "answers": found.answers,
        "unanswered": found.unanswered,
    }


def _total_data(found: Total | Withheld) -> dict[str, Any]:
    if isinstance(found, Withheld):
        return {"question": found.question.id, "withheld": True}
    return {
        "question": found.question.id,
        "total": found.total,
        "answers": found.answers,
        "unanswered": found.unanswered,
    }


def group_name(grouping: str | None, name: str) -> str:
    """A group of the report in words."""
    if not name:
        return say("group.unknown")
    if grouping == "municipality":
        return municipality_name(name)
    return say(f"choice.level.{name}")
