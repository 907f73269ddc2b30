"""The contract drawn: parties, period, who takes part, and what each target asks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from kmtrack.places import municipality_name
from kmtrack.report.fitting import draw
from kmtrack.report.screen import cell, column, console, plain_table
from kmtrack.report.words import day_in_words, quoted, stated_in_words
from kmtrack.texts import current, say
from kmtrack.texts.alphabet import in_danish_order

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kmtrack.rules.contract import Contract, Participation


def show_contract_page(contract: Contract, stated: Sequence[dict[str, str | None]]) -> None:
    """Print the contract in force, and when it was stated and amended."""
    screen, language = console(), current()
    screen.print(Text(contract.name.in_language(language), style="bold"))
    screen.print(Text(f"{say('contract.region')}: {contract.region}"))
    screen.print(Text(f"{say('contract.operator')}: {contract.operator or say('group.unknown')}"))
    period = f"{day_in_words(contract.first_day)} - {day_in_words(contract.last_day)}"
    screen.print(Text(f"{say('contract.period')}: {period}"))
    taking_part = ", ".join(sorted(map(_span, contract.participation), key=in_danish_order))
    screen.print(Text(f"{say('contract.participation')}: {taking_part or say('group.unknown')}"))
    table = plain_table()
    column(table, say("field.target"))
    column(table, say("status.minimum"), justify="right")
    column(table, say("contract.due"))
    column(table, say("why.words"), wrap=True)
    for target in contract.targets:
        due = day_in_words(target.due) if target.due else ""
        words = quoted(target.words.in_language(language))
        table.add_row(cell(target.id), cell(target.minimum), cell(due), cell(words))
    draw(screen, table)
    for statement in stated:
        screen.print(Text(stated_in_words(statement)))


def _span(span: Participation) -> str:
    days = [
        f"{say(word)} {day_in_words(day)}"
        for word, day in (("word.from", span.first_day), ("word.until", span.last_day))
        if day
    ]
    name = municipality_name(span.municipality)
    return f"{name} ({' '.join(days)})" if days else name
