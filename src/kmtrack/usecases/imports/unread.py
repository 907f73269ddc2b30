"""Unread columns of an import: which of them seems to hold a fact that would otherwise be assumed."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import date
from typing import TYPE_CHECKING, Final, NamedTuple

from kmtrack.errors import BadValue
from kmtrack.ledger.schema.choices import choose
from kmtrack.ledger.schema.nouns import EVENTS
from kmtrack.ledger.schema.plain_text import shown
from kmtrack.usecases.imports.columns import field_of, folded
from kmtrack.usecases.imports.heading_keys import key_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from kmtrack.ledger.schema.fields import Field
    from kmtrack.usecases.imports.list_columns import Unread
    from kmtrack.usecases.imports.table import NumberedRow

# A column shows within so many rows what it holds; a long file is not searched for it.
SAMPLE: Final = 300
_SHOWN: Final = 3
_FEW_WORDS: Final = 3
# A column about nothing else that is known may say in a short sentence what was done.
_SHORT_SENTENCE: Final = 5
# What is to be done says nothing of what was done.
_TO_BE_DONE: Final = ("naeste", "next")
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
_DIGIT: Final = re.compile(r"\d")
_DAY: Final = re.compile(r"\d{1,4}[-./]\d{1,2}[-./]\d{2,4}")
# What never took place, by its status, and what has not yet: an agreement counts before it begins.
_CANCELLED: Final = frozenset(
    [
        "aflyst",
        "aflyste",
        "annulleret",
        "annullerede",
        "udsat",
        "udskudt",
        "udeblev",
        "udeblevet",
        "afbud",
        "ikke afholdt",
        "ikke gennemført",
        "ikke mødt",
        "cancelled",
        "canceled",
        "postponed",
        "no show",
        "not held",
    ]
)
_PLANNED: Final = frozenset(
    [
        "planlagt",
        "planlagte",
        "booket",
        "kommende",
        "foreslået",
        "ikke afholdt endnu",
        "planned",
        "scheduled",
        "booked",
        "upcoming",
        "tentative",
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
    """A column that was not read, and the different values in its first rows."""

    column: Unread
    values: tuple[str, ...]

    @property
    def sample(self) -> str:
        """Some of its values, as they are shown."""
        return ", ".join(map(shown, self.values[:_SHOWN]))


def unread_columns(
    noun: str, columns: Iterable[Unread], rows: Sequence[NumberedRow]
) -> list[UnreadColumn]:
    """Return the columns of a list of `noun` that were not read, with their values in the first `rows`.

    Telephone numbers and addresses are no facts, even if the heading names a channel; texts without
    a digit are no days, even if the heading names one.
    """
    found = []
    for column in columns:
        at = column.position
        values = (str(row[at]).strip() for _, row in rows if at < len(row) and row[at])
        distinct = tuple(dict.fromkeys(filter(None, values)))
        if column.looks_like and all(
            _REACHES_A_PERSON.search(value) and not _DAY.search(value) for value in distinct
        ):
            column = column._replace(looks_like=None, is_no_fact=True)  # noqa: PLW2901
        elif column.looks_like and not any(map(_DIGIT.search, distinct)):
            field = field_of(noun, column.looks_like)
            if distinct and field and field.type is date:
                column = column._replace(looks_like=None)  # noqa: PLW2901
        found.append(UnreadColumn(column, distinct))
    return found


def seems_to_hold(
    column: UnreadColumn, field: Field, brokers: Collection[str], today: date
) -> bool:
    """Return whether a column seems to hold a field, and another value than the field's default.

    `brokers` are the initials that the ledger knows.
    """
    if not column.values:
        return False
    if field.kind.choice is None:
        return _are_initials(column, brokers)
    return is_about(column, field) or _names_values_of(column, field, today)


def _names_values_of(column: UnreadColumn, field: Field, today: date) -> bool:
    """Return whether the cells of a column name values of a field, and others than its default."""
    if key_of(column.column.text).startswith(_TO_BE_DONE):
        return False
    is_open = not any(column.column[3:])
    words = _SHORT_SENTENCE if is_open else _FEW_WORDS
    named = [_named(field, value, today, words) for value in column.values]
    known = [value for value in named if value]
    if len(known) == len(named) and set(known) == {field.default}:
        return False
    if known:
        return 2 * len(known) >= len(named)
    is_called_so = column.column.looks_like == field.column
    return is_called_so and all(len(value.split()) <= _FEW_WORDS for value in column.values)


def is_about(column: UnreadColumn, field: Field) -> bool:
    """Return whether the heading of a column names a value of a field: its cells are marks, or its details.

    "Mail sendt" with a cross or a day is a mail; "Arrangement" with a title is one too.
    """
    choice, heading, values = field.kind.choice, column.column.text, column.values
    if not choice:
        return False
    if all(value.casefold() in _MARKS or _DAY.fullmatch(value) for value in values):
        words = folded(heading).replace("e mail", "mail").split()
        return any(choose(choice, word, strict=False) for word in (heading, *words[:_FEW_WORDS]))
    named = choose(choice, heading, strict=False)
    is_detail = named not in {"", field.default} and not any(column.column[2:])
    return is_detail and not all(choose(choice, value, strict=False) for value in values)


def not_held(noun: str, column: UnreadColumn) -> list[str]:
    """Return the values of a column that say events of `noun` did not take place."""
    if noun not in EVENTS:
        return []
    words = _CANCELLED | _PLANNED if noun == "contact" else _CANCELLED
    return [value for value in column.values if folded(value) in words]


def _named(field: Field, value: str, today: date, most: int) -> object:
    """Return the choice that a text of up to `most` words names; None for none."""
    words = folded(value).split()
    for text in (value, *words) if len(words) <= most else (value,):
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
