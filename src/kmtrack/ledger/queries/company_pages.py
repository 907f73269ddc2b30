"""Pages of companies: the first ones by name, or by another field, without reading them all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from kmtrack.ledger.queries.companies import all_at_once
from kmtrack.ledger.queries.record_filters import (
    by_own_columns,
    company_conditions_of,
    order_of,
)
from kmtrack.ledger.schema.choices import CHOICES
from kmtrack.ledger.schema.fields import fields_of
from kmtrack.ledger.schema.names import BY_NAME
from kmtrack.ledger.schema.nouns import NOUNS
from kmtrack.ledger.store.base import EVERYTHING
from kmtrack.municipalities import municipality_name
from kmtrack.text import in_danish_order

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from kmtrack.ledger.queries.record_filters import CompanyFilter, RecordFilter, Sort
    from kmtrack.ledger.rows import Row
    from kmtrack.ledger.store.base import Store

# The number of first records or companies, in the order of a page, that are tried separately.
FIRST: Final = 2000
# With fewer than this, all are sorted.
FEW: Final = 5000
_PAGE: Final = """
    SELECT * FROM {source} WHERE company.withdrawn IS NULL {narrowed} ORDER BY {order}, id LIMIT :limit
"""
_OF_FIRST: Final = """(
    SELECT * FROM company WHERE withdrawn IS NULL ORDER BY {order}, id LIMIT :first
) AS company"""
_MET: Final = """
    SELECT DISTINCT record.company_id FROM contact AS record NOT INDEXED
    WHERE record.withdrawn IS NULL {conditions} LIMIT :few
"""
_PLACES: Final = "SELECT DISTINCT municipality FROM company WHERE municipality IS NOT NULL"
_IN_PLACE: Final = """
    AND company.id IN (SELECT id FROM company WHERE municipality = :municipality
                       UNION SELECT id FROM company WHERE later IS NOT NULL)
"""
_NUMBER_IN_PLACE: Final = """
    SELECT count(*) AS number FROM (
        SELECT 1 FROM company WHERE municipality = :municipality LIMIT :few
    ) AS few
"""


class _Group(NamedTuple):
    """The companies with one value of the field that sorts a list: their condition, the value, their order."""

    condition: str = ""
    value: str | None = None
    order: str = BY_NAME


def listed_companies(store: Store, limit: int, sought: CompanyFilter) -> list[Row]:
    """Return the first `limit` matching live companies, by name or in the order asked for."""
    if limit >= EVERYTHING or sought.ids is not None:
        return all_at_once(store, limit, sought)
    found: list[Row] = []
    met: list[str] | None = None
    for at, group in enumerate(_groups(store, sought.records.sort)):
        page, most = _Page(store, sought, group), limit - len(found)
        rows = page.of_first(most)
        if rows is None and at == 0:
            met = _few_met(store, sought.records)
        if met is not None:
            return all_at_once(store, limit, sought._replace(ids=met))
        found += page.by_place(most) if rows is None else rows
        if len(found) >= limit:
            break
    return found


def _few_met(store: Store, sought: RecordFilter) -> list[str] | None:
    """Return the companies with a matching contact; None if the filter is not on contacts, or there are many."""
    conditions, named = by_own_columns("contact", sought, "record.date")
    if not conditions:
        return None
    met = store.all(_MET.format(conditions=conditions), **named, few=FEW)
    return [row[0] for row in met] if len(met) < FEW else None


def places_of_companies(
    store: Store, others: Iterable[str] = (), *, backwards: bool = False
) -> list[str]:
    """Return the municipalities of companies, and `others`, in the order of their names."""
    places = {row[0] for row in store.all(_PLACES)}.union(others)
    return sorted(places, key=lambda c: in_danish_order(municipality_name(c)), reverse=backwards)


def has_few_companies(store: Store, municipality: str) -> bool:
    """Return whether a municipality has so few companies that sorting them is faster than searching by name."""
    return bool(store.get(_NUMBER_IN_PLACE, municipality=municipality, few=FEW)["number"] < FEW)


def _groups(store: Store, sort: Sort | None) -> Iterator[_Group]:
    """Yield the groups of companies that make up a page, one after the other."""
    if sort is None:
        yield _Group()
    elif sort.key in {"company", "name"}:
        yield _Group(order=f"{BY_NAME} DESC" if sort.backwards else BY_NAME)
    elif sort.key == "municipality":
        for place in places_of_companies(store, backwards=sort.backwards):
            yield _Group("AND company.municipality = :of_group", place)
        yield _Group("AND company.municipality IS NULL")
    elif choice := _choice_of(sort.key):
        words = CHOICES[choice]
        for word in reversed(words) if sort.backwards else words:
            # Not the bare column, whose index would be used: most companies are of one kind.
            yield _Group(f"AND coalesce(company.{sort.key}, '') = :of_group", word)
        yield _Group(f"AND company.{sort.key} IS NULL")
    else:
        known = f"AND company.{sort.key} IS NOT NULL"
        yield _Group(known, order=f"{order_of('company', sort)}, {BY_NAME}")
        yield _Group(f"AND company.{sort.key} IS NULL")


def _choice_of(key: str) -> str | None:
    facts = NOUNS["company"].facts
    fields = fields_of(facts) if facts else ()
    return next((field.kind.choice for field in fields if field.name == key), None)


class _Page:
    """Reads the first companies of a group, in the way that is fastest for the filter."""

    def __init__(self, store: Store, sought: CompanyFilter, group: _Group) -> None:
        self._store, self._sought, self._group = store, sought.records, group
        self._narrowed, self._named = company_conditions_of(sought)
        if group.value is not None:
            self._named["of_group"] = group.value

    def of_first(self, limit: int) -> list[Row] | None:
        """Return the page if it is among the first companies in its order."""
        if not self._narrowed and not self._group.condition:
            return self._rows("company", "", limit)
        source = _OF_FIRST.format(order=self._group.order)
        rows = self._rows(source, "", limit, first=max(FIRST, 2 * limit))
        return rows if len(rows) == limit else None

    def by_place(self, limit: int) -> list[Row]:
        """Return the page from the companies of a municipality, if these are few, or from all companies."""
        place = self._sought.municipality
        if place is not None:
            are_few = has_few_companies(self._store, place)
            return self._rows("company", _IN_PLACE if are_few else "", limit)
        is_of_place = "company.municipality" in self._group.condition
        is_chosen = self._group.value is not None or self._sought.chosen
        return self._rows(
            "company NOT INDEXED" if is_chosen and not is_of_place else "company", "", limit
        )

    def _rows(self, source: str, narrowed: str, limit: int, **named: Any) -> list[Row]:
        statement = _PAGE.format(
            source=source,
            narrowed=f"{narrowed} {self._narrowed} {self._group.condition}",
            order=self._group.order,
        )
        rows = self._store.all(statement, **self._named, **named, limit=limit)
        return [dict(row) for row in rows]
