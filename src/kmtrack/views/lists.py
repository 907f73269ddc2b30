"""Lists of records drawn as tables."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import chain, islice
from typing import TYPE_CHECKING, Any, Final

from kmtrack.i18n import say
from kmtrack.ledger.schema.fields import fields_of
from kmtrack.ledger.schema.nouns import EVENTS, NOUNS
from kmtrack.views.console import console
from kmtrack.views.format import heading_of, value_in_words
from kmtrack.views.recent_contacts import recent_in_words
from kmtrack.views.table import Table, cell

if TYPE_CHECKING:
    from kmtrack.ledger.schema.fields import Field

_FIRST: Final = 500  # records of a long list from which its columns are seen
# What a person looks for in a list; everything else is in `show`, --json and --csv. Lists of nouns
# that are not here show what their fields say.
_SHOWN: Final[Mapping[str, tuple[str, ...]]] = {
    "due": ("id", "next", "company", "recent", "date", "brokers", "note"),
    "survey": ("id", "date", "wave", "respondent", "answered"),
    "broker": ("initials", "council"),
    "person": ("id", "name", "company", "last"),
    "method": ("id", "name", "kind", "audience", "assessed", "disseminated", "contacts"),
}
# What a list does without, one after the other, where the screen has no room for it.
_SPARED: Final[Mapping[str, tuple[str, ...]]] = {
    "due": ("brokers", "date"),
    "method": ("kind", "audience"),
}
# Columns that may wrap if space is short, in addition to free texts.
_WRAPPED: Final = frozenset(
    {"company", "recent", "level", "standings", "disseminated", "respondent"}
)


def show_list(
    name: str,
    noun: str,
    records: Sequence[Mapping[str, Any]],
    *,
    pager: Sequence[str] = (),
    is_by_day: bool = False,
) -> Sequence[str]:
    """Print records as a table of the fields that matter in a list; empty columns are left out.

    A list by day is reversed on a terminal: its first records, the newest, come last, next to the
    prompt. Return the headings of columns that do not fit on a narrow terminal.
    """
    if not records:
        return ()
    screen = console()
    if is_by_day and screen.ends_in_view:
        records = records[::-1]
    all_of_them, spared = shown_fields(name, noun)
    shown = _stated_fields(all_of_them, records)
    narrower = (
        _table(noun, [field for field in shown if field not in spared[:number]], records)
        for number in range(1, len(spared) + 1)
    )
    return screen.list(_table(noun, shown, records), narrower, pager=pager)


def show_whole_list(
    name: str,
    noun: str,
    records: Iterable[Mapping[str, Any]],
    is_stated: Callable[[str], bool | None],
) -> bool:
    """Print all records in a pipe, one at a time, in the order in which they are read.

    Empty columns are left out: `is_stated` says whether any record states a field. If it returns
    None, all records are read for that. Return whether there are any records.
    """
    fields = shown_fields(name, noun)[0]
    read = iter(records)
    first = list(islice(read, _FIRST))
    shown = set(_stated_fields(fields, first))
    if len(first) == _FIRST:
        stated = {field: is_stated(field) for field in fields if field not in shown}
        shown.update(field for field, is_there in stated.items() if is_there)
        unknown = [field for field, is_there in stated.items() if is_there is None]
        shown.update(_stated_fields(unknown, records) if unknown else ())
    if shown:
        shown_of_all = [field for field in fields if field in shown]
        console().list(_table(noun, shown_of_all, chain(first, read)), ())
    return bool(shown)


def _stated_fields(fields: Sequence[str], records: Iterable[Mapping[str, Any]]) -> Sequence[str]:
    """Return those of the fields, in order, that any of the records states."""
    missing = dict.fromkeys(fields)
    for record in records:
        for field in [field for field in missing if _stated(record, field)]:
            del missing[field]
        if not missing:
            break
    return [field for field in fields if field not in missing]


def list_in_words(
    noun: str, fields: Sequence[str], records: Iterable[Mapping[str, Any]]
) -> tuple[list[str], Iterator[dict[str, Any]]]:
    """Return the headings and the rows of a list for a spreadsheet, in the language in use.

    Days stay in ISO 8601, which a spreadsheet recognises whatever its language, and an import reads
    them again; so it does with the choices and the headings.
    """
    headings = [
        say("field.outcome") if field == "standings" else heading_of(noun, field)
        for field in fields
    ]
    rows = (
        {field: _in_file(noun, field, record.get(field)) for field in fields} for record in records
    )
    return headings, rows


def _in_file(noun: str, field: str, value: Any) -> Any:
    known = NOUNS[noun].field(field)
    if known is None or known.kind.cell != "day":
        return _in_words(noun, field, value)
    # The only day that may be unknown.
    return say("choice.visited_before.yes") if value == date.min.isoformat() else value


def shown_fields(name: str, noun: str) -> tuple[Sequence[str], Sequence[str]]:
    """Return the fields that a list shows, and those that give way, one after the other."""
    if name in _SHOWN:
        return _SHOWN[name], _SPARED.get(name, ())
    facts = NOUNS[noun].facts
    listed = [field for field in fields_of(facts) if field.details.is_listed] if facts else []
    listed.sort(key=lambda field: field.details.order)
    spared = sorted((field.details.spared, _listed_as(field)) for field in listed)
    names = list(map(_listed_as, listed))
    if noun in EVENTS:
        day = next(field.name for field in listed if field.kind.cell == "day")
        names = [day, "company", *(name for name in names if name != day), "standings"]
    return ["id", *names], [name for turn, name in spared if turn]


def _listed_as(field: Field) -> str:
    """Return the name of the column; the leading and the other brokers share one."""
    return "brokers" if field.name == "broker" else field.name


def _table(noun: str, shown: Sequence[str], records: Iterable[Mapping[str, Any]]) -> Table:
    """Return a table of records; if they are not a sequence, the rows are made as they are read."""
    table = Table()
    for field in shown:
        heading = _heading(noun, field)
        known = NOUNS[noun].field(field)
        is_text = known is not None and known.kind.is_free_text
        table.column(heading, wraps=is_text or field in _WRAPPED)
    rows = (
        tuple([cell(_in_words(noun, field, _value(record, field))) for field in shown])
        for record in records
    )
    table.rows = list(rows) if isinstance(records, Sequence) else rows
    return table


def _heading(noun: str, field: str) -> str:
    if field == "standings":
        return say("field.outcome")
    # Of an event a list has the municipality that decided: its own or the company's.
    return heading_of("company" if field == "municipality" else noun, field)


def _value(record: Mapping[str, Any], field: str) -> Any:
    if field == "municipality":
        return record.get("deciding_municipality") or record.get(field)
    return _stated(record, field)


def _stated(record: Mapping[str, Any], field: str) -> Any:
    if field == "brokers":
        return " ".join(filter(None, (record.get("broker"), record.get("others"))))
    return record.get(field)


def _in_words(noun: str, field: str, value: Any) -> str:
    if field == "recent":
        return recent_in_words(value)
    if field == "standings":
        return ", ".join(say(f"outcome.{standing['outcome']}") for standing in value)
    return value_in_words(noun, field, value)
