"""The rule that withheld figures over answers before reports were compared with each other.

It protected each grouping by itself, and is kept only to know what workbooks of that time show.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_SMALLEST: Final = 3  # answers


def shown_alone(respondents: int, answers: int) -> bool:
    """Return whether a figure over some answers of a group would have been shown if it were the only group."""
    return respondents >= _SMALLEST and not _is_traceable(answers)


def hidden_groups(sizes: Mapping[str, int], already: Iterable[str] = ()) -> frozenset[str]:
    """Return the groups whose figure was withheld, given the number of answers in each.

    Groups withheld `already` stay so. Along with groups of one or two answers the next smallest
    were withheld, until the total did not give them away.
    """
    hidden = {*already, *(group for group, size in sizes.items() if _is_traceable(size))}
    shown = sorted((size, group) for group, size in sizes.items() if size and group not in hidden)
    for _, group in shown:
        behind = [sizes[one] for one in hidden if sizes[one]]
        if not behind or (len(behind) > 1 and not _is_traceable(sum(behind))):
            break
        hidden.add(group)
    return frozenset(hidden)


def _is_traceable(answers: int) -> bool:
    return 0 < answers < _SMALLEST
