"""Today: the targets, what was entered last, what is due, what ends soon, and what waits."""

from __future__ import annotations

import json
from collections import defaultdict
from datetime import date, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from kmtrack.ledger.queries.days import agreements_ending, waiting_verdicts
from kmtrack.ledger.queries.events import contacts_due
from kmtrack.ledger.queries.record_filters import ALL_RECORDS
from kmtrack.ledger.queries.record_names import last_added, rows_of
from kmtrack.ledger.schema.ids import noun_of
from kmtrack.ledger.schema.nouns import EVENTS
from kmtrack.rules.deliverables import RunningStatus, SubmissionStatus
from kmtrack.usecases.records import event_record
from kmtrack.usecases.status import status_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kmtrack.ledger.store.base import StoredRow
    from kmtrack.rules.contract import Target
    from kmtrack.rules.status import Status
    from kmtrack.usecases.records import ShownRecord
    from kmtrack.usecases.session import Session

SOON: Final = timedelta(days=30)
# Enough waiting records to tell which fact most of them lack.
_MOST_WAITING: Final = 1000


class Ending(NamedTuple):
    """Something that ends on a day: a `what` of "contract", "deliverable", "log", or the noun of a record.

    `name` is the company's, `target` the deliverable, `kind` that of the record; `id` is its id.
    """

    day: date
    what: str
    id: str
    name: str = ""
    kind: str | None = None
    target: Target | None = None


class MissingFact(NamedTuple):
    """The fact that most records wait for: the reason, how many, and one of the records."""

    reason: str
    number: int
    record: ShownRecord


class Today(NamedTuple):
    """A day at a glance.

    `last` is the record that this person entered last, with its moment. `due` are the follow-ups
    that are due, the `own_due` ones of this person first. `waiting` is how many records wait.
    """

    status: Status
    broker: str | None
    last: ShownRecord | None
    due: list[dict[str, Any]]
    own_due: int
    ending: list[Ending]
    waiting: int
    fact: MissingFact | None


def today_of(session: Session) -> Today:
    """Return the overview for the beginning of a day."""
    store, today = session.store, session.clock.today
    with store.reading():
        store.foresee(
            partial(last_added, store, session.who, EVENTS),
            partial(contacts_due, store, today, ALL_RECORDS),
            partial(agreements_ending, store, today, today + SOON),
            partial(waiting_verdicts, store, today, _MOST_WAITING),
        )
        status = status_of(store, today)
        last = last_added(store, session.who, EVENTS)
        due = sorted(
            contacts_due(store, today, ALL_RECORDS), key=lambda row: not _is_own(session, row)
        )
        waiting = sum(each.tally.waiting for each in status.targets)
        return Today(
            status,
            session.broker,
            _record(session, *last) if last else None,
            list(map(_due, due)),
            sum(_is_own(session, row) for row in due),
            sorted(_ending(session, status), key=lambda each: (each.day, each.id)),
            waiting,
            _missing_fact(session) if waiting else None,
        )


def _is_own(session: Session, row: StoredRow) -> bool:
    brokers = f"{row['broker'] or ''} {row['others'] or ''}".split()
    return session.broker in brokers


def _due(row: StoredRow) -> dict[str, Any]:
    fields = ("id", "next", "company", "cvr", "date", "broker", "others", "note")
    return {name: row[name] for name in fields}


def _record(session: Session, noun: str, record_id: str) -> ShownRecord:
    (row,) = rows_of(session.store, noun, [record_id])
    return event_record(session.store, noun, dict(row))


def _ending(session: Session, status: Status) -> Iterator[Ending]:
    """Yield what ends within a month; of agreements only this person's and nobody's, if the person is known."""
    today = session.clock.today
    contract = status.contract
    if today <= contract.last_day <= today + SOON:
        yield Ending(contract.last_day, "contract", contract.id)
    for target, *_, delivered, _ in status.targets:
        if isinstance(delivered, SubmissionStatus) and delivered.submitted is None:
            day, what = delivered.due, "deliverable"
        elif isinstance(delivered, RunningStatus) and delivered.suffices_until:
            day, what = delivered.suffices_until, "log"
        else:
            continue
        if today <= day <= today + SOON:
            yield Ending(day, what, target.id, target=target)
    for row in agreements_ending(session.store, today, today + SOON):
        if session.broker is None or row["broker"] in {None, session.broker}:
            noun = noun_of(row["id"]) or ""
            day = date.fromisoformat(row["day"])
            yield Ending(day, noun, row["id"], row["company"], row["kind"])


def _missing_fact(session: Session) -> MissingFact | None:
    """Return the fact that most records wait for which lack no other."""
    records: dict[str, dict[str, StoredRow]] = defaultdict(dict)
    for row in waiting_verdicts(session.store, session.clock.today, _MOST_WAITING):
        reasons = {reason for _, reason in json.loads(row["reasons"])}
        if len(reasons) == 1:
            records[reasons.pop()][row["record_id"]] = row
    if not records:
        return None
    reason, found = max(records.items(), key=lambda each: (len(each[1]), each[0]))
    own = [row for row in found.values() if session.broker in row["brokers"].split()]
    row = max(own or found.values(), key=lambda row: (row["day"], row["record_id"]))
    return MissingFact(reason, len(found), _record(session, row["noun"], row["record_id"]))
