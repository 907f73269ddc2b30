"""The whole story of the demonstration, put together from companies, contacts and agreements."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from kmtrack.usecases.demonstration import phrases
from kmtrack.usecases.demonstration.agreements import Agreements
from kmtrack.usecases.demonstration.chance import known_id
from kmtrack.usecases.demonstration.companies import companies, twin_of
from kmtrack.usecases.demonstration.contacts import Contacts
from kmtrack.usecases.demonstration.corrections import Corrections
from kmtrack.usecases.demonstration.days import LAST_DAY
from kmtrack.usecases.demonstration.deliveries import usages
from kmtrack.usecases.demonstration.people import brokers
from kmtrack.usecases.demonstration.story import Statement

if TYPE_CHECKING:
    from kmtrack.usecases.demonstration.story import Company, History


_NOT_MET_ADDED: Final = date(2012, 12, 17)


def whole_story() -> list[Statement]:
    """Everything that is stated in the two years, in no order."""
    there = companies()
    *twins, found_out = _twins(there)
    histories = Contacts(brokers()).histories([*there, *twins])
    agreements = [
        statement
        for noun in ("collaboration", "hire")
        for statement in Agreements(noun, histories).plan()
    ]
    corrections = Corrections()
    contacts = [contact for history in histories for contact in history.contacts]
    return [
        *(_added(history) for history in histories),
        *contacts,
        *usages(contacts),
        *agreements,
        _once_more(agreements),
        *corrections.of_companies(histories),
        *corrections.of_contacts(histories),
        *corrections.of_agreements(agreements),
        *_seen_to_be_another(found_out),
    ]


def _twins(there: list[Company]) -> list[Company]:
    """Companies that stand twice; the last of them is one that somebody notices."""
    twice = [company for company in there if company.peculiarity == "twin"]
    return [twin_of(company, len(there) + n) for n, company in enumerate(twice, start=1)]


def _added(history: History) -> Statement:
    company = history.company
    day = history.contacts[0].day if history.contacts else _NOT_MET_ADDED
    return Statement(day, company.broker, "company", company.id, company.facts)


def _once_more(agreements: list[Statement]) -> Statement:
    """One collaboration that was typed twice, as a check will see."""
    project = next(a for a in agreements if "title" in a.facts and a.day.year == LAST_DAY.year)
    record_id = known_id(project.noun, len(agreements) + 1)
    return project._replace(day=project.day + timedelta(days=9), record_id=record_id)


def _seen_to_be_another(twin: Company) -> list[Statement]:
    added = Statement(date(2012, 5, 9), twin.broker, "company", twin.id, twin.facts)
    withdrawn = added._replace(
        day=date(2012, 6, 12),
        action="withdraw",
        facts={"reason": phrases.SAME_COMPANY},
        reason=phrases.SAME_COMPANY,
    )
    return [added, withdrawn]
