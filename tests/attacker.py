"""Whoever has figures and adds and subtracts them: what follows about one or two respondents alone."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Collection

    Answer = tuple[str, Any]  # a respondent, and which of its answers
    Figure = frozenset[Answer]  # the answers that it adds up


def known_of(figures: Collection[Figure], everyone: Collection[str]) -> list[int]:
    """Return how much follows from figures about each one or two respondents alone."""
    whole = _rank_without(figures)
    few = (*combinations(everyone, 1), *combinations(everyone, 2))
    return [whole - _rank_without(figures, respondents) for respondents in few]


def _rank_without(figures: Collection[Figure], respondents: Collection[str] = ()) -> int:
    """Return the rank of figures without the answers of some respondents."""
    answers = list({answer for figure in figures for answer in figure})
    kept = [answer for answer in answers if answer[0] not in respondents]
    return rank_of([[int(answer in figure) for answer in kept] for figure in figures])


def rank_of(rows: list[list[int]]) -> int:
    """Return the rank of a matrix, by elimination in whole numbers."""
    left, found = rows, 0
    while left:
        *left, row = left
        column = next((place for place, number in enumerate(row) if number), None)
        if column is None:
            continue
        found += 1
        its = row[column]
        left = [
            [a * its - other[column] * b for a, b in zip(other, row, strict=True)]
            if other[column]
            else other
            for other in left
        ]
    return found
