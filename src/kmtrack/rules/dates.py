"""Parse and format dates as they are written in Denmark."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Final, Literal
from unicodedata import normalize

_FIRST_YEAR: Final = 1900
_LAST_YEAR: Final = 2100

_RELATIVE: Final = {
    **dict.fromkeys(("yesterday", "i går", "igår"), -1),
    **dict.fromkeys(("today", "i dag", "idag"), 0),
    **dict.fromkeys(("tomorrow", "i morgen", "imorgen"), 1),
}
_MONTHS: Final = (
    ("januar", "january"),
    ("februar", "february"),
    ("marts", "march"),
    ("april",),
    ("maj", "may"),
    ("juni", "june"),
    ("juli", "july"),
    ("august",),
    ("september", "sept"),
    ("oktober", "october"),
    ("november",),
    ("december",),
)
_MONTH_NUMBERS: Final = {
    form: number
    for number, names in enumerate(_MONTHS, start=1)
    for name in names
    for form in (name, name[:3])
}

# [0-9] throughout: int() and \d also accept the digits of other scripts.
_ISO: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MIDNIGHT: Final = r"(?:[ t]00[:.]00(?:[:.]00)?)?"  # some programs export a date with a time
# Not compiled here, as most dates are in ISO form; `re` caches the patterns on first use.
_SHAPES: Final = (
    rf"(?P<y>[0-9]{{4}})([-./])(?P<m>[0-9]{{1,2}})\2(?P<d>[0-9]{{1,2}}){_MIDNIGHT}",
    r"(?P<d>[0-9]{1,2}) ?[-./] ?(?P<m>[0-9]{1,2})(?: ?[-./] ?| )(?P<y>[0-9]{4})" + _MIDNIGHT,
    # No space before a two-digit year: in "4/3 11" the 11 may be an hour.
    r"(?P<d>[0-9]{1,2}) ?[-./] ?(?P<m>[0-9]{1,2}) ?[-./] ?(?P<y>[0-9]{2})",
    r"(?P<d>[0-9]{1,2}) ?[./] ?(?P<m>[0-9]{1,2}) ?\.?(?P<y>)",
    r"(?P<d>[0-9]{1,2})\.? ?(?P<m>[a-z]{3,9})\.?(?: ?(?P<y>[0-9]{4}|[0-9]{2}))?",
)


class NotADay(ValueError):
    """A text is not a date: its form is unknown, or the calendar has no such day."""

    def __init__(self, text: str, reason: Literal["unreadable", "impossible"]) -> None:
        super().__init__(text, reason)
        self.text = text
        self.reason: Literal["unreadable", "impossible"] = reason


def parse_day(text: str, today: date) -> date:
    """Return the date that `text` names, relative to `today`; the day comes before the month.

    A two-digit year is in this century; without a year the date is in the year of `today`.
    Raises NotADay, also for a year before 1900 or after 2100.
    """
    if _ISO.fullmatch(text):
        return _day(text, int(text[:4]), int(text[5:7]), int(text[8:]))
    normalised = " ".join(normalize("NFC", text).lower().split())
    if normalised in _RELATIVE:
        return today + timedelta(days=_RELATIVE[normalised])
    for shape in _SHAPES:
        if match := re.fullmatch(shape, normalised):
            year, month, day = match["y"], match["m"], match["d"]
            return _day(text, _year(year, today), _month(text, month), int(day))
    raise NotADay(text, "unreadable")


def format_day(day: date, language: str) -> str:
    """Return the date as 04.03.2011 in Danish (`da`), as 2011-03-04 in any other language."""
    if language == "da":
        return f"{day.day:02}.{day.month:02}.{day.year:04}"
    return day.isoformat()


def _year(written: str | None, today: date) -> int:
    if not written:
        return today.year
    return int(written) if len(written) == len("2011") else 2000 + int(written)


def _month(text: str, written: str) -> int:
    number = int(written) if written[0] in "0123456789" else _MONTH_NUMBERS.get(written)
    if number is None:
        raise NotADay(text, "unreadable")
    return number


def _day(text: str, year: int, month: int, day: int) -> date:
    if _FIRST_YEAR <= year <= _LAST_YEAR:
        try:
            return date(year, month, day)
        except ValueError:
            pass
    raise NotADay(text, "impossible")
