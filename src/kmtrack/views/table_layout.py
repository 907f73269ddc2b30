"""Fit tables to the width of the screen, as columns or, if there is no room, as a line per row."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Final, NamedTuple

from rich.cells import cell_len
from rich.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rich.console import Console
    from rich.table import Column, Table

_GAP: Final = 2  # what the table sets between two columns
_LONGEST_WORD: Final = 20  # a longer one is broken


def draw(screen: Console, table: Table, narrower: Iterable[Table] = ()) -> None:
    """Print a table if it fits without splitting a word or a number.

    Otherwise print the first of the `narrower` ones that fits, or else the table a row at a time.
    """
    for fitting in chain((table,), narrower):
        widths = _widths(fitting, screen.width)
        if widths is not None:
            for column, width in zip(fitting.columns, widths, strict=True):
                column.width = width
            screen.print(fitting)
            return
    for line in _lines(table):
        screen.print(line)


class _Room(NamedTuple):
    """Minimum, preferred and maximum width of a column."""

    least: int
    enough: int
    most: int


def _widths(table: Table, width: int) -> list[int] | None:
    """Return the width of each column on a screen that wide; None if they do not fit."""
    rooms = [_room(column) for column in table.columns]
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


def _room(column: Column) -> _Room:
    head, cells = _plain(column.header), list(map(_plain, column.cells))
    in_cells, in_head = max(map(_length, cells), default=0), _length(head)
    if column.no_wrap:
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


def _lines(table: Table) -> list[Text]:
    """Return each row as a line: its first cell, then the other cells with their headings."""
    heads = [
        _plain(column.header).replace("-\n", "").replace("\n", " ") for column in table.columns
    ]
    found = []
    for first, *others in zip(*(column.cells for column in table.columns), strict=True):
        said = (_under(head, _plain(cell)) for head, cell in zip(heads[1:], others, strict=True))
        found.append(
            Text(f"{_plain(first)}: ", style="bold").append(
                " · ".join(filter(None, said)), style="not bold"
            )
        )
    return found


def _under(head: str, value: str) -> str:
    """Return a value with its heading; an empty text for a cell that is empty or only drawn."""
    value = value.replace("\n", " ")
    if not (head and value):
        return ""
    return value if head == "%" else f"{head}: {value}"


def _plain(content: object) -> str:
    return content.plain if isinstance(content, Text) else str(content)
