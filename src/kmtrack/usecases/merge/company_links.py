"""Uniting: records of different ledgers that turn out to be one company."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Collection

    from kmtrack.ledger.store.base import Store

_PARTS: Final = "SELECT id, part_of FROM company WHERE part_of IS NOT NULL ORDER BY id"
_STANDING: Final = "SELECT name, cvr FROM company WHERE id = :id"


class United(NamedTuple):
    """A company of several records that were companies of their own; `id` stands for the `others`."""

    id: str
    name: str
    cvr: str | None
    others: list[str]


class Uniting:
    """Tells what became one company in a ledger, source by source."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._before = _parts(store)

    def take(self, source: Store, added: Collection[str]) -> tuple[list[United], int]:
        """What became one since the last source, and how many of the records `added` are no new company.

        To be called when all that was taken of the source is judged.
        """
        here, there = self._before, _parts(source)
        self._before = _parts(self._store)
        groups: dict[str, set[str]] = defaultdict(set)
        for part, standing in self._before.items():
            groups[standing] |= {part, standing}
        united, surplus = [], 0
        for standing, records in groups.items():
            stood = {(there if id_ in added else here).get(id_, id_) for id_ in records}
            if len(stood) > 1:
                united.append(self._united(standing, sorted(stood - {standing})))
            new = records.intersection(added)
            surplus += len(new) - (new == records)
        return united, surplus

    def _united(self, standing: str, others: list[str]) -> United:
        row = self._store.get(_STANDING, id=standing)
        return United(standing, row["name"], row["cvr"], others)


def _parts(store: Store) -> dict[str, str]:
    """The records that are parts of others, each with the one that stands for it."""
    return {row["id"]: row["part_of"] for row in store.all(_PARTS)}
