"""Dates: the purposes that days are read for, and how they are shown.

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


def format_day(day: date, language: str) -> str:
    """Return the date as 04.03.2011 in Danish (`da`), as 2011-03-04 in any other language."""
    if language == "da":
        return f"{day.day:02}.{day.month:02}.{day.year:04}"
    return day.isoformat()
