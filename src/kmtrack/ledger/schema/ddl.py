"""The statements that make the tables of `tables.py` in SQLite."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy.dialects import sqlite
from sqlalchemy.schema import CreateIndex, CreateTable

from kmtrack.ledger.schema import tables

if TYPE_CHECKING:
    from collections.abc import Iterator


def statements() -> Iterator[str]:
    """Each CREATE statement, tables before what refers to them."""
    dialect = sqlite.dialect()
    for table in tables.SCHEMA.sorted_tables:
        yield str(CreateTable(table).compile(dialect=dialect))
        for index in sorted(table.indexes, key=lambda index: str(index.name)):
            yield str(CreateIndex(index).compile(dialect=dialect))
