"""Queries about deliverables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kmtrack.ledger.order_of_entry import by_entry

if TYPE_CHECKING:
    from kmtrack.ledger.rows import Row
    from kmtrack.ledger.store.base import Store

_STEPS: Final = f"""
    SELECT id, target, step, date, point, text, file, digest, broker FROM delivery
    WHERE withdrawn IS NULL AND target = :target ORDER BY date, {by_entry("delivery")}
"""  # noqa: S608 - a name of ours


def steps_towards(store: Store, target: str) -> list[Row]:
    """Return the steps towards a deliverable that are not withdrawn, by day."""
    return [dict(row) for row in store.each(_STEPS, target=target)]
