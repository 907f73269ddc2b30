"""Queries about days to come and days past: what ends, what waits, and who was there recently."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from kmtrack.ledger.store.base import Store, StoredRow

_ENDING: Final = """
    SELECT {kind} AS kind, record.id, record."end" AS day, record.broker,
           company.name AS company, company.cvr AS cvr
    FROM {noun} AS record JOIN company ON company.id = record.company_id
    WHERE record.withdrawn IS NULL AND record."end" BETWEEN :first_day AND :last_day
    ORDER BY record."end", record.id
"""
# The reasons are JSON; a contract has a few thousand records, of which few wait.
_WAITING: Final = """
    SELECT record_id, noun, target, reasons, brokers, day FROM verdict
    WHERE outcome = 'waiting' AND day <= :as_of LIMIT :most
"""
_CONTACTS_BETWEEN: Final = """
    SELECT company_id, id, date, channel, broker, others FROM contact
    WHERE company_id IN (SELECT value FROM json_each(:ids)) AND withdrawn IS NULL
      AND date BETWEEN :first_day AND :last_day
    ORDER BY date DESC, recorded_at DESC, id
"""


def agreements_ending(store: Store, first_day: date, last_day: date) -> list[StoredRow]:
    """Return the collaborations and hires that end between two days: kind, id, day, company and more."""
    named = {"first_day": first_day.isoformat(), "last_day": last_day.isoformat()}
    found = store.all(_ENDING.format(noun="collaboration", kind="record.kind"), **named)
    found += store.all(_ENDING.format(noun="hire", kind="record.level"), **named)
    return sorted(found, key=lambda row: (row["day"], row["id"]))


def waiting_verdicts(store: Store, as_of: date, most: int) -> list[StoredRow]:
    """Return up to `most` waiting verdicts: record_id, noun, target, reasons (JSON)."""
    return store.all(_WAITING, as_of=as_of.isoformat(), most=most)


def contacts_between(
    store: Store, company_ids: Iterable[str], first_day: date, last_day: date
) -> list[StoredRow]:
    """Return the contacts with these companies between two days, the latest first."""
    named = {"first_day": first_day.isoformat(), "last_day": last_day.isoformat()}
    return store.all(_CONTACTS_BETWEEN, ids=json.dumps(sorted(company_ids)), **named)
