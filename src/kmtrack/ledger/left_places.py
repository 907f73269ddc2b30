"""Places left: files in which erased names may remain after an erasure, listed until all are clean.

The list has no names: a copy is cleaned by what the ledger itself knows of the erasure.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from kmtrack.ledger.settings import LEFT_PLACES, drop_setting, put_setting, setting

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kmtrack.ledger.store.base import Store

Kind = Literal["ledger", "file", "unfinished", "folder"]
# Reasons why a file stays as it is until somebody changes or deletes it.
LASTING: Final = frozenset({"damaged", "newer", "too_large", "uncertain", "another", "form"})
KINDS: Final = frozenset({"ledger", "file", "unfinished", "folder"})


class LeftPlace(NamedTuple):
    """A place that is not clean yet, and why it could not be cleaned; "" if nobody has tried.

    `stamp` tells the file as it was from the same file after a change.
    """

    kind: Kind
    path: str
    why: str = ""
    stamp: str = ""


def left_places(store: Store) -> list[LeftPlace]:
    """Return the places that are not clean yet."""
    return places_from(setting(store, LEFT_PLACES))


def places_from(value: str | None) -> list[LeftPlace]:
    """Read the value of the setting LEFT_PLACES. Raises ValueError or TypeError for another."""
    places = [LeftPlace(*each) for each in json.loads(value or "[]")]
    for place in places:
        if place.kind not in KINDS or not all(isinstance(each, str) for each in place):
            raise TypeError(LEFT_PLACES)
    return places


def add_left(store: Store, places: Iterable[LeftPlace]) -> None:
    """Add places to the list of those not clean, inside a transaction."""
    by_place = {(each.kind, each.path): each for each in left_places(store)}
    by_place |= {(each.kind, each.path): each for each in places}
    _put(store, by_place.values())


def settle_left(store: Store, place: LeftPlace, now: LeftPlace | None) -> None:
    """Cross a place off the list, or note why it is not clean, inside a transaction."""
    others = [each for each in left_places(store) if each[:2] != place[:2]]
    _put(store, others if now is None else [*others, now])


def _put(store: Store, places: Iterable[LeftPlace]) -> None:
    # With escapes: not every file name is valid text.
    value = json.dumps(list(places))
    if value == "[]":
        drop_setting(store, LEFT_PLACES)
    elif value != setting(store, LEFT_PLACES):
        put_setting(store, LEFT_PLACES, value)
