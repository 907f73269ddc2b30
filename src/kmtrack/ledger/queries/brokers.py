"""Queries about brokers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from kmtrack.ledger.rows import Row
    from kmtrack.ledger.store.base import Store

_LIVE: Final = "SELECT initials, council FROM broker WHERE withdrawn IS NULL ORDER BY initials"


def live_brokers(store: Store) -> list[Row]:
    """Return the initials and the council of each broker, in the order of their initials."""
    return [dict(row) for row in store.each(_LIVE)]
