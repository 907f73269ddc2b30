"""Config: the preferences in force, as a table and as data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kmtrack.i18n import say
from kmtrack.ledger.schema.choices import CHOICES
from kmtrack.usecases.config import WORDS_OF
from kmtrack.views.console import console
from kmtrack.views.table import Table, cell

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from kmtrack.usecases.config import InForce


def show_config(found: Sequence[InForce], file: Path) -> None:
    """Print each preference with its value and its source, and where the file is."""
    table = Table()
    for key in ("config.column.name", "config.column.value", "config.column.source"):
        table.column(say(key), wraps=True)
    for one in found:
        name = say(f"choice.preference.{one.name}").capitalize()
        table.row(cell(name), cell(value_in_words(one)), cell(source_in_words(one)))
    screen = console()
    screen.draw(table)
    screen.line()
    screen.line(say("config.how", file=file))


def value_in_words(one: InForce) -> str:
    """Word the value of a preference; a command that is not one of the fixed words stays unchanged."""
    words = WORDS_OF[one.name]
    return say(f"choice.{words}.{one.value}") if one.value in CHOICES[words] else one.value


def source_in_words(one: InForce) -> str:
    """Word the source of a preference."""
    key = f"config.source.{one.source}"
    return say(key) if one.source in {"file", "machine", "default"} else one.source


def config_as_dict(found: Sequence[InForce], file: Path) -> dict[str, Any]:
    """Return the preferences as data."""
    values = {one.name: {"value": one.value, "source": one.source} for one in found}
    return {"file": str(file), **values}
