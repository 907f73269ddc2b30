"""Why a record counts, waits or is excluded, and which records make the number of a target."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from kmtrack.errors import KmtrackError
from kmtrack.ledger.contracts import contract_in_force
from kmtrack.rules.explanation import Explained, Member, ReasonGroup, TargetExplained
from kmtrack.usecases.events import verdicts_of
from kmtrack.usecases.finding import find_record
from kmtrack.usecases.showing import event_record

if TYPE_CHECKING:
    from datetime import date

    from kmtrack.usecases.desk import Desk

_OF_TARGET: Final = """
    SELECT verdict.outcome, verdict.reasons, verdict.record_id, verdict.day,
           company.name, company.id AS company_id, company.cvr
    FROM verdict JOIN company ON company.id = verdict.company_id
    WHERE verdict.target = :target AND verdict.day <= :as_of
    ORDER BY verdict.outcome, verdict.reasons, verdict.day, verdict.record_id
"""


class UnknownTarget(KmtrackError):
    """Neither a target of the contract nor an id."""


def why_record(desk: Desk, reference: str) -> Explained:
    """The record whose id begins with `reference`, explained."""
    with desk.store.reading():
        noun, row = find_record(desk.store, reference, withdrawn=True)
        contract = contract_in_force(desk.store)
        record = event_record(desk.store, noun, row)
        verdicts = verdicts_of(desk, contract, row) if row["withdrawn"] is None else []
    pairs = [(contract.target(verdict.target), verdict) for verdict in verdicts]
    return Explained(contract, record, [(t, v) for t, v in pairs if t is not None])


def why_target(desk: Desk, target_id: str, as_of: date) -> TargetExplained:
    """The records for a target that are dated `as_of` or before. Raises UnknownTarget."""
    with desk.store.reading():
        contract = contract_in_force(desk.store)
        target = contract.target(target_id)
        if target is None:
            raise UnknownTarget(value=target_id, among=", ".join(t.id for t in contract.targets))
        groups: dict[tuple[str, str], list[Member]] = {}
        for row in desk.store.each(_OF_TARGET, target=target_id, as_of=str(as_of)):
            member = Member(
                row["record_id"], row["day"], row["name"], row["company_id"], row["cvr"]
            )
            groups.setdefault((row["outcome"], row["reasons"]), []).append(member)
    order = ("counted", "waiting", "excluded")
    found = [
        ReasonGroup(outcome, tuple((rule, why) for rule, why in json.loads(reasons)), members)
        for (outcome, reasons), members in groups.items()
    ]
    found.sort(key=lambda group: (order.index(group.outcome), -len(group.members)))
    return TargetExplained(contract, target, as_of, found)


def is_target(desk: Desk, text: str) -> bool:
    """Whether the contract in force has a target of that id."""
    return contract_in_force(desk.store).target(text) is not None
