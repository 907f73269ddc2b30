"""Written periods: months, quarters and years, which name the day of a filter by their ends."""

from __future__ import annotations

import re
from datetime import date
from typing import Final, NamedTuple
from unicodedata import normalize

from kmtrack.rules.dates import days_of_month, months_after
from kmtrack.rules.written_days import (
    FIRST_YEAR,
    LAST_YEAR,
    MONTH_NUMBERS,
    NotADay,
)

_MONTHS_OF: Final = {"måned": 1, "month": 1, "kvartal": 3, "quarter": 3, "år": 12, "year": 12}
_FROM_NOW: Final = {
    **dict.fromkeys(("sidste", "forrige", "last", "previous"), -1),
    **dict.fromkeys(("denne", "dette", "this"), 0),
    **dict.fromkeys(("næste", "next"), 1),
}
_YEAR: Final = "(?P<y>[0-9]{4})"
_SHAPES: Final = (
    rf"{_YEAR} ?[-./] ?(?P<m>[0-9]{{1,2}})",
    rf"(?P<m>[0-9]{{1,2}}) ?[-./] ?{_YEAR}",
    rf"(?:q|k|kvartal |quarter )(?P<q>[1-4])(?:,? ?[-/]? ?{_YEAR})?",
    rf"(?P<q>[1-4])(?:\.|st|nd|rd|th)? ?(?:kvartal|quarter)(?:,? {_YEAR})?",
    rf"(?P<name>[a-z]{{3,9}})\.?(?:,? ?[-/]? ?{_YEAR})?",
)
_SAID: Final = rf"(?P<which>{'|'.join(_FROM_NOW)}) (?P<unit>{'|'.join(_MONTHS_OF)})"


class Period(NamedTuple):
    """The first and the last day of a month, a quarter or a year."""

    first: date
    last: date


def read_period(text: str, today: date, *, is_ahead: bool = False) -> Period:
    """Return the month, quarter or year that a text names; the month precedes the year.

    Without a year it is the latest one that has begun or, with `is_ahead`, the first one that is
    not over. Raises NotADay.
    """
    words = " ".join(normalize("NFC", text).lower().split())
    for letters, letter in (("aa", "å"), ("ae", "æ")):
        words = words.replace(letters, letter)
    words = re.sub("^(?:i|in|the) ", "", words)
    if words == "år":  # "i år"
        return _from_now(today, 12, 0)
    if match := re.fullmatch(_SAID, words):
        return _from_now(today, _MONTHS_OF[match["unit"]], _FROM_NOW[match["which"]])
    named = _named(words)
    if named is None:
        raise NotADay(text, "bad_day")
    year, month, months = named
    found = _period(text, year or today.year, month, months)
    if year is None and is_ahead and found.last < today:
        return _period(text, today.year + 1, month, months)
    if year is None and not is_ahead and found.first > today:
        return _period(text, today.year - 1, month, months)
    return found


def _from_now(today: date, months: int, periods: int) -> Period:
    """Return the period of some months that contains today, or one that is some periods away from it."""
    begun = today.replace(month=today.month - (today.month - 1) % months, day=1)
    first = months_after(begun, months * periods)
    return _period("", first.year, first.month, months)


def _named(words: str) -> tuple[int | None, int, int] | None:
    """Return the year if it is given, the first month and the number of months; None if the text is no period."""
    if re.fullmatch(_YEAR, words):
        return int(words), 1, 12
    for shape in _SHAPES:
        if match := re.fullmatch(shape, words):
            said = match.groupdict()
            year = int(said["y"]) if said["y"] else None
            if quarter := said.get("q"):
                return year, int(quarter) * 3 - 2, 3
            month = int(said["m"]) if said.get("m") else MONTH_NUMBERS.get(said["name"])
            return None if month is None else (year, month, 1)
    return None


def _period(text: str, year: int, month: int, months: int) -> Period:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise NotADay(text, "no_such_year", first=FIRST_YEAR, last=LAST_YEAR)
    if not 1 <= month <= 12:  # noqa: PLR2004 - months of a year
        raise NotADay(text, "no_such_month", month=month)
    last = month + months - 1
    return Period(date(year, month, 1), date(year, last, days_of_month(year, last)))
