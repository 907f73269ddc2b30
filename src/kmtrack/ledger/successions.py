"""Successions: the takeovers stated in a ledger, all read at once, as they are few."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final

from kmtrack.rules.successions import Succession, in_force, succeeded_by

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kmtrack.ledger.store.base import Store, StoredRow

_STATED: Final = """
    SELECT succession.id, succession.recorded_at, succession.company_id, succession.successor_id,
           succession.since, company.visited_before,
           company.withdrawn IS NULL AND successor.withdrawn IS NULL AS is_live
    FROM succession
    JOIN company ON company.id = succession.company_id
    JOIN company AS successor ON successor.id = succession.successor_id
    WHERE succession.withdrawn IS NULL
    ORDER BY succession.recorded_at, succession.id
"""


class StatedSuccessions:
    """The successions that are not withdrawn, in the order in which they were stated.

    `live` are those between companies that are not withdrawn either; `in_force` those of them that
    hold, by the company that was taken over.
    """

    def __init__(self, store: Store) -> None:
        rows = store.all(_STATED)
        self.stated = list(map(_succession, rows))
        self.live = [each for each, row in zip(self.stated, rows, strict=True) if row["is_live"]]
        self.in_force = in_force(self.live)
        self._visited_before = {row["company_id"]: row["visited_before"] for row in rows}

    def predecessors(self, company_id: str) -> Iterator[tuple[str, date, str | None]]:
        """Yield the companies that this one has taken over, directly or through others.

        Each comes with the day of the takeover, and the day of its visit before the ledger began.
        """
        for id_, since in succeeded_by(company_id, self.in_force):
            yield id_, since, self._visited_before[id_]

    def successors(self, company_id: str) -> set[str]:
        """Return every company that was stated to succeed this one, whichever of them holds."""
        return {each.successor for each in self.stated if each.company == company_id}


def _succession(row: StoredRow) -> Succession:
    id_, recorded_at, company, successor, since, *_ = row
    return Succession(id_, recorded_at, company, successor, date.fromisoformat(since))
