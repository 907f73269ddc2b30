"""The contract drawn: parties, period, who takes part, and what each target asks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from kmtrack.report.contract_words import terms_in_words
from kmtrack.report.fitting import draw
from kmtrack.report.screen import cell, column, console, plain_table
from kmtrack.report.words import day_in_words, quoted, stated_in_words
from kmtrack.texts import current, say

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from kmtrack.rules.contract import Contract


def show_contract_page(
    contract: Contract, stated: Iterable[tuple[Mapping[str, str | None], Sequence[str]]]
) -> None:
    """Print the contract in force, and when it was stated and amended with what that changed."""
    screen, language = console(), current()
    screen.print(Text(contract.name.in_language(language), style="bold"))
    for key, value in terms_in_words(contract).items():
        screen.print(Text(f"{say(f'contract.{key}')}: {value}"))
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
    for statement, changes in stated:
        screen.print(Text(stated_in_words(statement)))
        for change in changes:
            screen.print(Text(f"  {change}"))
