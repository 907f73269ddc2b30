"""Inserting many rows with few statements."""

from __future__ import annotations

from itertools import chain, islice
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Sequence

_AT_ONCE: Final = 1000


class Inserting:
    """Rows that are ready to be inserted: by an INSERT with nothing behind its VALUES."""

    def __init__(self, statement: str, rows: Iterable[Sequence[object]], most_values: int) -> None:
        before, values, row = statement.rpartition("VALUES")
        width = row.count("?")
        number = min(_AT_ONCE, most_values // width)
        flat = chain.from_iterable(rows)
        self._many = before + values + ",".join([row] * number)
        self._blocks: list[tuple[object, ...]] = []
        while len(block := tuple(islice(flat, number * width))) == number * width:
            self._blocks.append(block)
        self._one = statement
        self._left = list(zip(*[iter(block)] * width, strict=True))

    @property
    def is_large(self) -> bool:
        """Whether it takes longer than to begin a thread."""
        return bool(self._blocks)

    def run(self, connection: sqlite3.Connection) -> None:
        """Insert the rows."""
        for block in self._blocks:
            connection.execute(self._many, block)
        connection.executemany(self._one, self._left)
