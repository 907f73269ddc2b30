"""Confidentiality: withhold figures that would reveal a respondent's answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

SMALLEST_GROUP: Final = 3  # answers


def is_traceable(answers: int) -> bool:
    """Return whether a figure rests on so few answers that it could be traced to respondents."""
    return 0 < answers < SMALLEST_GROUP


def withheld(sizes: Mapping[str, int], already: Iterable[str] = ()) -> frozenset[str]:
    """Return the groups whose figure is withheld, from the number of answers in each.

    Groups withheld `already` stay so. What is hidden must not follow from the total and the groups
    shown, so there are always several hidden groups, with enough answers together to be shown as one.
    """
    hidden = {*already, *(group for group, size in sizes.items() if is_traceable(size))}
    shown = sorted((size, group) for group, size in sizes.items() if size and group not in hidden)
    for _, group in shown:
        behind = [sizes[one] for one in hidden if sizes[one]]
        if not behind or (len(behind) > 1 and not is_traceable(sum(behind))):
            break
        hidden.add(group)
    return frozenset(hidden)
