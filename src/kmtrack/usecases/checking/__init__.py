"""Checking a ledger: damage and differences, and what is merely doubtful or missing."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from kmtrack.usecases.checking.doubts import doubts_in
from kmtrack.usecases.checking.entries import damage_to_entries
from kmtrack.usecases.checking.persons import altered_persons
from kmtrack.usecases.checking.store import damage_to_store
from kmtrack.usecases.checking.verdicts import differing_verdicts

if TYPE_CHECKING:
    from kmtrack.ledger.store import Store
    from kmtrack.usecases.checking.finding import Finding


class Checked(NamedTuple):
    """What a check found: `damage` must not be, `doubts` are for a person to look at."""

    damage: list[Finding]
    doubts: list[Finding]


def check_ledger(store: Store) -> Checked:
    """Check the whole ledger as it is at one moment."""
    with store.reading():
        damage = [*damage_to_store(store)]
        if not damage:  # what follows reads what SQLite has found whole
            damage += [
                *damage_to_entries(store),
                *altered_persons(store),
                *differing_verdicts(store),
            ]
        doubts = [] if damage else list(doubts_in(store))
    return Checked(damage, doubts)
