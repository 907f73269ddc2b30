"""Methods: collect, assess, disseminate and use them, and count what followed their use."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from kmtrack.errors import Phrase, Refusal
from kmtrack.ledger.queries.methods import (
    contacts_with_method,
    counted_after_method,
    is_used_in,
    live_methods,
    method_by_id,
    statements_of_method,
)
from kmtrack.ledger.schema.ids import noun_of
from kmtrack.ledger.schema.methods import AssessmentFacts, DisseminationFacts, MethodFacts
from kmtrack.ledger.schema.names import name_key
from kmtrack.ledger.schema.nouns import NOUNS, OF_METHODS
from kmtrack.ledger.schema.people import ReasonFacts
from kmtrack.usecases.known_brokers import with_known_brokers
from kmtrack.usecases.lookup import find_method
from kmtrack.usecases.optimistic_reads import rehearsed
from kmtrack.usecases.record_filters import NOTHING, filter_of
from kmtrack.usecases.record_lookup import find_record
from kmtrack.usecases.records import statements_on
from kmtrack.usecases.unchanged_values import refuse_unchanged

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kmtrack.ledger.rows import Row
    from kmtrack.ledger.schema.facts import Facts
    from kmtrack.ledger.store.base import Store
    from kmtrack.ledger.unit_of_work import UnitOfWork
    from kmtrack.usecases.record_filters import Typed
    from kmtrack.usecases.session import Session

MethodRecord = dict[str, Any]


@rehearsed
def add_method(session: Session, values: Mapping[str, Any]) -> MethodRecord:
    """Store a method; return its record. Raises Refusal `bad_option`, `method_exists`."""
    session = session.identified(values)
    given = {"broker": session.broker, "date": session.clock.today, **values}
    with session.unit_of_work("method add") as work:
        given = with_known_brokers(work, MethodFacts, given, session.settle)
        facts = session.validate(MethodFacts, given, typed_as=_typed_as())
        refuse_known_method(session.store, facts.name)
        method_id = work.add("method", facts.stated())
        work.flush()
        return method_record(session.store, method_id)


@rehearsed
def edit_method(session: Session, reference: str, values: Mapping[str, Any]) -> MethodRecord:
    """Correct a method; an empty text removes a value.

    Raises Refusal `bad_option`, `nothing_to_edit`, `stands_already`.
    """
    if not values:
        raise Refusal("nothing_to_edit")
    with session.unit_of_work("method edit") as work:
        row = find_method(session, reference)
        values = with_known_brokers(work, MethodFacts, values, session.settle)
        facts = session.validate(
            MethodFacts, {**MethodFacts.from_row(row), **values}, typed_as=_typed_as()
        )
        if name_key(facts.name) != name_key(row["name"]):
            refuse_known_method(session.store, facts.name)
        new = facts.stated()
        stated = {name: new.get(name) for name in values}
        refuse_unchanged("method", row, stated)
        work.edit("method", row, stated)
        return method_record(session.store, row["id"])


def assess_method(session: Session, reference: str, values: Mapping[str, Any]) -> MethodRecord:
    """Record the assessment of a method (keep, adapt or drop); return the method's record."""
    return _state_of(session, "assessment", AssessmentFacts, reference, values)


def disseminate_method(session: Session, reference: str, values: Mapping[str, Any]) -> MethodRecord:
    """Record to whom and how a method was disseminated; return the method's record."""
    return _state_of(session, "dissemination", DisseminationFacts, reference, values)


@rehearsed
def use_method(session: Session, reference: str, contact: str) -> MethodRecord:
    """Record that a method was used in a contact; return the method's record.

    Raises Refusal `method_used_already`.
    """
    with session.unit_of_work("method used") as work:
        method = find_method(session, reference)
        _, row = find_record(session, contact, ["contact"])
        state_usage(session.store, work, method, row["id"])
        work.flush()
        return method_record(session.store, method["id"])


def state_usage(store: Store, work: UnitOfWork, method: Row, contact_id: str) -> None:
    """Record, in a unit of work, that a method was used in a contact.

    Raises Refusal `method_used_already`.
    """
    if is_used_in(store, method["id"], contact_id):
        raise Refusal("method_used_already", name=method["name"], id=contact_id)
    work.add("usage", {"method_id": method["id"], "contact_id": contact_id})


@rehearsed
def withdraw_method(session: Session, reference: str, reason: str) -> MethodRecord:
    """Withdraw a method or, by its id, a record of one; return the record and the reason."""
    why = session.validate(ReasonFacts, {"reason": reason}).reason
    with session.unit_of_work("method withdraw", why) as work:
        noun, row = find_of_method(session, reference)
        work.withdraw(noun, row, why)
        name = (
            row["name"]
            if noun == "method"
            else method_by_id(session.store, row["method_id"])["name"]
        )
        return {"id": row["id"], "noun": noun, "name": name, "withdrawn": why}


def find_of_method(session: Session, reference: str) -> tuple[str, Row]:
    """Return the noun and row of a method or, by its id, of a record of one."""
    if noun_of(reference) in OF_METHODS:
        return find_record(session, reference, OF_METHODS)
    return "method", find_method(session, reference)


def methods(session: Session, typed: Typed = NOTHING) -> list[MethodRecord]:
    """Return the methods that match the typed options of their list, in the order recorded.

    Each comes with its latest assessment and its audiences. Raises what `filter_of` raises.
    """
    with session.store.reading():
        store, sought = session.store, filter_of(session, "method", typed)

        def read() -> list[MethodRecord]:
            return [_listed(store, row) for row in live_methods(store, sought)]

        store.foresee(read, is_deep=True)
        return read()


def method_record(store: Store, method_id: str) -> MethodRecord:
    """Return a method with its records, the contacts it was used in, and what followed."""
    store.foresee(
        *(partial(_statements, store, noun, method_id) for noun in ("assessment", "dissemination")),
        partial(contacts_with_method, store, method_id),
        partial(counted_after_method, store, method_id),
        partial(statements_on, store, method_id),
    )
    row = method_by_id(store, method_id)
    record: MethodRecord = {"id": row["id"], "noun": "method"}
    record.update((name, row[name]) for name in NOUNS["method"].fields)
    for noun in ("assessment", "dissemination"):
        record[f"{noun}s"] = _statements(store, noun, method_id)
    record["used"] = contacts_with_method(store, method_id)
    record["afterwards"] = counted_after_method(store, method_id)
    record["withdrawn"] = row["withdrawn"]
    record["stated"] = statements_on(store, method_id)
    return record


def _typed_as() -> dict[str, object]:
    return {"name": Phrase("metavar.name"), "audience": "--for"}


@rehearsed
def _state_of(
    session: Session, noun: str, facts: type[Facts], reference: str, values: Mapping[str, Any]
) -> MethodRecord:
    session = session.identified(values)
    verb = {"assessment": "assess", "dissemination": "disseminate"}[noun]
    with session.unit_of_work(f"method {verb}") as work:
        method = find_method(session, reference)
        given = {"broker": session.broker, "date": session.clock.today, **values}
        given["method_id"] = method["id"]
        given = with_known_brokers(work, facts, given, session.settle)
        stated = session.validate(facts, given, typed_as={"audience": "--to"}).stated()
        work.add(noun, stated)
        work.flush()
        return method_record(session.store, method["id"])


def _listed(store: Store, row: Row) -> MethodRecord:
    record = method_record(store, row["id"])
    latest = max(record["assessments"], key=lambda one: one["date"], default=None)
    audiences = dict.fromkeys(one["audience"] for one in record["disseminations"])
    return {
        **{name: record[name] for name in ("id", *NOUNS["method"].fields)},
        "assessed": latest["verdict"] if latest else None,
        "disseminated": list(audiences),
        "contacts": len(record["used"]),
    }


def _statements(store: Store, noun: str, method_id: str) -> list[MethodRecord]:
    fields = ("id", *(name for name in NOUNS[noun].fields if name != "method_id"))
    rows = statements_of_method(store, noun, method_id)
    return [{name: row[name] for name in fields} for row in rows]


def refuse_known_method(store: Store, name: str) -> None:
    """Raise Refusal `method_exists` for the name of an existing method."""
    for row in live_methods(store):
        if name_key(row["name"]) == name_key(name):
            raise Refusal("method_exists", name=row["name"], id=row["id"])
