"""Screen lines: text that is broken between words where it goes to a terminal, and nowhere else."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Final

from kmtrack.text import visible

if TYPE_CHECKING:
    from typing import TextIO

# A command stays whole, so that it can be copied, though the terminal may have to break it.
_PIECE: Final = re.compile(r"kmtrack [^;,]*[;,]?\s*|\S+\s*")
_NARROWEST: Final = 20  # columns; whatever is broken there is unreadable


def on_screen(text: str, stream: TextIO) -> str:
    """Return a text without anything that a terminal would obey, in lines that fit if it goes to one."""
    width = _width(stream)
    text = visible(text)
    if width is None or len(text) <= width:
        return text
    return "\n".join(line for each in text.split("\n") for line in _broken(each, width))


def _width(stream: TextIO) -> int | None:
    try:
        columns = os.get_terminal_size(stream.fileno()).columns
    except (AttributeError, OSError, ValueError):  # a pipe, a file, or no stream of the system
        return None
    return columns if columns >= _NARROWEST else None


def _broken(line: str, width: int) -> list[str]:
    """Return the lines of a line, each with its indent; the last one keeps the blanks at its end."""
    indent = line[: len(line) - len(line.lstrip())]
    lines = [indent]
    for piece in _PIECE.findall(line, len(indent)):
        if lines[-1] != indent and len(lines[-1]) + len(piece.rstrip()) > width:
            lines.append(indent)
        lines[-1] += piece
    return [*(each.rstrip() for each in lines[:-1]), lines[-1]]
