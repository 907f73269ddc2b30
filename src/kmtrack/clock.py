"""Today's date and the timestamps of recorded commands."""

from __future__ import annotations

import time as system_time
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Final, NamedTuple

from kmtrack.errors import WrongUsage

if TYPE_CHECKING:
    from collections.abc import Mapping

# Longer than any ledger in use is left alone.
_FAR: Final = timedelta(days=400)
# No day that is stated anywhere is of another year.
YEARS: Final = range(1900, 2101)
_LONGEST: Final = 40  # of what a message repeats
# A time zone is less than this from UTC: Python computes with no other.
_A_DAY: Final = 24 * 60 * 60  # seconds
# Clocks of different machines differ by minutes.
_SLACK: Final = timedelta(minutes=10)


class Clock(NamedTuple):
    """The current date and time, real or fixed.

    `today` is the local date. `is_set` is true if KMTRACK_TODAY fixed it; `moment` fixes the time
    of day as well.
    """

    today: date
    is_set: bool = False
    moment: datetime | None = None

    def now(self) -> str:
        """Return the current UTC timestamp, on the fixed date if there is one.

        The form is `2011-06-30T12:00:00.000000Z`, which sorts chronologically as text.
        """
        now = self.moment or datetime.now(UTC)
        if self.is_set:
            now = datetime.combine(self.today, now.timetz())
        return _as_text(now)


def first_moment_of(day: date) -> str:
    """Return the start of a local day as a UTC timestamp in the form of `Clock.now`."""
    return _as_text(datetime.combine(day, time.min).astimezone())


def last_moment_of(day: date) -> str:
    """Return the last microsecond of a local day as a UTC timestamp in the form of `Clock.now`."""
    return _as_text(datetime.combine(day, time.max).astimezone())


def moment_of(moment: datetime) -> str:
    """Return a moment as a UTC timestamp in the form of `Clock.now`."""
    return _as_text(moment)


def last_moment_within(beginning: datetime, unit: timedelta) -> str:
    """Return the last microsecond of the `unit` (minute, second, …) that starts at `beginning`.

    The result is a UTC timestamp in the form of `Clock.now`.
    """
    return _as_text(beginning.astimezone(UTC) + unit - timedelta(microseconds=1))


def here(moment: str) -> datetime:
    """Convert a timestamp in the form of `Clock.now` to local time.

    It stays in UTC if local time would be outside the calendar, as only a false moment can be.
    """
    found = datetime.fromisoformat(moment)
    with suppress(OverflowError):
        return found.astimezone()
    return found


def _as_text(moment: datetime) -> str:
    in_utc = moment.astimezone(UTC)
    return in_utc.isoformat(timespec="microseconds").replace("+00:00", "Z")


def clock_from(environment: Mapping[str, str]) -> Clock:
    """Return the real clock, or one fixed to KMTRACK_TODAY if that is set.

    Raises WrongUsage `bad_today` if KMTRACK_TODAY is not an ISO date of these YEARS, and `bad_time_zone` if TZ names
    no time zone that there can be.
    """
    if max(abs(system_time.timezone), abs(system_time.altzone)) >= _A_DAY:
        raise WrongUsage("bad_time_zone", value=environment.get("TZ", ""))
    text = environment.get("KMTRACK_TODAY")
    if not text:
        return Clock(datetime.now().astimezone().date())
    with suppress(ValueError):
        today = date.fromisoformat(text.strip())
        if today.year in YEARS:
            return Clock(today, is_set=True)
    raise WrongUsage("bad_today", value=text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…")


def later_than(last: str, moment: str) -> str:
    """Return `moment`, or one microsecond after `last` if the clock was set back (both UTC)."""
    if moment > last:
        return moment
    later = datetime.fromisoformat(last) + timedelta(microseconds=1)
    return later.isoformat(timespec="microseconds").replace("+00:00", "Z")


def is_far_after(last: str, moment: str) -> bool:
    """Return whether a moment is so long after the last one (both UTC) that the clock may be wrong."""
    return bool(last) and datetime.fromisoformat(moment) - datetime.fromisoformat(last) > _FAR


def latest_believed(now: str) -> str:
    """Return the latest moment (UTC) that is not in the future, allowing for a clock that is slightly slow."""
    moment = datetime.fromisoformat(now)
    return _as_text(moment + min(_SLACK, datetime.max.replace(tzinfo=UTC) - moment))
