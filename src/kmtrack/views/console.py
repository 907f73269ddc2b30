"""The screen: the console that everything is printed to, and the parts that are printed.

Rich is imported only by functions that print, never for JSON output.
"""

from __future__ import annotations

import os
import sys
from functools import cache
from typing import TYPE_CHECKING, Final

from kmtrack.text import visible

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import Console, ConsoleOptions, JustifyMethod, RenderableType
    from rich.segment import Segment
    from rich.table import Table
    from rich.text import Text

_BLOCKS = "█░"
_INDENT: Final = "  "
_NARROWEST: Final = 20  # columns; output is unreadable on a narrower screen


@cache
def _console_class() -> type[Console]:
    """Make a console that shows the control characters of a text and obeys none of them."""
    from rich.console import Console

    class CarefulConsole(Console):
        def render(
            self, renderable: RenderableType, options: ConsoleOptions | None = None
        ) -> Iterator[Segment]:
            for segment in super().render(renderable, options):
                text = segment.text if segment.control else visible(segment.text)
                yield segment if text is segment.text else segment._replace(text=text)

    return CarefulConsole


def console() -> Console:
    """Make a console on stdout; colours only at a terminal, and none where NO_COLOR is set."""
    return _console_class()(highlight=False, markup=False, emoji=False, soft_wrap=False)


def print_line(screen: Console, text: str, style: str = "") -> None:
    """Print a text, wrapped where the screen is narrow and never taken for markup."""
    screen.print(cell(text, style))


def indented(screen: Console, text: str, depth: int = 1) -> None:
    """Print a text at a depth of indentation, wrapped lines included."""
    from rich.text import Text

    blanks = _INDENT * depth
    for line in Text(text).wrap(screen, max(screen.width - len(blanks), _NARROWEST)):
        screen.print(Text(blanks) + line)


def plain_table() -> Table:
    """Return a table with a line under its header and no other borders, readable in a pipe too."""
    from rich import box
    from rich.table import Table

    return Table(
        box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, padding=(0, 1, 0, 0), expand=False
    )


def column(table: Table, head: str, *, justify: JustifyMethod = "left", wrap: bool = False) -> None:
    """Add a column; only one that may `wrap` is broken where room is short."""
    table.add_column(cell(head), justify=justify, no_wrap=not wrap, overflow="fold")


def cell(value: object, style: str = "") -> Text:
    """Return a value as text with markup escaped."""
    from rich.text import Text

    return Text("" if value is None else str(value), style=style)


def draws_blocks() -> bool:
    """Return whether the output encoding has the block characters of a bar."""
    if os.environ.get("TERM") == "dumb":
        return False
    try:
        _BLOCKS.encode(sys.stdout.encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def bar(percent: int, width: int) -> str:
    """Return a bar of `width` characters that is full at 100 percent or more."""
    filled = min(width, percent * width // 100)
    if percent > 0 and filled == 0:
        filled = 1
    characters = _BLOCKS if draws_blocks() else "#."
    return characters[0] * filled + characters[1] * (width - filled)
