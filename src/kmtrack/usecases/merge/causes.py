"""Causes: why a contact counts for other targets after a merge than before it."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from kmtrack.ledger.dossiers import dossiers_of
from kmtrack.ledger.queries.companies import company_parts, visits_before
from kmtrack.ledger.queries.events import contacts_by_id
from kmtrack.ledger.rows import UNDONE
from kmtrack.ledger.successions import StatedSuccessions
from kmtrack.rules.contact_history import first_contact_before

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from kmtrack.ledger.store.base import Store, StoredRow
    from kmtrack.rules.contract import Contract


class Cause(NamedTuple):
    """Why a contact counts for other targets; `kind` ends the key of its text.

    It names another contact (`id`), a `day` (ISO) and the `reason` of a withdrawal.
    """

    kind: str
    id: str | None = None
    day: str | None = None
    reason: str | None = None


class RecordsBefore:
    """The contacts and companies that a merge changes, as they were here before it."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._contacts: dict[str, StoredRow] = {}
        self._visits: dict[str, str | None] = {}
        self._takeovers = StatedSuccessions(store)

    def remember(self, records: Mapping[str, Iterable[str]]) -> None:
        """Remember these records (ids by noun), which are not projected again yet."""
        contacts = contacts_by_id(self._store, records.get("contact", ()))
        visits = visits_before(self._store, records.get("company", ()))
        self._contacts = {**contacts, **self._contacts}
        self._visits = {**visits, **self._visits}

    def causes(self, contract: Contract, contacts: Mapping[str, str]) -> dict[str, Cause]:
        """Return the cause for each of these contacts, given with the ids of their companies."""
        found: dict[str, Cause] = {}
        for dossier in dossiers_of(self._store, set(contacts.values())):
            for contact in dossier.contacts:
                if contact.id in contacts:
                    met = first_contact_before(dossier, contract, contact)
                    if met is not None:
                        kind = "earlier" if met.contact_id else "visited_before"
                        kind += "_with_predecessor" if met.predecessor else ""
                        found[contact.id] = Cause(kind, met.contact_id or None, str(met.day))
        first_now = {id_: company for id_, company in contacts.items() if id_ not in found}
        return {**found, **self._causes_of_first(contract, first_now)}

    def _causes_of_first(self, contract: Contract, contacts: Mapping[str, str]) -> dict[str, Cause]:
        """Return why nothing precedes these contacts any more."""
        if not contacts:
            return {}
        now = contacts_by_id(self._store, {*self._contacts, *contacts})
        visits = visits_before(self._store, set(contacts.values()))
        parts = company_parts(self._store)
        earlier: dict[str, list[StoredRow]] = defaultdict(list)
        for row in self._contacts.values():
            if row["withdrawn"] is None and row["channel"] in contract.channels:
                earlier[parts.get(row["company_id"], row["company_id"])].append(row)
        visited = {parts.get(id_, id_) for id_, day in self._visits.items() if day is not None}
        takeovers, found = StatedSuccessions(self._store), {}
        for id_, company in contacts.items():
            day, own = now[id_]["date"], self._contacts.get(id_)
            held, holding = (
                _predecessors(each, company, day) for each in (self._takeovers, takeovers)
            )
            rows = [row for each in (company, *(held & holding)) for row in earlier[each]]
            rows.sort(key=lambda row: (row["date"], row["id"]))
            others = (row for row in rows if row["id"] != id_ and row["date"] <= day)
            causes = (_cause(row, now.get(row["id"]), day, contract) for row in others)
            cause = next(filter(None, causes), None)
            if cause is None and company in visited and visits.get(company) is None:
                cause = Cause("not_visited")
            if cause is None and held - holding:
                cause = Cause("no_takeover")
            if cause is None and own is not None and own["date"] != day:
                cause = Cause("redated")
            found[id_] = cause or Cause("none")
        return found


def _predecessors(takeovers: StatedSuccessions, company: str, day: str) -> set[str]:
    """Return the companies that a company had taken over by a day (ISO)."""
    found = takeovers.predecessors(company)
    return {id_ for id_, since, _ in found if since.isoformat() <= day}


def _cause(before: StoredRow, now: StoredRow | None, day: str, contract: Contract) -> Cause | None:
    """Return what became of a contact that preceded one on `day`; None if it still does."""
    if now is None or now["withdrawn"] == UNDONE:
        return Cause("undone", before["id"])
    if now["withdrawn"] is not None:
        return Cause("withdrawn", before["id"], reason=now["withdrawn"])
    if now["channel"] not in contract.channels:
        return Cause("channel", before["id"])
    if now["date"] >= day and now["date"] != before["date"]:
        return Cause("moved", before["id"], now["date"])
    return None
