"""Unread columns of an import: which of them seems to hold a fact that would be assumed instead."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from kmtrack.i18n import LANGUAGES, texts_of
from kmtrack.ledger.schema.choices import choose
from kmtrack.ledger.schema.plain_text import shown
from kmtrack.usecases.imports.columns import folded

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from kmtrack.ledger.schema.fields import Field
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
    """A column that was not read: its heading, and the different values in its first rows."""

    heading: str
    values: tuple[str, ...]

    @property
    def sample(self) -> str:
        """Some of its values, as they are shown."""
        return ", ".join(map(shown, self.values[:_SHOWN]))


def unread_columns(
    cells: Sequence[object], read: Collection[int], rows: Sequence[NumberedRow]
) -> Iterator[UnreadColumn]:
    """Yield the columns of a table that are not at the positions that were `read`.

    `cells` is its heading row, `rows` are its first rows. A column without a heading or a value is
    left out.
    """
    for position, cell in enumerate(cells):
        heading = " ".join(str(cell or "").split())
        if position in read or not heading:
            continue
        values = (
            str(row[position]).strip() for _, row in rows if position < len(row) and row[position]
        )
        if found := tuple(dict.fromkeys(filter(None, values))):
            yield UnreadColumn(heading, found)


def seems_to_hold(column: UnreadColumn, field: Field, brokers: Collection[str]) -> bool:
    """Tell whether a column seems to hold a field, and another value than the field's default.

    `brokers` are the initials that the ledger knows.
    """
    if field.kind.choice is None:
        return _are_initials(column, brokers)
    if is_marked(column, field):
        return True
    named = [_named(field.kind.choice, value) for value in column.values]
    known = [value for value in named if value]
    if len(known) == len(named) and set(known) == {field.default}:
        return False
    return 2 * len(known) >= len(named) if known else _is_called_so(column, field)


def is_marked(column: UnreadColumn, field: Field) -> bool:
    """Tell whether a column has marks for one value of a field, which its heading names."""
    choice = field.kind.choice
    named = choose(choice, column.heading, strict=False) if choice else ""
    return bool(named) and {value.casefold() for value in column.values} <= _MARKS


def _named(choice: str, value: str) -> str:
    """Return the choice that a short text names, alone or among other words; "" for none."""
    words = folded(value).split()
    texts = [value, *words] if len(words) <= _FEW_WORDS else [value]
    return next(filter(None, (choose(choice, text, strict=False) for text in texts)), "")


def _are_initials(column: UnreadColumn, brokers: Collection[str]) -> bool:
    values = column.values
    if any(value.upper() in brokers for value in values):
        return all(len(value.split()) == 1 for value in values)
    return all(_INITIALS.fullmatch(value) and value not in _OTHER_CAPITALS for value in values)


def _is_called_so(column: UnreadColumn, field: Field) -> bool:
    """Tell whether the heading says that a column holds a field, though its values do not."""
    key = f"import.called.{field.kind.choice}"
    called = {word for language in LANGUAGES for word in texts_of(language).get(key, "").split("|")}
    return folded(column.heading) in called
