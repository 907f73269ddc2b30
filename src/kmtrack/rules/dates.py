"""Dates: the purposes that days are read for, how they are shown, and months.

`written_days` and `meant_days` read them.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

# What a day is for decides what is missing of it:
# - "happened" and is stored: the latest such day up to today, at most six months back and not before
#   the contract's first day;
# - "since" and "until" filter: the latest such day; of a week its Monday, and its Sunday;
# - "due": the first from today, of a week its Sunday;
# - "next": the first after the record's own day, of a week its Monday;
# - "span": the first on or after the record's own day;
# - "dated": nothing may be missing.
DayUse = Literal["happened", "since", "until", "due", "next", "span", "dated"]


def _never() -> date:
    return date.min


class Reading(NamedTuple):
    """What a day is read for, and the day of reading.

    `own` is the record's own day, if it is known; `first_day` returns the contract's first day, and
    is only called for a past day without a year.
    """

    use: DayUse
    today: date
    own: date | None = None
    first_day: Callable[[], date] = _never


def days_of_month(year: int, month: int) -> int:
    """Return how many days a month has."""
    # Without the module calendar, which takes a while to load.
    is_leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    february = 29 if is_leap else 28
    return (31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)[month - 1]


def months_after(day: date, months: int) -> date:
    """Return the same day some months later (earlier if negative), or the last day of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, days_of_month(year, month + 1)))


def format_day(day: date, language: str) -> str:
    """Return the date as 04.03.2011 in Danish (`da`), as 2011-03-04 in any other language."""
    if language == "da":
        return f"{day.day:02}.{day.month:02}.{day.year:04}"
    return day.isoformat()
