"""How wide a text is in the typeface of the workbooks, and how many lines it takes in a column.

Widths are in digits, as spreadsheets measure the width of a column. A spreadsheet fits columns only
in use, so a file has to state their widths.
"""

from __future__ import annotations

from functools import lru_cache
from math import ceil
from typing import TYPE_CHECKING, Final
from unicodedata import combining, east_asian_width, normalize

if TYPE_CHECKING:
    from collections.abc import Iterable

# Calibri, each character in digits, rounded up to a twentieth. Accents take no room of their own.
_CHARACTERS: Final = {
    0.45: " \u00a0'",
    0.50: ",.Iijl’",  # noqa: RUF001 - a character of texts
    0.55: ":;",
    0.60: "()`",
    0.65: "!-J[]f{}",
    0.70: "rt",
    0.80: '"/\\sz',
    0.85: "Lc“”",
    0.90: "kvxy",
    0.95: "?FSZag|",
    1.10: "BCR",
    1.15: "AV",
    1.25: "DGH",
    1.30: "NU",
    1.35: "&OQØ",
    1.40: "…",
    1.45: "%w",
    1.55: "æÆ",
    1.60: "m",
    1.70: "M",
    1.80: "@W—→",
}
_WIDTHS: Final = {
    character: width for width, characters in _CHARACTERS.items() for character in characters
}
_OTHER: Final = 1.05  # digits and most letters
_WIDE: Final = 2.1  # of scripts whose characters fill a square
_BOLD: Final = 1.04
# On paper a text is a little wider than the columns, which are whole pixels on a screen.
_ON_PAPER: Final = 1.03
_WIDEST: Final = _WIDE * _ON_PAPER  # no character is wider
_SELDOM_WIDER: Final = 1.25  # a character of a text that is not all capitals, on the average
_MARGINS: Final = 1.2  # left and right of the text in its cell


@lru_cache(maxsize=4096)
def _character_width(character: str) -> float:
    if combining(character):
        return 0.0
    if east_asian_width(character) in {"W", "F"}:
        return _WIDE
    return _WIDTHS.get(normalize("NFD", character)[0], _OTHER)


def text_width(text: str, *, bold: bool = False) -> float:
    """Return the width of a text on one line."""
    width = sum(map(_character_width, text)) * _ON_PAPER
    return width * _BOLD if bold else width


# Most words are in many texts.
_word_width = lru_cache(maxsize=4096)(text_width)


def column_width(text: str, *, bold: bool = False) -> float:
    """Return the width of the column that shows a text on one line."""
    return text_width(text, bold=bold) + _MARGINS


def longest_word(text: str) -> str:
    """Return the widest word of a text: its column can be no narrower, however it is wrapped."""
    return max(text.split(" "), key=text_width)


def fits_surely(text: str, width: float) -> bool:
    """Return whether a text is so short that it need not be measured."""
    room = width - _MARGINS
    if len(text) * _WIDEST <= room:
        return True
    return len(text) * _SELDOM_WIDER <= room and not text.isupper()


def lines_in(text: str, width: float, *, bold: bool = False) -> int:
    """Return how many lines a text takes in a column of this width, broken between words."""
    room = max(1.0, width - _MARGINS)
    space = text_width(" ", bold=bold)
    lines = 0
    for paragraph in text.split("\n"):
        lines += 1
        used = 0.0
        for word in paragraph.split(" "):
            own = _word_width(word, bold=bold)
            if used and used + space + own > room:
                lines += 1
                used = 0.0
            elif used:
                own += space
            used += own
            while used > room:  # a word longer than the line is broken anywhere
                lines += 1
                used -= room
    return lines


def width_for(head: str, texts: Iterable[str], *, most: float, least: float = 6) -> float:
    """Return the width of a column for these texts under a bold heading, which may be wrapped.

    It does not exceed `most`: longer texts are wrapped too.
    """
    widest = max(map(column_width, texts), default=0.0)
    needed = max(least, widest, column_width(longest_word(head), bold=True))
    return ceil(min(most, needed) * 10) / 10
