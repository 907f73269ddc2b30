"""Successions: state that a company was taken over, and find what contradicts that."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from kmtrack.errors import Refusal
from kmtrack.ledger.queries.companies import company_row
from kmtrack.ledger.queries.successions import events_from, succession_by_id
from kmtrack.ledger.queries.targets import totals
from kmtrack.ledger.schema.company import SuccessionFacts
from kmtrack.ledger.schema.people import ReasonFacts
from kmtrack.ledger.successions import StatedSuccessions
from kmtrack.ledger.verdicts import changes_of
from kmtrack.rules.successions import Succession, closes_circle
from kmtrack.rules.tallies import target_changes
from kmtrack.usecases.company_lookup import find_companies, find_company
from kmtrack.usecases.optimistic_reads import rehearsed
from kmtrack.usecases.records import ShownRecord, statements_on

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from kmtrack.ledger.rows import Row
    from kmtrack.ledger.store.base import Store
    from kmtrack.ledger.unit_of_work import UnitOfWork
    from kmtrack.ledger.verdicts import VerdictChange
    from kmtrack.rules.tallies import TargetChange
    from kmtrack.usecases.session import Session


class LateEvent(NamedTuple):
    """An event at a company that had been taken over by then."""

    noun: str
    id: str
    day: str
    company: Row
    successor: Row
    since: date


class Takeover(NamedTuple):
    """A takeover in force: the rows of both companies, and its day."""

    company: Row
    successor: Row
    since: date


class StatedSuccession(NamedTuple):
    """A stored takeover, its effect on other records and on the targets, and the late events."""

    record: ShownRecord
    others: list[VerdictChange]
    targets: list[TargetChange]
    late: list[LateEvent]


@rehearsed
def succeed_company(session: Session, old: str, new: str, since: str | None) -> StatedSuccession:
    """State that a company is succeeded by another one from a day on, or correct that day.

    Raises Refusal `bad_option`, `succeeds_itself`, `has_successor`, `succession_circle` or
    `succession_stands`.
    """
    ahead = partial(find_companies, session, old, new)
    with session.unit_of_work("company succeed", ahead=ahead) as work:
        company, successor = find_company(session, old), find_company(session, new)
        references = {"company_id": company["id"], "successor_id": successor["id"]}
        values = {"successor_id": successor["id"], "since": since}
        facts = session.validate(SuccessionFacts, values, typed_as={"since": "--from"})
        names = {"name": company["name"], "successor": successor["name"]}
        store = session.store
        store.foresee(
            partial(StatedSuccessions, store),
            partial(totals, store, date.max),
            partial(company_row, store, company["id"]),
            partial(company_row, store, successor["id"]),
            partial(events_from, store, company["id"], facts.since),
        )
        stated = StatedSuccessions(session.store)
        before = totals(session.store, date.max)
        known = stated.in_force.get(company["id"])
        if company["id"] == successor["id"]:
            raise Refusal("succeeds_itself", **names)
        if known is None:
            wanted = Succession("", "", company["id"], successor["id"], facts.since)
            if closes_circle(stated.in_force, wanted):
                raise Refusal("succession_circle", **names, **companies_typed(company, successor))
            succession_id = work.add("succession", {**references, **facts.stated()})
        elif known.successor != successor["id"]:
            other = company_row(session.store, known.successor)
            named = {"name": company["name"], "successor": other["name"], "since": known.since}
            raise Refusal("has_successor", **named, **companies_typed(company, other))
        else:
            succession_id = known.id
            # Two ledgers may each have stated it before they were merged.
            stated_so = [each for each in stated.stated if each[2:4] == known[2:4]]
            if all(each.since == facts.since for each in stated_so):
                raise Refusal("succession_stands", **names, since=known.since)
            for each in stated_so:
                row = succession_by_id(session.store, each.id)
                work.edit("succession", row, {"since": facts.since.isoformat()})
        return _stated(session, work, succession_id, before)


@rehearsed
def withdraw_succession(session: Session, old: str, new: str, reason: str) -> StatedSuccession:
    """Withdraw a takeover of a company by another one, with a reason.

    Raises Refusal `no_succession`.
    """
    why = session.validate(ReasonFacts, {"reason": reason}, typed_as={"reason": "--withdraw"})
    ahead = partial(find_companies, session, old, new, withdrawn=True)
    with session.unit_of_work("company succeed", why.reason, ahead=ahead) as work:
        company, successor = (find_company(session, c, withdrawn=True) for c in (old, new))
        before = totals(session.store, date.max)
        pair = (company["id"], successor["id"])
        stated = StatedSuccessions(session.store).stated
        found = [each.id for each in stated if (each.company, each.successor) == pair]
        if not found:
            raise Refusal("no_succession", name=company["name"], successor=successor["name"])
        for succession_id in found:
            row = succession_by_id(session.store, succession_id)
            work.withdraw("succession", row, why.reason)
        return _stated(session, work, found[0], before)


def _stated(
    session: Session, work: UnitOfWork, succession_id: str, before: Mapping[str, Any]
) -> StatedSuccession:
    judged = work.judge()
    session.store.foresee(
        partial(totals, session.store, date.max),
        partial(StatedSuccessions, session.store),
        partial(succession_by_id, session.store, succession_id),
        partial(statements_on, session.store, succession_id),
    )
    record = _record(session.store, succession_id)
    targets = target_changes(work.contract, before, totals(session.store, date.max))
    is_withdrawn = record["withdrawn"] is not None
    late = [] if is_withdrawn else list(late_events(session.store, record["company_id"]))
    return StatedSuccession(record, changes_of(judged), targets, late)


def _record(store: Store, succession_id: str) -> ShownRecord:
    """Return a succession with the names and numbers of both companies."""
    row = succession_by_id(store, succession_id)
    company, successor = (company_row(store, row[name]) for name in ("company_id", "successor_id"))
    return {
        "id": row["id"],
        "noun": "succession",
        "company_id": company["id"],
        "company": company["name"],
        "cvr": company["cvr"],
        "successor_id": successor["id"],
        "successor": successor["name"],
        "successor_cvr": successor["cvr"],
        "since": row["since"],
        "withdrawn": row["withdrawn"],
        "stated": statements_on(store, row["id"]),
    }


def takeovers(store: Store) -> Iterator[Takeover]:
    """Yield the takeovers that are in force, in the order in which they were stated."""
    for each in StatedSuccessions(store).in_force.values():
        company, successor = (company_row(store, id_) for id_ in (each.company, each.successor))
        yield Takeover(company, successor, each.since)


def late_events(store: Store, company_id: str | None = None) -> Iterator[LateEvent]:
    """Yield the events at companies, or at one of them, that had been taken over by then."""
    for takeover in takeovers(store):
        company = takeover.company
        if company_id in {None, company["id"]}:
            for noun, id_, day in events_from(store, company["id"], takeover.since):
                yield LateEvent(noun, id_, day, *takeover)


def ineffective(store: Store) -> Iterator[tuple[Succession, Succession | None]]:
    """Yield the successions that do not hold, each with the one that holds instead.

    There is none instead if it would close a circle, or if a company is withdrawn.
    """
    stated = StatedSuccessions(store)
    holding = {each.id for each in stated.in_force.values()}
    for each in stated.stated:
        kept = stated.in_force.get(each.company)
        if each.id not in holding and (kept is None or kept[3:] != each[3:]):
            yield each, kept


def refuse_lost_succession(store: Store, before: StatedSuccessions, one: Row, other: Row) -> None:
    """Raise Refusal `join_ends_succession` if one that held `before` no longer holds.

    Call it when two records of companies are joined, as their successions then belong to one
    company.
    """
    now = StatedSuccessions(store)
    known = {one["id"]: one, other["id"]: other}  # as they were, for one name is left of the two
    pairs = {each.id: (each.company, each.successor) for each in now.stated}
    holding = {(each.company, each.successor) for each in now.in_force.values()}
    for lost in before.in_force.values():
        if pairs.get(lost.id) not in holding:
            company, successor = (
                known.get(id_) or company_row(store, id_) for id_ in (lost.company, lost.successor)
            )
            raise Refusal(
                "join_ends_succession",
                name=one["name"],
                other=other["name"],
                company=company["name"],
                successor=successor["name"],
                **companies_typed(company, successor),
            )


def refuse_in_succession(store: Store, company: Row) -> None:
    """Raise Refusal `company_in_succession` if a company took part in a takeover, on either side."""
    for each in StatedSuccessions(store).stated:
        if company["id"] in {each.company, each.successor}:
            both = (company_row(store, id_) for id_ in (each.company, each.successor))
            raise Refusal("company_in_succession", name=company["name"], **companies_typed(*both))


def companies_typed(company: Row, successor: Row) -> dict[str, str]:
    """Return what to type for both companies."""
    return {
        "typed": company["cvr"] or company["id"],
        "typed_successor": successor["cvr"] or successor["id"],
    }
