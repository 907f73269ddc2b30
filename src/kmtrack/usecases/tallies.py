"""The tallies: how many records count, wait or are excluded, added up from the stored verdicts."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Final

from kmtrack.rules.status import Tally

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from kmtrack.ledger.store.base import Store


# A record that nothing is agreed of yet has the day "", and so is there on every day.
_TOTALS: Final = """
    SELECT target, outcome, sum(number) FROM tally
    WHERE day <= :as_of GROUP BY target, outcome
"""
_BY_MONTH: Final = """
    SELECT target, substr(day, 1, 7), outcome, sum(number) FROM tally
    WHERE day <= :as_of GROUP BY 1, 2, 3
"""
_BY_PLACE: Final = """
    SELECT target, coalesce(municipality, ''), outcome, count(*) FROM verdict
    WHERE day <= :as_of GROUP BY 1, 2, 3
"""
_BY_BROKERS: Final = """
    SELECT target, brokers, outcome, count(*) FROM verdict
    WHERE day <= :as_of GROUP BY 1, 2, 3
"""


def totals(store: Store, as_of: date) -> dict[str, Tally]:
    """The tally of each target that has records dated `as_of` or before."""
    return _tallies((row[0], row[1], row[2]) for row in store.each(_TOTALS, as_of=str(as_of)))


def counted_so_far(store: Store, target: str) -> int:
    """How many records count for a target, whatever their day."""
    row = store.get(
        "SELECT coalesce(sum(number), 0) FROM tally WHERE target = :target AND outcome = 'counted'",
        target=target,
    )
    return int(row[0])


def by_group(store: Store, as_of: date, grouping: str) -> dict[str, dict[str, Tally]]:
    """For each target the tally of each group; "" is the group of what is not known.

    A record of several brokers is in the group of each of them (and of each of their councils),
    so these groups may add up to more than the total.
    """
    if grouping == "month":
        return _grouped(store, _BY_MONTH, as_of)
    if grouping == "municipality":
        return _grouped(store, _BY_PLACE, as_of)
    council_of = _councils(store) if grouping == "council" else {}
    numbers: dict[str, Counter[tuple[str, str]]] = defaultdict(Counter)
    for target, brokers, outcome, number in store.each(_BY_BROKERS, as_of=str(as_of)):
        names = brokers.split(" ")
        if grouping == "council":
            names = [council_of.get(name, "") for name in names]
        for name in dict.fromkeys(names):
            numbers[target][name, outcome] += number
    return {
        target: _tallies((name, outcome, n) for (name, outcome), n in counter.items())
        for target, counter in numbers.items()
    }


def _grouped(store: Store, statement: str, as_of: date) -> dict[str, dict[str, Tally]]:
    found: dict[str, list[tuple[str, str, int]]] = defaultdict(list)
    for target, group, outcome, number in store.each(statement, as_of=str(as_of)):
        found[target].append((group, outcome, number))
    return {target: _tallies(rows) for target, rows in found.items()}


def _tallies(rows: Iterable[tuple[str, str, int]]) -> dict[str, Tally]:
    tallies: dict[str, Tally] = {}
    for key, outcome, number in rows:
        tallies[key] = tallies.get(key, Tally())._replace(**{outcome: number})
    return tallies


def _councils(store: Store) -> dict[str, str]:
    rows = store.each("SELECT id, council FROM broker WHERE withdrawn IS NULL")
    return {row["id"]: row["council"] or "" for row in rows}
