"""Parse options and arguments that are not facts: days, moments, numbers, words and paths."""

from __future__ import annotations

import os
import re
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

from kmtrack.cli.output import notify
from kmtrack.clock import (
    first_moment_of,
    here,
    last_moment_of,
    last_moment_within,
    moment_of,
)
from kmtrack.errors import BadValue, Refusal, WrongUsage
from kmtrack.files import path_typed
from kmtrack.ledger.schema.choices import choose
from kmtrack.ledger.schema.plain_text import clean_line, shown
from kmtrack.ledger.schema.values import (
    BadDay,
    clean_count,
    clean_day,
    day_meant,
    day_with_weekday,
    read_day,
)
from kmtrack.ledger.store.base import EVERYTHING
from kmtrack.rules.dates import Reading

if TYPE_CHECKING:
    from collections.abc import Callable

    from kmtrack.clock import Clock
    from kmtrack.ledger.store.address import Location
    from kmtrack.rules.contract import YearDay
    from kmtrack.rules.dates import DayUse

# A day for these may be said as a whole month.
_OF_FILTERS: Final = frozenset({"since", "until"})
# The length of a list unless more is requested.
_LIMIT: Final = 50
_STORED: Final = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}"
    r"(?P<second>:[0-9]{2}(?P<fraction>\.[0-9]{1,6})?)?(?:Z|[+-][0-9]{2}:[0-9]{2})"
)
_TIME: Final = r"(?P<hour>[0-9]{1,2})[:.](?P<minute>[0-9]{2})(?:[:.](?P<second>[0-9]{2}))?"
_DAY_AND_TIME: Final = re.compile(rf"(?i)(?P<day>.+?)(?:,? |t)(?:(?:kl\.?|at) ?)?{_TIME}")
# Without a word before it, or a colon, it is a day and a month.
_TIME_ALONE: Final = re.compile(rf"(?i)(?P<day>)(?:(?:kl\.?|at) ?|(?=[0-9]+:)){_TIME}")


def parse_day_option(
    option: str,
    text: str | None,
    clock: Clock,
    use: DayUse,
    first_day: Callable[[], date] = lambda: date.min,
    *,
    is_filter: bool = False,
) -> date:
    """Parse the day of an option, today if it was not given; `use` is the purpose of the day.

    A filter (`is_filter`, and any day for "since" or "until") takes a month, a quarter or a year
    too. The day is reported if it was not written in full. `first_day` is called for past days, and
    returns the contract's first day. Raises Refusal `bad_option`.
    """
    if text is None:
        return clock.today
    try:
        try:
            written = read_day(text)
        except BadDay:
            end = _end_of_period(text, clock, use) if is_filter or use in _OF_FILTERS else None
            if end is None:
                raise
            day = end
        else:
            if isinstance(written, date):
                return written
            reading = Reading(use, clock.today, first_day=first_day)
            day = day_meant(written, reading, is_past=use == "happened")
    except BadValue as error:
        raise Refusal("bad_option", option=f"--{option}", sentence=error.sentence()) from None
    notify("day.understood", option=f"--{option}", day=day_with_weekday(day))
    return day


def _end_of_period(text: str, clock: Clock, use: DayUse) -> date | None:
    """Return the first day of a month, quarter or year for "since", else the last; None for other texts.

    Raises BadValue for one that does not exist.
    """
    # Few filters are months.
    from kmtrack.rules.written_days import NotADay
    from kmtrack.rules.written_periods import read_period

    try:
        period = read_period(text, clock.today, is_ahead=use == "due")
    except NotADay as error:
        if error.reason == "bad_day":
            return None
        raise BadValue(error.reason, value=shown(text), **error.facts) from None
    return period.first if use == "since" else period.last


def parse_moment(option: str, text: str, clock: Clock) -> tuple[str, date]:
    """Parse an option to the last moment (UTC) that it names, and return its local day too.

    Accepts `30.6.2011`, `30.6.2011 14:00`, `i går kl. 14.00`, `kl. 14.00` for today, and the forms
    that commands print, with --json too. Raises Refusal `bad_option`.
    """
    words = " ".join(text.split())
    try:
        found = _stored_moment(words) or _clock_moment(words, clock)
        if found is not None:
            moment = last_moment_within(*found)
            return moment, here(moment).date()
        try:
            day = clean_day(words, Reading("until", clock.today))
        except BadDay:
            end = _end_of_period(words, clock, "until")
            if end is None:
                raise BadValue("bad_moment", value=shown(text)) from None
            day = end
    except BadValue as error:
        raise Refusal("bad_option", option=f"--{option}", sentence=error.sentence()) from None
    return last_moment_of(day), day


def parse_span(option: str, text: str, clock: Clock) -> tuple[str, str]:
    """Parse an option, as `parse_moment` does, to the first and the last moment (UTC) that it names.

    For a day that is all of it. Raises Refusal `bad_option`.
    """
    words = " ".join(text.split())
    try:
        found = _stored_moment(words) or _clock_moment(words, clock)
        if found is not None:
            return moment_of(found[0]), last_moment_within(*found)
        try:
            day = clean_day(words, Reading("until", clock.today))
        except BadDay:
            raise BadValue("bad_moment", value=shown(text)) from None
    except BadValue as error:
        raise Refusal("bad_option", option=f"--{option}", sentence=error.sentence()) from None
    return first_moment_of(day), last_moment_of(day)


def parse_as_of(as_of: str | None, known_at: str | None, clock: Clock) -> tuple[date, str | None]:
    """Parse the options of a report as of a day, as known at a moment; return the day and the moment.

    The default day is the moment's, else today. Raises Refusal `bad_option`.
    """
    if known_at is None:
        return parse_day_option("as-of", as_of, clock, "until"), None
    moment, day = parse_moment("known-at", known_at, clock)
    return day if as_of is None else parse_day_option("as-of", as_of, clock, "until"), moment


def _stored_moment(words: str) -> tuple[datetime, timedelta] | None:
    """Parse a moment as it is stored and shown with --json to its beginning and its unit.

    Return None if it does not have that form.
    """
    match = _STORED.fullmatch(words.upper())
    if match is None:
        return None
    with suppress(ValueError, OverflowError):
        beginning = datetime.fromisoformat(words.upper()).astimezone(UTC)
        unit = _unit_of(match)
        last_moment_within(beginning, unit)  # the last year ends somewhere
        return beginning, unit
    return None


def _clock_moment(words: str, clock: Clock) -> tuple[datetime, timedelta] | None:
    """Parse a day and a time, or a time today, to its beginning and its unit; None if it is neither."""
    for shape in (_TIME_ALONE, _DAY_AND_TIME):
        if match := shape.fullmatch(words):
            with suppress(BadDay, ValueError):
                at = time(int(match["hour"]), int(match["minute"]), int(match["second"] or 0))
                written = match["day"]
                day = clean_day(written, Reading("until", clock.today)) if written else clock.today
                return datetime.combine(day, at).astimezone(), _unit_of(match)
    return None


def _unit_of(match: re.Match[str]) -> timedelta:
    """Return the unit of the last part written of a moment."""
    if fraction := match.groupdict().get("fraction"):
        return timedelta(microseconds=10 ** (len(".123456") - len(fraction)))
    return timedelta(seconds=1) if match["second"] else timedelta(minutes=1)


def parse_number(option: str, text: str, lowest: int, highest: int) -> int:
    """Parse the whole number of an option. Raises Refusal `bad_option`."""
    return parse_argument_number(f"--{option}", text, lowest, highest)


def parse_argument_number(argument: str, text: str, lowest: int, highest: int) -> int:
    """Parse the whole number of an argument of that name. Raises Refusal `bad_option`."""
    try:
        return clean_count(text, lowest, highest)
    except BadValue as error:
        raise Refusal("bad_option", option=argument, sentence=error.sentence()) from None


def parse_numbers(argument: str, text: str, highest: int) -> tuple[int, int]:
    """Parse the numbers of an argument: `4`, or the first and the last of several: `4-7`.

    Raises Refusal `bad_option`.
    """
    first, *others = re.split(r"\s*(?:-|\u2013|\.\.+)\s*", text.strip(), maxsplit=1)
    low = parse_argument_number(argument, first, 1, highest)
    return low, parse_argument_number(argument, others[0], low, highest) if others else low


def parse_limit(text: str | None, *, whole: bool) -> int:
    """Parse the limit of a list: 50 by default, or no limit for the `whole`.

    Raises Refusal `bad_option`.
    """
    if text is not None:
        return parse_number("limit", text, 1, 1_000_000)
    return EVERYTHING if whole else _LIMIT


def parse_grouping(text: str | None) -> str | None:
    """Parse the grouping of a status, in either language. Raises Refusal `bad_option`."""
    return _choice("by", "status_grouping", text) if text else None


def parse_past_day(
    option: str,
    text: str | None,
    clock: Clock,
    use: DayUse,
    first_day: Callable[[], date] = lambda: date.min,
) -> date:
    """Parse the day of an option as `parse_day_option` does, refusing a day in the future.

    Raises Refusal `bad_option`.
    """
    day = parse_day_option(option, text, clock, use, first_day)
    if day > clock.today:
        error = BadValue("future_day", day=day, today=clock.today)
        raise Refusal("bad_option", option=f"--{option}", sentence=error.sentence())
    return day


def parse_wave(text: str | None) -> str:
    """Parse the wave of a questionnaire, in either language; "after" if none was given.

    Raises Refusal `bad_option`.
    """
    return _choice("wave", "wave", text) if text else "after"


def parse_survey_grouping(text: str | None) -> str | None:
    """Parse the grouping of a report on questionnaires. Raises Refusal `bad_option`."""
    return _choice("by", "survey_grouping", text) if text else None


def _choice(option: str, field: str, text: str) -> str:
    try:
        return choose(field, text)
    except BadValue as error:
        raise Refusal("bad_option", option=f"--{option}", sentence=error.sentence()) from None


def parse_line(option: str, text: str) -> str:
    """Parse the line of text of an option, "" if it is empty. Raises Refusal `bad_option`."""
    try:
        return clean_line(text, 200) or ""
    except BadValue as error:
        raise Refusal("bad_option", option=f"--{option}", sentence=error.sentence()) from None


def parse_year_day(option: str, text: str) -> YearDay:
    """Parse a day of every year, such as `1/3` or `1. marts`; a year may be written and is left out.

    Raises Refusal `bad_option`, for 29 February too.
    """
    from kmtrack.rules.contract import YearDay
    from kmtrack.rules.report_days import is_every_year
    from kmtrack.rules.written_days import DayAndMonth

    try:
        written = read_day(text)
    except BadValue as error:
        raise Refusal("bad_option", option=f"--{option}", sentence=error.sentence()) from None
    if isinstance(written, date | DayAndMonth) and is_every_year(written.month, written.day):
        return YearDay(written.month, written.day)
    sentence = BadValue("bad_year_day", value=shown(text)).sentence()
    raise Refusal("bad_option", option=f"--{option}", sentence=sentence)


def parse_location(text: str) -> Location:
    """Parse the path of a file or the address of a server.

    Raises WrongUsage `bad_server_address`, and as `parse_path`.
    """
    from kmtrack.ledger.store.address import is_address
    from kmtrack.usecases.location import location_named

    return location_named(text, os.environ) if is_address(text) else parse_path(text)


def has_password(location: Location) -> bool:
    """Return whether the address of a server was typed with a password."""
    return not isinstance(location, Path) and "password" in location.settings


def parse_path(text: str) -> Path:
    """Parse a path; a leading ~ is the user's own folder.

    Raises WrongUsage `address_for_file` or `bad_option`.
    """
    from kmtrack.ledger.store.address import is_address

    if is_address(text):
        raise WrongUsage("address_for_file")  # which is not repeated: it may hold a password
    if "\0" in text:  # no file system has it
        error = BadValue("bad_character", character="U+0000", position=text.index("\0") + 1)
        raise Refusal("bad_option", option=shown(text), sentence=error.sentence())
    return path_typed(text)
