"""Written days: read a day as people here write and say it, before it is decided which date is meant.

"4.3." and "fredag" only name a date together with what the day is for; `meant_days` decides.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Final, Literal, NamedTuple
from unicodedata import normalize

from kmtrack.rules.dates import days_of_month

FIRST_YEAR: Final = 1900
LAST_YEAR: Final = 2100

_MONTHS: Final = (
    ("januar", "january"),
    ("februar", "february", "febr"),
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
MONTH_NUMBERS: Final = {
    form: number
    for number, names in enumerate(_MONTHS, start=1)
    for name in names
    for form in (name, name[:3])
}
_WEEKDAYS: Final = (
    ("mandag", "man", "monday", "mon"),
    ("tirsdag", "tirs", "tir", "tuesday", "tues", "tue"),
    ("onsdag", "ons", "wednesday", "weds", "wed"),
    ("torsdag", "tors", "tor", "thursday", "thurs", "thur", "thu"),
    ("fredag", "fre", "friday", "fri"),
    ("lørdag", "lør", "saturday", "sat"),
    ("søndag", "søn", "sunday", "sun"),
)
_WEEKDAY_NUMBERS: Final = {form: n for n, forms in enumerate(_WEEKDAYS) for form in forms}

_DAYS_FROM_TODAY: Final = {
    **dict.fromkeys(("i forgårs", "iforgårs", "forgårs"), -2),
    **dict.fromkeys(("the day before yesterday", "day before yesterday"), -2),
    **dict.fromkeys(("yesterday", "i går", "igår", "i aftes", "last night"), -1),
    **dict.fromkeys(("today", "i dag", "idag", "d.d.", "dags dato"), 0),
    **dict.fromkeys(("i morges", "i formiddags", "i eftermiddags", "this morning"), 0),
    **dict.fromkeys(("i formiddag", "i eftermiddag", "i aften", "this afternoon", "tonight"), 0),
    **dict.fromkeys(("tomorrow", "i morgen", "imorgen"), 1),
    **dict.fromkeys(("i overmorgen", "overmorgen"), 2),
    **dict.fromkeys(("the day after tomorrow", "day after tomorrow"), 2),
}
_WEEKS_FROM_TODAY: Final = {
    f"{before}{word} {unit}": weeks
    for weeks, words in (
        (-1, ("sidste", "forrige", "last", "previous")),
        (0, ("denne", "this")),
        (1, ("næste", "next")),
    )
    for word in words
    for before in ("", "i ", "in ")
    for unit in ("uge", "week")
}
_NUMBERS: Final = {
    word: number
    for number, words in enumerate(
        (
            *("en et én ét a an one", "to two", "tre three", "fire four", "fem five", "seks six"),
            *("syv seven", "otte eight", "ni nine", "ti ten", "elleve eleven", "tolv twelve"),
        ),
        start=1,
    )
    for word in words.split()
}
# Which weekday is meant: the one before today, the one after it, or what fits the use of the day.
_SIDES: Final[dict[str | None, Literal["last", "coming", "next", "fitting"]]] = {
    None: "fitting",
    "on": "fitting",  # "on Monday" is said of both
    "sidste": "last",
    "last": "last",
    "på": "coming",
    "kommende": "coming",
    "førstkommende": "coming",
    "coming": "coming",
    "næste": "next",
    "next": "next",
}

# [0-9] throughout: int() and \d also accept the digits of other scripts.
_ISO: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MIDNIGHT: Final = r"(?:[ t]00[:.]00(?:[:.]00)?)?"  # some programs export a date with a time
_NUMBER: Final = r"[0-9]{1,2}"
_NTH: Final = "(?P<nth>st|nd|rd|th)?"
_YEAR_BEHIND: Final = "(?:[-/, ]? ?(?P<y>[0-9]{4}|[0-9]{2}))?"
# Not compiled here, as most dates are in ISO form; `re` caches the patterns on first use.
_SHAPES: Final = (
    rf"(?P<y>[0-9]{{4}})([-./])(?P<m>{_NUMBER})\2(?P<d>{_NUMBER}){_MIDNIGHT}",
    rf"(?P<d>{_NUMBER}) ?[-./] ?(?P<m>{_NUMBER})(?: ?[-./] ?| )(?P<y>[0-9]{{4}})" + _MIDNIGHT,
    # No space before a two-digit year: in "4/3 11" the 11 may be an hour.
    rf"(?P<d>{_NUMBER}) ?[-./] ?(?P<m>{_NUMBER}) ?[-./] ?(?P<y>[0-9]{{2}})",
    rf"(?P<d>{_NUMBER}) ?[-./] ?(?P<m>{_NUMBER}) ?\.?(?P<y>)",
    rf"(?P<d>{_NUMBER})(?:\.|{_NTH})[-/ ]?(?:of )?(?P<m>[a-z]{{3,9}})\.?{_YEAR_BEHIND}",
    # Here two digits behind the month are the day: "March 11".
    rf"(?P<m>[a-z]{{3,9}})\.? (?P<d>{_NUMBER})(?:\.|{_NTH})(?:,? (?P<y>[0-9]{{4}}))?",
)
_BEFORE_A_DAY: Final = r"(?:d\. ?|d |den |the )"
_WITH_WEEKDAY: Final = (
    r"(?:(?P<side>i|på|on|sidste|last|næste|next|kommende|førstkommende|coming) )?"
    r"(?P<weekday>[a-zøå]{3,9})(?:\.,|[.,])?(?: (?P<day>.+))?"
)
_UNIT: Final = "(?P<unit>dage?|days?|uger?|weeks?|måned(?:er)?|months?)"
_DISTANCES: Final = (
    (rf"(?:for )?(?P<number>[0-9]{{1,3}}|[a-zé]+) {_UNIT} (?:siden|ago)", -1),
    (rf"(?:om|in) (?P<number>[0-9]{{1,3}}|[a-zé]+) {_UNIT}", 1),
)
_WEEK: Final = (
    r"(?:i |in )?(?:uge|week) ?(?P<number>[0-9]{1,2})\.?(?:(?:,? | ?[/-] ?)(?P<y>[0-9]{4}))?"
)


class NotADay(ValueError):
    """A text is not a date, or not one of the required kind; `reason` says why."""

    def __init__(self, text: str, reason: str, **facts: object) -> None:
        super().__init__(text, reason)
        self.text = text
        self.reason = reason
        self.facts = facts


class DayAndMonth(NamedTuple):
    """A day and a month without a year, and the weekday (0 is Monday) if it was written too."""

    text: str
    month: int
    day: int
    weekday: int | None = None

    def of(self, year: int) -> date:
        """Return the day in a year. Raises NotADay, also if it is another weekday then."""
        return _day(self.text, year, self.month, self.day, self.weekday)


class Weekday(NamedTuple):
    """A weekday (0 is Monday), and which of them the text says is meant."""

    text: str
    weekday: int
    side: Literal["last", "coming", "next", "fitting"]


class Week(NamedTuple):
    """A week of the year by its number, and `year` if that was written too."""

    text: str
    number: int
    year: int | None


class WeekFromToday(NamedTuple):
    """A week given by its distance from the present one, in weeks."""

    text: str
    weeks: int


class WeekdayOfWeek(NamedTuple):
    """A weekday (0 is Monday) of a week: "mandag i uge 30"."""

    text: str
    weekday: int
    week: Week | WeekFromToday


class Distance(NamedTuple):
    """A day given as days and months from today."""

    text: str
    days: int
    months: int = 0


WrittenDay = DayAndMonth | Weekday | Week | WeekFromToday | WeekdayOfWeek | Distance


def read_written_day(text: str) -> date | WrittenDay:
    """Return the date that a text names in full, or the day as far as it is written; the day precedes the month.

    A two-digit year is in this century. Raises NotADay, also for a year before 1900 or after 2100,
    and for a day with the wrong weekday.
    """
    if _ISO.fullmatch(text):
        return _day(text, int(text[:4]), int(text[5:7]), int(text[8:]))
    words = " ".join(normalize("NFC", text).lower().split())
    found: date | WrittenDay | None = _calendar_day(text, words)
    if found is None:
        for letters, letter in (("aa", "å"), ("oe", "ø"), ("ae", "æ")):
            words = words.replace(letters, letter)
        found = _said_day(text, words) or _with_weekday(text, words)
    if found is None:
        raise NotADay(text, "bad_day")
    return found


def near_words(text: str) -> str:
    """Return the words for a day that a text without digits nearly matches; "" if there are none."""
    from difflib import get_close_matches  # few words are mistyped

    known = [*_DAYS_FROM_TODAY, *_WEEKDAY_NUMBERS]
    words = " ".join(normalize("NFC", text).lower().split())
    near = [] if len(words) > len(max(known, key=len)) else get_close_matches(words, known, 1, 0.8)
    return near[0] if near and len(words) >= len("i går") else ""


def _calendar_day(text: str, words: str, weekday: int | None = None) -> date | DayAndMonth | None:
    """Return a day given by its number and month; None for any other text."""
    if prefix := re.match(_BEFORE_A_DAY, words):
        words = words[prefix.end() :]
    for shape in _SHAPES:
        match = re.fullmatch(shape, words)
        if match and (month := _month(match["m"])) is not None:
            day, year = int(match["d"]), match["y"]
            if (nth := match.groupdict().get("nth")) and nth != _ending(day):
                return None
            if year:
                full_year = int(year) if len(year) == len("2011") else 2000 + int(year)
                return _day(text, full_year, month, day, weekday)
            if not 1 <= month <= len(_MONTHS):
                raise _no_such_month(text, month, day)
            return DayAndMonth(text, month, day, weekday)
    return None


def _said_day(text: str, words: str) -> WrittenDay | None:
    """Return a day given by its distance from today, or a week; None for any other text."""
    if (days := _DAYS_FROM_TODAY.get(words)) is not None:
        return Distance(text, days)
    if (weeks := _WEEKS_FROM_TODAY.get(words)) is not None:
        return WeekFromToday(text, weeks)
    if match := re.fullmatch(_WEEK, words):
        return Week(text, int(match["number"]), int(match["y"]) if match["y"] else None)
    return _distance(text, words)


def _distance(text: str, words: str) -> Distance | None:
    """Return a number of days, weeks or months ago or from now; None for any other text."""
    for shape, sign in _DISTANCES:
        if match := re.fullmatch(shape, words):
            said, unit = match["number"], match["unit"][0]
            number = int(said) if said[0] in "0123456789" else _NUMBERS.get(said)
            if number is not None and unit == "m":
                return Distance(text, 0, sign * number)
            if number is not None:
                return Distance(text, sign * number * (1 if unit == "d" else 7))
    return None


def _with_weekday(text: str, words: str) -> date | WrittenDay | None:
    """Return a weekday, or a day written with its weekday; None for any other text."""
    match = re.fullmatch(_WITH_WEEKDAY, words)
    if match is None:
        return None
    side, name = match["side"], match["weekday"]
    if side == "i":  # "i mandags" is the last one, and "i mandag" nothing
        name = name.removesuffix("s") if name.endswith("dags") else ""
    number = _WEEKDAY_NUMBERS.get(name)
    if number is None:
        return None
    if match["day"] is None:
        return Weekday(text, number, "last" if side == "i" else _SIDES[side])
    if side not in {None, "i", "på", "on"}:
        return None
    week = _said_day(text, match["day"].removeprefix("of "))
    if isinstance(week, Week | WeekFromToday):
        return WeekdayOfWeek(text, number, week)
    return _calendar_day(text, match["day"], number)


def _month(written: str) -> int | None:
    return int(written) if written[0] in "0123456789" else MONTH_NUMBERS.get(written)


def _ending(day: int) -> str:
    """Return the ending of an ordinal number in English."""
    if day in {11, 12, 13}:
        return "th"
    return {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")


def _day(text: str, year: int, month: int, day: int, weekday: int | None = None) -> date:
    if not 1 <= month <= len(_MONTHS):
        raise _no_such_month(text, month, day)
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise NotADay(text, "no_such_year", first=FIRST_YEAR, last=LAST_YEAR)
    days = days_of_month(year, month)
    if not 1 <= day <= days:
        raise NotADay(text, "impossible_day", month=month, year=year, days=days)
    found = date(year, month, day)
    if weekday is not None and found.weekday() != weekday:
        raise NotADay(text, "wrong_weekday", day=found, said=weekday)
    return found


def _no_such_month(text: str, month: int, day: int) -> NotADay:
    is_swapped = 1 <= day <= len(_MONTHS) < month <= 31  # noqa: PLR2004 - days of a month
    if is_swapped and not re.match(r"\s*[0-9]{4}", text):
        return NotADay(text, "month_before_day", month=month)
    return NotADay(text, "no_such_month", month=month)
