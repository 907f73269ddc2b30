"""Confirmation of a stored event: its verdicts, what else changed, and whether it was there already."""

from __future__ import annotations

from collections import Counter
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Final, NamedTuple

from kmtrack.errors import Phrase
from kmtrack.ledger.queries.events import same_event
from kmtrack.ledger.queries.people import name_of
from kmtrack.ledger.queries.targets import counted_so_far, totals
from kmtrack.ledger.schema.nouns import EVENTS
from kmtrack.ledger.schema.phrases import what_happened
from kmtrack.ledger.schema.values import day_with_weekday
from kmtrack.ledger.verdicts import changes_of
from kmtrack.rules.tallies import Tally, TargetChange, target_changes
from kmtrack.usecases.doubts import Doubt
from kmtrack.usecases.record_lookup import find_record
from kmtrack.usecases.records import ShownRecord, event_record

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from kmtrack.ledger.rows import Row
    from kmtrack.ledger.store.base import Store, StoredRow
    from kmtrack.ledger.unit_of_work import UnitOfWork
    from kmtrack.ledger.verdicts import VerdictChange
    from kmtrack.rules.contract import Contract, Target
    from kmtrack.rules.dossier import Dossier, Record
    from kmtrack.rules.judgement import Verdict
    from kmtrack.usecases.recent_contacts import Recent
    from kmtrack.usecases.session import Session
    from kmtrack.usecases.successions import LateEvent

# What is asked where a company has the same record already.
_SAME: Final = {
    "contact": "same_contact",
    "collaboration": "same_collaboration",
    "hire": "same_hire",
}


class TargetVerdict(NamedTuple):
    """The verdict on a stored record for one target, and how many records count for the target now."""

    target: Target
    verdict: Verdict
    counted: int


class Confirmation(NamedTuple):
    """A stored record, its verdicts, and the dossier that they were judged from.

    `others` are the other records whose verdicts changed, of the company and its successors; if
    there are any, `targets` has the counts before and after. `late` says that another company had
    taken this one over by then, `same` that the company already has the same record. `alike` is an
    institution much like the record's that was named before, and `persons` are others whom a new
    contact person may be, if nobody was asked about that. `recent` are the company's contacts in
    the last three weeks, for a new contact.
    """

    record: ShownRecord
    verdicts: list[TargetVerdict]
    dossier: Dossier | None
    others: list[VerdictChange]
    targets: list[TargetChange]
    late: LateEvent | None = None
    same: Doubt | None = None
    alike: str | None = None
    persons: Sequence[str] = ()
    recent: Sequence[Recent] = ()


class StatedRecord(NamedTuple):
    """A stored record: its row, if it is known, that of its company, and the statements on it.

    `counted` is how many records counted towards each target of such records before.
    """

    noun: str
    id: str
    row: Row | None
    company: Row
    stated: list[ShownRecord]
    counted: Mapping[str, int]


def counted_by_target(store: Store, contract: Contract, noun: str) -> dict[str, int]:
    """Return how many records count so far towards each target for records of a noun."""
    targets = [each.id for each in contract.targets if each.is_counted and each.counts == noun]
    store.foresee(*(partial(counted_so_far, store, target) for target in targets))
    return {target: counted_so_far(store, target) for target in targets}


def confirmed(session: Session, work: UnitOfWork, stated: StatedRecord) -> Confirmation:
    """Judge what was stored; return the record with its verdicts."""
    noun, record_id, row, *_ = stated
    work.flush()
    if row is not None:
        session.store.foresee(partial(same_event, session.store, noun, row))
    if row and row.get("person_id"):
        session.store.foresee(partial(name_of, session.store, row["person_id"]))
    judged = work.judge()
    if row is None:
        _, row = find_record(session, record_id, EVENTS, withdrawn=True)
    company = judged.get(row["company_id"])
    verdicts = company.verdicts_on(record_id) if company else []
    is_known = row["company_id"] == stated.company["id"]
    record = event_record(
        session.store, noun, row, verdicts, stated.company if is_known else None, stated.stated
    )
    changes = changes_of(judged)
    counted = Counter(stated.counted)
    for change in changes:
        counted.update(target for target, outcome in change.after.items() if outcome == "counted")
        counted.subtract(
            target for target, outcome in change.before.items() if outcome == "counted"
        )
    on_targets = [
        TargetVerdict(target, verdict, counted[target.id])
        for verdict in verdicts
        if (target := work.contract.target(verdict.target)) is not None
    ]
    if company is None:
        return Confirmation(record, on_targets, None, [], [])
    others = [change for change in changes if change.id != record_id]
    targets = _target_changes(session, work.contract, changes) if others else []
    late = _late(session, record) if len(judged) > 1 else None  # a successor was judged too
    return Confirmation(record, on_targets, company.dossier, others, targets, late)


def _late(session: Session, record: ShownRecord) -> LateEvent | None:
    """Return the record as an event at a company that had been taken over by then, if it is one."""
    from kmtrack.usecases.successions import late_events

    company_id, record_id = record["company_id"], record["id"]
    return next((e for e in late_events(session.store, company_id) if e.id == record_id), None)


def _target_changes(
    session: Session, contract: Contract, changes: Iterable[VerdictChange]
) -> list[TargetChange]:
    """Return the counts of each target before and after the changed verdicts."""
    after = totals(session.store, date.max)
    before = dict(after)
    for change in changes:
        for outcomes, step in ((change.before, 1), (change.after, -1)):
            for target, outcome in outcomes.items():
                tally = before.get(target, Tally())
                before[target] = tally._replace(**{outcome: getattr(tally, outcome) + step})
    return target_changes(contract, before, after)


def settled_same(session: Session, confirmation: Confirmation) -> Confirmation:
    """Ask whether a record differs from an identical one in the ledger, or report the other one.

    A record rolled back for the question is stored once that is answered.
    """
    same = _same_event(session, confirmation)
    if same is None:
        return confirmation
    session.settle(same)
    return confirmation if session.answers.can_ask else confirmation._replace(same=same)


def _same_event(session: Session, confirmation: Confirmation) -> Doubt | None:
    record, dossier = confirmation.record, confirmation.dossier
    if dossier is None:
        return None
    noun, day = record["noun"], record.get("date") or record.get("agreed")
    events: list[Record] = [*dossier.contacts, *dossier.collaborations, *dossier.hires]
    days = [str(event.day) if event.day else None for event in events if event.id != record["id"]]
    if day not in days:  # which saves a query
        return None
    row = same_event(session.store, noun, record)
    return None if row is None else same_doubt(noun, row, record["company"], day)


def same_doubt(noun: str, row: StoredRow, company: str, day: str | None) -> Doubt:
    """Return the doubt whether a record differs from an identical one (`row`) in the ledger."""
    return Doubt(
        _SAME[noun],
        row["id"],
        is_only_reported=True,
        id=row["id"],
        company=company,
        day=day_with_weekday(date.fromisoformat(day)) if day else Phrase("word.not_agreed"),
        what=what_happened(noun, dict(row)),
    )
