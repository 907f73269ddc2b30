"""Line screen: a terminal for pages of lines without tables, which are drawn without loading rich."""

from __future__ import annotations

import os
import re
import sys
from typing import TYPE_CHECKING, Final

from kmtrack.preferences import has_colours
from kmtrack.text import visible
from kmtrack.views.screen_lines import broken, columns_of, width_of
from kmtrack.views.table import BETWEEN_FACTS, INDENT

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kmtrack.views.table import Cell

_COLOUR: Final = re.compile(r"color\((\d+)\)")
_BOLD: Final = "1"
_OFF: Final = "\x1b[0m"


class LineScreen:
    """A terminal on stdout that shows lines in their styles."""

    def __init__(self) -> None:
        self._width = width_of(sys.stdout)
        self._has_styles = _has_styles()

    def line(self, text: str = "", style: str = "") -> None:
        """Print a text, broken between words."""
        for each in self._lines(text):
            print(self._styled(each, style))

    def cells(self, *cells: Cell) -> None:
        """Print the texts of cells one after the other, in their styles unless the line is broken."""
        text = "".join(cell.text for cell in cells)
        if self._width is not None and columns_of(text) > self._width:
            self.line(" ".join(text.split()))
            return
        print("".join(self._styled(visible(cell.text), cell.style) for cell in cells).rstrip())

    def indented(self, text: str, depth: int = 1) -> None:
        """Print a text at a depth of indentation, broken lines included."""
        for each in self._lines(text, INDENT * depth):
            print(each)

    def facts(self, facts: Iterable[str]) -> None:
        """Print facts one after the other."""
        self.line(BETWEEN_FACTS.join(facts))

    def _lines(self, text: str, indent: str = "") -> list[str]:
        lines = [indent + line for line in visible(text).split("\n")]
        if self._width is None:
            return lines
        return [each for line in lines for each in broken(line, self._width)]

    def _styled(self, text: str, style: str) -> str:
        codes = [f"38;5;{number}" for number in _COLOUR.findall(style)]
        codes += [_BOLD] if "bold" in style.split() else []
        return f"\x1b[{';'.join(codes)}m{text}{_OFF}" if codes and self._has_styles else text


def _has_styles() -> bool:
    """Return whether the terminal obeys colour codes, which old Windows consoles print."""
    if os.environ.get("TERM") == "dumb" or not has_colours(os.environ):
        return False
    return os.name != "nt" or bool({"WT_SESSION", "TERM"} & os.environ.keys())
