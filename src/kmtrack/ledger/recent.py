"""Recent contacts: those that a change states of companies of which nothing was stated before."""

from __future__ import annotations

import json
from collections import defaultdict
from itertools import repeat
from typing import TYPE_CHECKING, Any, Final

from kmtrack.ledger.dossiers import brokers_of, day_of
from kmtrack.rules.dossier import Contact

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from kmtrack.ledger.store.base import Store, StoredRow

_MOST: Final = 200_000
_WITH_RECORDS: Final = """
    SELECT company_id FROM contact WHERE company_id IN (SELECT value FROM json_each(:ids))
    UNION SELECT company_id FROM collaboration
    WHERE company_id IN (SELECT value FROM json_each(:ids))
    UNION SELECT company_id FROM hire WHERE company_id IN (SELECT value FROM json_each(:ids))
"""


class Recent:
    """Keeps the contacts to companies that had no records: they are judged without a look back.

    `contacts` are those to each such company, and to some `to_read_back`.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._number = 0
        self._answers: list[Callable[[], list[StoredRow]]] = []
        self._let_go: set[str] = set()
        self.contacts: defaultdict[str, list[Contact]] = defaultdict(list)

    def take(
        self, ids: Sequence[str], recorded_at: str, columns: Mapping[str, Sequence[Any]]
    ) -> None:
        """Take in contacts that are about to be stored."""
        contacts, company_ids = self.contacts, columns["company_id"]
        nothing = [None] * len(ids)
        self._ask_about(set(company_ids).difference(contacts))
        brokers = map(brokers_of, columns.get("broker", nothing), columns.get("others", nothing))
        days = map(day_of, columns["date"])
        made = map(Contact, ids, repeat(recorded_at), days, columns["channel"], brokers)
        for company_id, contact in zip(company_ids, made, strict=True):
            contacts[company_id].append(contact)
        self._number += len(ids)
        if self._number > _MOST:
            self._let_go |= self.contacts.keys()
            self._clear()

    def _ask_about(self, company_ids: set[str]) -> None:
        if company_ids:  # the answer is not waited for: rows are being stored meanwhile
            asked = json.dumps(list(company_ids))
            self._answers.append(self._store.ask(_WITH_RECORDS, ids=asked))

    def to_read_back(self) -> set[str]:
        """The companies whose contacts here are not all that is known of them."""
        return self._let_go.union(row[0] for answer in self._answers for row in answer())

    def forget(self) -> None:
        """Forget all contacts."""
        self._clear()
        self._answers.clear()
        self._let_go.clear()

    def _clear(self) -> None:
        self.contacts.clear()
        self._number = 0
