"""The contacts of the demonstration: each company's first one, what follows, and what never counts."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from itertools import count
from typing import TYPE_CHECKING, Any, Final

from kmtrack.ledger.facts.events import ContactFacts
from kmtrack.usecases.demonstration.chance import Chance, known_id
from kmtrack.usecases.demonstration.days import LAST_DAY
from kmtrack.usecases.demonstration.people import JOINS_ON
from kmtrack.usecases.demonstration.story import Company, History, Statement, stated
from kmtrack.usecases.demonstration.words import words

if TYPE_CHECKING:
    from kmtrack.usecases.demonstration.people import Broker

_FIRST_CHANNELS: Final = {"visit": 78, "meeting": 14, "phone": 6, "online": 2}
_LATER_CHANNELS: Final = {"visit": 36, "meeting": 20, "phone": 39, "online": 5}
_WRITTEN_CHANNELS: Final = {"email": 70, "event": 20, "letter": 10}
_FOLLOW_UPS: Final = {0: 72, 1: 17, 2: 8, 3: 2, 4: 1}
_GAPS: Final = {14: 8, 28: 16, 56: 20, 84: 18, 120: 16, 180: 14, 260: 8}
_MANY_FOLLOW_UPS: Final = {1: 45, 2: 35, 3: 20}
_PERSON_PERCENT: Final = 30
_NOTE_PERCENT: Final = 62
_NEXT_PERCENT: Final = 55
_FORGOTTEN_PERCENT: Final = 1.2
_OTHERS_PERCENT: Final = 2.5
_WRITTEN_BEFORE_PERCENT: Final = 2.2
_WRITTEN_AFTER_PERCENT: Final = 3.2
_TWICE_A_DAY_PERCENT: Final = 0.7


class Contacts:
    """Plans the contacts to one company after the other."""

    def __init__(self, staff: list[Broker]) -> None:
        self._chance = Chance("contacts")
        self._numbers = count(1)
        self._staff = staff

    def histories(self, companies: list[Company]) -> list[History]:
        """The companies with the contacts made to them."""
        by_broker: dict[str, list[Company]] = defaultdict(list)
        for company in companies:
            by_broker[company.broker.initials].append(company)
        result = []
        for broker in self._staff:
            theirs = by_broker[broker.initials]
            days = broker.diary.some_days(self._chance, len(theirs))
            for company, day in zip(theirs, days, strict=True):
                history = History(company, [])
                self._plan(history, self._first_day(company, day))
                result.append(history)
        return result

    def _first_day(self, company: Company, day: date) -> date:
        if company.peculiarity == "before_period":
            return date(2010, 12, self._chance.randint(13, 17))
        if company.peculiarity == "too_early" and day >= JOINS_ON:
            return date(2011, 5, 3) + timedelta(days=self._chance.choice((0, 7, 14, 21)))
        return day

    def _plan(self, history: History, day: date) -> None:
        company, chance = history.company, self._chance
        if company.peculiarity == "not_met":
            return
        if company.peculiarity == "written_only":
            self._add(history, day, chance.weighted(_WRITTEN_CHANNELS))
            return
        if chance.happens(_WRITTEN_BEFORE_PERCENT):
            before = company.broker.diary.day_from(chance, day - timedelta(days=20))
            if before is not None and before < day:
                self._add(history, before, chance.weighted(_WRITTEN_CHANNELS))
        self._meet_again(history, day)
        if chance.happens(_TWICE_A_DAY_PERCENT):
            other = self._neighbour(company.broker)
            self._add(history, day, "visit", broker=other)
        if chance.happens(_WRITTEN_AFTER_PERCENT):
            after = company.broker.diary.day_from(chance, day + timedelta(days=6))
            if after is not None:
                self._add(history, after, chance.weighted(_WRITTEN_CHANNELS))

    def _meet_again(self, history: History, day: date) -> None:
        """The first meeting and those that follow it; a meeting may name the day of the next."""
        chance, diary = self._chance, history.company.broker.diary
        visited = history.company.peculiarity.startswith("visited")
        number = chance.weighted(_MANY_FOLLOW_UPS if visited else _FOLLOW_UPS)
        channel = chance.weighted(_FIRST_CHANNELS)
        for later in range(number + 1):
            planned = day + timedelta(days=chance.weighted(_GAPS) + chance.randint(-5, 9))
            following = diary.day_from(chance, planned) if later < number else None
            says_next = chance.happens(_NEXT_PERCENT) and later < number
            if says_next or chance.happens(_FORGOTTEN_PERCENT):
                self._add(history, day, channel, next=max(planned, day + timedelta(days=1)))
            else:
                self._add(history, day, channel)
            if following is None or following <= day:
                return
            day, channel = following, chance.weighted(_LATER_CHANNELS)

    def _add(
        self,
        history: History,
        day: date,
        channel: str,
        broker: Broker | None = None,
        **values: Any,
    ) -> None:
        company, chance = history.company, self._chance
        broker = broker or company.broker
        if chance.happens(_OTHERS_PERCENT):
            values["others"] = self._neighbour(broker).initials
        if chance.happens(_NOTE_PERCENT):
            values["note"] = chance.choice(words().notes_contact)
        facts = stated(
            ContactFacts, LAST_DAY, date=day, channel=channel, broker=broker.initials, **values
        )
        facts = {"company_id": company.id, **facts}
        record_id = known_id("contact", next(self._numbers))
        history.contacts.append(
            Statement(day, broker, "contact", record_id, facts, person=self._person(company))
        )

    def _neighbour(self, broker: Broker) -> Broker:
        return self._chance.choice([other for other in self._staff if other != broker])

    def _person(self, company: Company) -> str | None:
        """Whom they met: nearly always the same person of a company."""
        if not self._chance.happens(_PERSON_PERCENT):
            return None
        known = Chance(f"person {company.id}")
        return known.choice(words().persons)
