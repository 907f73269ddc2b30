"""Recent contacts: those that a change states of companies of which nothing was stated before."""

from __future__ import annotations

import json
from collections import defaultdict
from itertools import repeat
from typing import TYPE_CHECKING, Any, Final

from kmtrack.ledger.dossiers import brokers_of, day_of
from kmtrack.rules.dossier import Contact

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kmtrack.ledger.store import Store

_MOST: Final = 200_000
_WITH_RECORDS: Final = """
    SELECT company_id FROM contact WHERE company_id IN (SELECT value FROM json_each(:ids))
    UNION SELECT company_id FROM collaboration
    WHERE company_id IN (SELECT value FROM json_each(:ids))
    UNION SELECT company_id FROM hire WHERE company_id IN (SELECT value FROM json_each(:ids))
"""


class Recent:
    """Keeps the contacts to companies that had no records: they are judged without a look back.

    `contacts` are those to each such company.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._number = 0
        self.contacts: defaultdict[str, list[Contact]] = defaultdict(list)

    def take(
        self, ids: Sequence[str], recorded_at: str, columns: Mapping[str, Sequence[Any]]
    ) -> set[str]:
        """Take in contacts that are about to be stored; the companies of those that are not kept."""
        contacts, company_ids = self.contacts, columns["company_id"]
        nothing = [None] * len(ids)
        read_back = self._known_before(set(company_ids))
        brokers = map(brokers_of, columns.get("broker", nothing), columns.get("others", nothing))
        days = map(day_of, columns["date"])
        made = map(Contact, ids, repeat(recorded_at), days, columns["channel"], brokers)
        for company_id, contact in zip(company_ids, made, strict=True):
            if company_id not in read_back:
                contacts[company_id].append(contact)
        self._number += len(ids)
        return read_back | self.forgotten() if self._number > _MOST else read_back

    def _known_before(self, company_ids: set[str]) -> set[str]:
        others = [id_ for id_ in company_ids if id_ not in self.contacts]
        if not others:
            return set()
        return {row[0] for row in self._store.all(_WITH_RECORDS, ids=json.dumps(others))}

    def forgotten(self) -> set[str]:
        """Forget all contacts; the companies that they were to."""
        companies = set(self.contacts)
        self.contacts.clear()
        self._number = 0
        return companies
