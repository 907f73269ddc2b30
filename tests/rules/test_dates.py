"""Days as people write them: every shape, its edges, and what is no day."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING
from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kmtrack.rules.dates import Reading, format_day
from kmtrack.rules.meant_days import which_day
from kmtrack.rules.written_days import NotADay, read_written_day

if TYPE_CHECKING:
    from collections.abc import Callable

    from kmtrack.rules.dates import DayUse

TODAY = date(2011, 6, 30)
THE_DAY = date(2011, 3, 4)

LAST_YEAR = 2100
DAYS = st.dates(date(1900, 1, 1), date(2100, 12, 31))
DAYS_OF_THIS_CENTURY = st.dates(date(2000, 1, 1), date(2099, 12, 31))

DANISH = (
    *("januar", "februar", "marts", "april", "maj", "juni"),
    *("juli", "august", "september", "oktober", "november", "december"),
)
ENGLISH = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)

THE_FOURTH_OF_MARCH = [
    "2011-03-04",
    "2011-3-4",
    "2011/03/04",
    "2011-03-04 00:00:00",
    "2011-03-04T00:00:00",
    "2011-03-04 00:00",
    "04-03-2011 00:00:00",
    "4.3.2011",
    "04.03.2011",
    "4. 3. 2011",
    "4.3 2011",
    "4/3-2011",
    "4/3 - 2011",
    "4/3 2011",
    "4/3/2011",
    "4-3-2011",
    "4.3.11",
    "04.03.11",
    "4/3-11",
    "4-3-11",
    "4.3.",
    "4.3",
    "04.03.",
    "4/3",
    "04/03",
    "4. marts 2011",
    "4 marts 2011",
    "4.marts 2011",
    "4. MARTS 2011",
    "4 mar 2011",
    "4. mar. 2011",
    "4mar2011",
    "4 March 2011",
    "4 mar 11",
    "4. marts",
    "4 mar",
    "  4.3.2011\t",
    "4.\xa0marts   2011",
    "\n2011-03-04\n",
]

SAID = [
    ("today", 0),
    ("i dag", 0),
    ("idag", 0),
    ("I  DAG", 0),
    ("yesterday", -1),
    ("i går", -1),
    ("igår", -1),
    ("I GÅR", -1),
    (normalize("NFD", "i går"), -1),
    (normalize("NFD", "I GÅR"), -1),
    ("tomorrow", 1),
    ("i morgen", 1),
]

IMPOSSIBLE = [
    "31.2.2011",
    "29.2.2011",
    "29.2.1900",
    "29.2.",
    "30.2.",
    "2011-02-31",
    "0.3.2011",
    "32/1",
    "31. april 2011",
    "31. april",
]
NO_SUCH_MONTH = ["2011-13-01", "2011-00-10", "3.0.", "40/40/2011"]
MONTH_FIRST = ["3/13/2011", "03/14/2011", "3/13", "12-31-2011"]
NO_SUCH_YEAR = ["0000-01-01", "1899-12-31", "2101-01-01", "1.1.1899", "1. januar 9999"]

UNREADABLE = [
    "",
    " ",
    "x",
    "marts",
    "4",
    "2011",
    "2011-03",
    "4 3 2011",
    "4/3 11",
    "4.3.111",
    "4.3.20111",
    "004.3.2011",
    "2011-W01-1",
    "20110304",
    "040311",
    "2011-03-04 12:30:00",
    "2011-03-04T00:00:00Z",
    "2011-03/04",
    "4. martz 2011",
    "4. mart 2011",
    "4.3.2011.",
    "-4.3.2011",
    "4_3_2011",
    "４.３.２０１１",
    "२०११-०३-०४",
    "２０１１-０３-０４",
    "4.3.2011 x",
    "40606",
    "2011-03-04\x00",
    "²/3",
]

WAYS: list[Callable[[date], str]] = [
    lambda day: day.isoformat(),
    lambda day: f"{day.isoformat()} 00:00:00",
    lambda day: f"{day.isoformat()}T00:00:00",
    lambda day: format_day(day, "da"),
    lambda day: format_day(day, "en"),
    lambda day: f"{day.day}.{day.month}.{day.year}",
    lambda day: f"{day.day}/{day.month}-{day.year}",
    lambda day: f"{day.day}/{day.month} {day.year}",
    lambda day: f"{day.day}/{day.month}/{day.year}",
    lambda day: f"{day.day}-{day.month}-{day.year}",
    lambda day: f"{day.day}. {DANISH[day.month - 1]} {day.year}",
    lambda day: f"{day.day} {DANISH[day.month - 1][:3]} {day.year}",
    lambda day: f"{day.day} {ENGLISH[day.month - 1]} {day.year}",
    lambda day: f"{day.day} {ENGLISH[day.month - 1][:3].upper()} {day.year}",
]

SHORT_WAYS: list[Callable[[date], str]] = [
    lambda day: f"{day.day}.{day.month}.{day.year % 100:02}",
    lambda day: f"{day.day}/{day.month}-{day.year % 100:02}",
    lambda day: f"{day.day}. {DANISH[day.month - 1]} {day.year % 100:02}",
]

WAYS_WITHOUT_YEAR: list[Callable[[date], str]] = [
    lambda day: f"{day.day}.{day.month}.",
    lambda day: f"{day.day:02}.{day.month:02}",
    lambda day: f"{day.day}/{day.month}",
    lambda day: f"{day.day}. {DANISH[day.month - 1]}",
    lambda day: f"{day.day} {ENGLISH[day.month - 1]}",
]


def parse_day(text: str, today: date, use: DayUse = "happened", own: date | None = None) -> date:
    found = read_written_day(text)
    return found if isinstance(found, date) else which_day(found, Reading(use, today, own))


@pytest.mark.parametrize("text", THE_FOURTH_OF_MARCH)
def test_reads_every_way_to_write_a_day(text: str) -> None:
    assert parse_day(text, TODAY) == THE_DAY


@pytest.mark.parametrize(("text", "days_on"), SAID)
def test_reads_a_day_said_from_today(text: str, days_on: int) -> None:
    assert parse_day(text, TODAY) == TODAY + timedelta(days=days_on)


def test_yesterday_crosses_the_year() -> None:
    assert parse_day("i går", date(2012, 1, 1)) == date(2011, 12, 31)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("1900-01-01", date(1900, 1, 1)),
        ("31.12.2100", date(2100, 12, 31)),
        ("29.2.2000", date(2000, 2, 29)),
        ("29.2.12", date(2012, 2, 29)),
        ("1.1.00", date(2000, 1, 1)),
        ("31.12.99", date(2099, 12, 31)),
        ("11-03-04", date(2004, 3, 11)),
    ],
)
def test_edges(text: str, day: date) -> None:
    assert parse_day(text, TODAY) == day


@pytest.mark.parametrize(
    ("text", "reason"),
    [(text, "impossible_day") for text in IMPOSSIBLE]
    + [(text, "no_such_month") for text in NO_SUCH_MONTH]
    + [(text, "month_before_day") for text in MONTH_FIRST]
    + [(text, "no_such_year") for text in NO_SUCH_YEAR]
    + [(text, "bad_day") for text in UNREADABLE],
)
def test_refuses_what_is_no_day(text: str, reason: str) -> None:
    with pytest.raises(NotADay) as caught:
        parse_day(text, TODAY)
    assert (caught.value.reason, caught.value.text) == (reason, text)


def test_shows_a_day_in_each_language() -> None:
    assert format_day(THE_DAY, "da") == "04.03.2011"
    assert format_day(THE_DAY, "en") == "2011-03-04"


@given(DAYS, st.sampled_from(WAYS), DAYS)
def test_a_day_written_in_full_is_read_back(
    day: date, write: Callable[[date], str], today: date
) -> None:
    assert parse_day(write(day), today) == day
    assert parse_day(f"  {normalize('NFD', write(day))} ", today) == day


@given(DAYS_OF_THIS_CENTURY, st.sampled_from(SHORT_WAYS))
def test_a_year_of_two_digits_is_of_this_century(day: date, write: Callable[[date], str]) -> None:
    assert parse_day(write(day), TODAY) == day


@given(DAYS, st.sampled_from(WAYS_WITHOUT_YEAR))
def test_a_day_without_a_year_that_filters_is_the_latest(
    day: date, write: Callable[[date], str]
) -> None:
    assert parse_day(write(day), day, "since") == day
    following = _a_year_on(day)
    if following is not None and following.year <= LAST_YEAR:
        assert parse_day(write(day), following - timedelta(days=1), "until") == day
        assert parse_day(write(day), day + timedelta(days=1), "due") == following
        assert parse_day(write(day), day, "next", own=day) == following
        assert parse_day(write(day), day, "span", own=day) == day


def _a_year_on(day: date) -> date | None:
    return None if (day.month, day.day) == (2, 29) else day.replace(year=day.year + 1)


SOME_WORDS = st.lists(
    st.sampled_from(
        [
            "i",
            "på",
            "d.",
            "den",
            "sidste",
            "næste",
            "om",
            "for",
            "siden",
            "uge",
            "dage",
            "mandag",
            "tirs.",
            "3.",
            "12",
            "29.",
            "31",
            "marts",
            "feb.",
            "2011",
            "3/3",
            "1st",
        ]
    ),
    max_size=5,
).map(" ".join)


@given(
    st.text() | st.text("0123456789./- :T", max_size=12) | SOME_WORDS,
    st.sampled_from(["happened", "since", "until", "due", "next", "span", "dated"]),
    st.none() | DAYS,
)
def test_any_text_is_a_day_or_refused(text: str, use: DayUse, own: date | None) -> None:
    try:
        day = parse_day(text, TODAY, use, own)
    except NotADay:
        return
    assert 1900 <= day.year <= 2100
