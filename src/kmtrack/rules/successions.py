"""Successions: which company took over which, so that the successor inherits the history."""

from __future__ import annotations

from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import date


class Succession(NamedTuple):
    """A takeover as stated: from the day `since` on, `successor` succeeds `company` (ids)."""

    id: str
    recorded_at: str
    company: str
    successor: str
    since: date


_stated_order = itemgetter(*map(Succession._fields.index, ("recorded_at", "id")))


def in_force(stated: Iterable[Succession]) -> dict[str, Succession]:
    """Return the successions that hold, by the company that is succeeded.

    Of several successors of one company the one stated first holds, and none that would close a
    circle: so the result does not depend on the order in which ledgers are merged.
    """
    found: dict[str, Succession] = {}
    for succession in sorted(stated, key=_stated_order):
        if succession.company not in found and not closes_circle(found, succession):
            found[succession.company] = succession
    return found


def closes_circle(found: Mapping[str, Succession], succession: Succession) -> bool:
    """Return whether a company would succeed itself by these successions and one more."""
    at = succession.successor
    while at != succession.company:
        if at not in found:
            return False
        at = found[at].successor
    return True


def succeeded_by(company: str, found: Mapping[str, Succession]) -> Iterator[tuple[str, date]]:
    """Yield the companies whose history `company` inherits, and from which day on.

    In a chain of takeovers the history arrives with the last of them.
    """
    for succession in found.values():
        if succession.successor == company:
            yield succession.company, succession.since
            for earlier, since in succeeded_by(succession.company, found):
                yield earlier, max(since, succession.since)
