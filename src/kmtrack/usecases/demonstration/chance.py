"""Chance that falls the same way each time, and the ids that follow from it."""

from __future__ import annotations

import hashlib
import random
from typing import TYPE_CHECKING, Final, TypeVar

from kmtrack.ledger.ids import id_from

if TYPE_CHECKING:
    from collections.abc import Mapping

SEED: Final = "kontaktmægler 2011-12"

Thing = TypeVar("Thing")


class Chance(random.Random):
    """Chance for one part of the demonstration, so that a change in one part moves no other."""

    def __init__(self, part: str) -> None:
        super().__init__(f"{SEED} {part}")

    def happens(self, percent: float) -> bool:
        """Whether something happens that does so `percent` times in a hundred."""
        return self.random() * 100 < percent

    def weighted(self, weights: Mapping[Thing, float]) -> Thing:
        """One of the things, each as often as its weight says."""
        return self.choices(list(weights), list(weights.values()))[0]


def known_id(noun: str, number: int) -> str:
    """The id of the demonstration's record of that number."""
    return id_from(noun, hashlib.sha256(f"{SEED} {noun} {number}".encode()).digest())
