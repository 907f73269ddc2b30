"""Methods: collecting, assessing, passing on and using them, and what came after their use."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Final

from kmtrack.errors import Refusal
from kmtrack.i18n import say
from kmtrack.ledger.schema.ids import noun_of
from kmtrack.ledger.schema.methods import AssessmentFacts, DisseminationFacts, MethodFacts
from kmtrack.ledger.schema.names import name_key
from kmtrack.ledger.schema.nouns import NOUNS, OF_METHODS
from kmtrack.ledger.schema.people import ReasonFacts
from kmtrack.ledger.schema.plain_text import shown
from kmtrack.usecases.lookup import find_record
from kmtrack.usecases.records import statements_on
from kmtrack.usecases.unchanged_values import refuse_what_stands

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kmtrack.ledger.rows import Row
    from kmtrack.ledger.schema.facts import Facts
    from kmtrack.ledger.store.base import Store
    from kmtrack.ledger.unit_of_work import UnitOfWork
    from kmtrack.usecases.session import Session

Shown = dict[str, Any]

_USED: Final = """
    SELECT contact.id, contact.date, contact.company_id, company.name AS company
    FROM usage JOIN contact ON contact.id = usage.contact_id
    JOIN company ON company.id = contact.company_id
    WHERE usage.method_id = :method AND usage.withdrawn IS NULL AND contact.withdrawn IS NULL
      AND contact.date <= :as_of
    ORDER BY contact.date, contact.id
"""
# Only what counts, agreed at a company on the day of the first such contact or later.
_AFTERWARDS: Final = """
    SELECT verdict.noun, count(DISTINCT verdict.record_id) AS number FROM verdict
    JOIN (SELECT contact.company_id, min(contact.date) AS day
          FROM usage JOIN contact ON contact.id = usage.contact_id
          WHERE usage.method_id = :method AND usage.withdrawn IS NULL
            AND contact.withdrawn IS NULL AND contact.date <= :as_of
          GROUP BY contact.company_id) AS used ON used.company_id = verdict.company_id
    WHERE verdict.outcome = 'counted' AND verdict.noun <> 'contact' AND verdict.day BETWEEN used.day AND :as_of
    GROUP BY verdict.noun
"""
_SO_USED: Final = """
    SELECT 1 FROM usage
    WHERE method_id = :method AND contact_id = :contact AND withdrawn IS NULL
"""


def find_method(store: Store, reference: str) -> Row:
    """The one method that `reference` names: an id, the beginning of one, or enough of the name.

    Raises Refusal `unknown_method` or `ambiguous_method`.
    """
    rows = _live(store)
    key, text = name_key(reference), reference.strip().lower()
    whole = [row for row in rows if name_key(row["name"]) == key or row["id"] == text]
    begun = [row for row in rows if noun_of(text) == "method" and row["id"].startswith(text)]
    found = whole or begun or [row for row in rows if key and key in name_key(row["name"])]
    if not found:
        raise Refusal("unknown_method", reference=shown(reference))
    if len(found) > 1:
        among = ", ".join(f"{row['name']} ({row['id']})" for row in found[:5])
        raise Refusal("ambiguous_method", reference=shown(reference), among=among)
    return found[0]


def add_method(session: Session, values: Mapping[str, Any]) -> Shown:
    """Collect a method; its record. Raises Refusal `bad_option`, `method_exists`."""
    stating = {"broker": session.broker, "date": session.clock.today, **values}
    facts = session.validate(MethodFacts, stating, typed_as=_typed_as())
    with session.unit_of_work("method add") as work:
        _refuse_known(session.store, facts.name)
        method_id = work.add("method", facts.stated())
        work.flush()
        return method_record(session.store, method_id)


def edit_method(session: Session, reference: str, values: Mapping[str, Any]) -> Shown:
    """Correct a method; an empty text takes a fact back.

    Raises Refusal `bad_option`, `nothing_to_edit`, `stands_already`.
    """
    if not values:
        raise Refusal("nothing_to_edit")
    with session.unit_of_work("method edit") as work:
        row = find_method(session.store, reference)
        facts = session.validate(
            MethodFacts, {**MethodFacts.from_row(row), **values}, typed_as=_typed_as()
        )
        if name_key(facts.name) != name_key(row["name"]):
            _refuse_known(session.store, facts.name)
        said = facts.stated()
        stated = {name: said.get(name) for name in values}
        refuse_what_stands("method", row, stated)
        work.edit("method", row, stated)
        return method_record(session.store, row["id"])


def assess_method(session: Session, reference: str, values: Mapping[str, Any]) -> Shown:
    """State what a method is worth: keep, adapt or drop; the method's record."""
    return _state_of(session, "assessment", AssessmentFacts, reference, values)


def disseminate_method(session: Session, reference: str, values: Mapping[str, Any]) -> Shown:
    """State to whom a method was passed on and how; the method's record."""
    return _state_of(session, "dissemination", DisseminationFacts, reference, values)


def use_method(session: Session, reference: str, contact: str) -> Shown:
    """State that a method was used in a contact; the method's record.

    Raises Refusal `method_used_already`.
    """
    with session.unit_of_work("method used") as work:
        method = find_method(session.store, reference)
        _, row = find_record(session.store, contact, ["contact"])
        state_usage(session.store, work, method, row["id"])
        work.flush()
        return method_record(session.store, method["id"])


def state_usage(store: Store, work: UnitOfWork, method: Row, contact_id: str) -> None:
    """State, in a change, that a method was used in a contact.

    Raises Refusal `method_used_already`.
    """
    if store.one(_SO_USED, method=method["id"], contact=contact_id):
        raise Refusal("method_used_already", name=method["name"], id=contact_id)
    work.add("usage", {"method_id": method["id"], "contact_id": contact_id})


def withdraw_method(session: Session, reference: str, reason: str) -> Shown:
    """Take back a method or, named by its id, something stated of one; the record and reason."""
    why = session.validate(ReasonFacts, {"reason": reason}).reason
    with session.unit_of_work("method withdraw", why) as work:
        noun = noun_of(reference)
        if noun in OF_METHODS:
            noun, row = find_record(session.store, reference, OF_METHODS)
        else:
            noun, row = "method", find_method(session.store, reference)
        work.withdraw(noun, row, why)
        name = row["name"] if noun == "method" else _method(session.store, row["method_id"])["name"]
        return {"id": row["id"], "noun": noun, "name": name, "withdrawn": why}


def methods(session: Session) -> list[Shown]:
    """All methods with their latest assessment and whom they were passed on to, as collected."""
    with session.store.reading():
        return [_listed(session.store, row) for row in _live(session.store)]


def method_record(store: Store, method_id: str) -> Shown:
    """A method with everything stated of it, the contacts it was used in, and what came after."""
    row = _method(store, method_id)
    record: Shown = {"id": row["id"], "noun": "method"}
    record.update((name, row[name]) for name in NOUNS["method"].fields)
    for noun in ("assessment", "dissemination"):
        record[f"{noun}s"] = _statements(store, noun, method_id)
    record["used"] = contacts_with(store, method_id)
    record["afterwards"] = afterwards(store, method_id)
    record["withdrawn"] = row["withdrawn"]
    record["stated"] = statements_on(store, method_id)
    return record


def contacts_with(store: Store, method_id: str, as_of: date = date.max) -> list[Shown]:
    """The contacts in which a method was used, of `as_of` or before."""
    return [dict(row) for row in store.each(_USED, method=method_id, as_of=str(as_of))]


def afterwards(store: Store, method_id: str, as_of: date = date.max) -> dict[str, int]:
    """What counts at the companies where a method was used, agreed then or later, by noun.

    It came after; that it came of the method nobody has shown.
    """
    rows = store.each(_AFTERWARDS, method=method_id, as_of=str(as_of))
    numbers = {row["noun"]: row["number"] for row in rows}
    return {noun: numbers.get(noun, 0) for noun in ("collaboration", "hire")}


def _typed_as() -> dict[str, str]:
    return {"name": say("metavar.name"), "audience": "--for"}


def _state_of(
    session: Session, noun: str, facts: type[Facts], reference: str, values: Mapping[str, Any]
) -> Shown:
    verb = {"assessment": "assess", "dissemination": "disseminate"}[noun]
    with session.unit_of_work(f"method {verb}") as work:
        method = find_method(session.store, reference)
        stating = {"broker": session.broker, "date": session.clock.today, **values}
        stating["method_id"] = method["id"]
        stated = session.validate(facts, stating, typed_as={"audience": "--to"}).stated()
        work.add(noun, stated)
        work.flush()
        return method_record(session.store, method["id"])


def _listed(store: Store, row: Row) -> Shown:
    record = method_record(store, row["id"])
    latest = max(record["assessments"], key=lambda one: one["date"], default=None)
    told = dict.fromkeys(one["audience"] for one in record["disseminations"])
    return {
        **{name: record[name] for name in ("id", *NOUNS["method"].fields)},
        "assessed": latest["verdict"] if latest else None,
        "disseminated": list(told),
        "contacts": len(record["used"]),
    }


def _statements(store: Store, noun: str, method_id: str) -> list[Shown]:
    where = " WHERE method_id = :method AND withdrawn IS NULL ORDER BY date, recorded_at, id"
    fields = ("id", *(name for name in NOUNS[noun].fields if name != "method_id"))
    rows = store.each(NOUNS[noun].select + where, method=method_id)
    return [{name: row[name] for name in fields} for row in rows]


def _live(store: Store) -> list[Row]:
    where = " WHERE withdrawn IS NULL ORDER BY recorded_at, id"
    return [dict(row) for row in store.each(NOUNS["method"].select + where)]


def _method(store: Store, method_id: str) -> Row:
    return dict(store.get(NOUNS["method"].select + " WHERE id = :id", id=method_id))


def _refuse_known(store: Store, name: str) -> None:
    for row in _live(store):
        if name_key(row["name"]) == name_key(name):
            raise Refusal("method_exists", name=row["name"], id=row["id"])
