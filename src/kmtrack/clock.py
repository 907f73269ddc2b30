"""The clock: what day it is, and the moment at which something is recorded."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, NamedTuple

from kmtrack.errors import KmtrackError

if TYPE_CHECKING:
    from collections.abc import Mapping


class BadToday(KmtrackError):
    """KMTRACK_TODAY is not a day."""

    exit_code = 2


class Clock(NamedTuple):
    """Today, and whether that day was set for a test or a demonstration."""

    today: date
    is_set: bool = False

    def now(self) -> str:
        """The moment, UTC, as a text that sorts by time; on the set day where one is set."""
        now = datetime.now(UTC)
        if self.is_set:
            now = datetime.combine(self.today, now.timetz())
        return now.isoformat(timespec="microseconds").replace("+00:00", "Z")


def clock_from(environment: Mapping[str, str]) -> Clock:
    """The real clock, or the day that KMTRACK_TODAY sets. Raises BadToday."""
    text = environment.get("KMTRACK_TODAY")
    if not text:
        return Clock(datetime.now().astimezone().date())
    try:
        return Clock(date.fromisoformat(text.strip()), is_set=True)
    except ValueError:
        raise BadToday(value=text) from None
