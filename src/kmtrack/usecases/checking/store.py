"""What the database itself finds wrong with the ledger."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kmtrack.usecases.checking.finding import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kmtrack.ledger.store import Store


def damage_to_store(store: Store) -> Iterator[Finding]:
    """Pages, indexes and constraints that do not hold, and references to what is not there."""
    for problem in store.problems():
        yield Finding(problem.kind, problem.facts)
