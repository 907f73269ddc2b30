"""The days on which the demonstration's brokers work, and how much is done on each."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kmtrack.usecases.demonstration.chance import Chance

FIRST_DAY: Final = date(2011, 1, 1)
LAST_DAY: Final = date(2012, 12, 31)

# How busy each month is: the first half year brokers find their feet, and July is silent.
_MONTHS: Final = {
    2011: (0.2, 0.35, 0.55, 0.6, 0.75, 0.7, 0.2, 0.85, 1.1, 1.0, 1.1, 0.6),
    2012: (1.0, 0.9, 1.1, 0.9, 1.0, 0.9, 0.2, 0.9, 1.1, 0.9, 0.85, 0.45),
}
_WEEKDAYS: Final = (0.9, 1.15, 1.15, 1.1, 0.55, 0.0, 0.0)
_HOLIDAYS: Final = frozenset(
    {
        *(date(2011, month, day) for month, day in ((4, 21), (4, 22), (4, 25), (5, 20))),
        *(date(2011, month, day) for month, day in ((6, 2), (6, 13), (12, 26))),
        *(date(2012, month, day) for month, day in ((4, 5), (4, 6), (4, 9), (5, 4))),
        *(date(2012, month, day) for month, day in ((5, 17), (5, 28), (6, 5))),
        *(date(2012, month, day) for month, day in ((12, 24), (12, 25), (12, 26), (12, 31))),
    }
)
# Spans in which little is done or nothing: winter and autumn holidays, the weeks of July in which
# workshops are shut, and Christmas.
_QUIET: Final = (
    (date(2011, 1, 1), date(2011, 1, 9), 0.0),
    (date(2011, 2, 14), date(2011, 2, 18), 0.4),
    (date(2011, 4, 18), date(2011, 4, 20), 0.3),
    (date(2011, 7, 11), date(2011, 7, 29), 0.1),
    (date(2011, 10, 17), date(2011, 10, 21), 0.4),
    (date(2011, 12, 21), date(2012, 1, 3), 0.0),
    (date(2012, 2, 13), date(2012, 2, 17), 0.4),
    (date(2012, 4, 2), date(2012, 4, 4), 0.3),
    (date(2012, 7, 9), date(2012, 7, 27), 0.1),
    (date(2012, 10, 15), date(2012, 10, 19), 0.4),
    (date(2012, 12, 20), date(2012, 12, 31), 0.0),
)
_AHEAD: Final = 20  # so that what would fall into a silent month waits for its end


class Leave(NamedTuple):
    """A span in which one broker is away."""

    first_day: date
    last_day: date


class Diary:
    """One broker's working days."""

    def __init__(self, first_day: date, leave: Leave | None = None) -> None:
        busy = {day: _busyness(day) for day in _days(first_day, LAST_DAY)}
        self._busyness = {
            day: weight
            for day, weight in busy.items()
            if weight and not (leave and leave.first_day <= day <= leave.last_day)
        }

    def some_days(self, chance: Chance, number: int) -> list[date]:
        """So many days, the busier the more often, ascending; a day may come several times."""
        return sorted(chance.choices(list(self._busyness), [*self._busyness.values()], k=number))

    def day_from(self, chance: Chance, day: date) -> date | None:
        """One of the next working days, `day` included; None if there is none any more."""
        ahead = [
            later
            for later in (day + timedelta(days=n) for n in range(60))
            if later in self._busyness
        ][:_AHEAD]
        if not ahead:
            return None
        return chance.choices(ahead, [self._busyness[later] for later in ahead])[0]


def _days(first_day: date, last_day: date) -> Iterator[date]:
    for number in range((last_day - first_day).days + 1):
        yield first_day + timedelta(days=number)


def _busyness(day: date) -> float:
    if day in _HOLIDAYS:
        return 0.0
    weight = _MONTHS[day.year][day.month - 1] * _WEEKDAYS[day.weekday()]
    for first_day, last_day, share in _QUIET:
        if first_day <= day <= last_day:
            weight *= share
    return weight
