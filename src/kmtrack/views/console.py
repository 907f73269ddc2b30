"""Screens: tables are drawn on a terminal, while a pipe gets plain lines.

In a pipe no line is wrapped, and a record of a list is one line with tabs between its cells, so
that other programs can read it. Rich is loaded only for a terminal.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Final, Protocol

from kmtrack.preferences import is_plain
from kmtrack.text import visible
from kmtrack.views.table import BETWEEN_FACTS, INDENT

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from kmtrack.views.table import Cell, Table

_BLOCKS: Final = "█░"
_GAP: Final = "  "  # between the columns of a table in a pipe


class Page(Protocol):
    """The medium for a page of lines."""

    def line(self, text: str = "", style: str = "") -> None:
        """Print a text, wrapped if the screen is narrow and never interpreted as markup."""

    def cells(self, *cells: Cell) -> None:
        """Print the texts of cells one after the other, each in its own style."""

    def indented(self, text: str, depth: int = 1) -> None:
        """Print an indented text, its wrapped lines included."""

    def facts(self, facts: Iterable[str]) -> None:
        """Print short facts, side by side if there is a width."""


class Screen(Page, Protocol):
    """The medium for a page with tables.

    Its end is seen first if it `ends_in_view`, as on a terminal.
    """

    ends_in_view: bool

    def draw(self, table: Table, narrower: Iterable[Table] = ()) -> None:
        """Print a table for a person to read, or the first `narrower` one that fits."""

    def list(
        self, table: Table, narrower: Iterable[Table], *, pager: Sequence[str] = ()
    ) -> Sequence[str]:
        """Print records, a row each; if they do not fit, the first `narrower` table that does.

        Output longer than the screen goes through the `pager`, a command, if there is one. Return
        the headings of the columns that were left out.
        """


def console() -> Screen:
    """Return the screen for stdout."""
    at_terminal = _is_terminal()
    if is_plain(os.environ, at_terminal=at_terminal):
        from kmtrack.views.plain_pages import Plain

        return Plain()
    if not at_terminal:
        return Pipe()
    from kmtrack.views.terminal import Terminal

    return Terminal()


def page() -> Page:
    """Return the medium for a page without tables on stdout."""
    if not _is_terminal() or is_plain(os.environ, at_terminal=True):
        return console()
    from kmtrack.views.line_screen import LineScreen

    return LineScreen()


def _is_terminal() -> bool:
    return sys.stdout is not None and sys.stdout.isatty()


class Pipe:
    """A pipe or a file, which has no width and no colours."""

    ends_in_view = False

    def line(self, text: str = "", style: str = "") -> None:
        """Print a text on a line of its own."""
        del style
        print(visible(text))

    def cells(self, *cells: Cell) -> None:
        """Print the texts of cells on one line."""
        self.line("".join(cell.text for cell in cells))

    def indented(self, text: str, depth: int = 1) -> None:
        """Print a text at a depth of indentation."""
        self.line(INDENT * depth + text)

    def facts(self, facts: Iterable[str]) -> None:
        """Print facts one after the other."""
        self.line(BETWEEN_FACTS.join(facts))

    def draw(self, table: Table, narrower: Iterable[Table] = ()) -> None:
        """Print the headings and each row, aligned; mere decoration is left out."""
        del narrower
        rows = list(_rows(table))
        widths = [max(map(len, texts)) for texts in zip(*rows, strict=True)]
        numbers = [column.is_number for column in table.columns if column.head]
        for row in rows:
            cells = zip(row, widths, numbers, strict=True)
            aligned = (
                text.rjust(width) if is_number else text.ljust(width)
                for text, width, is_number in cells
            )
            print(_GAP.join(aligned).rstrip())

    def list(
        self, table: Table, narrower: Iterable[Table], *, pager: Sequence[str] = ()
    ) -> Sequence[str]:
        """Print the headings and each record on a line, with tabs between the cells."""
        del narrower, pager
        for row in _rows(table):
            print("\t".join(row))
        return ()


def _rows(table: Table) -> Iterator[list[str]]:
    """Yield the headings and the texts of each row, without line breaks."""
    shown = [number for number, column in enumerate(table.columns) if column.head]
    yield [visible(table.columns[number].head_on_one_line) for number in shown]
    for row in table.rows:
        # A tab within a cell becomes a blank: `visible` shows whitespace of its kind so.
        yield [visible(row[number].text.replace("\n", " ")) for number in shown]


def can_print(characters: str) -> bool:
    """Return whether stdout can show the characters, in its encoding and on its terminal."""
    if os.environ.get("TERM") == "dumb":
        return False
    try:
        characters.encode(getattr(sys.stdout, "encoding", None) or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def bar(percent: int, width: int) -> str:
    """Return a bar of `width` characters that is full at 100 percent or more."""
    filled = min(width, percent * width // 100)
    if percent > 0 and filled == 0:
        filled = 1
    characters = _BLOCKS if can_print(_BLOCKS) else "#."
    return characters[0] * filled + characters[1] * (width - filled)
