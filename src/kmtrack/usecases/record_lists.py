"""Lists of records, newest first, and the contacts that are due."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from kmtrack.ledger.rows import current_facts
from kmtrack.ledger.schema.fields import fields_of
from kmtrack.ledger.schema.names import BY_NAME
from kmtrack.ledger.schema.nouns import NOUNS
from kmtrack.usecases.lookup import find_company

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from kmtrack.ledger.store.base import Store
    from kmtrack.usecases.session import Session

Listed = dict[str, Any]

# The newest are picked before anything is joined to them: a list is as quick however many there are.
_EVENTS: Final = """
    WITH newest AS MATERIALIZED (
        SELECT * FROM {noun} AS record
        WHERE record.withdrawn IS NULL {narrowed}
        ORDER BY {day} DESC NULLS LAST, record.recorded_at DESC, record.id LIMIT :limit
    )
    SELECT record.*, company.name AS company, company.cvr AS cvr,
           (SELECT group_concat(verdict.target || ' ' || verdict.outcome, ',') FROM verdict
            WHERE verdict.company_id = record.company_id AND verdict.record_id = record.id
           ) AS standings
    FROM newest AS record JOIN company ON company.id = record.company_id
    ORDER BY {day} DESC NULLS LAST, record.recorded_at DESC, record.id
"""
_OF_COMPANY: Final = "AND record.company_id = :company"
_LATER: Final = """
    AND EXISTS (
        SELECT 1 FROM verdict
        WHERE verdict.company_id = record.company_id AND verdict.record_id = record.id
          AND verdict.target IN (SELECT value FROM json_each(:later_targets)))
"""
_DUE: Final = """
    SELECT record.*, company.name AS company, company.cvr AS cvr
    FROM contact AS record JOIN company ON company.id = record.company_id
    WHERE record.withdrawn IS NULL AND record.next IS NOT NULL AND record.next <= :until
      AND NOT EXISTS (
          SELECT 1 FROM contact AS since
          WHERE since.company_id = record.company_id AND since.withdrawn IS NULL
            AND since.id <> record.id
            AND (since.date >= record.next
                 OR (since.date >= record.date AND since.next > record.next)))
    ORDER BY record.next, {by_name}, record.id
"""
_COMPANIES: Final = """
    SELECT * FROM company WHERE withdrawn IS NULL AND (:id IS NULL OR id = :id)
    ORDER BY {by_name}, id LIMIT :limit
"""
_DAY_OF: Final = {
    "contact": "record.date",
    "collaboration": "record.agreed",
    "hire": "record.agreed",
}


class Listing(NamedTuple):
    """Some records of a noun, newest first, the fields to show, and how many there are in all."""

    noun: str
    fields: tuple[str, ...]
    records: list[Listed]
    number: int


def listing_of(session: Session, name: str, company: str | None, limit: int) -> Listing:
    """The newest `limit` records of a noun (or "followup"), of one company if one is named."""
    store = session.store
    with store.reading():
        company_id = find_company(store, company, withdrawn=True)["id"] if company else None
        if name == "company":
            return _companies(store, company_id, limit, session.clock.today)
        noun = "contact" if name == "followup" else name
        rows = list(_events(store, noun, company_id, limit, later=name == "followup"))
        number = _number(store, noun, company_id, later=name == "followup")
    fields = ("id", "company", "cvr", *listed_fields(noun), "standings")
    return Listing(noun, fields, rows, number)


def due_contacts(session: Session, until: date) -> Listing:
    """The contacts whose next one is planned for `until` or before and has not been made.

    It is made once the company is met on the planned day or later, and moved by a later plan.
    """
    rows = [
        dict(row)
        for row in session.store.all(_DUE.format(by_name=BY_NAME), until=until.isoformat())
    ]
    fields = ("id", "next", "company", "cvr", "date", "broker", "others", "note")
    return Listing("contact", fields, [{f: row[f] for f in fields} for row in rows], len(rows))


def listed_fields(noun: str) -> tuple[str, ...]:
    """Return what a list has of a record: it is material to pass on, without contact persons."""
    facts = NOUNS[noun].facts
    fields = fields_of(facts) if facts else ()
    return tuple(field.name for field in fields if field.kind.reference != "person")


def _companies(store: Store, company_id: str | None, limit: int, today: date) -> Listing:
    fields = ("id", *NOUNS["company"].fields)
    rows = store.all(
        _COMPANIES.format(by_name=BY_NAME),
        id=company_id,
        limit=limit,
    )
    number = _count(store, "SELECT count(*) FROM company WHERE withdrawn IS NULL")
    records = []
    for row in rows:
        current = current_facts(dict(row), today)
        if current["sme"] is not None:
            current["sme"] = bool(current["sme"])
        records.append({field: current[field] for field in fields})
    return Listing("company", fields, records, number)


def _later_targets(store: Store) -> list[str]:
    from kmtrack.ledger.contract import contract_in_force

    contract = contract_in_force(store)
    return [target.id for target in contract.targets if target.selection.history == "later"]


def _events(
    store: Store, noun: str, company_id: str | None, limit: int, *, later: bool
) -> Iterator[Listed]:
    import json

    fields = listed_fields(noun)
    narrowed = (_OF_COMPANY if company_id else "") + (_LATER if later else "")
    rows = store.each(
        _EVENTS.format(noun=noun, day=_DAY_OF[noun], narrowed=narrowed),
        company=company_id,
        limit=limit,
        later_targets=json.dumps(_later_targets(store) if later else []),
    )
    for row in rows:
        listed: Listed = {name: row[name] for name in ("id", "company_id", "company", "cvr")}
        listed.update((field, row[field]) for field in fields)
        listed["standings"] = _standings(row["standings"])
        yield listed


def _standings(text: str | None) -> list[dict[str, str]]:
    pairs = [part.split(" ") for part in sorted(text.split(","))] if text else []
    return [{"target": target, "outcome": outcome} for target, outcome in pairs]


def _number(store: Store, noun: str, company_id: str | None, *, later: bool) -> int:
    if later:
        targets = _later_targets(store)
        return sum(
            _count(
                store,
                "SELECT count(*) FROM verdict WHERE target = :target"
                " AND (:company IS NULL OR company_id = :company)",
                target=target,
                company=company_id,
            )
            for target in targets
        )
    where = " WHERE withdrawn IS NULL AND (:company IS NULL OR company_id = :company)"
    return _count(store, NOUNS[noun].count + where, company=company_id)


def _count(store: Store, statement: str, **named: object) -> int:
    return int(store.get(statement, **named)[0])
