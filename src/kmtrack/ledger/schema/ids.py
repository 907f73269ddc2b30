"""Ids: unique without coordination between ledgers, and short enough to type."""

from __future__ import annotations

import os
import re
from itertools import islice
from typing import TYPE_CHECKING, Final, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Each = TypeVar("Each")

# Crockford's alphabet: no i, l, o, u, so nothing is misread over the telephone.
_ALPHABET: Final = "0123456789abcdefghjkmnpqrstvwxyz"
_LENGTH: Final = 10  # 32^10: a million records collide once in two thousand ledgers
SHORTEST: Final = 3
_CHUNK: Final = 5000  # so many at a time as a statement takes
_BYTES: Final = 8

# Two characters at a time, since an import spells thousands of ids.
_PAIRS: Final = tuple(one + other for one in _ALPHABET for other in _ALPHABET)
_SHIFTS: Final = (54, 44, 34, 24, 14)  # to ten bits each

LETTERS: Final = {
    "company": "c",
    "succession": "t",
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
    """Return a new random id: the noun's letter and ten characters."""
    return id_from(noun, os.urandom(_BYTES))


def id_from(noun: str, digest: bytes) -> str:
    """Return the id derived from a digest: the letter of the noun and the digest's first fifty bits.

    So the same row gets the same id, wherever it is read.
    """
    number = int.from_bytes(digest[:_BYTES], "big")
    return LETTERS[noun] + "".join([_PAIRS[number >> shift & 1023] for shift in _SHIFTS])


def noun_of(beginning: str) -> str | None:
    """Return the noun of an id or of its beginning; None for a text without the form of an id."""
    text = beginning.strip().lower()
    return NOUN_OF_LETTER[text[0]] if _SHAPE.fullmatch(text) else None


def is_whole_id(text: str) -> bool:
    """Return whether a text is a complete id by its form."""
    return noun_of(text) is not None and len(text.strip()) == 1 + _LENGTH


def chunks(ids: Iterable[str]) -> Iterator[list[str]]:
    """Yield ids in sorted order, in lists as long as one statement takes."""
    in_order = sorted(ids)
    for at in range(0, len(in_order), _CHUNK):
        yield in_order[at : at + _CHUNK]


def batches(items: Iterable[Each], size: int) -> Iterator[list[Each]]:
    """Yield items in the order in which they come, in lists of up to `size`."""
    ahead = iter(items)
    while batch := list(islice(ahead, size)):
        yield batch
