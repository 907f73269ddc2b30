"""Screen lines: text that is broken between words where it goes to a terminal, and nowhere else."""

from __future__ import annotations

import os
import re
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from kmtrack.text import visible

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TextIO

# A command stays whole, so that it can be copied, though the terminal may have to break it.
_PIECE: Final = re.compile(r"kmtrack (?:[^;,:.)]|[:.)](?=\S))*[;,:.)]?\s*|\S+\s*")
_NARROWEST: Final = 20  # columns; whatever is broken there is unreadable


def on_screen(text: str, stream: TextIO) -> str:
    """Return a text without anything that a terminal would obey, in lines that fit if it goes to one."""
    width = width_of(stream)
    text = visible(text)
    if width is None or columns_of(text) <= width:
        return text
    return "\n".join(line for each in text.split("\n") for line in broken(each, width))


def columns_of(text: str) -> int:
    """Return how many columns a text takes on a terminal."""
    if text.isascii():
        return len(text)
    from unicodedata import combining, east_asian_width

    return sum(0 if combining(c) else 2 if east_asian_width(c) in {"W", "F"} else 1 for c in text)


def width_of(stream: TextIO) -> int | None:
    """Return how many columns a terminal has; None for what is none, or is too narrow to read."""
    try:
        columns = os.get_terminal_size(stream.fileno()).columns
    except (AttributeError, OSError, ValueError):  # a pipe, a file, or no stream of the system
        return None
    return columns if columns >= _NARROWEST else None


def broken(line: str, width: int, length: Callable[[str], int] = columns_of) -> list[str]:
    """Return the lines of a line, each with its indent; the last one keeps the blanks at its end.

    `length` is how many columns a text takes.
    """
    indent = line[: len(line) - len(line.lstrip())]
    starts = [0, *breaks(line, width, length), len(line)]
    lines = [line[start:end] for start, end in pairwise(starts)]
    return [
        *((indent if at else "") + each.rstrip() for at, each in enumerate(lines[:-1])),
        (indent if len(lines) > 1 else "") + lines[-1],
    ]


def breaks(line: str, width: int, length: Callable[[str], int] = columns_of) -> list[int]:
    """Return where a line goes on on the next one, as places in it."""
    indent = len(line) - len(line.lstrip())
    found, taken = list[int](), indent
    for piece in _PIECE.finditer(line, indent):
        if taken > indent and taken + length(piece[0].rstrip()) > width:
            found.append(piece.start())
            taken = indent
        taken += length(piece[0])
    return found
