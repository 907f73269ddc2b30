"""Queries about methods."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from kmtrack.ledger.store.base import Store

_LIVE: Final = "SELECT id, name FROM method WHERE withdrawn IS NULL ORDER BY recorded_at, id"


def live_methods(store: Store) -> list[tuple[str, str]]:
    """Return ids and names of the methods that are not withdrawn, in the order of their recording."""
    return [(row["id"], row["name"]) for row in store.each(_LIVE)]
