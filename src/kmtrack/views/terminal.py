"""The terminal: pages drawn with rich, as wide as the window and in colour."""

from __future__ import annotations

import os
import re
from itertools import chain
from typing import TYPE_CHECKING, Final

from rich import box
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table as RichTable
from rich.text import Text

from kmtrack.preferences import has_colours
from kmtrack.text import visible
from kmtrack.views.pager import is_paged, shows_styles
from kmtrack.views.screen_lines import breaks, filled
from kmtrack.views.table import BETWEEN_FACTS, INDENT
from kmtrack.views.table_layout import fitting, rows_as_lines

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from rich.console import ConsoleOptions, RenderableType
    from rich.segment import Segment

    from kmtrack.views.table import Cell, Table

_STYLE: Final = re.compile(r"\x1b\[[0-9;]*m")


class _CarefulConsole(Console):
    """A console that shows the control characters of a text and obeys none of them."""

    def render(
        self, renderable: RenderableType, options: ConsoleOptions | None = None
    ) -> Iterator[Segment]:
        for segment in super().render(renderable, options):
            text = segment.text if segment.control else visible(segment.text)
            yield segment if text is segment.text else segment._replace(text=text)


class Terminal:
    """A terminal on stdout, without colours if NO_COLOR or the person's preference says so."""

    ends_in_view = True

    def __init__(self, screen: Console | None = None) -> None:
        self._screen = screen or _CarefulConsole(
            highlight=False,
            markup=False,
            emoji=False,
            soft_wrap=False,
            no_color=not has_colours(os.environ),
        )

    def line(self, text: str = "", style: str = "") -> None:
        """Print a text, broken if the screen is narrow and never interpreted as markup."""
        self._print(Text(text, style=style))

    def cells(self, *cells: Cell) -> None:
        """Print the texts of cells one after the other, each in its own style."""
        self._print(_text(cells))

    def indented(self, text: str, depth: int = 1) -> None:
        """Print a text at a depth of indentation, broken lines included."""
        self._print(Text(text), INDENT * depth)

    def facts(self, facts: Iterable[str]) -> None:
        """Print facts one after the other."""
        self.line(BETWEEN_FACTS.join(facts))

    def draw(self, table: Table, narrower: Iterable[Table] = ()) -> None:
        """Print the first of these tables that fits, or the rows of the widest as lines."""
        self.list(table, narrower)

    def list(
        self, table: Table, narrower: Iterable[Table], *, pager: Sequence[str] = ()
    ) -> Sequence[str]:
        """Print a table if it fits without splitting a word or a number.

        Otherwise print the first of the `narrower` ones that fits, or else the table a row at a
        time. What is longer than the screen goes through the `pager`, a command, if there is one.
        Returns the headings of the columns that were left out.
        """
        found = fitting(chain((table,), narrower), self._screen.width)
        drawn: Sequence[RenderableType]
        if found is None:
            drawn, shown = [_text(row) for row in rows_as_lines(table)], table.columns
        else:
            drawn, shown = [_as_columns(*found)], found[0].columns
        if pager:
            self._page(drawn, pager)
        else:
            self._print_all(drawn)
        return [each.head_on_one_line for each in table.columns if each not in shown]

    def _page(self, drawn: Iterable[RenderableType], pager: Sequence[str]) -> None:
        """Print what fits on the screen; longer output through a pager that can be started."""
        screen = self._screen
        with screen.capture() as captured:
            self._print_all(drawn)
        text = captured.get()
        # The line on which the next command is typed belongs to the screen.
        paged = text if shows_styles(pager) else _STYLE.sub("", text)
        if text.count("\n") < screen.height or not is_paged(paged, pager):
            screen.file.write(text)

    def _print_all(self, drawn: Iterable[RenderableType]) -> None:
        for each in drawn:
            if isinstance(each, Text):
                self._print(each)
            else:
                self._screen.print(each)

    def _print(self, text: Text, indent: str = "") -> None:
        """Print a text in lines that fit. A command in it is on one line, so that it can be copied."""
        width = max(self._screen.width - len(indent), 1)
        for line in text.split("\n", allow_blank=True):
            own = line.plain[: len(line.plain) - len(line.plain.lstrip())]
            for at, part in enumerate(line.divide(breaks(line.plain, width, cell_len))):
                part.rstrip()
                whole = Text(indent + (own if at else "")) + part
                if not whole.spans:
                    style = part.style
                    whole = Text(filled(whole.plain, self._screen.width, cell_len), style=style)
                self._screen.print(whole, soft_wrap=True)


def _as_columns(table: Table, widths: Sequence[int]) -> RichTable:
    """Return a table with a line under its header and no other borders."""
    drawn = RichTable(
        box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, padding=(0, 1, 0, 0), expand=False
    )
    for column, width in zip(table.columns, widths, strict=True):
        drawn.add_column(
            Text(column.head),
            justify="right" if column.is_number else "left",
            no_wrap=not column.wraps,
            overflow="fold",
            width=width,
        )
    for row in table.rows:
        drawn.add_row(*(Text(cell.text, style=cell.style) for cell in row))
    return drawn


def _text(cells: Iterable[Cell]) -> Text:
    text = Text()
    for cell in cells:
        text.append(cell.text, style=cell.style or None)
    return text
