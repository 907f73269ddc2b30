"""The clock: what day it is, and the moment at which something is recorded."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, NamedTuple

from kmtrack.errors import WrongUsage

if TYPE_CHECKING:
    from collections.abc import Mapping


class Clock(NamedTuple):
    """Today, whether that day was set for a test, and the moment where all of it is set."""

    today: date
    is_set: bool = False
    moment: datetime | None = None

    def now(self) -> str:
        """The moment, UTC, as a text that sorts by time; on the set day where one is set."""
        now = self.moment or datetime.now(UTC)
        if self.is_set:
            now = datetime.combine(self.today, now.timetz())
        return _as_text(now)


def first_moment_of(day: date) -> str:
    """The first moment of a day here, UTC, in the form of `Clock.now`."""
    return _as_text(datetime.combine(day, time.min).astimezone())


def last_moment_of(day: date) -> str:
    """The last moment of a day here, UTC, in the form of `Clock.now`."""
    return _as_text(datetime.combine(day, time.max).astimezone())


def last_moment_within(beginning: datetime, unit: timedelta) -> str:
    """The last moment of the minute, second, … that begins so, UTC, in the form of `Clock.now`."""
    return _as_text(beginning.astimezone(UTC) + unit - timedelta(microseconds=1))


def here(moment: str) -> datetime:
    """A moment in the form of `Clock.now` as the clock on the wall here showed it."""
    return datetime.fromisoformat(moment).astimezone()


def _as_text(moment: datetime) -> str:
    in_utc = moment.astimezone(UTC)
    return in_utc.isoformat(timespec="microseconds").replace("+00:00", "Z")


def clock_from(environment: Mapping[str, str]) -> Clock:
    """The real clock, or the day that KMTRACK_TODAY sets. Raises WrongUsage `bad_today`."""
    text = environment.get("KMTRACK_TODAY")
    if not text:
        return Clock(datetime.now().astimezone().date())
    try:
        return Clock(date.fromisoformat(text.strip()), is_set=True)
    except ValueError:
        raise WrongUsage("bad_today", value=text) from None


def later_than(last: str, moment: str) -> str:
    """A moment (UTC), or the one right after the last where a clock was set back."""
    if moment > last:
        return moment
    later = datetime.fromisoformat(last) + timedelta(microseconds=1)
    return later.isoformat(timespec="microseconds").replace("+00:00", "Z")
