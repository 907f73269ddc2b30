"""What the database itself finds wrong with the ledger."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kmtrack.ledger.schema.layout import TABLES
from kmtrack.usecases.check.issue import Issue

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kmtrack.ledger.store.base import Store


def damage_to_store(store: Store) -> Iterator[Issue]:
    """Pages, indexes and constraints that do not hold, and references to what is not there."""
    for problem in store.problems():
        yield Issue(problem.kind, problem.facts)


def missing_tables(store: Store) -> Iterator[Issue]:
    """Tables that are not there, or not with all their columns."""
    there = store.tables()
    for table, columns in TABLES.items():
        if table not in there:
            yield Issue("table_missing", {"table": table})
        elif not there[table].issuperset(columns):
            lost = ", ".join(column for column in columns if column not in there[table])
            yield Issue("column_missing", {"table": table, "column": lost})
