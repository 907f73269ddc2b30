"""Queries for the commands suggested on a demonstration ledger."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from kmtrack.ledger.store.base import Store

_WAITING_FOR_HEADCOUNT: Final = """
    SELECT record_id FROM verdict
    WHERE outcome = 'waiting' AND noun = 'contact' AND reasons LIKE '%no_headcount%'
    ORDER BY day DESC, record_id LIMIT 1
"""
_NEVER_CONTACTED: Final = """
    SELECT name FROM company
    WHERE withdrawn IS NULL AND cvr IS NOT NULL
      AND NOT EXISTS (SELECT 1 FROM contact WHERE contact.company_id = company.id)
    ORDER BY name_key, id LIMIT 1
"""


def contact_waiting_for_headcount(store: Store) -> str | None:
    """Return the id of the latest contact that waits for its company's headcount, if any does."""
    row = store.one(_WAITING_FOR_HEADCOUNT)
    return str(row["record_id"]) if row else None


def company_never_contacted(store: Store) -> str | None:
    """Return the name of the first company without a contact, if there is one."""
    row = store.one(_NEVER_CONTACTED)
    return str(row["name"]) if row else None
