"""Lists of records, newest first, and the contacts that are due."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from kmtrack.ledger.queries.companies import listed_companies, number_of_companies
from kmtrack.ledger.queries.events import (
    contacts_due,
    newest_events,
    number_of_events,
    number_of_verdicts,
)
from kmtrack.ledger.rows import current_facts
from kmtrack.ledger.schema.company import CompanyFacts
from kmtrack.ledger.schema.fields import fields_of
from kmtrack.ledger.schema.nouns import NOUNS
from kmtrack.usecases.company_lookup import companies_named, find_company

if TYPE_CHECKING:
    from datetime import date

    from kmtrack.ledger.store.base import Store, StoredRow
    from kmtrack.usecases.session import Session

Listed = dict[str, Any]


class Listing(NamedTuple):
    """Some records of a noun, newest first, the fields to show, and how many there are in all."""

    noun: str
    fields: tuple[str, ...]
    records: list[Listed]
    number: int

    @property
    def columns(self) -> dict[str, str]:
        """The fields of the records, but for their outcome, each with its heading in an import."""
        known = ((name, NOUNS[self.noun].field(name)) for name in self.fields)
        return {
            name: field.column if field else name for name, field in known if name != "standings"
        }


def listing_of(session: Session, name: str, company: str | None, limit: int) -> Listing:
    """Return the newest `limit` records of a noun (or "followup"), of one company if one is named."""
    store = session.store
    with store.reading():
        company_id = find_company(session, company, withdrawn=True)["id"] if company else None
        noun = "contact" if name == "followup" else name
        targets = _later_targets(store) if name == "followup" else None
        rows = newest_events(store, noun, limit, company_id, targets)
        records = [_listed(noun, row) for row in rows]
        if targets is None:
            number = number_of_events(store, noun, company_id)
        else:
            number = sum(number_of_verdicts(store, target, company_id) for target in targets)
    fields = ("id", "company", "cvr", *listed_fields(noun), "standings")
    return Listing(noun, fields, records, number)


def due_contacts(session: Session, until: date) -> Listing:
    """Return the contacts whose next one is planned for `until` or before and has not been made."""
    rows = contacts_due(session.store, until)
    fields = ("id", "next", "company", "cvr", "date", "broker", "others", "note")
    return Listing("contact", fields, [{f: row[f] for f in fields} for row in rows], len(rows))


def listed_fields(noun: str) -> tuple[str, ...]:
    """Return what a list has of a record: it is material to pass on, without contact persons."""
    facts = NOUNS[noun].facts
    fields = fields_of(facts) if facts else ()
    return tuple(field.name for field in fields if field.kind.reference != "person")


def listed_companies_named(session: Session, words: str | None, limit: int) -> Listing:
    """Return the first `limit` companies by name, only those that the words may name if there are any."""
    store, today = session.store, session.clock.today
    with store.reading():
        if words is None:
            rows, number = listed_companies(store, limit), number_of_companies(store)
        else:
            named = companies_named(session, words)
            rows, number = named[:limit], len(named)
    fields = ("id", *NOUNS["company"].fields)
    records = [{"id": row["id"], **CompanyFacts.shown(current_facts(row, today))} for row in rows]
    return Listing("company", fields, records, number)


def _later_targets(store: Store) -> list[str]:
    from kmtrack.ledger.contract import contract_in_force

    contract = contract_in_force(store)
    return [target.id for target in contract.targets if target.selection.history == "later"]


def _listed(noun: str, row: StoredRow) -> Listed:
    listed: Listed = {name: row[name] for name in ("id", "company_id", "company", "cvr")}
    facts = NOUNS[noun].facts
    shown = facts.shown(dict(row)) if facts else {}
    listed.update((field, shown[field]) for field in listed_fields(noun))
    verdicts = _verdicts(row["standings"])
    listed["standings"] = [
        {"target": target, "outcome": outcome} for target, outcome, _ in verdicts
    ]
    listed["deciding_municipality"] = verdicts[0][2] or None if verdicts else None
    return listed


def _verdicts(text: str | None) -> list[list[str]]:
    """Return target, outcome and municipality of each verdict on a record."""
    return [part.split(" ") for part in sorted(text.split(","))] if text else []
