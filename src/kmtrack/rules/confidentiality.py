"""Confidential answers: which figures are not shown since one could tell who answered what."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

SMALLEST_GROUP: Final = 3  # answers


def is_traceable(answers: int) -> bool:
    """Whether so few answers are behind a figure that it could be traced to who gave them."""
    return 0 < answers < SMALLEST_GROUP


def withheld(sizes: Mapping[str, int], already: Iterable[str] = ()) -> frozenset[str]:
    """The groups whose figure is withheld, given the answers behind it in each, and those `already`.

    What is hidden must not follow from the total and what is shown: it is of several groups, and
    together of as many answers as a group that is shown.
    """
    hidden = {*already, *(group for group, size in sizes.items() if is_traceable(size))}
    shown = sorted((size, group) for group, size in sizes.items() if size and group not in hidden)
    for _, group in shown:
        behind = [sizes[one] for one in hidden if sizes[one]]
        if not behind or (len(behind) > 1 and not is_traceable(sum(behind))):
            break
        hidden.add(group)
    return frozenset(hidden)
