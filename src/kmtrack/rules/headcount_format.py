"""Headcount format: parse headcounts, and return the bounds of stored ones."""

from __future__ import annotations

import re
from typing import Final, Literal
from unicodedata import normalize

MOST_EMPLOYEES: Final = 500_000
_LONGEST: Final = 60
_NO_END: Final = 999_999  # the business register writes its open-ended band as 1000_999999

_PLAIN: Final = re.compile("[0-9]{1,9}")
# [0-9]: int() and \d also accept the digits of other scripts. Thousands are separated by a point or
# a space, never by a comma, which is the Danish decimal separator.
_NUMBER: Final = "([0-9]+|[1-9][0-9]{0,2}(?:[. ][0-9]{3})+)"
_PEOPLE: Final = (
    r"(?: ?(?:ansat(?:te)?|medarbejdere?|beskæftigede|årsværk|employees?|people|pers(?:oner|\.)?))?"
)
_HEADCOUNT: Final = (
    rf"(?:antal_|antal )?(?:fra )?([-\u2212]?){_NUMBER}"
    rf"(?:( ?\+|_)| ?(?:[-_\u2010-\u2015\u2212]|til|to) ?{_NUMBER})?{_PEOPLE}"
)
_OR_MORE: Final = (
    rf"(?:over|mindst|min\.?|flere end|more than|at least|>=?|≥) ?{_NUMBER}{_PEOPLE}",
    rf"{_NUMBER}{_PEOPLE} ?(?:(?:og|eller|and|or) ?(?:derover|flere|mere|over|more|above)|\+|plus){_PEOPLE}",
)
_FEWER: Final = (
    rf"(under|færre end|fewer than|less than|<|<=|≤|højst|op til|up to|max\.?) ?{_NUMBER}{_PEOPLE}"
)
_ITSELF_TOO: Final = frozenset(["<=", "≤", "højst", "op til", "up to", "max", "max."])
# These say one more than they name.
_BEYOND: Final = r"over|flere end|more than|>(?!=)"


class NotAHeadcount(ValueError):
    """A text is not a headcount, or an impossible one."""

    def __init__(self, text: str, reason: Literal["unreadable", "absurd"]) -> None:
        super().__init__(text, reason)
        self.text = text
        self.reason: Literal["unreadable", "absurd"] = reason


def read_headcount(text: str) -> str:
    """Return the headcount in its stored form: `40`, `200-499`, or `1000+` for an open-ended range.

    Accepts a number, any range, also in words ("1000 eller flere", "under 5"), and the ranges of the
    business register (ANTAL_200_499, 1000_999999). Raises NotAHeadcount, also for a negative number
    and for more than 500,000.
    """
    if _PLAIN.fullmatch(text):
        return _stored(text, int(text), int(text))
    if len(text) > _LONGEST:
        raise NotAHeadcount(text, "unreadable")
    words = " ".join(normalize("NFC", text).lower().split())
    match = re.fullmatch(_HEADCOUNT, words)
    if match is None:
        return _open_range(text, words)
    minus, lowest, no_end, highest = match.groups()
    if minus:
        raise NotAHeadcount(text, "absurd")
    return _stored(text, _number(lowest), _NO_END if no_end else _number(highest or lowest))


def _open_range(text: str, words: str) -> str:
    """Return a headcount with one end given in words. Raises NotAHeadcount."""
    for shape in _OR_MORE:
        if match := re.fullmatch(shape, words):
            lowest = _number(match[1]) + bool(re.match(_BEYOND, words))
            return _stored(text, lowest, _NO_END)
    if match := re.fullmatch(_FEWER, words):
        highest = _number(match[2]) - (match[1] not in _ITSELF_TOO)
        return _stored(text, 0, highest)
    raise NotAHeadcount(text, "unreadable")


def headcount_bounds(text: str) -> tuple[int, int | None]:
    """Return the lowest and highest number of employees that a stored headcount allows.

    `40` gives (40, 40), `200-499` gives (200, 499), and `1000+` gives (1000, None).
    """
    if text.endswith("+"):
        return int(text[:-1]), None
    lowest, _, highest = text.partition("-")
    return int(lowest), int(highest or lowest)


def _stored(text: str, low: int, high: int) -> str:
    is_open = high == _NO_END
    if low > MOST_EMPLOYEES or (high > MOST_EMPLOYEES and not is_open):
        raise NotAHeadcount(text, "absurd")
    if low > high:
        raise NotAHeadcount(text, "unreadable")
    if is_open:
        return f"{low}+"
    return str(low) if low == high else f"{low}-{high}"


def _number(written: str) -> int:
    return int(written.replace(".", "").replace(" ", ""))
