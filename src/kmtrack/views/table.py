"""Parts of a page as data, which a terminal and a pipe each show in their own way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

BETWEEN_FACTS: Final = " · "  # side by side on a line
INDENT: Final = "  "  # before lines that belong to the line above them


class Cell(NamedTuple):
    """A text and its style, which only a terminal shows."""

    text: str
    style: str = ""


class Column(NamedTuple):
    """A heading; `-` and a line break in it are where it may be broken.

    Only a column that `wraps` is broken if room is short. One without a heading is decoration, such
    as a bar, and left out where nothing is drawn.
    """

    head: str
    is_number: bool = False
    wraps: bool = False

    @property
    def head_on_one_line(self) -> str:
        """The heading without the places where it may be broken."""
        return self.head.replace("-\n", "").replace("\n", " ")


class Table:
    """Columns and rows of cells."""

    def __init__(self) -> None:
        self.columns: list[Column] = []
        self._added: list[tuple[Cell, ...]] = []
        # Those of a table that is printed row by row may be read meanwhile, once.
        self.rows: Iterable[tuple[Cell, ...]] = self._added

    def column(self, head: str, *, is_number: bool = False, wraps: bool = False) -> None:
        """Add a column."""
        self.columns.append(Column(head, is_number, wraps))

    def row(self, *cells: Cell) -> None:
        """Add a row, with a cell for each column."""
        self._added.append(cells)

    def cells_of(self, number: int) -> list[Cell]:
        """Return the cells of the column at a number, which starts at 0."""
        return [row[number] for row in self.rows]


def cell(value: object, style: str = "") -> Cell:
    """Return a value as a cell; an unknown one is empty."""
    return Cell("" if value is None else str(value), style)
