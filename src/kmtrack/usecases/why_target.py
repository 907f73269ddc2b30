"""Explanations of figures: which records are in a target, and what is behind a delivered one."""

from __future__ import annotations

import json
from functools import lru_cache, partial
from typing import TYPE_CHECKING

from kmtrack.ledger.dossiers import dossiers_of
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
from kmtrack.ledger.store.base import EVERYTHING, Rereadable
from kmtrack.rules.explanation import (
    DeliveredExplanation,
    Member,
    ReasonGroup,
    TargetExplanation,
    Unmet,
    answered_no,
    reported_requirements,
)
from kmtrack.rules.tallies import Tally
from kmtrack.usecases.deliverables import deliverable_record
from kmtrack.usecases.status import delivered_status

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator
    from datetime import date

    from kmtrack.ledger.queries.targets import TargetRecord
    from kmtrack.ledger.store.base import Store, StoredRow
    from kmtrack.rules.contract import Contract, Target
    from kmtrack.usecases.session import Session


def explain_target(
    session: Session, contract: Contract, target: Target, as_of: date, most: int
) -> TargetExplanation | DeliveredExplanation:
    """Explain a target as of a day, with the first `most` records of each reason."""
    if target.is_counted:
        return _counted(session, contract, target, as_of, most)
    return _delivered(session, contract, target, as_of)


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
    rules = reported_requirements(target) if groups else []
    return explained._replace(unmet=[_unmet(store, explained, rule) for rule in rules])


def _group(
    outcome: str,
    reasons: str,
    number: int,
    read: Callable[[int], Iterator[TargetRecord]],
    most: int,
) -> ReasonGroup:
    pairs = _pairs(reasons)
    members: Iterable[Member] = Rereadable(lambda: (Member(*record) for record in read(most)))
    return ReasonGroup(outcome, pairs, members if most == EVERYTHING else list(members), number)


def _unmet(store: Store, explained: TargetExplanation, rule: str) -> Unmet:
    """Find the records that do not meet a requirement, asking it of them if the target does not require it."""
    contract, target, as_of, groups, _ = explained
    if rule in target.requires:
        lacking = [g for g in groups if g.outcome == "excluded" and rule in dict(g.reasons)]
        ids = Rereadable(
            lambda: (member.record_id for group in lacking for member in group.members)
        )
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
        (place[row["outcome"], _pairs(row["reasons"])], row["day"], row["record_id"])
        for row in verdicts_among(store, target.id, as_of, asked)
    )
    counted = sum(groups[at].outcome == "counted" for at, *_ in found)
    return Unmet(rule, [record_id for *_, record_id in found], len(found), counted)


@lru_cache(maxsize=256)
def _pairs(reasons: str) -> tuple[tuple[str, str], ...]:
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
