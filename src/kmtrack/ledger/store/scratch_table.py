"""Scratch tables: short rows by key; rows that do not fit into memory are in a temporary file."""

from __future__ import annotations

from typing import Any, Final

from kmtrack.ledger.store.sqlite import connect_to_scratch

_TOGETHER: Final = 2000


class ScratchTable:
    """Rows of `width` texts, whole numbers or None, by key. Put in all rows before finding any."""

    def __init__(self, width: int) -> None:
        self._connection = connect_to_scratch()
        self._connection.row_factory = None
        columns = [f"value_{number}" for number in range(width)]
        self._put = f"INSERT INTO scratch VALUES ({', '.join('?' * (1 + width))})"  # noqa: S608 - ours
        self._find = f"SELECT {', '.join(columns)} FROM scratch WHERE key = ?"  # noqa: S608 - ours
        self._waiting: list[tuple[Any, ...]] = []
        self._is_sorted = False
        # Rows are found at random, for which a large cache is of no use.
        self._connection.execute("PRAGMA cache_size = -16384")
        self._connection.execute("BEGIN")  # nothing is ever committed
        self._connection.execute(f"CREATE TABLE scratch (key TEXT, {', '.join(columns)})")

    def close(self) -> None:
        """Forget all rows."""
        self._connection.close()

    def put(self, key: str, *values: str | int | None) -> None:
        """Put in a row; no other may have its key."""
        self._waiting.append((key, *values))
        if len(self._waiting) >= _TOGETHER:
            self._write()

    def find(self, key: str) -> tuple[Any, ...] | None:
        """Return the row with a key; None if there is none."""
        if not self._is_sorted:
            self._write()
            self._connection.execute("CREATE INDEX scratch_key ON scratch (key)")
            self._is_sorted = True
        row: tuple[Any, ...] | None = self._connection.execute(self._find, (key,)).fetchone()
        return row

    def _write(self) -> None:
        self._connection.executemany(self._put, self._waiting)
        self._waiting.clear()
