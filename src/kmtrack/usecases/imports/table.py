"""Tables as they lie in a file: numbered rows of cells, before anything is made of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

NumberedRow = tuple[int, Sequence[object]]


class Table(NamedTuple):
    """A sheet of a workbook, or all of a CSV file (which has no title).

    Rows come with their numbers as a spreadsheet or an editor shows them, blank ones left out. A
    cell is a text, a day, a fraction, None, or the error that stands for what is in it.
    """

    title: str
    rows: Callable[[], Iterator[NumberedRow]]


class Tables(NamedTuple):
    """What a file holds; `size` is about how many rows there are in all of it."""

    size: int
    tables: list[Table]
