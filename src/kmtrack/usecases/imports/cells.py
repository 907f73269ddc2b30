"""Cells as other programs write them: words for nothing, invisible characters, days with a time."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from kmtrack.text import EMOJI_JOINERS

if TYPE_CHECKING:
    from collections.abc import Collection

_WORDS_FOR_NOTHING: Final = (
    "ukendt|ukendte|uoplyst|ikke oplyst|ej oplyst|ikke angivet|ej angivet|ikke udfyldt|ingen oplysning"
    "|ingen oplysninger|ingen data|mangler|(tom)|(blank)|(ingen)|<tom>|udefineret|vides ikke"
    "|unknown|not known|not available|not specified|not given|not stated|no data|undefined|missing"
    "|(none)|none|(null)|null|<null>|nil|nan|n/a|n.a.|na|n.a|#n/a n/a|i/t|-|--|---|\u2013|\u2014|\u2015|?|??|???|.|..|...|…|/"
    "|*|_|'|''|\"\"|ukendt.|unknown."
)
# What may be somebody's initials or name.
_NAMES: Final = frozenset(("NA", "NAN", "NIL"))
# In the spellings that programs and people use; for most cells this look-up is the only test.
NOTHING: Final = frozenset(
    spelling
    for word in _WORDS_FOR_NOTHING.split("|")
    for spelling in (word, word.upper(), word.capitalize(), word.title())
)

# A day in figures or with the name of its month, then a time of that day and perhaps its zone. With
# "AM" or "PM" the month may come first, so that is left for a person to write.
_DAY_AND_TIME: Final = re.compile(
    r"(?P<day>\S.*?[0-9.])(?:"
    r"[ \xa0]*[,;]?[ \xa0]+(?:kl\.?|klokken)[ \xa0]*(?:[01]?[0-9]|2[0-4])"
    r"|(?:[ \xa0]*[,;]?[ \xa0]+(?:kl\.?|klokken|at)?[ \xa0]*|[Tt])"
    r"(?:[01]?[0-9]|2[0-4])[:.][0-5][0-9](?:[:.][0-5][0-9](?:[.,][0-9]{1,9})?)?"
    r"[ \xa0]?(?:[Zz]|UTC|GMT|CES?T|[+-][0-9]{2}:?[0-9]{2})?)"
)
_WHOLE: Final = re.compile("([0-9]+)[.,]0{1,2}")
# A day alone: what is before a time must have a year, else the time may be one.
_HAS_YEAR: Final = re.compile(r"[0-9]{4}|[0-9]{1,2}[-./][ ]?[0-9]{1,2}[-./][ ]?[0-9]{2}(?![0-9])")
_BREAKS: Final = str.maketrans({"\x0b": "\n", "\x0c": "\n"})
# What may be invisible, or may join it: control and format characters, and all beyond the first plane.
_SUSPECT: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u034f\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2"
    "\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u2800\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\U00010000-\U0010ffff]"
)
# Printable according to Python, but invisible.
_BLANK_LETTERS: Final = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")


def is_blank(cell: object) -> bool:
    """Return whether a cell is empty."""
    return cell is None or (isinstance(cell, str) and not cell.strip())


def are_plain(texts: Collection[str]) -> bool:
    """Return whether the cells of a row can be taken at face value, as most can, without further tests."""
    joined = "".join(texts)
    if "?" in joined:
        return False
    is_visible = (joined.isascii() and joined.isprintable()) or not _SUSPECT.search(joined)
    return is_visible and NOTHING.isdisjoint(map(str.strip, texts))


def means_nothing(cell: str, *, is_name: bool = False) -> bool:
    """Return whether a cell only says that nothing is known; `is_name` for names and initials."""
    text = cell.strip()
    return text in NOTHING and not (is_name and text.upper() in _NAMES)


@lru_cache(maxsize=4096)
def without_invisible(cell: str) -> str:
    """Return a cell without invisible characters, except those that join the parts of an emoji."""
    kept = [match.span() for match in re.finditer(EMOJI_JOINERS, cell)]
    joins = {at for start, end in kept for at in range(start, end)}
    return "".join(
        letter for at, letter in enumerate(cell) if at in joins or not _is_invisible(letter)
    ).translate(_BREAKS)


def without_zeros(text: str) -> str:
    """Return a whole number without the decimals that programs which calculate with fractions add: 20.0."""
    match = _WHOLE.fullmatch(text.strip())
    return match[1] if match else text


def day_without_time(text: str) -> str:
    """Return the day of a text that ends in a time of day; any other text unchanged."""
    match = _DAY_AND_TIME.fullmatch(text.strip())
    return match["day"].rstrip() if match and _HAS_YEAR.search(match["day"]) else text


def _is_invisible(letter: str) -> bool:
    if letter.isascii():
        return not (letter.isprintable() or letter.isspace())
    return (
        (unicodedata.category(letter) in ("Cf", "Cc") and not letter.isspace())
        or letter in _BLANK_LETTERS
        or "\ufe00" <= letter <= "\ufe0f"
        or "\u180b" <= letter <= "\u180f"
        or "\U000e0100" <= letter <= "\U000e01ef"
    )
