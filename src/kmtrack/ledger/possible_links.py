"""Possible links: the company records that may be one company with another, by anything ever stated."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING, Final

from kmtrack.ledger.company_identity import LINKING
from kmtrack.ledger.schema.ids import LETTERS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kmtrack.ledger.store.base import Store

_ON_COMPANIES: Final = "SELECT record_id, action, facts FROM entry WHERE noun = 'company'"
_NUMBER: Final = re.compile(r'"cvr"\s*:\s*"([^"]+)"')
_COMPANY: Final = re.compile(rf"\b{LETTERS['company']}[0-9a-z]+")
# CVR numbers are counted in so many buckets first: only those in a bucket of several are compared.
_BUCKETS: Final = 1 << 23
_SEVERAL: Final = 2


def possibly_linked(store: Store) -> set[str]:
    """Return the ids of all records that were ever joined, or ever stated the same CVR number.

    Entries of void commands count too. The memory in use does not grow with the ledger.
    """
    stated = bytearray(_BUCKETS)
    for number, _ in _numbers(store):
        bucket = hash(number) % _BUCKETS
        stated[bucket] = min(stated[bucket] + 1, _SEVERAL)
    sharing: dict[str, set[str]] = defaultdict(set)
    for number, record_id in _numbers(store):
        if stated[hash(number) % _BUCKETS] == _SEVERAL:
            sharing[number].add(record_id)
    found = {id_ for ids in sharing.values() if len(ids) > 1 for id_ in ids}
    for record_id, action, facts in store.each(_ON_COMPANIES):
        if action in LINKING:
            found.update((record_id, *_COMPANY.findall(facts)))
    return found


def _numbers(store: Store) -> Iterator[tuple[str, str]]:
    """Yield each CVR number that an entry states, with the id of the record."""
    for record_id, _, facts in store.each(_ON_COMPANIES):
        for number in _NUMBER.findall(facts):
            yield number, record_id
