"""The ways a command can be refused: a key and facts, of which one sentence is made.

Only what something catches or tests has a class of its own; the rest is `Refusal` or `BadValue`.

    Refusal                     what the user can act on; the command ends with exit code 1
    ├── WrongUsage              what was typed or set cannot be meant; exit code 2
    ├── BadValue                one value that cannot be a fact
    │   ├── BadDay              a text that names no day
    │   └── FieldsDisagree      values that do not go together
    ├── UnknownRecord           an id that no record has
    ├── LooksAlike              a company of a very similar name is there already
    ├── BadRows                 the rows of an import that cannot be stored
    ├── BadForms                the answers of questionnaires that cannot be stored
    ├── DemonstrationExists     a demonstration is there already
    ├── LedgerMissing           no ledger is at its place, or not any more
    ├── LedgerIsFolder          a folder is in its place
    ├── LedgerEmpty             the file is empty
    ├── NotALedger              the file is something else
    ├── LedgerDamaged           the file is not whole
    ├── WriteFailed             a file could not be written
    └── ServerLost              the server went away while a command was under way
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

# What the system calls a full disk, and one of which no more is for this user.
NO_ROOM: Final = frozenset({errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)})


class Phrase:
    """A word or sentence among the facts of a refusal: the text of `key`, looked up when it is shown.

    So whoever refuses needs no language; a phrase may hold phrases in its turn.
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
    """Facts that stand side by side in a sentence: shown with dots between them, not commas."""

    __slots__ = ()


class Refusal(Exception):
    """A refusal that the user can act on; its sentence says what was wrong and what to do.

    The sentence of the key `x` is the text `error.x`, in the language in use, filled with `facts`.
    """

    exit_code = 1

    def __init__(self, key: str, /, **facts: object) -> None:
        super().__init__(key, facts)
        self.key = key
        self.facts = facts

    def sentence(self) -> str:
        """The one line that is shown."""
        facts = {name: in_words(fact) for name, fact in self.facts.items()}
        return say(f"error.{self.key}", **facts)

    def cause(self) -> str:
        """What went wrong, without what became of it and what to do."""
        return self.sentence().partition(";")[0]

    def __str__(self) -> str:
        return self.sentence()


class WrongUsage(Refusal):
    """What was typed or set cannot be meant; nothing was begun."""

    exit_code = 2


class BadValue(Refusal, ValueError):
    """One value that cannot be a fact."""


class FieldsDisagree(BadValue):
    """Values of one statement that do not go together; `field` names the one to correct."""

    def __init__(self, key: str, /, *, field: str, **facts: object) -> None:
        super().__init__(key, **facts)
        self.field = field


def decimal_in_words(number: str) -> str:
    """Return a number in digits with the decimal sign of the language in use."""
    return number.replace(".", ",") if current() == "da" else number


def in_words(fact: object) -> object:  # noqa: PLR0911 - one for each kind
    """Return a fact as a sentence has it: days, wordings and phrases in the language in use, lists with commas."""
    if isinstance(fact, SideBySide):
        return " · ".join(str(in_words(one)) for one in fact)
    if type(fact) in {list, tuple}:  # an address is a tuple too, with a form of its own
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
