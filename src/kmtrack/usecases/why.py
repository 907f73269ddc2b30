"""Explanations of verdicts and figures: why a record counts or not, which records are in a target."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from kmtrack.errors import Refusal
from kmtrack.ledger.contract import contract_in_force
from kmtrack.ledger.dossiers import dossiers_of
from kmtrack.ledger.queries.methods import methods_with_statements
from kmtrack.ledger.queries.targets import (
    companies_without_earlier_visit,
    first_hires,
    records_of_target,
)
from kmtrack.ledger.schema.ids import noun_of
from kmtrack.ledger.schema.plain_text import shown
from kmtrack.ledger.verdicts import judge_company
from kmtrack.rules.contact_history import first_contact_before
from kmtrack.rules.explanation import (
    DeliveredExplanation,
    Member,
    ReasonGroup,
    RecordExplanation,
    TargetExplanation,
    Unmet,
    answered_no,
    excluded_by,
    told_requirements,
    unmet,
)
from kmtrack.text import as_typed
from kmtrack.usecases.company_lookup import companies_named, is_last
from kmtrack.usecases.deliverables import deliverable_record
from kmtrack.usecases.lookup import find_target, is_whole_name, named_by
from kmtrack.usecases.record_lookup import UnknownRecord, company_and_day, find_record
from kmtrack.usecases.records import event_record, other_company
from kmtrack.usecases.status import delivered_status

if TYPE_CHECKING:
    from datetime import date

    from kmtrack.ledger.store.base import Store, StoredRow
    from kmtrack.rules.contact_history import EarlierContact
    from kmtrack.rules.contract import Contract, Target
    from kmtrack.rules.dossier import Dossier
    from kmtrack.usecases.records import ShownRecord
    from kmtrack.usecases.session import Session


def why(
    session: Session, text: str, as_of: date
) -> RecordExplanation | TargetExplanation | DeliveredExplanation:
    """Explain the record that `text` names, or the target.

    The full id or name of a target takes precedence over a record, and a record over the beginning
    of a name. A target is explained as of a day. Raises UnknownRecord, and Refusal `why_of_company`,
    `neither_id_nor_target`, `ambiguous_target` or what `find_record` raises.
    """
    with session.store.reading():
        contract = contract_in_force(session.store)
        is_record = noun_of(text) or is_last(text)
        if is_record and not is_whole_name(text, contract.targets):
            try:
                return _record(session, contract, text)
            except UnknownRecord:
                if not named_by(text, contract.targets):
                    raise
        elif not named_by(text, contract.targets) and company_and_day(session, text):
            return _record(session, contract, text)
        target = _target(session, contract, text)
        explain = _counted if target.is_counted else _delivered
        return explain(session, contract, target, as_of)


def _target(session: Session, contract: Contract, text: str) -> Target:
    """Return the target that `text` names. Raises as `find_target`, and for a company what shows it."""
    try:
        return find_target(session.settle, text, contract.targets, "neither_id_nor_target")
    except Refusal as refusal:
        if refusal.key != "neither_id_nor_target" or not companies_named(session, text):
            raise
        raise Refusal(
            "why_of_company", value=shown(text), company=as_typed([shown(text)])
        ) from None


def _record(session: Session, contract: Contract, reference: str) -> RecordExplanation:
    noun, row = find_record(session, reference, withdrawn=True)
    record = event_record(session.store, noun, row)
    if row["withdrawn"] is not None:
        return RecordExplanation(contract, record, [], None)
    company = judge_company(session.store, contract, row["company_id"])
    if company is None:
        return RecordExplanation(contract, record, [], None)
    pairs = [
        (contract.target(verdict.target), verdict) for verdict in company.verdicts_on(row["id"])
    ]
    met_before = _met_before(contract, company.dossier, row["id"]) if noun == "contact" else None
    predecessors = _predecessors(session.store, company.dossier, record)
    return RecordExplanation(
        contract, record, [(t, v) for t, v in pairs if t is not None], met_before, predecessors
    )


def _predecessors(
    store: Store, dossier: Dossier, record: ShownRecord
) -> list[dict[str, str | None]]:
    """Return the companies that the company of a record had succeeded by the record's day."""
    day = record.get("date") or record.get("agreed") or ""
    return [
        other_company(store, each.id, each.since)
        for each in dossier.predecessors
        if each.since.isoformat() <= day
    ]


def _met_before(contract: Contract, dossier: Dossier, contact_id: str) -> EarlierContact | None:
    contact = next((each for each in dossier.contacts if each.id == contact_id), None)
    return first_contact_before(dossier, contract, contact) if contact else None


def _counted(
    session: Session, contract: Contract, target: Target, as_of: date
) -> TargetExplanation:
    groups: dict[tuple[str, str], list[Member]] = {}
    for row in records_of_target(session.store, target.id, as_of):
        groups.setdefault((row["outcome"], row["reasons"]), []).append(_member(row))
    order = ("counted", "waiting", "excluded")
    found = [
        ReasonGroup(outcome, tuple((rule, why) for rule, why in json.loads(reasons)), members)
        for (outcome, reasons), members in groups.items()
    ]
    found.sort(key=lambda group: (order.index(group.outcome), -len(group.members)))
    explained = TargetExplanation(contract, target, as_of, found, [])
    told = told_requirements(target) if found else []
    return explained._replace(unmet=[_unmet(session.store, explained, rule) for rule in told])


def _unmet(store: Store, explained: TargetExplanation, rule: str) -> Unmet:
    """Find the records that do not meet a requirement; where it is not required, ask it of them."""
    contract, target, as_of, groups, _ = explained
    if rule in target.requires:
        return unmet(rule, excluded_by(rule, groups), groups)
    if rule == "visited_earlier":  # of most companies a query tells that they meet it
        companies = companies_without_earlier_visit(store, target.id, as_of, contract.visits)
    else:
        companies = {member.company_id for group in groups for member in group.members}
    dossiers = dossiers_of(store, companies) if companies else []
    return unmet(rule, answered_no(rule, target, contract, dossiers), groups)


def _delivered(
    session: Session, contract: Contract, target: Target, as_of: date
) -> DeliveredExplanation:
    store = session.store
    status = delivered_status(store, contract, target, as_of)
    explained = DeliveredExplanation(target, as_of, status, [], [], [])
    if target.counts == "method":
        known = [
            method.as_of(as_of) for method in methods_with_statements(store) if method.day <= as_of
        ]
        return explained._replace(methods=known)
    if target.counts == "deliverable":
        return explained._replace(steps=deliverable_record(store, contract, target, as_of)["steps"])
    return explained._replace(hired=list(map(_member, first_hires(store, as_of))))


def _member(row: StoredRow) -> Member:
    return Member(row["record_id"], row["day"], row["name"], row["company_id"], row["cvr"])
