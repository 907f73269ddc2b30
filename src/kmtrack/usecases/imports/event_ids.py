"""The ids of imported events: each row has the same one whenever it is read."""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING

from kmtrack.ledger.schema.ids import ids_from
from kmtrack.ledger.spelling import in_braces

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kmtrack.ledger.spelling import Column, Spelling


class EventIds:
    """Gives each row the id that it gets whenever it is read; a twin in one file gets its own.

    The id comes from the company and the facts: not from the person, whose name nobody may guess
    from a digest, nor from the broker who happens to read the file.
    """

    def __init__(self, noun: str, spelling: Spelling) -> None:
        self._noun = noun
        self._spelling = spelling
        self._met: set[str] = set()
        self._times: dict[str, int] = {}

    def next_ids(self, companies: Sequence[str], columns: Mapping[str, Column]) -> list[str]:
        """The ids of the next rows: to whose companies each states what."""
        facts, before = in_braces(self._spelling.spell(columns)), f"{self._noun}\x1f"
        texts = [f"{before}{one}\x1f{other}" for one, other in zip(companies, facts, strict=True)]
        ids = ids_from(self._noun, list(map(_digest, texts)))
        if len(set(ids)) < len(ids) or not self._met.isdisjoint(ids):
            return list(map(self._own, texts, ids))
        self._met.update(ids)
        return ids

    def _own(self, text: str, record_id: str) -> str:
        while record_id in self._met:
            times = self._times[record_id] = self._times.get(record_id, 1) + 1
            [record_id] = ids_from(self._noun, [_digest(f"{text}\x1f{times}")])
        self._met.add(record_id)
        return record_id


def _digest(text: str) -> bytes:
    return blake2b(text.encode(), digest_size=8).digest()  # an id has room for no more
