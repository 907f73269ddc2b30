"""Fit tables to the width of a terminal, as columns or, if there is no room, as a line per row."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from rich.cells import cell_len

from kmtrack.views.table import Cell

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from kmtrack.views.table import Column, Table

_GAP: Final = 2  # what the table sets between two columns
_LONGEST_WORD: Final = 20  # a longer one is broken


def fitting(tables: Iterable[Table], width: int) -> tuple[Table, list[int]] | None:
    """Return the first table that fits without splitting a word or a number, and its widths."""
    for table in tables:
        widths = _widths(table, width)
        if widths is not None:
            return table, widths
    return None


def rows_as_lines(table: Table) -> list[tuple[Cell, Cell]]:
    """Return each row as its first cell and, behind it, the others with their headings."""
    heads = [column.head_on_one_line for column in table.columns[1:]]
    found = []
    for first, *others in table.rows:
        headed = (_under(head, cell.text) for head, cell in zip(heads, others, strict=True))
        found.append((Cell(f"{first.text}: ", "bold"), Cell(" · ".join(filter(None, headed)))))
    return found


class _Room(NamedTuple):
    """Minimum, preferred and maximum width of a column."""

    least: int
    enough: int
    most: int


def _widths(table: Table, width: int) -> list[int] | None:
    """Return the width of each column on a screen that wide; None if they do not fit."""
    rooms = [_room(column, table.cells_of(number)) for number, column in enumerate(table.columns)]
    widths = [room.least for room in rooms]
    free = width - _GAP * (len(rooms) - 1)
    if sum(widths) > free:
        return None
    _share_out(widths, [room.enough for room in rooms], free)
    _share_out(widths, [room.most for room in rooms], free)
    return widths


def _share_out(widths: list[int], wanted: list[int], free: int) -> None:
    """Widen the columns towards the wanted widths, starting with the one that lacks least.

    So a name is shown in full next to a long note.
    """
    left = free - sum(widths)
    in_need = sorted(range(len(widths)), key=lambda n: wanted[n] - widths[n])
    for served, number in enumerate(in_need):
        more = max(0, min(wanted[number] - widths[number], left // (len(widths) - served)))
        widths[number] += more
        left -= more


def _room(column: Column, column_cells: Sequence[Cell]) -> _Room:
    head, cells = column.head, [cell.text for cell in column_cells]
    in_cells, in_head = max(map(_length, cells), default=0), _length(head)
    if not column.wraps:
        most = max(in_cells, in_head)
        return _Room(most, most, most)
    words = [word for text in (head, *cells) for word in text.split()]
    least = min(max(map(cell_len, words), default=0), _LONGEST_WORD)
    return _Room(least, max(in_cells, _in_two_lines(head)), max(in_cells, in_head))


def _length(text: str) -> int:
    return max(map(cell_len, text.split("\n")))


def _in_two_lines(head: str) -> int:
    """Return the width at which a heading of several words takes two lines."""
    words = head.split()
    parts = (
        max(cell_len(" ".join(words[:at])), cell_len(" ".join(words[at:])))
        for at in range(1, len(words))
    )
    return min(parts, default=cell_len(head))


def _under(head: str, value: str) -> str:
    """Return a value with its heading; an empty text for a cell that is empty or mere decoration."""
    value = value.replace("\n", " ")
    if not (head and value):
        return ""
    return value if head == "%" else f"{head}: {value}"
