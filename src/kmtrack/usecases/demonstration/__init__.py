"""The demonstration: a ledger of two invented years, the same each time, and what to try on it."""

from kmtrack.usecases.demonstration.making import (
    DemonstrationExists,
    Places,
    is_demonstration,
    make_demonstration,
)
from kmtrack.usecases.demonstration.trying import Try, things_to_try

__all__ = [
    "DemonstrationExists",
    "Places",
    "Try",
    "is_demonstration",
    "make_demonstration",
    "things_to_try",
]
