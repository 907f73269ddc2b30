"""Queries about the records of any noun."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kmtrack.ledger.schema.nouns import NOUNS

if TYPE_CHECKING:
    from kmtrack.ledger.rows import Row
    from kmtrack.ledger.store.base import Store


def ids_of(store: Store, noun: str) -> set[str]:
    """Return the ids of all records of a noun, withdrawn or not."""
    return {row["id"] for row in store.each(f"SELECT id FROM {NOUNS[noun].name}")}  # noqa: S608 - a name of ours


def records_by_prefix(store: Store, noun: str, prefix: str, most: int) -> list[Row]:
    """Return at most so many records of a noun whose id begins with `prefix`, by id."""
    # "{" follows every character of the alphabet: the range is a prefix that an index serves.
    rows = store.all(
        NOUNS[noun].select + " WHERE id >= :low AND id < :high ORDER BY id LIMIT :most",
        low=prefix,
        high=prefix + "{",
        most=most,
    )
    return [dict(row) for row in rows]
