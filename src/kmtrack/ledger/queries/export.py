"""Queries for the region's workbook: the records that count, and those that do not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kmtrack.ledger.schema.names import BY_NAME

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from kmtrack.ledger.store.base import Store, StoredRow
    from kmtrack.rules.judgement import Outcome

# A record's own columns come in two parts, so that a row is in the order of the workbook's columns;
# between them is room for what the rules know of it.
_COUNTED: Final = """
    SELECT verdict.target, record."{first}", company.name AS company,
           coalesce(company.cvr, '') AS cvr, coalesce(verdict.municipality, '') AS code,
           coalesce(verdict.municipality, '') AS municipality, {room} {others}
           verdict.brokers, verdict.record_id AS id
    FROM verdict
    JOIN {noun} AS record ON record.id = verdict.record_id
    JOIN company ON company.id = verdict.company_id
    WHERE verdict.noun = '{noun}' AND verdict.outcome = 'counted' AND verdict.day <= :as_of
    ORDER BY verdict.target, verdict.day, verdict.record_id
"""
_NOT_COUNTED: Final = """
    SELECT verdict.target, verdict.reasons, verdict.day, verdict.noun,
           company.name AS company, coalesce(company.cvr, '') AS cvr,
           coalesce(verdict.municipality, '') AS code,
           coalesce(verdict.municipality, '') AS municipality, NULL AS employees,
           verdict.brokers, verdict.record_id AS id
    FROM verdict JOIN company ON company.id = verdict.company_id
    WHERE verdict.outcome = :outcome AND verdict.day <= :as_of
    ORDER BY verdict.target, verdict.day, verdict.record_id
"""
_COUNTED_COMPANIES: Final = f"""
    SELECT company.*, counted.records, counted.hires
    FROM company JOIN (
        SELECT company_id, count(*) AS records, count(*) FILTER (WHERE noun = 'hire') AS hires
        FROM verdict WHERE outcome = 'counted' AND day <= :as_of GROUP BY company_id
    ) AS counted ON counted.company_id = company.id
    ORDER BY {BY_NAME}, company.id
"""  # noqa: S608 - an expression of ours


def counted_records(
    store: Store, noun: str, fields: Sequence[str], room: int, as_of: date
) -> Iterator[StoredRow]:
    """Yield the records of a noun that count by a day, in the order of targets and days.

    A row holds the target, the first of the `fields`, the company's name and CVR number, the
    municipality (twice: as a code and for its name), `room` empty columns, the other fields, the
    brokers and the id.
    """
    first, *others = fields
    columns = "".join(f'record."{field}", ' for field in others)
    statement = _COUNTED.format(noun=noun, first=first, room="NULL, " * room, others=columns)
    return store.each(statement, as_of=as_of.isoformat())


def uncounted_records(store: Store, outcome: Outcome, as_of: date) -> Iterator[StoredRow]:
    """Yield the records that wait, or are excluded, on a day, in the order of targets and days.

    A row holds the target, the reasons (JSON), day and noun, the company's name and CVR number, the
    municipality twice, an empty column for the headcount, the brokers and the id.
    """
    return store.each(_NOT_COUNTED, outcome=outcome, as_of=as_of.isoformat())


def counted_companies(store: Store, as_of: date) -> Iterator[StoredRow]:
    """Yield by name the companies with records that count by a day, and how many records and hires."""
    return store.each(_COUNTED_COMPANIES, as_of=as_of.isoformat())
