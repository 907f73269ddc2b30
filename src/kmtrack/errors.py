"""Errors that a command reports to its user, each with a message key and facts.

An error has a class of its own only if something catches it or tests for it; all others are
`Refusal` or `BadValue`.

    Refusal                     an error that the user can act on; exit code 1
    ├── WrongUsage              an invalid command line or setting; exit code 2
    ├── BadValue                an invalid value of a field
    │   ├── BadDay              a text that is not a date
    │   └── FieldsDisagree      values that contradict each other
    ├── UnknownRecord           an id that no record has
    ├── Declined                a question was answered no; nothing is wrong
    ├── Doubt                   what may not be meant, and a person can settle
    ├── BadRows                 invalid rows in an import
    ├── BadForms                invalid answers in survey forms
    ├── DemonstrationExists     the demonstration ledger exists already
    ├── LedgerMissing           there is no ledger at the given location
    ├── LedgerIsFolder          the location is a folder
    ├── LedgerEmpty             the file is empty
    ├── NotALedger              the file is not a ledger
    ├── LedgerDamaged           the ledger is damaged
    ├── WriteFailed             a file could not be written
    └── ServerLost              the connection to the server was lost
"""

from __future__ import annotations

import errno
from datetime import date, datetime
from typing import TYPE_CHECKING, Final, cast

from kmtrack.i18n import current, say
from kmtrack.rules.dates import format_day
from kmtrack.rules.document import Wording

if TYPE_CHECKING:
    from collections.abc import Iterable

# The error numbers of a full disk and of an exceeded quota; Windows has no EDQUOT.
NO_ROOM: Final = frozenset({errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)})


class Phrase:
    """A text of the catalogue as a fact of a refusal, looked up when the message is shown.

    So code that raises a refusal needs no language. Facts of a phrase may be phrases.
    """

    def __init__(self, key: str, /, **facts: object) -> None:
        self.key = key
        self.facts = facts

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Phrase) and (self.key, self.facts) == (other.key, other.facts)

    def __hash__(self) -> int:
        return hash(self.key)

    def __repr__(self) -> str:
        return f"Phrase({self.key!r}, {self.facts!r})"

    def __str__(self) -> str:
        return say(self.key, **{name: in_words(fact) for name, fact in self.facts.items()})


class SideBySide(tuple[object, ...]):
    """Facts that a message separates by dots instead of commas."""

    __slots__ = ()


class Refusal(Exception):
    """An error that the user can act on; its message says what is wrong and what to do.

    The message of the key `x` is the text `error.x` in the current language, formatted with `facts`.
    """

    exit_code = 1

    def __init__(self, key: str, /, **facts: object) -> None:
        super().__init__(key, facts)
        self.key = key
        self.facts = facts

    def sentence(self) -> str:
        """Return the message as one line in the current language."""
        return say(f"error.{self.key}", **self.words())

    def words(self) -> dict[str, object]:
        """Return the facts as messages show them, in the current language."""
        return {name: in_words(fact) for name, fact in self.facts.items()}

    def cause(self) -> str:
        """Return the first part of the message: what is wrong, without the advice."""
        return self.sentence().partition(";")[0]

    def __str__(self) -> str:
        return self.sentence()


class WrongUsage(Refusal):
    """The command line or a setting is invalid; nothing was done."""

    exit_code = 2


class Declined(Refusal):
    """A person answered no: nothing was changed, and nothing is wrong."""

    def __init__(self) -> None:
        super().__init__("declined")


class BadValue(Refusal, ValueError):
    """A value is invalid for its field."""


class FieldsDisagree(BadValue):
    """Values of one record contradict each other; `field` names the one to correct."""

    def __init__(self, key: str, /, *, field: str, **facts: object) -> None:
        super().__init__(key, **facts)
        self.field = field


def decimal_in_words(number: str) -> str:
    """Return a number with the decimal separator of the current language."""
    return number.replace(".", ",") if current() == "da" else number


def in_words(fact: object) -> object:  # noqa: PLR0911 - one for each kind
    """Return a fact in the form that messages show.

    Dates, wordings and phrases are in the current language; lists are separated by commas.
    """
    if isinstance(fact, SideBySide):
        return " · ".join(str(in_words(one)) for one in fact)
    if type(fact) in {list, tuple}:  # not isinstance: an address is a NamedTuple with its own str()
        return ", ".join(str(in_words(one)) for one in cast("Iterable[object]", fact))
    if isinstance(fact, Wording):
        return fact.in_language(current())
    if isinstance(fact, datetime):
        return f"{format_day(fact.date(), current())} {fact:%H:%M:%S}"
    if isinstance(fact, date):
        return format_day(fact, current())
    if isinstance(fact, float):
        return decimal_in_words(f"{fact:.15g}")
    return str(fact) if isinstance(fact, Phrase) else fact
