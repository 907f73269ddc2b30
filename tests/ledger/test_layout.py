"""The layout names exactly the columns of the tables."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Any

from kmtrack.ledger.open import open_store
from kmtrack.ledger.schema.nouns import TABLES
from kmtrack.ledger.schema.tables import SCHEMA

if TYPE_CHECKING:
    from pathlib import Path

_COLUMNS = {table: set(columns) for table, columns in TABLES.items()}


def test_the_layout_is_that_of_the_tables(ledger: Path) -> None:
    assert {table.name: set(table.columns.keys()) for table in SCHEMA.sorted_tables} == _COLUMNS
    with closing(open_store(ledger)) as store:
        assert store.tables() == _COLUMNS


def test_a_server_tells_the_same(served: Any) -> None:
    with closing(open_store(served)) as store:
        assert store.tables() == _COLUMNS
