"""Explanations of verdicts and figures: why a record counts or not, which records are in a target."""

from __future__ import annotations

import json
from functools import lru_cache, partial
from typing import TYPE_CHECKING

from kmtrack.errors import Refusal
from kmtrack.ledger.contract import contract_in_force
from kmtrack.ledger.dossiers import DossierReader, dossiers_of
from kmtrack.ledger.queries.methods import methods_with_statements
from kmtrack.ledger.queries.targets import (
    companies_of_target,
    companies_without_earlier_visit,
    counted_records,
    first_hires,
    left_out_groups,
    left_out_records,
    totals,
    verdicts_among,
)
from kmtrack.ledger.schema.ids import noun_of
from kmtrack.ledger.schema.plain_text import shown
from kmtrack.ledger.store.base import EVERYTHING, Unheld
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
    told_requirements,
)
from kmtrack.rules.tallies import Tally
from kmtrack.text import as_typed
from kmtrack.usecases.company_lookup import by_id, companies_named, is_last
from kmtrack.usecases.deliverables import deliverable_record
from kmtrack.usecases.lookup import find_target, is_whole_name, named_by
from kmtrack.usecases.record_lookup import UnknownRecord, company_and_day, find_record
from kmtrack.usecases.records import event_record, other_company
from kmtrack.usecases.status import delivered_status

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator
    from datetime import date

    from kmtrack.ledger.queries.targets import TargetRecord
    from kmtrack.ledger.store.base import Store, StoredRow
    from kmtrack.rules.contact_history import EarlierContact
    from kmtrack.rules.contract import Contract, Target
    from kmtrack.rules.dossier import Dossier
    from kmtrack.usecases.records import ShownRecord
    from kmtrack.usecases.session import Session


def why(
    session: Session, text: str, as_of: date, most: int = EVERYTHING
) -> RecordExplanation | TargetExplanation | DeliveredExplanation:
    """Explain the record that `text` names, or the target.

    The full id or name of a target takes precedence over a record, and a record over the beginning
    of a name. A target is explained as of a day, with the first `most` records of each reason; all
    of them are read when they are walked through, so hold a snapshot. Raises UnknownRecord, and
    Refusal `why_of_company`, `neither_id_nor_target`, `ambiguous_target` or what `find_record`
    raises.
    """
    with session.store.reading():
        session.store.foresee(
            partial(contract_in_force, session.store),
            partial(by_id, session.store, noun_of(text) or "", text),
        )
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
        if target.is_counted:
            return _counted(session, contract, target, as_of, most)
        return _delivered(session, contract, target, as_of)


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
    DossierReader(session.store).foresee(row["company_id"])
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
    session: Session, contract: Contract, target: Target, as_of: date, most: int
) -> TargetExplanation:
    store = session.store
    counted = totals(store, as_of).get(target.id, Tally()).counted
    read = partial(counted_records, store, target.id, target.counts, as_of)
    groups = [_group("counted", "[]", counted, read, most)] if counted else []
    for outcome, reasons, number in left_out_groups(store, target.id, as_of):
        read = partial(left_out_records, store, target.id, as_of, (outcome, reasons))
        groups.append(_group(outcome, reasons, number, read, most))
    order = ("counted", "waiting", "excluded")
    groups.sort(key=lambda group: (order.index(group.outcome), -group.number))
    explained = TargetExplanation(contract, target, as_of, groups, [])
    told = told_requirements(target) if groups else []
    return explained._replace(unmet=[_unmet(store, explained, rule) for rule in told])


def _group(
    outcome: str,
    reasons: str,
    number: int,
    read: Callable[[int], Iterator[TargetRecord]],
    most: int,
) -> ReasonGroup:
    told = _told(reasons)
    members: Iterable[Member] = Unheld(lambda: (Member(*record) for record in read(most)))
    return ReasonGroup(outcome, told, members if most == EVERYTHING else list(members), number)


def _unmet(store: Store, explained: TargetExplanation, rule: str) -> Unmet:
    """Find the records that do not meet a requirement; where it is not required, ask it of them."""
    contract, target, as_of, groups, _ = explained
    if rule in target.requires:
        lacking = [g for g in groups if g.outcome == "excluded" and rule in dict(g.reasons)]
        ids = Unheld(lambda: (member.record_id for group in lacking for member in group.members))
        return Unmet(rule, ids, sum(group.number for group in lacking), 0)
    companies: Collection[str]
    if rule == "visited_earlier":  # of most companies a query tells that they meet it
        companies = companies_without_earlier_visit(store, target.id, as_of, contract.visits)
    else:
        companies = companies_of_target(store, target.id, as_of)
    dossiers = dossiers_of(store, companies) if companies else []
    asked = answered_no(rule, target, contract, dossiers)
    place = {(group.outcome, group.reasons): at for at, group in enumerate(groups)}
    found = sorted(
        (place[row["outcome"], _told(row["reasons"])], row["day"], row["record_id"])
        for row in verdicts_among(store, target.id, as_of, asked)
    )
    counted = sum(groups[at].outcome == "counted" for at, *_ in found)
    return Unmet(rule, [record_id for *_, record_id in found], len(found), counted)


@lru_cache(maxsize=256)
def _told(reasons: str) -> tuple[tuple[str, str], ...]:
    """Return stored reasons (JSON) as pairs."""
    return tuple((rule, why) for rule, why in json.loads(reasons))


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
