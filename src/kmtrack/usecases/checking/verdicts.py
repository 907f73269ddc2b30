"""Whether every stored verdict is what a fresh judgement gives, and every tally their sum."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kmtrack.ledger.contracts import contract_in_force
from kmtrack.ledger.dossiers import all_dossiers
from kmtrack.ledger.verdicts import StoredVerdict, side_by_side, stored_by_company
from kmtrack.usecases.checking.finding import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kmtrack.ledger.store import Store

_TALLIES: Final = """
    SELECT target, outcome, day, sum(number) AS number FROM (
        SELECT target, outcome, day, number FROM tally
        UNION ALL
        SELECT target, outcome, day, -count(*) FROM verdict GROUP BY target, outcome, day
    ) AS difference GROUP BY target, outcome, day HAVING sum(number) <> 0
"""


def differing_verdicts(store: Store) -> Iterator[Finding]:
    """Verdicts that are not what they should be."""
    contract = contract_in_force(store)
    for stored, fresh in side_by_side(stored_by_company(store), all_dossiers(store), contract):
        yield from _compared(stored, fresh)


def differing_tallies(store: Store) -> Iterator[Finding]:
    """Tallies that are not the sum of the stored verdicts."""
    for row in store.all(_TALLIES):
        yield Finding("tally_differs", dict(row))


def _compared(stored: list[StoredVerdict], fresh: list[StoredVerdict]) -> Iterator[Finding]:
    kept = {(verdict.record_id, verdict.target): verdict for verdict in stored}
    due = {(verdict.record_id, verdict.target): verdict for verdict in fresh}
    for key in sorted(kept.keys() | due.keys()):
        if kept.get(key) != due.get(key):
            one, other = kept.get(key), due.get(key)
            fields = [
                n for n in StoredVerdict._fields if getattr(one, n, 0) != getattr(other, n, 0)
            ]
            facts = {
                "id": key[0],
                "target": key[1],
                "stored": one.outcome if one else "-",
                "fresh": other.outcome if other else "-",
                "fields": ", ".join(fields if one and other else ["outcome"]),
            }
            yield Finding("verdict_differs", facts, (key[0],))
