"""Deliverables: log, tick off points and submit what the contract asks to be delivered."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from kmtrack.errors import Refusal
from kmtrack.ledger.contract import contract_in_force
from kmtrack.ledger.queries.deliverables import steps_towards
from kmtrack.ledger.schema.deliverables import DeliveryFacts
from kmtrack.ledger.schema.fields import is_given
from kmtrack.ledger.schema.people import ReasonFacts
from kmtrack.ledger.schema.plain_text import shown
from kmtrack.named_files import digest_of
from kmtrack.usecases.doubts import Doubt
from kmtrack.usecases.known_brokers import with_known_brokers
from kmtrack.usecases.lookup import find_deliverable, find_point, ids_and_names
from kmtrack.usecases.optimistic_reads import rehearsed
from kmtrack.usecases.record_lookup import find_records
from kmtrack.usecases.status import delivered_status

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from kmtrack.ledger.store.base import Store
    from kmtrack.rules.contract import Contract, Target
    from kmtrack.rules.status import DeliveredStatus
    from kmtrack.usecases.session import Session

DeliverableRecord = dict[str, Any]


def log_step(session: Session, target_id: str, values: Mapping[str, Any]) -> DeliverableRecord:
    """Log work on a deliverable; return the deliverable's record.

    Raises the Doubt `log_text` for an entry without a text, which would say nothing.
    """
    return _state(session, target_id, "log", values)


def check_point(
    session: Session, target_id: str, point: str, values: Mapping[str, Any]
) -> DeliverableRecord:
    """Record that a deliverable covers a point that the note demands; return the record.

    Raises Refusal `unknown_point`, `not_handed_in`.
    """
    return _state(session, target_id, "check", {**values, "point": point})


def submit(
    session: Session, target_id: str, file: Path | None, values: Mapping[str, Any]
) -> DeliverableRecord:
    """Record that a deliverable was submitted, with its file if there is one; return the record.

    The file's name and SHA-256 digest are kept to identify it.
    Raises Refusal `not_handed_in`, and as `digest_of`.
    """
    evidence = {} if file is None else _evidence(file)
    return _state(session, target_id, "submit", {**values, **evidence})


@rehearsed
def withdraw_steps(session: Session, references: str, reason: str) -> list[DeliverableRecord]:
    """Withdraw steps towards deliverables, by their ids; return each with the reason."""
    why = session.validate(ReasonFacts, {"reason": reason}).reason
    with session.unit_of_work("deliverable withdraw", why) as work:
        rows = find_records(session, references, ["delivery"])
        for row in rows.values():
            work.withdraw("delivery", row, why)
        return [
            {"id": id_, "noun": "delivery", "name": row["target"], "withdrawn": why}
            for id_, row in rows.items()
        ]


def deliverables(session: Session, as_of: date) -> list[DeliverableRecord]:
    """Return each deliverable of the contract with its status on `as_of` and its steps."""
    with session.store.reading():
        contract = contract_in_force(session.store)
        return [
            deliverable_record(session.store, contract, target, as_of)
            for target in contract.targets
            if target.counts == "deliverable"
        ]


def deliverable(session: Session, target_id: str, as_of: date) -> DeliverableRecord:
    """Return a deliverable with its status on `as_of`. Raises Refusal `unknown_deliverable`."""
    with session.store.reading():
        contract = contract_in_force(session.store)
        return deliverable_record(
            session.store, contract, find_deliverable(session.settle, contract, target_id), as_of
        )


def deliverable_record(
    store: Store, contract: Contract, target: Target, as_of: date
) -> DeliverableRecord:
    """Return a deliverable with its target, its status on `as_of`, and the steps until then."""
    steps = [row for row in steps_towards(store, target.id) if row["date"] <= as_of.isoformat()]
    status: DeliveredStatus = delivered_status(store, contract, target, as_of)
    return {"target": target, "status": status, "steps": steps}


@rehearsed
def _state(
    session: Session, target_id: str, step: str, values: Mapping[str, Any]
) -> DeliverableRecord:
    session = session.identified(values)
    given = {"broker": session.broker, "date": session.clock.today, **values}
    given["step"] = step
    with session.unit_of_work(f"deliverable {step}") as work:
        target = find_deliverable(session.settle, work.contract, target_id)
        given["target"] = target.id
        if step == "log" and not is_given(given.get("text")):
            given["text"] = _asked_text(session, target)
        if given.get("point"):
            given["point"] = find_point(session.settle, target, given["point"])
        given = with_known_brokers(work, DeliveryFacts, given, session.settle)
        facts = session.validate(DeliveryFacts, given).stated()
        refuse_what_does_not_fit(work.contract, target, facts)
        work.add("delivery", facts)
        work.flush()
        return deliverable_record(session.store, work.contract, target, session.clock.today)


def _asked_text(session: Session, target: Target) -> str:
    doubt = Doubt("log_text", target.id, reads=lambda typed: typed, target=target.id)
    text = session.settle(doubt)
    if not text:
        raise doubt
    return text


def refuse_what_does_not_fit(contract: Contract, target: Target, facts: Mapping[str, Any]) -> None:
    """Refuse a step that does not fit the deliverable.

    Raises Refusal `not_handed_in`, `unknown_point`, `before_contract`.
    """
    if facts["step"] != "log" and target.logged_every_days is not None:
        raise Refusal("not_handed_in", id=target.id)
    known = {one.id for one in target.points}
    point = facts.get("point")
    if (facts["step"] == "check" or point) and point not in known:
        raise Refusal("unknown_point", value=shown(point or ""), among=ids_and_names(target.points))
    day = date.fromisoformat(facts["date"])
    if day < contract.first_day:
        raise Refusal("before_contract", day=day, first_day=contract.first_day)


def _evidence(file: Path) -> dict[str, str]:
    return {"file": file.name, "digest": digest_of(file)}
