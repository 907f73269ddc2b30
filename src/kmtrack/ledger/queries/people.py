"""Queries about contact persons."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from kmtrack.ledger.store.base import Store

_NAMED: Final = "SELECT id FROM person WHERE company_id = :company_id AND name = :name"


def person_named(store: Store, company_id: str, name: str) -> str | None:
    """Return the id of the contact person of exactly that name at a company."""
    row = store.one(_NAMED, company_id=company_id, name=name)
    return None if row is None else str(row["id"])
