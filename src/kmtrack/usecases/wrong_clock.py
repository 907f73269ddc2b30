"""A wrong clock: doubted if it is far ahead of the ledger, reported if the ledger is ahead of it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final, NamedTuple

from kmtrack.clock import here, latest_believed
from kmtrack.errors import Phrase
from kmtrack.ledger.queries.moments import commands_after
from kmtrack.usecases.doubts import Doubt

if TYPE_CHECKING:
    from kmtrack.ledger.store.base import Store

_DAY: Final = slice(10)


class AheadOfClock(NamedTuple):
    """Commands of one person dated in the future: their numbers, and the last moment (UTC)."""

    by: str
    numbers: list[int]
    last: str

    @property
    def commands(self) -> str:
        """The numbers as they are typed: one number, or the first and the last of an unbroken range."""
        first = last = self.numbers[0]
        for number in self.numbers[1:]:
            if number != last + 1:
                break
            last = number
        return f"{first}" if first == last else f"{first}-{last}"


def clock_doubt(last: str, now: str) -> Doubt:
    """Return the Doubt `clock_ahead` about a clock this far after the last command (both UTC)."""
    today, before = (date.fromisoformat(moment[_DAY]) for moment in (now, last))
    days = (today - before).days
    return Doubt("clock_ahead", yes_settles=True, today=today, last=before, days=days)


def ahead_of_clock(store: Store, now: str) -> list[AheadOfClock]:
    """Return the authors of commands dated after now (UTC), by initials."""
    found: dict[str, list[int]] = {}
    last: dict[str, str] = {}
    for number, by, moment, _ in commands_after(store, latest_believed(now)):
        found.setdefault(by, []).append(number)
        last[by] = max(last.get(by, ""), moment)
    return [AheadOfClock(by, found[by], last[by]) for by in sorted(found)]


def notice_of(ahead: AheadOfClock, who: str, now: str) -> Phrase:
    """Return the notice about commands dated after now (UTC), for the author of another one."""
    key = "clock.correct" if ahead.by == who else "clock.ask"
    advice = Phrase(key, by=ahead.by, commands=ahead.commands)
    return Phrase("clock.ahead", by=ahead.by, moment=here(ahead.last), now=here(now), advice=advice)
