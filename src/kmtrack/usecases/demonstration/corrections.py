"""What the demonstration's brokers state later: facts found, slips mended, moves, and withdrawals."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from kmtrack.usecases.demonstration import phrases
from kmtrack.usecases.demonstration.chance import Chance
from kmtrack.usecases.demonstration.companies import cvr_numbers
from kmtrack.usecases.demonstration.days import LAST_DAY
from kmtrack.usecases.demonstration.story import Statement
from kmtrack.usecases.demonstration.words import words

if TYPE_CHECKING:
    from datetime import date

    from kmtrack.usecases.demonstration.story import Company, History

_ROOM: Final = timedelta(days=230)  # for what is stated later
_MOVES_OUT: Final = 3
_MOVES: Final = 5
_GROWS: Final = 8
_OUTGROWS: Final = 2
_NOTES: Final = 14
_WRONG_COMPANY: Final = 5
_TYPED_TWICE: Final = 4
_FELL_THROUGH: Final = 2


class Corrections:
    """Plans what is stated of records after they were added."""

    def __init__(self) -> None:
        self._chance = Chance("corrections")

    def of_companies(self, histories: list[History]) -> list[Statement]:
        """Numbers and headcounts that were asked for later, companies that move or grow."""
        result = []
        taken = {history.company.facts.get("cvr", "") for history in histories}
        numbers = cvr_numbers(self._chance, taken)
        for history in histories:
            if history.company.peculiarity == "cvr_later":
                result.append(self._found(history, cvr=next(numbers)))
            if history.company.peculiarity == "headcount_later":
                result.append(self._found(history, employees=str(self._chance.randint(3, 90))))
        changing = self._some_plain(histories, _MOVES_OUT + _MOVES + _GROWS + _OUTGROWS)
        for number, history in enumerate(changing):
            facts = self._change(number, history.company)
            since = history.contacts[0].day + timedelta(days=self._chance.randint(60, 200))
            facts = {"from": since.isoformat(), **facts}
            result.append(self._edit(history.company, since + timedelta(days=12), facts))
        return result

    def of_contacts(self, histories: list[History]) -> list[Statement]:
        """Notes that were added, and contacts that ought not to stand."""
        result = []
        number = _NOTES + _WRONG_COMPANY + _TYPED_TWICE
        several = [h for h in histories if len(h.contacts) > 1]
        for place, history in enumerate(self._some_plain(several, number)):
            contact = history.contacts[-1]
            day = contact.day + timedelta(days=self._chance.randint(1, 9))
            if place < _NOTES:
                facts = {"note": self._chance.choice(words().notes_contact)}
                result.append(contact._replace(day=day, facts=facts, action="edit", person=None))
            else:
                wrong = place < _NOTES + _WRONG_COMPANY
                reason = phrases.WRONG_COMPANY if wrong else phrases.TYPED_TWICE
                result.append(_withdrawn(contact, day, reason))
        return result

    def of_agreements(self, agreements: list[Statement]) -> list[Statement]:
        """Agreements that came to nothing."""
        settled = [a for a in agreements if "agreed" in a.facts and a.day.year < LAST_DAY.year]
        chosen = self._chance.sample(settled, _FELL_THROUGH)
        left = phrases.STUDENT_LEFT
        return [
            _withdrawn(a, a.day + timedelta(days=20), phrases.JOB_FELL_THROUGH)
            if a.noun == "hire"
            else _withdrawn(a, a.day + timedelta(days=20), left)
            for a in chosen
        ]

    def _found(self, history: History, **facts: str) -> Statement:
        day = history.contacts[0].day + timedelta(days=self._chance.randint(14, 70))
        return self._edit(history.company, day, facts)

    def _change(self, number: int, company: Company) -> dict[str, Any]:
        if number < _MOVES_OUT:
            return {"municipality": self._chance.choice(phrases.NEIGHBOURS)}
        if number < _MOVES_OUT + _MOVES:
            places = [m for m in words().municipalities if m != company.facts["municipality"]]
            return {"municipality": self._chance.choice(places)}
        if number < _MOVES_OUT + _MOVES + _GROWS:
            return {"employees": str(self._chance.randint(30, 180))}
        return {"employees": str(self._chance.randint(255, 300))}

    def _edit(self, company: Company, day: date, facts: dict[str, Any]) -> Statement:
        return Statement(day, company.broker, "company", company.id, facts, "edit")

    def _some_plain(self, histories: list[History], number: int) -> list[History]:
        early = [
            history
            for history in histories
            if history.company.peculiarity == "plain"
            and LAST_DAY - history.contacts[-1].day > _ROOM
        ]
        return self._chance.sample(early, number)


def _withdrawn(statement: Statement, day: date, reason: str) -> Statement:
    facts = {"reason": reason}
    return statement._replace(day=day, facts=facts, action="withdraw", reason=reason, person=None)
