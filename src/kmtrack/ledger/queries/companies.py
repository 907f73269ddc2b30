"""Queries about companies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kmtrack.ledger.rows import Row
    from kmtrack.ledger.store.base import Store, StoredRow

_BY_ID: Final = "SELECT * FROM company WHERE id = :id"
_LIVE_BY_CVR: Final = "SELECT * FROM company WHERE cvr = :cvr AND withdrawn IS NULL"
_LIVE_BY_NAME: Final = """
    SELECT * FROM company WHERE name_key = :key AND withdrawn IS NULL ORDER BY id
"""
_LIVE: Final = "SELECT * FROM company WHERE withdrawn IS NULL"
_LIVE_NUMBERS: Final = """
    SELECT cvr, id FROM company WHERE cvr IS NOT NULL AND withdrawn IS NULL LIMIT :most
"""
_PARTS: Final = "SELECT id, part_of FROM company WHERE part_of IS NOT NULL ORDER BY id"
_WITHDRAWN: Final = "SELECT * FROM company WHERE withdrawn IS NOT NULL"


def company_by_id(store: Store, company_id: str) -> Row | None:
    """Return the row of a company, withdrawn or not."""
    row = store.one(_BY_ID, id=company_id)
    return None if row is None else dict(row)


def live_companies_by_cvr(store: Store, cvr: str) -> list[Row]:
    """Return the companies with this CVR number that are not withdrawn."""
    return [dict(row) for row in store.all(_LIVE_BY_CVR, cvr=cvr)]


def live_companies_by_name(store: Store, key: str) -> list[Row]:
    """Return the companies with this name key that are not withdrawn, in the order of their ids."""
    return [dict(row) for row in store.all(_LIVE_BY_NAME, key=key)]


def live_companies(store: Store) -> Iterator[StoredRow]:
    """Yield the companies that are not withdrawn."""
    return store.each(_LIVE)


def live_cvr_numbers(store: Store, most: int) -> dict[str, str]:
    """Return CVR numbers with the ids of the live companies that have them, at most so many."""
    return {row["cvr"]: row["id"] for row in store.all(_LIVE_NUMBERS, most=most)}


def withdrawn_companies(store: Store) -> list[Row]:
    """Return the companies that are withdrawn."""
    return [dict(row) for row in store.all(_WITHDRAWN)]


def company_parts(store: Store) -> dict[str, str]:
    """Return which records are part of another company, each with the record that stands for both."""
    return {row["id"]: row["part_of"] for row in store.all(_PARTS)}
