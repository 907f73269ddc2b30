"""Meant days: decide which date an incomplete day means, by what it is read for."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from kmtrack.rules.dates import months_after
from kmtrack.rules.written_days import (
    FIRST_YEAR,
    LAST_YEAR,
    DayAndMonth,
    Distance,
    NotADay,
    Week,
    Weekday,
    WeekdayOfWeek,
    WeekFromToday,
)

if TYPE_CHECKING:
    from kmtrack.rules.dates import Reading
    from kmtrack.rules.written_days import WrittenDay

_MONTHS_BACK: Final = -6
_A_WEEK: Final = timedelta(days=7)
_A_DAY: Final = timedelta(days=1)


def which_day(written: WrittenDay, reading: Reading) -> date:
    """Return the date that a written day means. Raises NotADay."""
    if isinstance(written, DayAndMonth):
        day = _of_year(written, reading)
    elif isinstance(written, Weekday):
        day = _on_weekday(written, reading)
    elif isinstance(written, Distance):
        day = _at(written, reading.today)
    elif isinstance(written, WeekdayOfWeek):
        day = _of_week(written, reading)
    else:
        day = _in_week(written, reading)
    return day


def _of_year(written: DayAndMonth, reading: Reading) -> date:
    use, today, own = reading.use, reading.today, reading.own
    as_written = (written.month, written.day)
    if use == "due":
        return written.of(today.year + (as_written < (today.month, today.day)))
    if use in {"next", "span"} and own is not None:
        is_over = as_written <= (own.month, own.day)
        if use == "span":
            is_over = as_written < (own.month, own.day)
        return written.of(own.year + is_over)
    latest = today.year - (as_written > (today.month, today.day))
    if use in {"since", "until"}:
        return written.of(latest)
    if use == "happened":
        day = written._replace(weekday=None).of(latest)
        if day >= _earliest(reading):
            return written.of(latest)
    raise _needs_year(written, latest)


def _earliest(reading: Reading) -> date:
    """Return the first date that a past day without a year may mean."""
    return max(months_after(reading.today, _MONTHS_BACK), reading.first_day())


def _needs_year(written: DayAndMonth, latest: int) -> NotADay:
    """Return the refusal of a day without a year, with the last and the next such day as choices."""
    any_weekday = written._replace(weekday=None)
    if (written.month, written.day) != (2, 29):
        years = (latest, latest + 1)
        choices = [any_weekday.of(year) for year in years if FIRST_YEAR <= year <= LAST_YEAR]
    else:
        leap = latest - latest % 4
        choices = [any_weekday.of(leap), any_weekday.of(leap + 4)]
    return NotADay(written.text, "needs_year", choices=choices)


def _on_weekday(written: Weekday, reading: Reading) -> date:
    use, today, own = reading.use, reading.today, reading.own
    latest = today - timedelta(days=(today.weekday() - written.weekday) % 7)
    coming = today + timedelta(days=(written.weekday - today.weekday() - 1) % 7 + 1)
    if written.side == "last":
        return latest if latest < today else latest - _A_WEEK
    if written.side == "coming":
        return coming
    if written.side == "next":
        if _monday_of(coming) == _monday_of(today):  # some say "next Friday" of that in a week
            raise NotADay(written.text, "which_day", choices=[coming, coming + _A_WEEK])
        return coming
    if use in {"happened", "since", "until"}:
        return latest
    if use == "due":
        return latest if latest == today else coming
    if use == "dated" or own is None:
        raise NotADay(written.text, "which_day", choices=[latest, coming])
    # A person says it of the days ahead, and writes it of the record's.
    start = own + (_A_DAY if use == "next" else timedelta())
    following = start + timedelta(days=(written.weekday - start.weekday()) % 7)
    if following != coming and own != today:
        raise NotADay(written.text, "which_day", choices=sorted({following, coming}))
    return following


def _at(written: Distance, today: date) -> date:
    try:
        day = months_after(today + timedelta(days=written.days), written.months)
    except (OverflowError, ValueError):
        day = date.min
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise NotADay(written.text, "no_such_year", first=FIRST_YEAR, last=LAST_YEAR)
    return day


def _in_week(written: Week | WeekFromToday, reading: Reading) -> date:
    """Return the Monday or Sunday of a week, depending on the purpose."""
    use, today = reading.use, reading.today
    if use not in {"since", "until", "due", "next"}:
        raise NotADay(written.text, "week_is_no_day")
    if isinstance(written, WeekFromToday):
        monday = _monday_of(today) + written.weeks * _A_WEEK
    else:
        monday = _monday_of_week(written, reading)
    return monday if use in {"since", "next"} else monday + _A_WEEK - _A_DAY


def _of_week(written: WeekdayOfWeek, reading: Reading) -> date:
    use, today, own = reading.use, reading.today, reading.own
    week, after_monday = written.week, timedelta(days=written.weekday)
    if isinstance(week, WeekFromToday):
        return _monday_of(today) + week.weeks * _A_WEEK + after_monday
    if week.year is not None:
        return _monday(week, week.year) + after_monday
    base = own if use in {"next", "span"} and own is not None else today
    year = base.isocalendar().year
    days = [
        _monday(week, each) + after_monday
        for each in (year - 1, year, year + 1)
        if FIRST_YEAR <= each <= LAST_YEAR and 1 <= week.number <= _weeks_of(each)
    ]
    before = [day for day in days if day < base or (day == base and use != "next")]
    ahead = [day for day in days if day > base or (day == base and use in {"due", "span"})]
    if use in {"since", "until"} and before:
        return before[-1]
    if use == "happened" and before and before[-1] >= _earliest(reading):
        return before[-1]
    if (use == "due" or base is own) and ahead:
        return ahead[0]
    if not before or not ahead:  # a week 53, or at the end of time
        raise NotADay(written.text, "no_such_week", year=year, weeks=_weeks_of(year))
    raise NotADay(written.text, "needs_year", choices=[before[-1], ahead[0]])


def _monday_of_week(written: Week, reading: Reading) -> date:
    use, today, own = reading.use, reading.today, reading.own
    if written.year is not None:
        return _monday(written, written.year)
    base = today if use != "next" or own is None else own
    this_week = _monday_of(base)
    year = base.isocalendar().year
    if use in {"since", "until"}:
        monday = _monday(written, year, year - 1)
        return monday if monday <= this_week else _monday(written, year - 1)
    monday = _monday(written, year, year + 1)
    if monday < this_week:
        monday = _monday(written, year + 1)
    if use == "next" and monday == this_week:  # it has begun, so it is hardly the one that is meant
        raise NotADay(written.text, "needs_year", choices=[monday, _monday(written, year + 1)])
    return monday


def _monday(written: Week, year: int, *or_else: int) -> date:
    """Return the Monday of the week in the first of the years that has it. Raises NotADay."""
    for each in (year, *or_else):
        if FIRST_YEAR <= each <= LAST_YEAR and 1 <= written.number <= _weeks_of(each):
            return date.fromisocalendar(each, written.number, 1)
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise NotADay(written.text, "no_such_year", first=FIRST_YEAR, last=LAST_YEAR)
    raise NotADay(written.text, "no_such_week", year=year, weeks=_weeks_of(year))


def _weeks_of(year: int) -> int:
    return date(year, 12, 28).isocalendar().week  # which is always in the last one


def _monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())
