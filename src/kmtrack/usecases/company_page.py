"""Company page: what to read about a company before a visit: facts, people, history, next step."""

from __future__ import annotations

import json
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from kmtrack.ledger.contract import contract_in_force
from kmtrack.ledger.dossiers import company_of
from kmtrack.ledger.queries.companies import company_row
from kmtrack.ledger.queries.events import contact_planned, events_of_company
from kmtrack.ledger.queries.people import live_people_at
from kmtrack.ledger.schema.nouns import EVENTS, NOUNS
from kmtrack.ledger.successions import StatedSuccessions
from kmtrack.ledger.verdicts import stored_verdicts
from kmtrack.rules.missing_facts import facts_missing
from kmtrack.usecases.recent_contacts import recent_contacts
from kmtrack.usecases.records import company_with_successions

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from kmtrack.ledger.store.base import Store
    from kmtrack.rules.contract import Contract
    from kmtrack.usecases.recent_contacts import Recent
    from kmtrack.usecases.records import ShownRecord
    from kmtrack.usecases.session import Session

# The limit for each noun if not all are requested; no company has that many.
_MOST: Final = 200
_ALL: Final = 1_000_000


class CompanyEvent(NamedTuple):
    """A contact, collaboration or hire of the company, with its verdicts.

    `verdicts` have target, outcome and the reasons why the record does not count.
    """

    id: str
    noun: str
    day: date | None
    record: ShownRecord
    verdicts: list[dict[str, Any]]


class Planned(NamedTuple):
    """A planned contact that has not taken place: the contact at which it was agreed, and the day."""

    id: str
    day: date
    days_left: int


class CompanyPage(NamedTuple):
    """Everything to show about a company: `record` as in `company show --json`, and what belongs to it.

    `people` have id, name and the day of their last contact; `events` are in order, the newest last
    and those without a day after them. `missing` are the facts that its records wait for.
    """

    contract: Contract
    record: ShownRecord
    people: list[dict[str, str | None]]
    events: list[CompanyEvent]
    planned: Planned | None
    recent: list[Recent]
    missing: list[str]


def company_page(session: Session, company_id: str, *, whole: bool = False) -> CompanyPage:
    """Return the page of a company, with all its events if `whole`."""
    store, today = session.store, session.clock.today
    most = _ALL if whole else _MOST
    store.foresee(
        partial(company_with_successions, store, company_id, today),
        partial(StatedSuccessions, store),
        partial(contract_in_force, store),
        partial(stored_verdicts, store, company_id),
        *(partial(events_of_company, store, noun, company_id, most) for noun in EVENTS),
        partial(live_people_at, store, company_id),
        partial(recent_contacts, session, [company_id]),
        partial(contact_planned, store, company_id),
    )
    record = company_with_successions(store, company_id, today)
    contract = contract_in_force(store)
    verdicts: dict[str, list[dict[str, Any]]] = {}
    for verdict in stored_verdicts(store, company_id):
        # Several requirements may lack the same fact.
        reasons = list(dict.fromkeys(reason for _, reason in json.loads(verdict.reasons)))
        judged = {"target": verdict.target, "outcome": verdict.outcome, "reasons": reasons}
        verdicts.setdefault(verdict.record_id, []).append(judged)
    rows = {noun: events_of_company(store, noun, company_id, most) for noun in EVENTS}
    people = live_people_at(store, company_id)
    names = {person["id"]: person["name"] for person in people}
    events = [
        _event(noun, row, names, verdicts.get(row["id"], []))
        for noun, found in rows.items()
        for row in found
    ]
    # Records of one day are in the order in which they were recorded.
    events.sort(key=lambda each: (each.day or date.max, each.record["recorded_at"], each.id))
    for each in events:
        del each.record["recorded_at"]
    ids = [company_id, *(each["id"] for each in record["succeeds"])]
    lately = recent_contacts(session, ids)
    is_withdrawn = record["withdrawn"] is not None
    missing = facts_missing(contract, company_of(company_row(store, company_id)))
    return CompanyPage(
        contract,
        record,
        [_person(person, rows["contact"]) for person in people],
        events,
        _planned(store, company_id, today),
        [recent for each in ids for recent in lately.get(each, [])],
        [] if is_withdrawn else missing,
    )


def _event(
    noun: str, row: Any, names: Mapping[str, str], verdicts: list[dict[str, Any]]
) -> CompanyEvent:
    facts = NOUNS[noun].facts
    record: ShownRecord = {**(facts.shown(dict(row)) if facts else {})}
    if noun == "contact":
        record["person"] = names.get(record.pop("person_id") or "")
    record["recorded_at"] = row["recorded_at"]
    day = row["date" if noun == "contact" else "agreed"]
    return CompanyEvent(row["id"], noun, date.fromisoformat(day) if day else None, record, verdicts)


def _person(person: Mapping[str, Any], contacts: Iterable[Any]) -> dict[str, str | None]:
    days = (row["date"] for row in contacts if row["person_id"] == person["id"])
    return {"id": person["id"], "name": person["name"], "last": max(days, default=None)}


def _planned(store: Store, company_id: str, today: date) -> Planned | None:
    contact = contact_planned(store, company_id)
    if contact is None:
        return None
    day = date.fromisoformat(contact["next"])
    return Planned(contact["id"], day, (day - today).days)
