"""The floor of an import: insert the rows of a CSV without validating or judging them."""

from __future__ import annotations

import csv
import sqlite3
import sys
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

# The settings with which kmtrack opens a ledger.
_PRAGMAS: Final = (
    "journal_mode = DELETE",
    "synchronous = EXTRA",
    "foreign_keys = ON",
    "secure_delete = ON",
    "trusted_schema = OFF",
    "temp_store = MEMORY",
)
_INSERT: Final = """
    INSERT INTO contact (id, recorded_at, company_id, date, channel, broker, note)
    VALUES (?, '2012-06-01T08:00:00.000000Z', ?, ?, ?, ?, ?)
"""


def main(ledger: str, file: str) -> None:
    """Insert the rows of the file; its companies are named by CVR number, which is their id."""
    connection = sqlite3.connect(ledger, isolation_level=None)
    for pragma in _PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")
    connection.execute("BEGIN IMMEDIATE")
    connection.executemany(_INSERT, _rows(file))
    connection.execute("COMMIT")
    connection.close()


def _rows(file: str) -> Iterator[tuple[str, ...]]:
    with open(file, encoding="utf-8", newline="") as opened:  # noqa: PTH123 - minimal on purpose
        reader = csv.reader(opened)
        next(reader)
        for number, row in enumerate(reader):
            yield (f"k{number:010}", *row)


if __name__ == "__main__":
    main(*sys.argv[1:])
