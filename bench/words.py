"""Words for generated ledgers, taken from the demonstration data."""

from __future__ import annotations

import csv
from functools import cache
from typing import Final, NamedTuple

from kmtrack.resources import DATA_FOLDER

MUNICIPALITIES: Final = ("615", "657", "730", "740", "751", "760", "779", "791")


class Words(NamedTuple):
    """First and second words of company names, initials of brokers, and notes of contacts."""

    roots: list[str]
    trades: list[str]
    brokers: list[str]
    notes: list[str]


@cache
def words() -> Words:
    """Return the words, distinct and sorted."""
    names = [name.split() for name in _column("companies", "name")]
    return Words(
        sorted({root for root, *_ in names}),
        sorted({trade for _, trade, *_ in names}),
        sorted(set(_column("contacts", "broker"))),
        sorted({note for note in _column("contacts", "note") if note}),
    )


def _column(name: str, heading: str) -> list[str]:
    with (DATA_FOLDER / "demo" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return [row[heading] for row in csv.DictReader(file)]
