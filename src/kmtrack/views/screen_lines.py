"""Screen lines: text for a terminal, broken between words; other output is unchanged."""

from __future__ import annotations

import os
import re
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from kmtrack.text import visible

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TextIO

# A command stays whole, so that it can be copied; see `filled`.
_PIECE: Final = r"kmtrack (?:[^;,:.)]|[:.)](?=\S))*[;,:.)]?\s*|\S+\s*"
# A word of a command; a quoted one may have blanks in it, which are not to become more.
_WORD: Final = r"""(?:'[^']*'|"[^"]*"|\S)+\s*"""
_NARROWEST: Final = 20  # columns; whatever is broken there is unreadable


def on_screen(text: str, stream: TextIO) -> str:
    """Return a text without terminal codes; on a terminal, in lines that fit."""
    width = width_of(stream)
    text = visible(text)
    if width is None or columns_of(text) <= width:
        return text
    return "\n".join(line for each in text.split("\n") for line in broken(each, width))


def command_on_screen(command: str, indent: str, stream: TextIO) -> str:
    """Return a command like `on_screen` does, but always as one line."""
    command, width = visible(command), width_of(stream)
    return indent + command if width is None else filled(indent + command, width)


def columns_of(text: str) -> int:
    """Return how many columns a text takes on a terminal."""
    if text.isascii():
        return len(text)
    from unicodedata import combining, east_asian_width

    return sum(0 if combining(c) else 2 if east_asian_width(c) in {"W", "F"} else 1 for c in text)


def width_of(stream: TextIO) -> int | None:
    """Return how many columns a terminal has; None if it is none, or too narrow to read."""
    try:
        columns = os.get_terminal_size(stream.fileno()).columns
    except (AttributeError, OSError, ValueError):  # a pipe, a file, or no stream of the system
        return None
    return columns if columns >= _NARROWEST else None


def broken(line: str, width: int) -> list[str]:
    """Return the lines that a line is broken into, all indented; the last keeps its trailing blanks."""
    indent = line[: len(line) - len(line.lstrip())]
    lines = [line[start:end] for start, end in pairwise([0, *breaks(line, width), len(line)])]
    return [
        *(
            filled((indent if at else "") + each.rstrip(), width)
            for at, each in enumerate(lines[:-1])
        ),
        filled((indent if len(lines) > 1 else "") + lines[-1], width),
    ]


def filled(line: str, width: int, length: Callable[[str], int] = columns_of) -> str:
    """Return a line with enough blanks between words to make the terminal break it there, if it is longer.

    It stays one line, so that a command is copied whole; a shell ignores additional blanks. A word
    longer than the width of the terminal stays as it is.
    """
    if length(line) <= width:
        return line
    indent = line[: len(line) - len(line.lstrip())]
    found, taken, gap = indent, len(indent), ""
    for word in re.compile(_WORD).finditer(line, len(indent)):
        text = word[0].rstrip()
        columns = length(text)
        if gap and taken + len(gap) + columns > width:
            gap = " " * (width - taken) + indent or gap
            taken = len(gap) if taken == width else len(indent)
        else:
            taken += len(gap)
        found += gap + text
        taken = (taken + columns - 1) % width + 1  # of the last row that it takes
        gap = word[0][len(text) :]
    return found + gap


def breaks(line: str, width: int, length: Callable[[str], int] = columns_of) -> list[int]:
    """Return the positions in a line where it continues on the next one."""
    indent = len(line) - len(line.lstrip())
    found, taken = list[int](), indent
    for piece in re.compile(_PIECE).finditer(line, indent):
        if taken > indent and taken + length(piece[0].rstrip()) > width:
            found.append(piece.start())
            taken = indent
        taken += length(piece[0])
    return found
