"""Events at companies (contacts, collaborations, hires): add, edit and withdraw."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from kmtrack.errors import Refusal
from kmtrack.ledger.contract import contract_in_force
from kmtrack.ledger.queries.companies import company_row
from kmtrack.ledger.queries.events import SAME_FACTS, same_event
from kmtrack.ledger.queries.people import live_people_at
from kmtrack.ledger.queries.targets import totals
from kmtrack.ledger.schema.facts import named_fields
from kmtrack.ledger.schema.fields import asked
from kmtrack.ledger.schema.nouns import EVENTS, NOUNS
from kmtrack.ledger.schema.people import ReasonFacts
from kmtrack.ledger.verdicts import changes_of, tallies_after
from kmtrack.rules.contact_history import first_contact_day
from kmtrack.rules.tallies import TargetChange, target_changes
from kmtrack.usecases.company_lookup import find_company
from kmtrack.usecases.confirmation import (
    Confirmation,
    StatedRecord,
    confirmed,
    counted_by_target,
    same_doubt,
    settled_same,
)
from kmtrack.usecases.known_brokers import with_known_brokers
from kmtrack.usecases.optimistic_reads import optimistic
from kmtrack.usecases.recent_contacts import recent_in
from kmtrack.usecases.record_lookup import find_record, find_records
from kmtrack.usecases.records import ShownRecord, event_record, statements_on
from kmtrack.usecases.unchanged_values import refuse_unchanged

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from kmtrack.ledger.rows import Row
    from kmtrack.ledger.schema.facts import Facts
    from kmtrack.ledger.unit_of_work import UnitOfWork
    from kmtrack.ledger.verdicts import VerdictChange
    from kmtrack.rules.contract import Contract
    from kmtrack.usecases.session import Session

_IDENTIFYING: Final = {"company_id"}.union(*SAME_FACTS.values())
EVENT_FACTS: Final[Mapping[str, type[Facts]]] = {
    noun: facts for noun in EVENTS if (facts := NOUNS[noun].facts) is not None
}


class Withdrawal(NamedTuple):
    """Withdrawn records, the counts of the targets before and after, and what else changed."""

    records: list[ShownRecord]
    targets: list[TargetChange]
    others: Sequence[VerdictChange] = ()

    @property
    def record(self) -> ShownRecord:
        """The record, if it is a single one."""
        (record,) = self.records
        return record


def add_event(session: Session, noun: str, company: str, values: Mapping[str, Any]) -> Confirmation:
    """Store a contact, collaboration or hire at the company that `company` names.

    A contact is dated today and belongs to the current broker unless `values` say otherwise. Raises
    Refusal `bad_option` and what `find_company` raises.
    """
    session = session.identified(values)
    with session.unit_of_work(
        f"{noun} add", ahead=_to_state(session, noun, company, values)
    ) as work:
        return state_event(session, work, noun, company, values)


def add_followup(session: Session, company: str, values: Mapping[str, Any]) -> Confirmation:
    """Store a follow-up contact.

    Raises Refusal `never_visited` if it would be the first contact.
    """
    session = session.identified(values)
    ahead = _to_state(session, "contact", company, values)
    with session.unit_of_work("followup add", ahead=ahead) as work:
        row = find_company(session, company)
        confirmation = state_event(session, work, "contact", company, values)
        if not _met_before(confirmation, work.contract):
            raise _never_visited(row, date.fromisoformat(confirmation.record["date"]))
        return confirmation


def _to_state(
    session: Session, noun: str, company: str, values: Mapping[str, Any]
) -> Callable[[], None]:
    """Return a function that reads everything that can be read before a record at a company is stored."""
    store = session.store

    def read() -> None:
        store.foresee(partial(contract_in_force, store))
        row = find_company(session, company)
        contract = contract_in_force(store)
        if values.get("person"):
            store.foresee(partial(live_people_at, store, row["id"]))
        counted_by_target(store, contract, noun)
        if values.get("person"):
            live_people_at(store, row["id"])

    return read


def refuse_never_visited(session: Session, company: Row) -> None:
    """Raise Refusal `never_visited` for a company without an earlier contact that one today could follow up."""
    from kmtrack.ledger.dossiers import dossier_of

    today = session.clock.today
    with session.store.reading():
        dossier = dossier_of(session.store, company["id"])
        contract = contract_in_force(session.store)
    if dossier is None or first_contact_day(dossier, contract, today) is None:
        raise _never_visited(company, today)


def _never_visited(company: Row, day: date) -> Refusal:
    number = company["cvr"] or company["id"]
    return Refusal("never_visited", name=company["name"], company=number, date=day)


def _met_before(confirmation: Confirmation, contract: Contract) -> bool:
    """Whether the company had another contact on the day of this one or before."""
    dossier, contact = confirmation.dossier, confirmation.record
    if dossier is None:
        return False
    others = tuple(other for other in dossier.contacts if other.id != contact["id"])
    on = date.fromisoformat(contact["date"])
    met = first_contact_day(dossier._replace(contacts=others), contract, on)
    return met is not None and met <= on


@optimistic
def edit_event(
    session: Session, noun: str, reference: str, values: Mapping[str, Any]
) -> Confirmation:
    """Correct a record; an empty text removes a value, and `company` moves the record to another one.

    Raises Refusal `bad_option`, `nothing_to_edit_of`, `stands_already`, what `find_company` raises,
    and the Doubt `person_named_elsewhere`.
    """
    if not values:
        options = [f"--{field.option}" for field in asked(EVENT_FACTS[noun])]
        raise Refusal("nothing_to_edit_of", options=options)
    ahead = _to_change(session, noun, reference)
    with session.unit_of_work(f"{noun} edit", ahead=ahead) as work:
        _, row = find_record(session, reference, [noun])
        given = with_known_brokers(work, EVENT_FACTS[noun], values, session.settle)
        company = find_company(session, given.pop("company")) if "company" in given else None
        company_id = company["id"] if company else row["company_id"]
        persons: Sequence[str] = ()
        if "person" in given:
            from kmtrack.usecases.contact_persons import person_at

            typed, corrected = given.pop("person"), row["person_id"]
            given["person_id"], persons = person_at(session, work, typed, company_id, corrected)
        elif company_id != row["company_id"] and row.get("person_id"):
            from kmtrack.usecases.contact_persons import moved_person

            given["person_id"] = moved_person(session, work, row, company_id)
        facts_class = EVENT_FACTS[noun]
        facts = session.validate(facts_class, {**facts_class.from_row(row), **given})
        alike = None
        if given.get("institution"):
            alike = _spell_institution(session, facts, row["institution"])
        new = facts.stated()
        # Values that follow from others may change with them.
        changed = fields_changed(facts_class, row, new)
        stated = {name: new.get(name) for name in dict.fromkeys([*given, *changed])}
        if company:
            stated = {"company_id": company_id, **stated}
        typed = {"person": values.get("person"), "company": company["name"] if company else None}
        refuse_unchanged(noun, row, stated, typed)
        is_same = all(row[name] == value for name, value in stated.items() if name in _IDENTIFYING)
        counted = counted_by_target(session.store, work.contract, noun)
        earlier = statements_on(session.store, row["id"])
        company = company or company_row(session.store, company_id)
        after = work.edit(noun, row, stated)
        known = None if work.is_to_be_projected(noun, row["id"]) else after
        statements = [*earlier, work.statement("edit")]
        confirmation = confirmed(
            session, work, StatedRecord(noun, row["id"], known, company, statements, counted)
        )
        confirmation = confirmation._replace(alike=alike, persons=persons)
        return confirmation if is_same else settled_same(session, confirmation)


def _to_change(session: Session, noun: str, reference: str) -> Callable[[], None]:
    """Return a function that reads everything that can be read before a record is changed."""
    store = session.store

    def read() -> None:
        store.foresee(partial(contract_in_force, store))
        _, row = find_record(session, reference, [noun])
        contract = contract_in_force(store)
        store.foresee(
            partial(company_row, store, row["company_id"]), partial(statements_on, store, row["id"])
        )
        counted_by_target(store, contract, noun)
        company_row(store, row["company_id"])
        statements_on(store, row["id"])

    return read


def fields_changed(facts: type[Facts], row: Row, new: Mapping[str, Any]) -> list[str]:
    """Return the fields in which new facts differ from a record's row."""
    return [name for name in named_fields(facts) if new.get(name) != row[name]]


@optimistic
def withdraw_event(session: Session, noun: str, reference: str, reason: str) -> Withdrawal:
    """Withdraw one record, or several by their ids, from every rule and count, with the reason."""
    why = session.validate(ReasonFacts, {"reason": reason}).reason
    store = session.store

    def ahead() -> None:
        store.foresee(partial(totals, store, date.max), partial(contract_in_force, store))
        find_records(session, reference, [noun])

    with session.unit_of_work(f"{noun} withdraw", why, ahead=ahead) as work:
        rows = find_records(session, reference, [noun])
        before = totals(session.store, date.max)
        withdrawn = {row["id"]: work.withdraw(noun, row, why) for row in rows.values()}
        judged = work.judge()
        changed = changes_of(judged)
        records = [event_record(session.store, noun, withdrawn[id_]) for id_ in rows]
        now = tallies_after(before, judged) if judged else totals(session.store, date.max)
        targets = target_changes(work.contract, before, now)
        return Withdrawal(records, targets, [each for each in changed if each.id not in rows])


def state_event(
    session: Session, work: UnitOfWork, noun: str, company: str, values: Mapping[str, Any]
) -> Confirmation:
    """Store, in a unit of work, a record at the company that `company` names, as `add_event` does."""
    row = find_company(session, company)
    given: dict[str, Any] = {"broker": session.broker, **values}
    given = with_known_brokers(work, EVENT_FACTS[noun], given, session.settle)
    persons: Sequence[str] = ()
    if noun == "contact":
        given.setdefault("date", session.clock.today)
        if typed := given.pop("person", None):
            # Most contacts name nobody.
            from kmtrack.usecases.contact_persons import person_at

            given["person_id"], persons = person_at(session, work, typed, row["id"])
    methods = given.pop("methods", ())
    facts = session.validate(EVENT_FACTS[noun], given)
    alike = _spell_institution(session, facts)
    counted = counted_by_target(session.store, work.contract, noun)
    record_id = work.add(noun, {"company_id": row["id"], **facts.stated()})
    stated = work.new_row(noun, record_id), row, [work.statement("add")]
    if methods:
        _use_methods(session, work, methods, record_id)
    confirmation = confirmed(session, work, StatedRecord(noun, record_id, *stated, counted))
    confirmation = confirmation._replace(alike=alike, persons=persons)
    if noun == "contact" and confirmation.dossier is not None:
        day = date.fromisoformat(confirmation.record["date"])
        recent = recent_in(session, confirmation.dossier, record_id, day)
        confirmation = confirmation._replace(recent=recent)
    return settled_same(session, confirmation)


def _spell_institution(session: Session, facts: Facts, own: str | None = None) -> str | None:
    """Spell the institution as it was before, if the user agrees; otherwise return the earlier spelling.

    `own` is what the record names so far.
    """
    stated = vars(facts).get("institution")
    if not stated:
        return None
    from kmtrack.usecases.institutions import Spellings

    found = Spellings(session.store).of(stated, session.settle, own)
    vars(facts)["institution"], alike = found
    return alike


def settle_same_contact(session: Session, company_id: str, values: Mapping[str, Any]) -> None:
    """Settle whether a contact differs from an existing one on the same day, before asking for the rest.

    Raises the Doubt `same_contact`.
    """
    facts = session.validate(EVENT_FACTS["contact"], {"date": session.clock.today, **values})
    contact = {"company_id": company_id, "id": "", "date": facts.stated()["date"]}
    row = same_event(session.store, "contact", contact)
    if row is not None:
        company = find_company(session, company_id)
        session.settle(same_doubt("contact", row, company["name"], contact["date"]))


def _use_methods(
    session: Session, work: UnitOfWork, references: Sequence[str], contact_id: str
) -> None:
    from kmtrack.usecases.lookup import find_method
    from kmtrack.usecases.methods import state_usage

    found = {method["id"]: method for method in (find_method(session, r) for r in references)}
    for method in found.values():
        state_usage(session.store, work, method, contact_id)
