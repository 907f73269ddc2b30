"""The demonstration: a ledger of two invented years, the same each time, and what to try on it."""

from kmtrack.usecases.demonstration.making import (
    AS_OF,
    DemonstrationExists,
    DemonstrationNoFolder,
    Places,
    make_demonstration,
)
from kmtrack.usecases.demonstration.trying import Try, things_to_try, things_to_try_there

__all__ = [
    "AS_OF",
    "DemonstrationExists",
    "DemonstrationNoFolder",
    "Places",
    "Try",
    "make_demonstration",
    "things_to_try",
    "things_to_try_there",
]
