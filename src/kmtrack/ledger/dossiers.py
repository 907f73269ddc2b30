"""Dossiers: read all that the rules need to know about one company, or about many in order of their ids."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from datetime import date
from functools import cache, cached_property, lru_cache, partial
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from kmtrack.ledger.order_of_entry import in_order_of_entry
from kmtrack.ledger.rows import later_facts
from kmtrack.ledger.successions import StatedSuccessions
from kmtrack.rules.dossier import (
    Collaboration,
    Company,
    CompanyVersion,
    Contact,
    Dossier,
    Hire,
    Predecessor,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from kmtrack.ledger.rows import Columns
    from kmtrack.ledger.store.base import Store
    from kmtrack.ledger.store.base import StoredRow as Row

Made = TypeVar("Made")

# Many records have the same day.
day_of = lru_cache(maxsize=4096)(date.fromisoformat)

_VERSION_COLUMNS = ("municipality", "employees", "turnover", "balance", "sme", "kind", "basis")
_COMPANY_VALUES = itemgetter("id", "cvr", "visited_before", "later", *_VERSION_COLUMNS)

_COMPANY = """
    SELECT id, cvr, visited_before, later, municipality, employees, turnover, balance, sme, kind,
           basis, withdrawn, EXISTS (
               SELECT 1 FROM succession WHERE succession.withdrawn IS NULL
               AND (succession.company_id = company.id OR succession.successor_id = company.id)
           ) AS has_succession
    FROM company WHERE {where} ORDER BY id
"""
_CONTACTS = """
    SELECT company_id, id, recorded_at, date, channel, broker, others, municipality
    FROM contact WHERE withdrawn IS NULL AND {where} ORDER BY company_id
"""
_THEIRS = "company_id IN (SELECT value FROM json_each(:ids))"
_COLLABORATIONS = """
    SELECT company_id, id, recorded_at, agreed, kind, broker, municipality
    FROM collaboration WHERE withdrawn IS NULL AND {where} ORDER BY company_id
"""
_HIRES = """
    SELECT company_id, id, recorded_at, agreed, level, terms, broker, municipality,
           start, "end", hours, permanent
    FROM hire WHERE withdrawn IS NULL AND {where} ORDER BY company_id
"""


_OF_ONE = ("id = :id", "company_id = :id")


@cache
def _statements(companies: str, records: str) -> tuple[str, str, str, str]:
    """Return the queries of companies and of their records, by the conditions of both."""
    return (
        _COMPANY.format(where=companies),
        _CONTACTS.format(where=records),
        _COLLABORATIONS.format(where=records),
        _HIRES.format(where=records),
    )


def dossier_of(store: Store, company_id: str) -> Dossier | None:
    """Read the dossier of one company; None if it is unknown or withdrawn."""
    return DossierReader(store).of(company_id)


def all_dossiers(store: Store) -> Iterator[Dossier]:
    """Read the dossiers of all companies, one at a time."""
    return DossierReader(store).all()


def dossiers_of(store: Store, company_ids: Iterable[str]) -> Iterator[Dossier]:
    """Read the dossiers of these companies, in the order of their ids."""
    return DossierReader(store).among(company_ids)


class DossierReader:
    """Reads dossiers; `successors` are the companies that succeed those read.

    The history of a company is also that of its successors. A withdrawn company has no dossier.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self.successors: set[str] = set()

    def of(self, company_id: str) -> Dossier | None:
        """Read the dossier of one company; None if it is unknown or withdrawn."""
        self.foresee(company_id)
        return next(self._read(*_OF_ONE, id=company_id), None)

    def foresee(self, company_id: str) -> None:
        """Announce that the dossier of a company will be read."""
        each = self._store.each
        self._store.foresee(
            *(partial(each, query, id=company_id) for query in _statements(*_OF_ONE))
        )

    def all(self) -> Iterator[Dossier]:
        """Read the dossiers of all companies, one at a time."""
        return self._read("TRUE", "TRUE")

    def among(self, company_ids: Iterable[str]) -> Iterator[Dossier]:
        """Read the dossiers of these companies, in the order of their ids."""
        listed = "IN (SELECT value FROM json_each(:ids))"
        ids = json.dumps(list(company_ids))
        return self._read(f"id {listed}", f"company_id {listed}", ids=ids)

    def touched(self) -> Iterator[Dossier]:
        """Read the dossiers of the companies listed in the temporary table `touched`."""
        listed = "IN (SELECT id FROM touched)"
        return self._read(f"id {listed}", f"company_id {listed}")

    def _read(self, companies: str, records: str, **named: object) -> Iterator[Dossier]:
        each = self._store.each
        of_companies, of_contacts, of_collaborations, of_hires = _statements(companies, records)
        contacts = _Groups(each(of_contacts, **named), _contact)
        collaborations = _Groups(each(of_collaborations, **named), _collaboration)
        hires = _Groups(each(of_hires, **named), _hire)
        for row in each(of_companies, **named):
            if row["has_succession"]:
                self.successors |= self._successions.successors(row["id"])
            if row["withdrawn"] is not None:
                continue
            company = company_of(row)
            key = company.id
            met = contacts.of(key)
            agreed = collaborations.of(key), hires.of(key)
            if row["has_succession"]:
                yield self._with_history(Dossier(company, met, *agreed))
            else:
                yield Dossier(company, _with_places(self._store, met), *agreed)

    @cached_property
    def _successions(self) -> StatedSuccessions:
        return StatedSuccessions(self._store)

    def _with_history(self, dossier: Dossier) -> Dossier:
        """Add the history of the companies that this one has taken over."""
        found = list(self._successions.predecessors(dossier.company.id))
        if not found:
            return dossier._replace(contacts=_with_places(self._store, dossier.contacts))
        ids = json.dumps([id_ for id_, *_ in found])
        rows = self._store.all(_CONTACTS.format(where=_THEIRS), ids=ids)
        of_company = {row["id"]: row["company_id"] for row in rows}
        # One command may have stored contacts of several of them, all at the same moment.
        contacts: dict[str, list[Contact]] = defaultdict(list)
        for contact in _with_places(self._store, (*dossier.contacts, *map(_contact, rows))):
            contacts[of_company.get(contact.id, dossier.company.id)].append(contact)
        predecessors = (
            Predecessor(id_, since, _day(visited), tuple(contacts[id_]))
            for id_, since, visited in found
        )
        own = tuple(contacts[dossier.company.id])
        return dossier._replace(contacts=own, predecessors=tuple(predecessors))


def _with_places(store: Store, contacts: tuple[Contact, ...]) -> tuple[Contact, ...]:
    """Give contacts of the same day and moment their order of entry as `place`.

    Few companies have such contacts, so the entries are read for these only.
    """
    if len({(contact.day, contact.recorded_at) for contact in contacts}) == len(contacts):
        return contacts
    at = Counter((contact.day, contact.recorded_at) for contact in contacts)
    tied = [each.id for each in contacts if at[each.day, each.recorded_at] > 1]
    place = {id_: number for number, id_ in enumerate(in_order_of_entry(store, "contact", tied))}
    return tuple(each._replace(place=place.get(each.id, 0)) for each in contacts)


def company_of(row: Columns) -> Company:
    """Make a company, as the rules see it, from its row."""
    record_id, cvr, visited, later, *values_now = _COMPANY_VALUES(row)
    versions = _from_the_beginning(*values_now)
    if later:
        values = dict(zip(_VERSION_COLUMNS, values_now, strict=True))
        for day, facts in later_facts(row).items():
            values.update((name, facts[name]) for name in _VERSION_COLUMNS if name in facts)
            versions += ((day_of(day), _version(*values.values())),)
    return Company(record_id, cvr, _day(visited), versions)


# Many companies have the same values.
@lru_cache(maxsize=4096)
def _from_the_beginning(*values: Any) -> tuple[tuple[date | None, CompanyVersion], ...]:
    return ((None, _version(*values)),)


def _version(  # noqa: PLR0913, PLR0917 - the columns that a version is made of
    municipality: str | None,
    employees: str | None,
    turnover: float | None,
    balance: float | None,
    sme: int | None,
    kind: str,
    basis: str | None,
) -> CompanyVersion:
    declared = None if sme is None else bool(sme)
    return CompanyVersion(municipality, employees, turnover, balance, declared, kind, basis)


def _contact(row: Row) -> Contact:
    _, record_id, recorded_at, day, channel, broker, others, municipality = row
    brokers = brokers_of(broker, others)
    return Contact(record_id, recorded_at, day_of(day), channel, brokers, municipality)


def brokers_of(broker: str | None, others: str | None) -> str:
    """Join the initials of all brokers of a contact with a blank."""
    return f"{broker} {others}" if broker and others else broker or others or ""


def _day(text: str | None) -> date | None:
    return day_of(text) if text else None


def _collaboration(row: Row) -> Collaboration:
    _, record_id, recorded_at, agreed, kind, broker, municipality = row
    return Collaboration(record_id, recorded_at, _day(agreed), kind, broker or "", municipality)


def _hire(row: Row) -> Hire:
    _, record_id, recorded_at, agreed, level, terms, broker, municipality, *length = row
    start, end, hours, permanent = length
    return Hire(
        record_id,
        recorded_at,
        _day(agreed),
        level,
        terms,
        broker or "",
        municipality,
        _day(start),
        _day(end),
        int(hours) if hours and hours == int(hours) else hours,  # the column holds 37.0
        None if permanent is None else bool(permanent),
    )


class _Groups(Generic[Made]):
    """Rows in the order of their company, read company by company."""

    def __init__(self, rows: Iterator[Row], make: Callable[[Row], Made]) -> None:
        self._groups = groupby(rows, key=itemgetter(0))
        self._make = make
        self._next = next(self._groups, None)

    def of(self, company_id: str) -> tuple[Made, ...]:
        while self._next is not None and self._next[0] < company_id:
            self._next = next(self._groups, None)  # of a company that is withdrawn
        if self._next is None or self._next[0] != company_id:
            return ()
        made = tuple(map(self._make, self._next[1]))
        self._next = next(self._groups, None)
        return made
