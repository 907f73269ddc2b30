"""The brokers of the demonstration: where they work, from when, and when they type what they did."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Final, NamedTuple

from kmtrack.usecases.demonstration.chance import Chance
from kmtrack.usecases.demonstration.days import LAST_DAY, Diary, Leave
from kmtrack.usecases.demonstration.phrases import LATE_MUNICIPALITY
from kmtrack.usecases.demonstration.words import words

STARTS: Final = date(2011, 1, 10)
JOINS_ON: Final = date(2011, 9, 1)
_ON_LEAVE: Final = {"740": Leave(date(2012, 2, 1), date(2012, 4, 30))}
# Companies each broker finds: Aarhus has most, and Skive came late.
_SHARES: Final = {"751": 1.3, "657": 1.15, "760": 0.85, LATE_MUNICIPALITY: 0.6}
_TYPES_EACH_EVENING: Final = "791"
_LATE_PERCENT: Final = 6


class Broker(NamedTuple):
    """A broker; `types_each_evening` what others bring in from a workbook once a week."""

    initials: str
    council: str
    municipality: str
    starts: date
    share: float
    types_each_evening: bool
    diary: Diary


def brokers() -> list[Broker]:
    """All brokers, the owner of the ledger last."""
    return [_broker(**one) for one in words().brokers]


def _broker(initials: str, council: str, municipality: str) -> Broker:
    starts = JOINS_ON if municipality == LATE_MUNICIPALITY else STARTS
    return Broker(
        initials,
        council,
        municipality,
        starts,
        _SHARES.get(municipality, 1.0),
        municipality == _TYPES_EACH_EVENING,
        Diary(starts, _ON_LEAVE.get(municipality)),
    )


def sitting(broker: Broker, day: date) -> datetime:
    """The moment (UTC) at which a broker sits down to type what happened on `day`."""
    day = max(day, broker.starts)
    if not broker.types_each_evening:
        day += timedelta(days=4 - day.weekday())
    chance = Chance(f"sitting {broker.initials} {day}")
    if chance.happens(_LATE_PERCENT):
        day += timedelta(days=7 if not broker.types_each_evening else 1)
    early = 14 if broker.types_each_evening else 11
    start = datetime.combine(min(day, LAST_DAY), time(early), UTC)
    return start + timedelta(seconds=chance.randrange(4 * 60 * 60))
