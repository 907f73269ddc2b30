"""Lists of records drawn as tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from kmtrack.i18n import say
from kmtrack.views.console import cell, column, console, plain_table
from kmtrack.views.format import heading_of, value_in_words
from kmtrack.views.table_layout import draw

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rich.table import Table

# What a person looks for in a list; everything else is in `show`, --json and --csv.
_SHOWN: Final = {
    "company": ("id", "name", "cvr", "municipality", "employees"),
    "contact": ("id", "date", "company", "channel", "brokers", "standings"),
    "followup": ("id", "date", "company", "channel", "brokers", "standings"),
    "due": ("id", "next", "company", "date", "brokers", "note"),
    "collaboration": ("id", "agreed", "company", "kind", "title", "students", "standings"),
    "hire": ("id", "agreed", "company", "level", "field", "standings"),
    "survey": ("id", "date", "wave", "respondent", "answered"),
    "broker": ("initials", "council"),
    "person": ("id", "name", "company", "last"),
    "method": ("id", "name", "kind", "audience", "assessed", "disseminated", "contacts"),
}
# What a list does without, one after the other, where the screen has no room for it.
_SPARED: Final = {
    "contact": ("brokers",),
    "followup": ("brokers",),
    "due": ("brokers", "date"),
    "collaboration": ("students", "title"),
    "hire": ("field",),
    "method": ("kind", "audience"),
}
_WRAPPED: Final = frozenset(
    {
        "name",
        "company",
        "title",
        "field",
        "level",
        "standings",
        "council",
        "note",
        "disseminated",
        "respondent",
    }
)


def show_list(name: str, noun: str, records: Sequence[Mapping[str, Any]]) -> None:
    """Print records as a table of the fields that matter in a list; empty columns are left out."""
    if not records:
        return
    shown = [field for field in _SHOWN[name] if any(_value(record, field) for record in records)]
    spared = _SPARED.get(name, ())
    narrower = (
        _table(noun, [field for field in shown if field not in spared[:number]], records)
        for number in range(1, len(spared) + 1)
    )
    draw(console(), _table(noun, shown, records), narrower)


def _table(noun: str, shown: Sequence[str], records: Sequence[Mapping[str, Any]]) -> Table:
    table = plain_table()
    for field in shown:
        heading = say("field.outcome") if field == "standings" else heading_of(noun, field)
        column(table, heading, wrap=field in _WRAPPED)
    for record in records:
        table.add_row(*[cell(_in_words(noun, field, _value(record, field))) for field in shown])
    return table


def _value(record: Mapping[str, Any], field: str) -> Any:
    if field == "brokers":
        return " ".join(filter(None, (record.get("broker"), record.get("others"))))
    return record.get(field)


def _in_words(noun: str, field: str, value: Any) -> str:
    if field == "standings":
        return ", ".join(say(f"outcome.{standing['outcome']}") for standing in value)
    return value_in_words(noun, field, value)
