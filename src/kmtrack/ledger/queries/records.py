"""Queries about the records of any noun."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kmtrack.ledger.schema.nouns import NOUNS

if TYPE_CHECKING:
    from kmtrack.ledger.store.base import Store


def ids_of(store: Store, noun: str) -> set[str]:
    """Return the ids of all records of a noun, withdrawn or not."""
    return {row["id"] for row in store.each(f"SELECT id FROM {NOUNS[noun].name}")}  # noqa: S608 - a name of ours
