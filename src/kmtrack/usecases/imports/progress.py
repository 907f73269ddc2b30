"""Watching an import: how many rows there were, how far it is, and when it is too much."""

from __future__ import annotations

import gc
from contextlib import contextmanager
from itertools import islice
from typing import TYPE_CHECKING, Final

from kmtrack.errors import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from kmtrack.usecases.imports.limits import Deadline, Limits
    from kmtrack.usecases.imports.table import NumberedRow

# What reading takes of the whole; the rest is for judging.
READ: Final = 75
DONE: Final = 100
_EVERY: Final = 1000
# Fewer rows are read before anyone begins to wonder.
_WORTH_TELLING: Final = 2000
_OBJECTS: Final = 500_000


@contextmanager
def seldom_collecting() -> Iterator[None]:
    """Look for garbage less often: rows leave none, and looking takes an eighth of an import."""
    usual = gc.get_threshold()
    gc.set_threshold(_OBJECTS, *usual[1:])
    try:
        yield
    finally:
        gc.set_threshold(*usual)


class Progress:
    """Counts rows, tells what percentage is done, and stops what is too large or too slow."""

    def __init__(
        self,
        file: Path,
        limits: Limits,
        deadline: Deadline,
        size: int,
        progress: Callable[[int], None] | None,
    ) -> None:
        self._file = file
        self._most = limits.rows
        self._deadline = deadline
        self._size = max(size, 1)
        self._progress = progress if size >= _WORTH_TELLING else None
        self._rows = 0
        self._told = 0

    def over(self, rows: Iterator[NumberedRow]) -> Iterator[NumberedRow]:
        """The rows, while there are not too many."""
        while some := list(islice(rows, _EVERY)):
            self._rows += len(some)
            if self._rows > self._most:
                raise Refusal(
                    "too_many_rows", file=self._file.name, number=self._most + 1, limit=self._most
                )
            yield from some
            self._deadline.check()
            self.tell(min(READ, self._rows * READ // self._size))

    def tell(self, percent: int) -> None:
        """Tell how much is done, if that is more than before."""
        if self._progress is not None and percent > self._told:
            self._told = percent
            self._progress(percent)
