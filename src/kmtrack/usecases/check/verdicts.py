"""Whether every stored verdict is what a fresh judgement gives, and every tally their sum."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from kmtrack.i18n import current
from kmtrack.ledger.contract import contract_in_force
from kmtrack.ledger.dossiers import all_dossiers
from kmtrack.ledger.verdicts import StoredVerdict, side_by_side, stored_by_company
from kmtrack.usecases.check.issue import Issue

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kmtrack.ledger.store.base import Store
    from kmtrack.rules.contract import Contract

_TALLIES: Final = """
    SELECT target, outcome, day, sum(number) AS number FROM (
        SELECT target, outcome, day, number FROM tally
        UNION ALL
        SELECT target, outcome, day, -count(*) FROM verdict GROUP BY target, outcome, day
    ) AS difference GROUP BY target, outcome, day HAVING sum(number) <> 0
"""


def differing_verdicts(store: Store) -> Iterator[Issue]:
    """Verdicts that are not what they should be."""
    contract = contract_in_force(store)
    for stored, fresh in side_by_side(stored_by_company(store), all_dossiers(store), contract):
        yield from _compared(stored, fresh, contract)


def differing_tallies(store: Store) -> Iterator[Issue]:
    """Tallies that are not the sum of the stored verdicts."""
    rows = store.all(_TALLIES)
    contract = contract_in_force(store) if rows else None
    for row in rows:
        yield Issue("tally_differs", {**dict(row), "name": _name(contract, row["target"])})


def _name(contract: Contract | None, target_id: str) -> str:
    target = contract.target(target_id) if contract else None
    return target.name.in_language(current()) if target else target_id


def _compared(
    stored: list[StoredVerdict], fresh: list[StoredVerdict], contract: Contract
) -> Iterator[Issue]:
    kept = {(verdict.record_id, verdict.target): verdict for verdict in stored}
    due = {(verdict.record_id, verdict.target): verdict for verdict in fresh}
    for key in sorted(kept.keys() | due.keys()):
        if kept.get(key) != due.get(key):
            one, other = kept.get(key), due.get(key)
            fields = [
                n for n in StoredVerdict._fields if getattr(one, n, 0) != getattr(other, n, 0)
            ]
            facts: dict[str, Any] = {
                "id": key[0],
                "target": key[1],
                "name": _name(contract, key[1]),
                "stored": one.outcome if one else "-",
                "fresh": other.outcome if other else "-",
                "fields": ", ".join(fields if one and other else ["outcome"]),
            }
            facts["differences"] = {
                name: [getattr(one, name, None), getattr(other, name, None)]
                for name in facts["fields"].split(", ")
            }
            yield Issue("verdict_differs", facts, (key[0],))
