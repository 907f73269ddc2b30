"""Queries about brokers: their initials and the business councils where they are stationed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from kmtrack.ledger.schema.nouns import NOUNS

if TYPE_CHECKING:
    from kmtrack.ledger.store.base import Store

_BROKER: Final = "SELECT * FROM broker WHERE id = :id"
_BROKERS: Final = "SELECT * FROM broker WHERE withdrawn IS NULL ORDER BY initials"


def broker_row(store: Store, initials: str) -> dict[str, Any] | None:
    """Return the row of a broker, a withdrawn one too, or None."""
    row = store.one(_BROKER, id=initials)
    return dict(row) if row else None


def live_brokers(store: Store) -> list[dict[str, Any]]:
    """Return the facts of every broker who is not withdrawn, by initials."""
    return [{name: row[name] for name in NOUNS["broker"].fields} for row in store.each(_BROKERS)]
