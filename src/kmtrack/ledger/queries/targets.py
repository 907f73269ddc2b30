"""Queries about targets: how many records count, wait or are excluded, and which they are."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Final

from kmtrack.ledger.entries import by_entry
from kmtrack.ledger.queries.brokers import live_brokers
from kmtrack.rules.status import Tally

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from kmtrack.ledger.store.base import Store, StoredRow

# A record that is not agreed yet has the day "", so it is there on every day.
_TOTALS: Final = """
    SELECT target, outcome, sum(number) FROM tally
    WHERE day <= :as_of GROUP BY target, outcome
"""
_COUNTED: Final = """
    SELECT coalesce(sum(number), 0) FROM tally WHERE target = :target AND outcome = 'counted'
"""
_BY_MONTH: Final = """
    SELECT target, substr(day, 1, 7), outcome, sum(number) FROM tally
    WHERE day <= :as_of GROUP BY 1, 2, 3
"""
_BY_MUNICIPALITY: Final = """
    SELECT target, coalesce(municipality, ''), outcome, count(*) FROM verdict
    WHERE day <= :as_of GROUP BY 1, 2, 3
"""
_BY_BROKERS: Final = """
    SELECT target, brokers, outcome, count(*) FROM verdict
    WHERE day <= :as_of GROUP BY 1, 2, 3
"""
# Each noun has its own kinds: how a contact was made, what was agreed, the level of who was hired.
_BY_KIND: Final = """
    SELECT verdict.target,
           CASE verdict.noun
               WHEN 'contact' THEN (SELECT channel FROM contact WHERE id = verdict.record_id)
               WHEN 'collaboration' THEN
                   (SELECT kind FROM collaboration WHERE id = verdict.record_id)
               ELSE (SELECT coalesce(level, '') FROM hire WHERE id = verdict.record_id)
           END AS kind,
           verdict.outcome, count(*)
    FROM verdict WHERE verdict.day <= :as_of GROUP BY 1, 2, 3
"""
_RECORDS: Final = """
    SELECT verdict.outcome, verdict.reasons, verdict.record_id, verdict.day,
           company.name, company.id AS company_id, company.cvr
    FROM verdict JOIN company ON company.id = verdict.company_id
    WHERE verdict.target = :target AND verdict.day <= :as_of
    ORDER BY verdict.outcome, verdict.reasons, verdict.day, verdict.record_id
"""
# More companies than the rule would name, and far fewer than all: what was on the day itself, and
# the history of a company that was taken over, are left to the rule.
_WITHOUT_EARLIER_VISIT: Final = """
    SELECT DISTINCT verdict.company_id FROM verdict
    WHERE verdict.target = :target AND verdict.day <= :as_of
      AND NOT EXISTS (
          SELECT 1 FROM contact
          WHERE contact.company_id = verdict.company_id AND contact.withdrawn IS NULL
            AND contact.date < verdict.day
            AND contact.channel IN (SELECT value FROM json_each(:visits)))
      AND NOT EXISTS (
          SELECT 1 FROM company
          WHERE company.id = verdict.company_id AND company.visited_before <= verdict.day)
"""
_FIRST_HIRES: Final = f"""
    SELECT hired.day, hired.record_id, company.name, company.id AS company_id, company.cvr
    FROM (
        SELECT verdict.company_id, verdict.record_id, verdict.day, row_number() OVER (
            PARTITION BY verdict.company_id ORDER BY verdict.day, {by_entry("hire")}) AS place
        FROM verdict JOIN hire ON hire.id = verdict.record_id
        WHERE verdict.noun = 'hire' AND verdict.outcome = 'counted' AND verdict.day <= :as_of
    ) AS hired JOIN company ON company.id = hired.company_id
    WHERE hired.place = 1 ORDER BY hired.day, hired.record_id
"""  # noqa: S608 - a name of ours
_OF_CONTACTS: Final = """
    SELECT verdict.day, verdict.record_id, company.name, company.id AS company_id, verdict.target
    FROM verdict JOIN company ON company.id = verdict.company_id
    WHERE verdict.noun = 'contact' AND verdict.target IN (SELECT value FROM json_each(:targets))
    ORDER BY verdict.day, verdict.record_id
"""
# The condition is that of the index "verdict_hired", so that no contact is read.
_HIRED: Final = """
    SELECT count(DISTINCT company_id) FROM verdict
    WHERE noun = 'hire' AND outcome = 'counted' AND day <= :as_of
"""


def totals(store: Store, as_of: date) -> dict[str, Tally]:
    """Return the tally of each target that has records dated `as_of` or before."""
    return _tallies((row[0], row[1], row[2]) for row in store.each(_TOTALS, as_of=str(as_of)))


def counted_so_far(store: Store, target: str) -> int:
    """Return how many records count towards a target, whatever their day."""
    return int(store.get(_COUNTED, target=target)[0])


def tallies_by_group(store: Store, as_of: date, grouping: str) -> dict[str, dict[str, Tally]]:
    """Return for each target the tally of each group; "" is the group of unknown values.

    `grouping` is one of the choice "status_grouping". A record of several brokers is in the group of each of them (and
    of each of their councils), so these groups may add up to more than the total.
    """
    if grouping == "month":
        return _grouped(store, _BY_MONTH, as_of)
    if grouping == "municipality":
        return _grouped(store, _BY_MUNICIPALITY, as_of)
    if grouping == "kind":
        return _grouped(store, _BY_KIND, as_of)
    councils: dict[str, str] = {}
    if grouping == "council":
        councils = {row["initials"]: row["council"] or "" for row in live_brokers(store)}
    numbers: dict[str, Counter[tuple[str, str]]] = defaultdict(Counter)
    for target, brokers, outcome, number in store.each(_BY_BROKERS, as_of=str(as_of)):
        names = brokers.split(" ")
        if grouping == "council":
            names = [councils.get(name, "") for name in names]
        for name in dict.fromkeys(names):
            numbers[target][name, outcome] += number
    return {
        target: _tallies((name, outcome, n) for (name, outcome), n in counter.items())
        for target, counter in numbers.items()
    }


def records_of_target(store: Store, target: str, as_of: date) -> Iterator[StoredRow]:
    """Yield the records for a target dated `as_of` or before, with their companies.

    They are ordered by outcome, reasons (JSON), day and id.
    """
    return store.each(_RECORDS, target=target, as_of=str(as_of))


def companies_without_earlier_visit(
    store: Store, target: str, as_of: date, visits: Iterable[str]
) -> set[str]:
    """Return the companies with a contact for a target, dated `as_of` or before, but no visit before it.

    `visits` are the channels of a visit. A visit on the day of the contact itself is not looked at.
    """
    named = {"target": target, "as_of": str(as_of), "visits": json.dumps(sorted(visits))}
    return {row[0] for row in store.each(_WITHOUT_EARLIER_VISIT, **named)}


def first_hires(store: Store, as_of: date) -> Iterator[StoredRow]:
    """Yield the first hire that counts of each company, dated `as_of` or before."""
    return store.each(_FIRST_HIRES, as_of=str(as_of))


def companies_that_hired(store: Store, as_of: date) -> int:
    """Return the number of companies with a hire that counts, dated `as_of` or before."""
    return int(store.get(_HIRED, as_of=str(as_of))[0])


def contact_targets(store: Store, targets: Iterable[str]) -> Iterator[StoredRow]:
    """Yield which of these targets each contact is for: day, record_id, name, company_id, target."""
    return store.each(_OF_CONTACTS, targets=json.dumps(list(targets)))


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
