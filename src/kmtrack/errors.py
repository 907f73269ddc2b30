"""The ways a command can be refused; each takes the facts and makes one sentence of them."""

from __future__ import annotations

import errno
from datetime import date, datetime
from typing import Final

from kmtrack.i18n import current, say
from kmtrack.rules.dates import format_day

# What the system calls a full disk, and one of which no more is for this user.
NO_ROOM: Final = frozenset({errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)})


class Refusal(Exception):
    """A refusal that the user can act on; its sentence says what was wrong and what to do.

    The sentence of class `X` is the text `error.X`, in the language in use, filled with `facts`.
    """

    exit_code = 1

    def __init__(self, **facts: object) -> None:
        super().__init__(facts)
        self.facts = facts

    def sentence(self) -> str:
        """The one line that is shown."""
        facts = {name: _in_words(fact) for name, fact in self.facts.items()}
        return say(f"error.{type(self).__name__}", **facts)

    def cause(self) -> str:
        """What went wrong, without what became of it and what to do."""
        return self.sentence().partition(";")[0]

    def __str__(self) -> str:
        return self.sentence()


class BadValue(Refusal, ValueError):
    """One value that cannot be a fact; pydantic collects these with the name of the field."""


def _in_words(fact: object) -> object:
    if not isinstance(fact, date):
        return fact
    if isinstance(fact, datetime):
        return f"{format_day(fact.date(), current())} {fact:%H:%M:%S}"
    return format_day(fact, current())
