"""Days as people say and write them, each by what it is for: read as it is meant, or refused."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final

import pytest

from kmtrack.errors import BadValue
from kmtrack.ledger.schema.values import day_meant, read_day
from kmtrack.rules.dates import Reading
from kmtrack.rules.meant_days import which_day
from kmtrack.rules.written_days import NotADay, read_written_day

if TYPE_CHECKING:
    from kmtrack.rules.dates import DayUse

# A Thursday in week 26.
TODAY: Final = date(2011, 6, 30)
FIRST_DAY: Final = date(2011, 1, 1)
REFUSALS: Final = (
    *("bad_day", "impossible_day", "no_such_month", "month_before_day", "no_such_year"),
    *("no_such_week", "wrong_weekday", "needs_year", "which_day", "week_is_no_day"),
)


def read(text: str, use: DayUse, today: date = TODAY, own: date | None = None) -> str:
    """Return the day that a text names as ISO text, or why it is refused."""
    try:
        found = read_written_day(text)
        if not isinstance(found, date):
            found = which_day(found, Reading(use, today, own, lambda: FIRST_DAY))
    except NotADay as error:
        return error.reason
    return found.isoformat()


# Each form as it is read for what happened on the day.
HAPPENED: Final = {
    # numbers
    "3-3": "2011-03-03",
    "03-03": "2011-03-03",
    "3 - 3": "2011-03-03",
    "3/3": "2011-03-03",
    "3/4": "2011-04-03",
    "d. 3/3": "2011-03-03",
    "d.3/3": "2011-03-03",
    "D. 3/3": "2011-03-03",
    "d 3/3": "2011-03-03",
    "den 3/3": "2011-03-03",
    "den 3.3.": "2011-03-03",
    "d. 3.3.2011": "2011-03-03",
    "d. 3/3-11": "2011-03-03",
    "den 2011-03-03": "2011-03-03",
    "3.3": "2011-03-03",
    "03.03.": "2011-03-03",
    "3.3.11": "2011-03-03",
    "03/04/2011": "2011-04-03",
    "3.3.1": "bad_day",
    "3.3.011": "bad_day",
    "03/14/2011": "month_before_day",
    "3/14": "month_before_day",
    "3/32": "no_such_month",
    "20-49": "no_such_month",
    "31/2": "impossible_day",
    "31/6": "impossible_day",
    "31-6": "impossible_day",
    "30.2.2011": "impossible_day",
    "29.2.": "impossible_day",
    "29.2.2012": "2012-02-29",
    "0/3": "impossible_day",
    "3/0": "no_such_month",
    "3": "bad_day",
    "den 3.": "bad_day",
    "d. 3": "bad_day",
    "0303": "bad_day",
    "030311": "bad_day",
    "3/3 11": "bad_day",
    "3/3-": "bad_day",
    "3//3": "bad_day",
    "3.3.2011 - 4.3.2011": "bad_day",
    # months in words
    "3. marts": "2011-03-03",
    "den 3. marts": "2011-03-03",
    "Den 3. Marts 2011": "2011-03-03",
    "d. 3. marts": "2011-03-03",
    "D.3.MARTS": "2011-03-03",
    "3 marts 2011": "2011-03-03",
    "3.marts": "2011-03-03",
    "3. mar.": "2011-03-03",
    "3-mar-2011": "2011-03-03",
    "03-Mar-11": "2011-03-03",
    "3/mar/2011": "2011-03-03",
    "3 March": "2011-03-03",
    "3rd March": "2011-03-03",
    "3rd of March": "2011-03-03",
    "the 3rd of March 2011": "2011-03-03",
    "March 3": "2011-03-03",
    "March 3rd": "2011-03-03",
    "MARCH 3RD, 2011": "2011-03-03",
    "march 3 2011": "2011-03-03",
    "Mar 3, 2011": "2011-03-03",
    "1st of May": "2011-05-01",
    "2nd may": "2011-05-02",
    "11th of May": "2011-05-11",
    "May 22nd": "2011-05-22",
    "1th of May": "bad_day",
    "May 2st": "bad_day",
    "12nd may": "bad_day",
    "3. febr. 2011": "2011-02-03",
    "12. sept. 2010": "2010-09-12",
    "5. okt. 2010": "2010-10-05",
    "30. juni": "2011-06-30",
    "1. juli": "needs_year",
    "31. april": "impossible_day",
    "April 31": "impossible_day",
    "30. februar 2011": "impossible_day",
    "marts": "bad_day",
    "marts 2011": "bad_day",
    "March 2011": "bad_day",
    "mar11": "bad_day",
    "mar-11": "bad_day",
    "primo marts": "bad_day",
    "medio juni": "bad_day",
    "3. martz": "bad_day",
    "første marts": "bad_day",
    "3. marts i år": "bad_day",
    "3. marts kl. 14": "bad_day",
    # today and the days around it
    "i dag": "2011-06-30",
    "Dags dato": "2011-06-30",
    "d.d.": "2011-06-30",
    "i går": "2011-06-29",
    "i gaar": "2011-06-29",
    "i aftes": "2011-06-29",
    "last night": "2011-06-29",
    "i morges": "2011-06-30",
    "i formiddags": "2011-06-30",
    "i eftermiddag": "2011-06-30",
    "this morning": "2011-06-30",
    "i nat": "bad_day",
    "i forgårs": "2011-06-28",
    "I FORGÅRS": "2011-06-28",
    "i forgaars": "2011-06-28",
    "iforgårs": "2011-06-28",
    "the day before yesterday": "2011-06-28",
    "day before yesterday": "2011-06-28",
    "i morgen": "2011-07-01",
    "i overmorgen": "2011-07-02",
    "the day after tomorrow": "2011-07-02",
    "for 2 dage siden": "2011-06-28",
    "for to dage siden": "2011-06-28",
    "2 dage siden": "2011-06-28",
    "for 1 dag siden": "2011-06-29",
    "for en dag siden": "2011-06-29",
    "for 14 dage siden": "2011-06-16",
    "for en uge siden": "2011-06-23",
    "For 3 uger siden": "2011-06-09",
    "for en måned siden": "2011-05-30",
    "for 4 maaneder siden": "2011-02-28",
    "2 days ago": "2011-06-28",
    "two days ago": "2011-06-28",
    "a day ago": "2011-06-29",
    "a week ago": "2011-06-23",
    "2 weeks ago": "2011-06-16",
    "om 14 dage": "2011-07-14",
    "om en uge": "2011-07-07",
    "om 2 uger": "2011-07-14",
    "om en måned": "2011-07-30",
    "om 8 måneder": "2012-02-29",
    "in 14 days": "2011-07-14",
    "in two weeks": "2011-07-14",
    "in a month": "2011-07-30",
    "for et par dage siden": "bad_day",
    "for 2 siden": "bad_day",
    "om lidt": "bad_day",
    "for 2 dage": "bad_day",
    "om 14": "bad_day",
    "nu": "bad_day",
    "forleden": "bad_day",
    # weekdays
    "mandag": "2011-06-27",
    "Mandag": "2011-06-27",
    "man.": "2011-06-27",
    "man": "2011-06-27",
    "tirsdag": "2011-06-28",
    "tirs": "2011-06-28",
    "tir.": "2011-06-28",
    "onsdag": "2011-06-29",
    "torsdag": "2011-06-30",
    "tors.": "2011-06-30",
    "fredag": "2011-06-24",
    "lørdag": "2011-06-25",
    "loerdag": "2011-06-25",
    "søn.": "2011-06-26",
    "monday": "2011-06-27",
    "Tue": "2011-06-28",
    "Thursday": "2011-06-30",
    "fri": "2011-06-24",
    "sidste fredag": "2011-06-24",
    "sidste torsdag": "2011-06-23",
    "last friday": "2011-06-24",
    "last thursday": "2011-06-23",
    "i mandags": "2011-06-27",
    "i fredags": "2011-06-24",
    "i torsdags": "2011-06-23",
    "on monday": "2011-06-27",
    "på mandag": "2011-07-04",
    "på torsdag": "2011-07-07",
    "førstkommende mandag": "2011-07-04",
    "næste mandag": "2011-07-04",
    "next monday": "2011-07-04",
    "næste fredag": "which_day",
    "next friday": "which_day",
    "forrige fredag": "bad_day",
    "i mandag": "bad_day",
    "mandags": "bad_day",
    "mar.": "bad_day",
    "ma": "bad_day",
    "mandag aften": "bad_day",
    "mandag og tirsdag": "bad_day",
    "mnadag": "bad_day",
    "hver mandag": "bad_day",
    # a day with its weekday
    "tirsdag d. 1. marts": "2011-03-01",
    "tirsdag den 1. marts 2011": "2011-03-01",
    "Tirsdag 1/3": "2011-03-01",
    "tirs. d. 1/3": "2011-03-01",
    "tirsdag, 1.3.2011": "2011-03-01",
    "tirsdag 01.03.2011": "2011-03-01",
    "tirsdag 2011-03-01": "2011-03-01",
    "i tirsdags d. 28/6": "2011-06-28",
    "Tuesday, March 1": "2011-03-01",
    "Tuesday March 1st, 2011": "2011-03-01",
    "tue 1 mar": "2011-03-01",
    "Tuesday the 1st of March": "2011-03-01",
    "mandag d. 1. marts": "wrong_weekday",
    "mandag d. 1. marts 2011": "wrong_weekday",
    "Monday, March 1": "wrong_weekday",
    "tirsdag d. 31. februar": "impossible_day",
    "tirsdag d. 1": "bad_day",
    "sidste tirsdag d. 1/3": "bad_day",
    "tirsdag uge 9": "2011-03-01",
    "tirsdag i uge 9": "2011-03-01",
    "tirs. i uge 9 2011": "2011-03-01",
    "fredag i sidste uge": "2011-06-24",
    "mandag i denne uge": "2011-06-27",
    "fredag i næste uge": "2011-07-08",
    "Tuesday week 9": "2011-03-01",
    "monday of last week": "2011-06-20",
    "tirsdag uge 50": "needs_year",
    "tirsdag uge 60": "no_such_week",
    "sidste tirsdag i uge 9": "bad_day",
    # weeks
    "uge 12": "week_is_no_day",
    "week 12": "week_is_no_day",
    "denne uge": "week_is_no_day",
    "sidste uge": "week_is_no_day",
    "2011-W12": "bad_day",
    # not within half a year
    "30.12.": "needs_year",
    "31.12.": "needs_year",
    "29.12.": "needs_year",
    "1.1.": "2011-01-01",
    "1.7.": "needs_year",
    # whitespace and other signs
    "  mandag  ": "2011-06-27",
    "den\t3.\xa0marts": "2011-03-03",
    "i  forgårs": "2011-06-28",
    "３/３": "bad_day",
    "3\u20133": "bad_day",
    "3/3?": "bad_day",
    "": "bad_day",
}


def test_each_form_of_a_day_is_read_as_it_is_meant_or_refused() -> None:
    assert {text: read(text, "happened") for text in HAPPENED} == HAPPENED


def test_the_table_is_long_enough_and_names_every_refusal() -> None:
    assert len(HAPPENED) >= 150
    refused = {outcome for outcome in HAPPENED.values() if not outcome[0].isdecimal()}
    assert refused == set(REFUSALS) - {"no_such_year"}


# What is missing of a day, by what it is for, on which day, and with which day of the record's own.
MISSING: Final[list[tuple[str, DayUse, str, str | None, str]]] = [
    # what happened: up to today, at most six months back, not before the contract
    ("30.6.", "happened", "2011-06-30", None, "2011-06-30"),
    ("1.7.", "happened", "2011-12-31", None, "2011-07-01"),
    ("30.6.", "happened", "2011-12-31", None, "2011-06-30"),
    ("29.6.", "happened", "2011-12-31", None, "needs_year"),
    ("15.8.", "happened", "2012-02-15", None, "2011-08-15"),
    ("14.8.", "happened", "2012-02-15", None, "needs_year"),
    ("28.12.", "happened", "2012-01-03", None, "2011-12-28"),
    ("28.12.", "happened", "2011-01-03", None, "needs_year"),
    ("31. december", "happened", "2012-01-01", None, "2011-12-31"),
    ("29.2.", "happened", "2012-03-01", None, "2012-02-29"),
    ("29.2.", "happened", "2012-12-01", None, "needs_year"),
    ("fredag d. 30/12", "happened", "2012-01-03", None, "2011-12-30"),
    ("torsdag d. 30/12", "happened", "2012-01-03", None, "wrong_weekday"),
    ("mandag", "happened", "2011-06-27", None, "2011-06-27"),
    ("sidste mandag", "happened", "2011-06-27", None, "2011-06-20"),
    ("fredag", "happened", "2012-01-01", None, "2011-12-30"),
    # filters: the latest
    ("30.6.", "since", "2011-06-30", None, "2011-06-30"),
    ("1.7.", "since", "2011-06-30", None, "2010-07-01"),
    ("1.7.", "until", "2011-06-30", None, "2010-07-01"),
    ("2.12.", "until", "2012-01-05", None, "2011-12-02"),
    ("fredag", "since", "2011-06-30", None, "2011-06-24"),
    ("uge 12", "since", "2011-06-30", None, "2011-03-21"),
    ("Uge 12", "until", "2011-06-30", None, "2011-03-27"),
    ("uge12", "since", "2011-06-30", None, "2011-03-21"),
    ("i uge 12", "since", "2011-06-30", None, "2011-03-21"),
    ("week 12", "since", "2011-06-30", None, "2011-03-21"),
    ("uge 12 2010", "since", "2011-06-30", None, "2010-03-22"),
    ("uge 12/2010", "until", "2011-06-30", None, "2010-03-28"),
    ("uge 26", "since", "2011-06-30", None, "2011-06-27"),
    ("uge 27", "since", "2011-06-30", None, "2010-07-05"),
    ("uge 52", "since", "2012-01-01", None, "2011-12-26"),
    ("uge 1", "since", "2011-12-31", None, "2011-01-03"),
    ("uge 1", "since", "2012-01-02", None, "2012-01-02"),
    ("uge 53", "since", "2010-02-01", None, "2009-12-28"),
    ("uge 53", "since", "2011-06-30", None, "no_such_week"),
    ("uge 53 2009", "until", "2011-06-30", None, "2010-01-03"),
    ("uge 53 2011", "until", "2011-06-30", None, "no_such_week"),
    ("uge 0", "since", "2011-06-30", None, "no_such_week"),
    ("uge 54", "since", "2011-06-30", None, "no_such_week"),
    ("uge", "since", "2011-06-30", None, "bad_day"),
    ("uge 123", "since", "2011-06-30", None, "bad_day"),
    ("uge 12-14", "since", "2011-06-30", None, "bad_day"),
    ("sidste uge", "since", "2011-06-30", None, "2011-06-20"),
    ("denne uge", "until", "2011-06-30", None, "2011-07-03"),
    ("last week", "until", "2011-06-30", None, "2011-06-26"),
    # due: the first from today
    ("15.1.", "due", "2011-12-20", None, "2012-01-15"),
    ("20.12.", "due", "2011-12-20", None, "2011-12-20"),
    ("19.12.", "due", "2011-12-20", None, "2012-12-19"),
    ("fredag", "due", "2011-06-30", None, "2011-07-01"),
    ("torsdag", "due", "2011-06-30", None, "2011-06-30"),
    ("på fredag", "due", "2011-06-30", None, "2011-07-01"),
    ("uge 26", "due", "2011-06-30", None, "2011-07-03"),
    ("uge 2", "due", "2011-12-20", None, "2012-01-15"),
    ("uge 52", "due", "2011-12-20", None, "2012-01-01"),
    ("næste uge", "due", "2011-06-30", None, "2011-07-10"),
    # the next contact: the first after the record's own day
    ("10.1.", "next", "2011-12-20", "2011-12-02", "2012-01-10"),
    ("2.12.", "next", "2011-12-20", "2011-12-02", "2012-12-02"),
    ("3.12.", "next", "2011-12-20", "2011-12-02", "2011-12-03"),
    ("fredag", "next", "2011-06-30", "2011-06-30", "2011-07-01"),
    ("torsdag", "next", "2011-06-30", "2011-06-30", "2011-07-07"),
    ("fredag", "next", "2011-06-30", "2011-06-28", "2011-07-01"),
    ("onsdag", "next", "2011-06-30", "2011-06-28", "which_day"),
    ("på onsdag", "next", "2011-06-30", "2011-06-28", "2011-07-06"),
    ("on monday", "next", "2011-06-30", "2011-06-30", "2011-07-04"),
    ("om 14 dage", "next", "2011-06-30", "2011-06-30", "2011-07-14"),
    ("uge 30", "next", "2011-06-30", "2011-06-30", "2011-07-25"),
    ("uge 2", "next", "2011-12-20", "2011-12-02", "2012-01-09"),
    ("uge 26", "next", "2011-06-30", "2011-06-30", "needs_year"),
    ("uge 25", "next", "2011-06-30", "2011-06-30", "2012-06-18"),
    ("næste uge", "next", "2011-06-30", "2011-06-30", "2011-07-04"),
    ("fredag d. 1/7", "next", "2011-06-30", "2011-06-30", "2011-07-01"),
    ("mandag d. 1/7", "next", "2011-06-30", "2011-06-30", "wrong_weekday"),
    ("29.2.", "next", "2011-12-20", "2011-12-02", "2012-02-29"),
    ("29.2.", "next", "2011-06-30", "2010-12-02", "impossible_day"),
    # the beginning and the end: the first on or after the record's own day
    ("1.2.", "span", "2011-12-20", "2011-12-15", "2012-02-01"),
    ("30.6.", "span", "2011-12-20", "2011-12-15", "2012-06-30"),
    ("15.12.", "span", "2011-12-20", "2011-12-15", "2011-12-15"),
    ("1.2.", "span", "2011-12-20", None, "needs_year"),
    ("på mandag", "span", "2011-06-30", "2011-06-28", "2011-07-04"),
    ("mandag", "span", "2011-06-30", "2011-06-30", "2011-07-04"),
    ("torsdag", "span", "2011-06-30", "2011-06-30", "2011-06-30"),
    ("mandag", "span", "2011-06-30", None, "which_day"),
    ("uge 32", "span", "2011-06-30", "2011-06-28", "week_is_no_day"),
    ("mandag i uge 32", "span", "2011-06-30", "2011-06-28", "2011-08-08"),
    ("mandag i uge 32", "span", "2011-06-30", None, "needs_year"),
    ("mandag i uge 30", "next", "2011-06-30", "2011-06-30", "2011-07-25"),
    ("mandag i uge 2", "next", "2011-12-20", "2011-12-02", "2012-01-09"),
    ("torsdag i uge 26", "next", "2011-06-30", "2011-06-30", "2012-06-28"),
    ("fredag i uge 26", "next", "2011-06-30", "2011-06-30", "2011-07-01"),
    ("torsdag i uge 26", "due", "2011-06-30", None, "2011-06-30"),
    ("onsdag i uge 26", "since", "2011-06-30", None, "2011-06-29"),
    ("fredag i uge 26", "until", "2011-06-30", None, "2010-07-02"),
    ("torsdag i uge 53", "since", "2010-06-30", None, "2009-12-31"),
    ("torsdag i uge 53", "since", "2012-06-30", None, "no_such_week"),
    ("mandag i uge 9", "dated", "2011-06-30", None, "needs_year"),
    # nothing may be missing
    ("1.2.", "dated", "2011-06-30", None, "needs_year"),
    ("1. februar", "dated", "2011-06-30", None, "needs_year"),
    ("1.2.2011", "dated", "2011-06-30", None, "2011-02-01"),
    ("i dag", "dated", "2011-06-30", None, "2011-06-30"),
    ("mandag", "dated", "2011-06-30", None, "which_day"),
    ("uge 12", "dated", "2011-06-30", None, "week_is_no_day"),
]


def test_what_a_day_is_for_decides_what_is_missing_of_it() -> None:
    found = []
    for text, use, today, own, _ in MISSING:
        own_day = date.fromisoformat(own) if own else None
        outcome = read(text, use, date.fromisoformat(today), own_day)
        found.append((text, use, today, own, outcome))
    assert found == MISSING


@pytest.mark.parametrize(
    ("text", "use", "choices"),
    [
        ("1.7.", "happened", ["2010-07-01", "2011-07-01"]),
        ("4.3.", "dated", ["2011-03-04", "2012-03-04"]),
        ("29.2.", "dated", ["2008-02-29", "2012-02-29"]),
        ("næste fredag", "due", ["2011-07-01", "2011-07-08"]),
        ("mandag", "dated", ["2011-06-27", "2011-07-04"]),
    ],
)
def test_a_refusal_has_both_days_to_choose_from(text: str, use: DayUse, choices: list[str]) -> None:
    written = read_written_day(text)
    assert not isinstance(written, date)
    with pytest.raises(NotADay) as refused:
        which_day(written, Reading(use, TODAY))
    assert refused.value.facts["choices"] == [date.fromisoformat(day) for day in choices]


@pytest.mark.parametrize("text", ["7/7", "31/12", "tirsdag uge 50"])
def test_a_day_that_lies_ahead_is_not_offered_for_what_happened(text: str) -> None:
    written = read_day(text)
    assert not isinstance(written, date)
    reading = Reading("happened", TODAY, first_day=lambda: FIRST_DAY)
    with pytest.raises(BadValue) as refused:
        day_meant(written, reading, is_past=True)
    assert refused.value.key == "needs_past_day"
    assert refused.value.facts["first"] <= TODAY < refused.value.facts["second"]  # type: ignore[operator]
    with pytest.raises(BadValue) as refused:
        day_meant(written, reading)
    assert refused.value.key == "needs_year"


def test_a_wrong_weekday_is_refused_with_the_day_that_it_is() -> None:
    with pytest.raises(NotADay) as refused:
        read_written_day("mandag d. 1. marts 2011")
    assert refused.value.facts == {"day": date(2011, 3, 1), "said": 0}


def test_an_impossible_day_is_refused_with_the_days_of_its_month() -> None:
    with pytest.raises(NotADay) as refused:
        read_written_day("30.2.2011")
    assert refused.value.facts == {"month": 2, "year": 2011, "days": 28}
