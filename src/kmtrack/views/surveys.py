"""The questionnaires drawn: whom to ask, one that is filled in, and the report on all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.text import Text

from kmtrack.i18n import say
from kmtrack.views.console import cell, column, console, indented, plain_table
from kmtrack.views.format import day_in_words
from kmtrack.views.table_layout import draw

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kmtrack.rules.survey_results import Asked


def show_due(found: Sequence[Asked]) -> None:
    """Print whom to ask now, and who has answered."""
    screen = console()
    if not found:
        screen.print(Text(say("survey.nobody_due")))
        return
    waiting = [one for one in found if one.answered is None]
    screen.print(Text(say("survey.due", waiting=len(waiting), number=len(found)), style="bold"))
    table = plain_table()
    column(table, say("survey.respondent"), wrap=True)
    column(table, say("field.cvr"))
    column(table, say("survey.due_from"))
    column(table, say("survey.answered"))
    for one in found:
        days = (day_in_words(one.due), day_in_words(one.answered))
        table.add_row(cell(one.name), cell(one.cvr or ""), *map(cell, days))
    draw(screen, table)


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


def show_survey(record: Mapping[str, Any]) -> None:
    """Print one filled questionnaire, an answer a line; `record` has its questions in words."""
    screen = console()
    wave = say(f"choice.wave.{record['wave']}")
    title = f"{record['respondent']} ({record['id']}) · {wave} · {day_in_words(record['date'])}"
    screen.print(Text(title, style="bold"))
    if record["withdrawn"]:
        screen.print(Text(say("why.withdrawn", reason=record["withdrawn"]), style="yellow"))
    for answer in record["in_words"]:
        indented(screen, f"{answer['question']} {answer['answer']}")
