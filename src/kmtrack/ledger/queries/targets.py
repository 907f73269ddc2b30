"""Queries of what is counted for targets."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from kmtrack.ledger.store.base import Store, StoredRow

_OF_CONTACTS: Final = """
    SELECT verdict.day, verdict.record_id, company.name, verdict.target
    FROM verdict JOIN company ON company.id = verdict.company_id
    WHERE verdict.noun = 'contact' AND verdict.target IN (SELECT value FROM json_each(:targets))
    ORDER BY verdict.day, verdict.record_id
"""


def contact_targets(store: Store, targets: Iterable[str]) -> Iterator[StoredRow]:
    """Yield which of these targets each contact is for: day, record_id, company name, target."""
    return store.each(_OF_CONTACTS, targets=json.dumps(list(targets)))
