"""Queries about the institutions that collaborations and hires name, and about the days of both."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kmtrack.ledger.store.base import Store, StoredRow

# The nouns whose records name an institution.
AGREEMENTS: Final = ("collaboration", "hire")
_USED: Final = """
    SELECT institution, count(*) AS number FROM {noun}
    WHERE withdrawn IS NULL AND institution IS NOT NULL GROUP BY institution
"""
_NAMING: Final = """
    SELECT id FROM {noun} WHERE withdrawn IS NULL AND institution = :institution ORDER BY id
"""
_EARLY: Final = """
    SELECT {noun}.id, company.name, {noun}.agreed, {noun}.start
    FROM {noun} JOIN company ON company.id = {noun}.company_id
    WHERE {noun}.withdrawn IS NULL AND {noun}.start < {noun}.agreed ORDER BY {noun}.id
"""


def institutions_used(store: Store) -> Counter[str]:
    """Return the institutions named in live records, the most frequent first, with how often."""
    used: Counter[str] = Counter()
    for noun in AGREEMENTS:
        for row in store.all(_USED.format(noun=noun)):
            used[row["institution"]] += row["number"]
    return Counter(dict(sorted(used.items(), key=lambda each: (-each[1], -len(each[0]), each[0]))))


def records_naming(store: Store, institution: str) -> list[tuple[str, str]]:
    """Return noun and id of the live records that spell an institution in this way."""
    return [
        (noun, row["id"])
        for noun in AGREEMENTS
        for row in store.all(_NAMING.format(noun=noun), institution=institution)
    ]


def started_before_agreed(store: Store, noun: str) -> Iterator[StoredRow]:
    """Yield the live records of a noun that start before they were agreed, with the names of their companies."""
    return store.each(_EARLY.format(noun=noun))
