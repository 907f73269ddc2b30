"""Queries about targets: how many records count, wait or are excluded, and which."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from operator import itemgetter
from typing import TYPE_CHECKING, Final, NamedTuple

from kmtrack.ledger.order_of_entry import by_entry
from kmtrack.ledger.queries.brokers import live_brokers
from kmtrack.ledger.schema.ids import batches, chunks
from kmtrack.ledger.store.base import EVERYTHING
from kmtrack.rules.tallies import Tally

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import date

    from kmtrack.ledger.store.base import Store, StoredRow

_TOGETHER: Final = 1000
# A record that is not agreed yet has the day "", so it is there on every day.
_TOTALS: Final = """
    SELECT target, outcome, sum(number) FROM tally
    WHERE day <= :as_of GROUP BY target, outcome
"""
_COUNTED: Final = """
    SELECT coalesce(sum(number), 0) FROM tally WHERE target = :target AND outcome = 'counted'
"""
# What is no longer there stays in the tally as zero.
_BY_MONTH: Final = """
    SELECT target, substr(day, 1, 7), outcome, sum(number) FROM tally
    WHERE day <= :as_of GROUP BY 1, 2, 3 HAVING sum(number) <> 0
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
# Each noun has its own day.
_DAY_OF: Final = {
    "contact": "date",
    "collaboration": "coalesce(agreed, '')",
    "hire": "coalesce(agreed, '')",
}
_GROUPS: Final = """
    SELECT outcome, reasons, count(*) AS number FROM verdict
    WHERE outcome <> 'counted' AND target = :target AND day <= :as_of
    GROUP BY outcome, reasons ORDER BY outcome, reasons
"""
# The conditions are those of the index "verdict_left_out".
_LEFT_OUT: Final = """
    SELECT record_id, day, company_id FROM verdict
    WHERE outcome <> 'counted' AND target = :target AND outcome = :outcome AND reasons = :reasons
      AND day <= :as_of
    ORDER BY day, record_id LIMIT :most
"""
# The first of those that count, which are most of them, are found by the day of the record.
_COUNTED_RECORDS: Final = """
    SELECT record.id, record.day, record.company_id FROM (
        SELECT id, company_id, {day} AS day FROM {noun} WHERE withdrawn IS NULL
    ) AS record CROSS JOIN verdict
    WHERE verdict.company_id = record.company_id AND verdict.record_id = record.id
      AND verdict.target = :target AND verdict.outcome = 'counted' AND record.day <= :as_of
    ORDER BY record.day, record.id LIMIT :most
"""
# All of them are read in the order of the table and sorted: to look each of them up takes longer.
_ALL_COUNTED: Final = """
    SELECT verdict.record_id, verdict.day, company.name, verdict.company_id, company.cvr
    FROM verdict CROSS JOIN company
    WHERE company.id = verdict.company_id
      AND verdict.target = :target AND verdict.outcome = 'counted' AND verdict.day <= :as_of
    ORDER BY verdict.day, verdict.record_id
"""
_NAMED: Final = "SELECT id, name, cvr FROM company WHERE id IN (SELECT value FROM json_each(:ids))"
_COMPANIES: Final = """
    SELECT DISTINCT company_id FROM verdict WHERE target = :target AND day <= :as_of
"""
_OUTCOMES: Final = """
    SELECT record_id, company_id, outcome, reasons, day FROM verdict
    WHERE target = :target AND day <= :as_of
      AND company_id IN (SELECT value FROM json_each(:companies))
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
    FROM contact JOIN company ON company.id = contact.company_id
    JOIN verdict ON verdict.company_id = contact.company_id AND verdict.record_id = contact.id
    WHERE contact.id IN (SELECT value FROM json_each(:ids))
    AND verdict.target IN (SELECT value FROM json_each(:targets))
"""
# The condition is that of the index "verdict_hired", so that no contact is read.
_HIRED: Final = """
    SELECT count(DISTINCT company_id) FROM verdict
    WHERE noun = 'hire' AND outcome = 'counted' AND day <= :as_of
"""


class TargetRecord(NamedTuple):
    """A record for a target: its id, day ("" if not agreed) and company."""

    record_id: str
    day: str
    name: str
    company_id: str
    cvr: str | None


def totals(store: Store, as_of: date) -> dict[str, Tally]:
    """Return the tally of each target that has records dated `as_of` or before."""
    return _tallies((row[0], row[1], row[2]) for row in store.each(_TOTALS, as_of=str(as_of)))


def counted_so_far(store: Store, target: str) -> int:
    """Return how many records count towards a target, whatever their day."""
    return int(store.get(_COUNTED, target=target)[0])


def tallies_by_group(store: Store, as_of: date, grouping: str) -> dict[str, dict[str, Tally]]:
    """Return for each target the tally of each group; "" is the group of unknown values.

    `grouping` is one of the choice "status_grouping". A record with several brokers is in the group
    of each of them (and of each of their councils), so these groups may add up to more than the
    total.
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


def left_out_groups(store: Store, target: str, as_of: date) -> list[StoredRow]:
    """Return how many records dated `as_of` or before do not count: outcome, reasons (JSON), number."""
    return store.all(_GROUPS, target=target, as_of=str(as_of))


def left_out_records(
    store: Store, target: str, as_of: date, group: tuple[str, str], most: int
) -> Iterator[TargetRecord]:
    """Yield the first `most` records of a group by day, with their companies.

    A group has one outcome and the same reasons (JSON).
    """
    outcome, reasons = group
    named = {"target": target, "as_of": str(as_of), "outcome": outcome, "reasons": reasons}
    return _with_companies(store, store.each(_LEFT_OUT, **named, most=most))


def counted_records(
    store: Store, target: str, noun: str, as_of: date, most: int
) -> Iterator[TargetRecord]:
    """Yield the first `most` records of a noun that count for a target, by day, with their companies."""
    named = {"target": target, "as_of": str(as_of)}
    if most >= EVERYTHING:
        return (TargetRecord(*row) for row in store.each(_ALL_COUNTED, **named))
    statement = _COUNTED_RECORDS.format(noun=noun, day=_DAY_OF[noun])
    return _with_companies(store, store.each(statement, **named, most=most))


def _with_companies(store: Store, found: Iterable[StoredRow]) -> Iterator[TargetRecord]:
    """Yield records with their companies, read in batches as large as one statement takes."""
    for some in batches(found, _TOGETHER):
        rows = store.all(_NAMED, ids=json.dumps(list({company for *_, company in some})))
        companies = {row["id"]: row for row in rows}
        for record_id, day, company_id in some:
            company = companies[company_id]
            yield TargetRecord(record_id, day, company["name"], company_id, company["cvr"])


def companies_of_target(store: Store, target: str, as_of: date) -> list[str]:
    """Return the companies with records for a target, dated `as_of` or before."""
    return [row[0] for row in store.each(_COMPANIES, target=target, as_of=str(as_of))]


def verdicts_among(
    store: Store, target: str, as_of: date, records: Mapping[str, str]
) -> Iterator[StoredRow]:
    """Yield the verdicts for a target, dated `as_of` or before, on some of these records.

    `records` has the company of each. A verdict has record_id, company_id, outcome, reasons, day.
    """
    named = {"target": target, "as_of": str(as_of)}
    for ids in chunks(set(records.values())):
        for row in store.all(_OUTCOMES, **named, companies=json.dumps(ids)):
            if row["record_id"] in records:
                yield row


def companies_without_earlier_visit(
    store: Store, target: str, as_of: date, visits: Iterable[str]
) -> set[str]:
    """Return the companies with a contact for a target, dated `as_of` or before, but no visit before it.

    `visits` are the channels that count as visits. A visit on the very day of the contact is
    disregarded.
    """
    named = {"target": target, "as_of": str(as_of), "visits": json.dumps(sorted(visits))}
    return {row[0] for row in store.each(_WITHOUT_EARLIER_VISIT, **named)}


def first_hires(store: Store, as_of: date) -> Iterator[StoredRow]:
    """Yield the first hire that counts of each company, dated `as_of` or before."""
    return store.each(_FIRST_HIRES, as_of=str(as_of))


def companies_that_hired(store: Store, as_of: date) -> int:
    """Return the number of companies with a hire that counts, dated `as_of` or before."""
    return int(store.get(_HIRED, as_of=str(as_of))[0])


def contact_targets(
    store: Store, targets: Iterable[str], contacts: Iterable[str]
) -> list[StoredRow]:
    """Return which of these targets each of these contacts (ids) is for, in the order of their days.

    Each has day, record_id, name, company_id and target.
    """
    named = json.dumps(list(targets))
    found = [
        row
        for some in chunks(contacts)
        for row in store.all(_OF_CONTACTS, ids=json.dumps(some), targets=named)
    ]
    return sorted(found, key=itemgetter("day", "record_id"))


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
