"""Ids that need no coordination between ledgers, and are short enough to type."""

from __future__ import annotations

import os
import re
import struct
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

# Crockford's alphabet: no i, l, o, u, so nothing is misread over the telephone.
_ALPHABET: Final = "0123456789abcdefghjkmnpqrstvwxyz"
_LENGTH: Final = 10  # 32^10: a million records collide once in two thousand ledgers
SHORTEST: Final = 4
_BYTES: Final = 8

# Two characters at a time, since an import spells a hundred thousand ids.
_PAIRS: Final = tuple(one + other for one in _ALPHABET for other in _ALPHABET)

LETTERS: Final = {
    "company": "c",
    "person": "p",
    "contact": "k",
    "collaboration": "s",
    "hire": "h",
    "method": "m",
    "assessment": "v",
    "dissemination": "f",
    "usage": "b",
    "delivery": "d",
    "survey": "q",
}
NOUN_OF_LETTER: Final = {letter: noun for noun, letter in LETTERS.items()}
_SHAPE: Final = re.compile(
    f"[{''.join(LETTERS.values())}][{_ALPHABET}]{{{SHORTEST - 1},{_LENGTH}}}"
)


def new_id(noun: str) -> str:
    """A new random id: the noun's letter and ten characters."""
    return id_from(noun, os.urandom(_BYTES))


def id_from(noun: str, digest: bytes) -> str:
    """The id that belongs to a digest: the same for the same row, wherever it is read."""
    return ids_from(noun, [digest[:_BYTES]])[0]


def ids_from(noun: str, digests: Sequence[bytes]) -> list[str]:
    """As `id_from`, the ids that belong to digests of eight bytes each: their first fifty bits."""
    letter, pairs = LETTERS[noun], _PAIRS
    numbers = struct.unpack(f">{len(digests)}Q", b"".join(digests))
    return [
        f"{letter}{pairs[n >> 54]}{pairs[n >> 44 & 1023]}{pairs[n >> 34 & 1023]}"
        f"{pairs[n >> 24 & 1023]}{pairs[n >> 14 & 1023]}"
        for n in numbers
    ]


def noun_of(beginning: str) -> str | None:
    """The noun that an id or a beginning of one is for; None if it has not the form of an id."""
    text = beginning.strip().lower()
    return NOUN_OF_LETTER[text[0]] if _SHAPE.fullmatch(text) else None
