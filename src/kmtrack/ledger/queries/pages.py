"""Pages: the first records of a list, without reading all of them if an index or a filter finds them.

A page is read in its order from an index as long as matching records come soon. If few match, they
are found by the filter first: by the place of their company, or in one walk through the table
itself, which is faster than a walk through one of its indexes.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from kmtrack.ledger.queries.company_pages import FEW, FIRST, has_few_companies, places_of_companies
from kmtrack.ledger.queries.events import DAY_OF, SHOWN, whole_page
from kmtrack.ledger.queries.record_filters import (
    ALL_RECORDS,
    by_own_columns,
    by_status_alone,
    conditions_of,
    has_all_words,
    in_municipality,
    order_of_list,
)
from kmtrack.ledger.schema.choices import CHOICES
from kmtrack.ledger.schema.names import BY_NAME
from kmtrack.ledger.store.base import EVERYTHING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from kmtrack.ledger.queries.record_filters import RecordFilter
    from kmtrack.ledger.store.base import Store, StoredRow

# The words are compared first in this many times the records wanted, then in more.
_AT_FIRST, _MORE = 4, 8
# A page not among the first records is searched for among this many times as many before the walk.
_FURTHER: Final = 10
_PAGE: Final = f"""
    WITH picked AS MATERIALIZED (
        SELECT record.id FROM {{source}} WHERE record.withdrawn IS NULL {{narrowed}}
        ORDER BY {{order}}, record.recorded_at DESC, record.id LIMIT :limit
    )
    SELECT {SHOWN} FROM picked JOIN {{noun}} AS record ON record.id = picked.id
    JOIN company ON company.id = record.company_id
    ORDER BY {{order}}, record.recorded_at DESC, record.id
"""  # noqa: S608 - ours
_OF_FIRST: Final = """(
    SELECT record.* FROM {noun} AS record WHERE record.withdrawn IS NULL {narrowed}
    ORDER BY {order}, record.recorded_at DESC, record.id LIMIT :first
) AS record"""
_NUMBER_OF_FEW: Final = """
    SELECT count(*) AS number FROM (
        SELECT 1 FROM {noun} AS record NOT INDEXED WHERE record.withdrawn IS NULL {narrowed} LIMIT :few
    ) AS few
"""
_PLACES: Final = "SELECT DISTINCT municipality FROM {noun} WHERE municipality IS NOT NULL"
# Read from an index alone.
_LATER: Final = "SELECT DISTINCT later FROM company WHERE later IS NOT NULL"
_AT_PLACE: Final = """
    AND record.id IN (
        SELECT id FROM {noun} WHERE municipality = :municipality
        UNION SELECT id FROM {noun} WHERE company_id IN (
            SELECT id FROM company WHERE municipality = :municipality
            UNION SELECT id FROM company WHERE later IS NOT NULL))
"""


class _Group(NamedTuple):
    """The records with one value of the field that sorts a list: their condition, and the filter by place.

    `walked` is the condition to use in a walk through all records.
    """

    condition: str = ""
    walked: str = ""
    municipality: str | None = None


def newest_events(store: Store, noun: str, limit: int, sought: RecordFilter) -> list[StoredRow]:
    """Return the newest matching live records of a noun, or the first ones in the order asked for.

    Each has its company's name and CVR number. `standings` has target, outcome and municipality of
    each verdict on a record, as `hires counted 791,...`.
    """
    if limit >= EVERYTHING:
        return _with_words(noun, limit, sought, lambda most: whole_page(store, noun, most, sought))
    found: list[StoredRow] = []
    for group in _groups(store, noun, sought):
        narrower = sought
        if group.municipality:
            narrower = sought._replace(municipality=group.municipality)
        page = _Page(store, noun, narrower, group)
        found += _with_words(noun, limit - len(found), sought, page.read)
        if len(found) >= limit:
            break
    return found


def _with_words(
    noun: str, limit: int, sought: RecordFilter, read: Callable[[int], list[StoredRow]]
) -> list[StoredRow]:
    """Return the first `limit` records that contain the words, from those that may contain them."""
    if not sought.words:
        return read(limit)
    most = min(limit * _AT_FIRST, EVERYTHING)
    while True:
        rows = read(most)
        fitting = [row for row in rows if has_all_words(noun, sought.words, row)]
        if len(fitting) >= limit or len(rows) < most:
            return fitting[:limit]
        most = min(most * _MORE, EVERYTHING)


def _groups(store: Store, noun: str, sought: RecordFilter) -> Iterator[_Group]:
    """Yield the groups of records that make up a page, one after the other."""
    key = sought.sort.key if sought.sort else "day"
    if sought.company or key not in {"status", "municipality"}:
        yield _Group()
        return
    is_backwards = sought.sort is not None and sought.sort.backwards
    if key == "status":
        outcomes = CHOICES["status"]
        for outcome in (*(reversed(outcomes) if is_backwards else outcomes), None):
            walked = by_status_alone(noun, outcome, is_walk=True)
            yield _Group(by_status_alone(noun, outcome), walked)
        return
    if sought.municipality:
        yield _Group()
        return
    places = {row[0] for row in store.all(_PLACES.format(noun=noun))} | _moved_to(store)
    for place in places_of_companies(store, places, backwards=is_backwards):
        yield _Group(municipality=place)
    yield _Group(*[f"AND {in_municipality(None)}"] * 2)


def _moved_to(store: Store) -> set[str]:
    """Return the municipalities that companies moved to, which their later records belong to."""
    facts = (each for row in store.all(_LATER) for each in json.loads(row[0]).values())
    return {each["municipality"] for each in facts if each.get("municipality")}


class _Page:
    """Reads the first records of a group, in the way that is fastest for the filter."""

    def __init__(self, store: Store, noun: str, sought: RecordFilter, group: _Group) -> None:
        self._store, self._noun, self._sought = store, noun, sought
        self._group = group
        self._sort = sought.sort
        if self._key in {"status", "municipality"} and not sought.company:
            self._sort = None  # all in the group are equal

    @property
    def _key(self) -> str:
        return self._sort.key if self._sort else "day"

    def read(self, limit: int) -> list[StoredRow]:
        """Return the first `limit` records."""
        sought = self._sought
        by_day = sought._replace(since=None, until=None)
        is_by_day_alone = self._key == "day" and by_day._replace(sort=None) == ALL_RECORDS
        if sought.company or (is_by_day_alone and not self._group.condition):
            return whole_page(self._store, self._noun, limit, sought)
        if self._key == "company":
            return self._by_company(limit)
        if self._key != "day":
            return self._of_all(limit)
        first = max(FIRST, 2 * limit)
        for number in (first, first * _FURTHER):
            rows = self._of_first(number, limit)
            if len(rows) == limit:
                return rows
        at_place = self._of_place(limit)
        return self._of_all(limit) if at_place is None else at_place

    def _of_first(self, number: int, limit: int) -> list[StoredRow]:
        """Return those of the page that are among the first `number` records of the days in the filter."""
        narrowed, named = self._conditions()
        days, _ = by_own_columns(self._noun, self._sought.of_days(), DAY_OF[self._noun])
        source = _OF_FIRST.format(noun=self._noun, narrowed=days, order=self._order())
        return self._rows(source, narrowed, limit, {**named, "first": number})

    def _of_place(self, limit: int) -> list[StoredRow] | None:
        """Return the page from the records at a municipality with few companies."""
        place = self._sought.municipality
        if place is None or not has_few_companies(self._store, place):
            return None
        narrowed, named = self._conditions()
        narrowed = _AT_PLACE.format(noun=self._noun) + narrowed
        return self._rows(f"{self._noun} AS record", narrowed, limit, named)

    def _of_all(self, limit: int) -> list[StoredRow]:
        """Return the page after one walk through the table; only the page itself is held in memory."""
        narrowed, named = self._conditions(is_walk=True)
        return self._rows(f"{self._noun} AS record NOT INDEXED", narrowed, limit, named)

    def _by_company(self, limit: int) -> list[StoredRow]:
        """Return the page in the order of company names."""
        narrowed, named = self._conditions(is_walk=True)
        count = _NUMBER_OF_FEW.format(noun=self._noun, narrowed=narrowed)
        if self._store.get(count, **named, few=FEW)["number"] < FEW:
            source = (
                f"{self._noun} AS record NOT INDEXED JOIN company ON company.id = record.company_id"
            )
            return self._rows(source, narrowed, limit, named)
        narrowed, named = self._conditions()
        source = f"company CROSS JOIN {self._noun} AS record"
        narrowed = f"AND record.company_id = company.id {narrowed}"
        return self._rows(source, narrowed, limit, named)

    def _conditions(self, *, is_walk: bool = False) -> tuple[str, dict[str, Any]]:
        noun = self._noun
        narrowed, named = conditions_of(noun, self._sought, DAY_OF[noun], is_walk=is_walk)
        return f"{narrowed} {self._group.walked if is_walk else self._group.condition}", named

    def _order(self) -> str:
        noun, day = self._noun, DAY_OF[self._noun]
        if self._sort and self._sort.key == "company":  # every name is known, as the index has them
            direction = "DESC" if self._sort.backwards else "ASC"
            return f"{BY_NAME} {direction}, {order_of_list(noun, None, day)}"
        return order_of_list(noun, self._sort, day)

    def _rows(
        self, source: str, narrowed: str, limit: int, named: dict[str, Any]
    ) -> list[StoredRow]:
        statement = _PAGE.format(
            source=source, narrowed=narrowed, order=self._order(), noun=self._noun
        )
        return self._store.all(statement, **named, limit=limit)
