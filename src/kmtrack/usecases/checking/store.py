"""What SQLite itself finds wrong with the file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kmtrack.usecases.checking.finding import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kmtrack.ledger.store import Store


def damage_to_store(store: Store) -> Iterator[Finding]:
    """Pages, indexes and constraints that do not hold, and references to what is not there."""
    for row in store.all("PRAGMA integrity_check(20)"):
        if row[0] != "ok":
            yield Finding("integrity", {"problem": row[0]})
    for row in store.all("PRAGMA foreign_key_check"):
        yield Finding("reference", {"table": row[0], "row": row[1], "parent": row[2]})
