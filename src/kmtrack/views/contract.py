"""The contract drawn: parties, period, who takes part, what counts, and what each target asks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from kmtrack.i18n import current, say
from kmtrack.rules.deliverables import demands_of
from kmtrack.views.console import console, indented
from kmtrack.views.contract_terms import counting_in_words, requirements_in_words, terms_in_words
from kmtrack.views.format import day_in_words, name_with_id, quoted, stated_in_words
from kmtrack.views.target_status import demand_in_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from kmtrack.rules.contract import Contract, Target


def show_contract_page(
    contract: Contract, stated: Iterable[tuple[Mapping[str, str | None], Sequence[str]]]
) -> None:
    """Print the contract in force, and when it was stated and amended with what that changed."""
    screen = console()
    screen.print(Text(contract.name.in_language(current()), style="bold"))
    for key, value in (terms_in_words(contract) | counting_in_words(contract)).items():
        screen.print(Text(f"{say(f'contract.{key}')}: {value}"))
    for target in contract.targets:
        _show_target(target)
    screen.print()
    for statement, changes in stated:
        screen.print(Text(stated_in_words(statement)))
        for change in changes:
            indented(screen, change)


def _show_target(target: Target) -> None:
    screen = console()
    facts = [name_with_id(target)]
    if target.minimum is not None:
        facts.append(f"{say('status.minimum')} {target.minimum}")
    if target.due is not None:
        facts.append(f"{say('contract.due')} {day_in_words(target.due)}")
    screen.print()
    screen.print(Text(" · ".join(facts), style="bold"))
    indented(screen, quoted(target.words.in_language(current())))
    if asked := requirements_in_words(target):
        indented(screen, asked)
    for demand in demands_of(target):
        indented(screen, demand_in_words(demand), 2)
