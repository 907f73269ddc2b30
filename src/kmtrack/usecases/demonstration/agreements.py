"""The collaborations and hires of the demonstration, agreed some time after a company was met."""

from __future__ import annotations

from datetime import timedelta
from itertools import count
from typing import TYPE_CHECKING, Any, Final

from kmtrack.ledger.facts.events import CollaborationFacts, HireFacts
from kmtrack.usecases.demonstration.chance import Chance, known_id
from kmtrack.usecases.demonstration.days import LAST_DAY
from kmtrack.usecases.demonstration.story import Statement, stated
from kmtrack.usecases.demonstration.words import words

if TYPE_CHECKING:
    from datetime import date

    from kmtrack.usecases.demonstration.story import History

_SETTLED: Final = {"collaboration": 294, "hire": 71}
_NOT_AGREED: Final = {"collaboration": 12, "hire": 3}
_AGREED_TOO_EARLY: Final = {"collaboration": 4, "hire": 1}
_NEVER_MET: Final = {"collaboration": 3, "hire": 0}
_TALKS_LAST: Final = timedelta(days=150)

_KINDS: Final = {"project": 46, "student-job": 20, "internship": 34}
_LASTS: Final = {"project": (60, 130), "student-job": (150, 330), "internship": (84, 150)}
_LEVELS: Final = {"master": 80, "phd": 6, "bachelor": 4, "mvu": 5, "kvu": 2, None: 3}
_TERMS: Final = {"ordinary": 66, "subsidised": 29, "unpaid": 5}
_HOURS: Final = {37: 74, 30: 14, 20: 8, 15: 4}


class Agreements:
    """Plans the agreements of one noun on the histories of companies."""

    def __init__(self, noun: str, histories: list[History]) -> None:
        self._noun = noun
        self._chance = Chance(noun)
        self._numbers = count(1)
        self._met = [history for history in histories if history.meetings]
        self._never_met = [h for h in histories if h.contacts and not h.meetings]
        self._not_agreed_at: set[str] = set()

    def plan(self) -> list[Statement]:
        """The agreements, in no order."""
        noun = self._noun
        return [
            *(self._settled() for _ in range(_SETTLED[noun])),
            *(self._not_agreed() for _ in range(_NOT_AGREED[noun])),
            *(self._agreed_too_early() for _ in range(_AGREED_TOO_EARLY[noun])),
            *(self._agreed_unmet(history) for history in self._never_met[: _NEVER_MET[noun]]),
        ]

    def _settled(self) -> Statement:
        while True:
            history = self._company()
            after = self._chance.choice(history.meetings).day
            agreed = self._day(history, after + timedelta(days=self._chance.randint(10, 150)))
            if agreed is not None:
                return self._agreement(history, agreed)

    def _not_agreed(self) -> Statement:
        """Talks that go on: begun in the last months, and with one company each."""
        while True:
            history = self._company()
            talked = history.meetings[-1].day
            is_recent = LAST_DAY - talked < _TALKS_LAST
            if is_recent and history.company.id not in self._not_agreed_at:
                self._not_agreed_at.add(history.company.id)
                return self._agreement(history, None, talked)

    def _agreed_too_early(self) -> Statement:
        """Agreed before anybody met the company."""
        late = [h for h in self._met if h.contacts[0].day.year == LAST_DAY.year]
        plain = [h for h in late if h.company.peculiarity == "plain" and len(h.contacts) == 1]
        history = self._chance.choice(plain)
        met = history.meetings[0].day
        return self._agreement(history, self._day(history, met - timedelta(days=60)))

    def _agreed_unmet(self, history: History) -> Statement:
        written = history.contacts[0].day
        return self._agreement(history, self._day(history, written + timedelta(days=20)))

    def _company(self) -> History:
        """A company that was met; the more often, the likelier, and hires nearly all at SMEs."""
        while True:
            history = self._chance.choice(self._met)
            plain = history.company.peculiarity in {"plain", "visited_before", "headcount_later"}
            likely = 28 * len(history.meetings) if plain else 12
            if self._chance.happens(likely):
                return history

    def _day(self, history: History, day: date) -> date | None:
        return history.company.broker.diary.day_from(self._chance, day)

    def _agreement(
        self, history: History, agreed: date | None, talked: date | None = None
    ) -> Statement:
        chance, broker = self._chance, history.company.broker
        values: dict[str, Any] = {"broker": broker.initials, "agreed": agreed}
        if agreed is not None:
            values["start"] = agreed + timedelta(days=chance.randint(7, 60))
        if chance.happens(80):
            values["institution"] = chance.choice(words().institutions)
        if self._noun == "collaboration":
            facts = stated(CollaborationFacts, LAST_DAY, **values, **self._collaboration(values))
        else:
            facts = stated(HireFacts, LAST_DAY, **values, **self._hire(values))
        facts = {"company_id": history.company.id, **facts}
        record_id = known_id(self._noun, next(self._numbers))
        day = agreed or talked or LAST_DAY
        return Statement(day, broker, self._noun, record_id, facts)

    def _collaboration(self, values: dict[str, Any]) -> dict[str, Any]:
        chance = self._chance
        kind = chance.weighted(_KINDS)
        facts: dict[str, Any] = {"kind": kind}
        if kind == "project":
            facts["title"] = chance.choice(words().titles_project)
            facts["students"] = chance.weighted({1: 20, 2: 35, 3: 25, 4: 15, 5: 5})
        if "start" in values and chance.happens(85):
            facts["end"] = values["start"] + timedelta(days=chance.randint(*_LASTS[kind]))
        return facts

    def _hire(self, values: dict[str, Any]) -> dict[str, Any]:
        chance = self._chance
        terms = chance.weighted(_TERMS)
        facts: dict[str, Any] = {"level": chance.weighted(_LEVELS), "terms": terms}
        facts["field"] = chance.choice(words().fields_of_study)
        facts["hours"] = chance.weighted(_HOURS)
        if terms != "ordinary" and "start" in values:
            facts["end"] = values["start"] + timedelta(days=182)
        return facts
