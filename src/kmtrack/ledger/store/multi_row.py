"""Inserting: many rows with few statements, their values by position."""

from __future__ import annotations

import re
from functools import cache
from itertools import chain, islice
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterable, Mapping, Sequence

_AT_ONCE: Final = 2500
_NAMED: Final = re.compile(r":([a-z_]+)")


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


@cache
def by_position(statement: str) -> tuple[str, Callable[[Mapping[str, object]], Any]]:
    """A statement with its names as positions, and what takes their values out of a mapping.

    sqlite3 looks every name up anew for every row: in bulk that takes half as long again.
    """
    names = _NAMED.findall(statement)
    values_of = itemgetter(*names) if len(names) > 1 else lambda row: (row[names[0]],)
    return _NAMED.sub("?", statement), values_of
