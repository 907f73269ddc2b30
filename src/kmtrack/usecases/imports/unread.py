"""Unread columns of an import: which of them seems to hold a fact that would be assumed instead."""

from __future__ import annotations

import re
from contextlib import suppress
from typing import TYPE_CHECKING, Final, NamedTuple

from kmtrack.errors import BadValue
from kmtrack.ledger.schema.choices import choose
from kmtrack.ledger.schema.plain_text import shown
from kmtrack.usecases.imports.columns import folded

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from datetime import date

    from kmtrack.ledger.schema.fields import Field
    from kmtrack.usecases.imports.list_columns import Unread
    from kmtrack.usecases.imports.table import NumberedRow

# A column shows within so many rows what it holds; a long file is not searched for it.
SAMPLE: Final = 300
_SHOWN: Final = 3
_FEW_WORDS: Final = 3
_INITIALS: Final = re.compile(r"[A-ZÆØÅ]{2,4}")
# Capitals that are no initials: countries, currencies, legal forms, and short answers.
_OTHER_CAPITALS: Final = frozenset(
    [
        "DK",
        "SE",
        "NO",
        "FI",
        "DE",
        "UK",
        "GB",
        "EU",
        "US",
        "NL",
        "FR",
        "DKK",
        "EUR",
        "SEK",
        "NOK",
        "USD",
        "APS",
        "IVS",
        "AMBA",
        "SMBA",
        "FMBA",
        "IS",
        "PS",
        "KS",
        "JA",
        "NEJ",
        "YES",
        "OK",
        "NA",
        "NULL",
        "MR",
        "MRS",
        "MS",
        "HR",
        "FRU",
    ]
)
_REACHES_A_PERSON: Final = re.compile(r"@|(?:\d[^\w]*){6}")
# What stands in a column of marks, where its heading is one of the values.
_MARKS: Final = frozenset(
    [
        "x",
        "v",
        "✓",
        "✔",
        "1",
        "0",
        "ja",
        "nej",
        "yes",
        "no",
        "y",
        "n",
        "j",
        "true",
        "false",
        "sand",
        "falsk",
        "-",
    ]
)


class UnreadColumn(NamedTuple):
    """A column that was not read, and the different values in its first rows."""

    column: Unread
    values: tuple[str, ...]

    @property
    def sample(self) -> str:
        """Some of its values, as they are shown."""
        return ", ".join(map(shown, self.values[:_SHOWN]))


def unread_columns(columns: Iterable[Unread], rows: Sequence[NumberedRow]) -> list[UnreadColumn]:
    """Return the columns that were not read with their values in the first `rows`.

    Telephone numbers and addresses are no facts, though the heading may name a channel.
    """
    found = []
    for column in columns:
        at = column.position
        values = (str(row[at]).strip() for _, row in rows if at < len(row) and row[at])
        distinct = tuple(dict.fromkeys(filter(None, values)))
        if column.looks_like and all(map(_REACHES_A_PERSON.search, distinct)):
            column = column._replace(looks_like=None, is_no_fact=True)  # noqa: PLW2901
        found.append(UnreadColumn(column, distinct))
    return found


def seems_to_hold(
    column: UnreadColumn, field: Field, brokers: Collection[str], today: date
) -> bool:
    """Tell whether a column seems to hold a field, and another value than the field's default.

    `brokers` are the initials that the ledger knows.
    """
    if not column.values:
        return False
    if field.kind.choice is None:
        return _are_initials(column, brokers)
    if is_marked(column, field):
        return True
    named = [_named(field, value, today) for value in column.values]
    known = [value for value in named if value]
    if len(known) == len(named) and set(known) == {field.default}:
        return False
    if known:
        return 2 * len(known) >= len(named)
    is_called_so = column.column.looks_like == field.column
    return is_called_so and all(len(value.split()) <= _FEW_WORDS for value in column.values)


def is_marked(column: UnreadColumn, field: Field) -> bool:
    """Tell whether a column has marks for one value of a field, which its heading names."""
    choice = field.kind.choice
    named = choose(choice, column.column.text, strict=False) if choice else ""
    return bool(named) and {value.casefold() for value in column.values} <= _MARKS


def _named(field: Field, value: str, today: date) -> object:
    """Return the choice that a short text names, alone or among other words; None for none."""
    words = folded(value).split()
    for text in (value, *words) if len(words) <= _FEW_WORDS else (value,):
        with suppress(BadValue):
            return field.clean(text, today)
    return None


def _are_initials(column: UnreadColumn, brokers: Collection[str]) -> bool:
    values = column.values
    if column.column.looks_like == "broker":
        return True
    if any(value.upper() in brokers for value in values):
        return all(len(value.split()) == 1 for value in values)
    return not column.column.is_no_fact and all(
        _INITIALS.fullmatch(value) and value not in _OTHER_CAPITALS for value in values
    )
