"""Records as shown: the row with its company, its person and its verdicts."""

from __future__ import annotations

from functools import partial
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from kmtrack.ledger.queries.companies import company_by_id, parts_of_company
from kmtrack.ledger.queries.events import number_of_events
from kmtrack.ledger.queries.people import name_of
from kmtrack.ledger.rows import current_facts, later_facts
from kmtrack.ledger.schema.nouns import EVENTS, NOUNS
from kmtrack.ledger.successions import StatedSuccessions
from kmtrack.ledger.verdicts import stored_verdicts

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from kmtrack.ledger.rows import Columns, Row
    from kmtrack.ledger.store.base import Store
    from kmtrack.ledger.verdicts import StoredVerdict
    from kmtrack.rules.judgement import Verdict

ShownRecord = dict[str, Any]


def company_record(store: Store, company_id: str, on: date) -> ShownRecord:
    """Return a company with the facts in force on a day, how they changed, and how many records it has."""
    store.foresee(
        partial(_company, store, company_id),
        *(partial(number_of_events, store, noun, company_id) for noun in EVENTS),
        partial(parts_of_company, store, company_id),
        partial(statements_on, store, company_id),
    )
    row = _company(store, company_id)
    later = later_facts(row)
    record: ShownRecord = {"id": row["id"], "noun": "company"}
    record.update(_facts("company", current_facts(row, on)))
    first = _facts("company", row)
    record["first"] = {name: first[name] for facts in later.values() for name in facts}
    record["later"] = later
    record["records"] = {noun: number_of_events(store, noun, company_id) for noun in EVENTS}
    record["withdrawn"] = row["withdrawn"]
    stated = statements_on(store, company_id, *parts_of_company(store, company_id))
    # A command that changes a company has an entry on each of its records.
    record["stated"] = [each for at, each in enumerate(stated) if each not in stated[:at]]
    return record


def company_with_successions(store: Store, company_id: str, on: date) -> ShownRecord:
    """Return a company as `company_record` does, with the takeovers that it was part of."""
    record = company_record(store, company_id, on)
    rest = {name: record.pop(name) for name in ("withdrawn", "stated")}
    return {**record, **_successions(store, record["id"]), **rest}


def _successions(store: Store, company_id: str) -> dict[str, Any]:
    found = StatedSuccessions(store).in_force
    successor = found.get(company_id)
    earlier = (each for each in found.values() if each.successor == company_id)
    return {
        "succeeds": [other_company(store, each.company, each.since) for each in earlier],
        "succeeded_by": (
            other_company(store, successor.successor, successor.since) if successor else None
        ),
    }


def other_company(store: Store, company_id: str, since: date) -> dict[str, str | None]:
    """Return what identifies a company to a reader, and the day of the takeover."""
    row = _company(store, company_id)
    return {name: row[name] for name in ("id", "name", "cvr")} | {"since": since.isoformat()}


def event_record(  # noqa: PLR0913, PLR0917 - what is known of it already
    store: Store,
    noun: str,
    row: Mapping[str, Any],
    judged: Sequence[Verdict] | None = None,
    company: Columns | None = None,
    stated: Sequence[ShownRecord] | None = None,
) -> ShownRecord:
    """Return a contact, collaboration or hire with its company's name and its verdicts.

    `judged` are the verdicts on it, `company` the row of its company and `stated` the statements on
    it, if the caller knows them already; otherwise the stored ones are read. `company_changes` has
    the facts of the company that changed at some time, each with the day since which the value on
    the record's day holds, None for the beginning.
    """
    id_, company_id = row["id"], row["company_id"]
    if judged is None:
        store.foresee(
            partial(_company, store, company_id),
            partial(stored_verdicts, store, company_id, id_),
            partial(statements_on, store, id_),
            partial(_person, store, row.get("person_id")),
        )
    company = company or _company(store, company_id)
    record: ShownRecord = {
        "id": id_,
        "noun": noun,
        "company_id": company["id"],
        "company": company["name"],
        "cvr": company["cvr"],
        "company_changes": _changes(company, row["date" if noun == "contact" else "agreed"]),
    }
    record.update(_facts(noun, row))
    if noun == "contact":
        record["person"] = _person(store, record.pop("person_id"))
    record["withdrawn"] = row["withdrawn"]
    verdicts: Sequence[Verdict | StoredVerdict]
    if judged is None:
        verdicts = stored_verdicts(store, company_id, id_)
    else:
        verdicts = sorted(judged, key=attrgetter("target"))  # the order in which they are stored
    record["verdicts"] = [
        {"target": verdict.target, "outcome": verdict.outcome} for verdict in verdicts
    ]
    record["stated"] = statements_on(store, id_) if stated is None else stated
    return record


def _changes(company: Columns, day: str | None) -> dict[str, str | None]:
    changes: dict[str, str | None] = {}
    for since, facts in later_facts(company).items():
        for name in facts:
            changes[name] = since if day is None or since <= day else changes.get(name)
    return changes


def statements_on(store: Store, *ids: str) -> list[dict[str, str | None]]:
    """Return when, by whom, by which command and why records were changed, oldest first."""
    from kmtrack.ledger.queries.commands import commands_on

    return [
        {
            "recorded_at": row["recorded_at"],
            "recorded_by": row["recorded_by"],
            "command": row["name"],
            "action": row["action"],
            "reason": row["reason"],
        }
        for row in commands_on(store, ids)
    ]


def _facts(noun: str, row: Mapping[str, Any]) -> ShownRecord:
    facts = NOUNS[noun].facts
    return facts.shown(row) if facts else {}


def _company(store: Store, company_id: str) -> Row:
    row = company_by_id(store, company_id)
    if row is None:
        raise LookupError(company_id)
    return row


def _person(store: Store, person_id: str | None) -> str | None:
    row = name_of(store, person_id) if person_id else None
    return row["name"] if row else None
