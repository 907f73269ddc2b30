"""Projection: the rows that the entries of a ledger add up to.

There is one projection for all uses: of some records whenever they are written (`reproject`), of
the whole ledger to check it (`Projection`), and into another database (`rebuild`), as of now or of
a moment.
"""

from __future__ import annotations

import json
from collections import defaultdict
from functools import cached_property, partial
from itertools import groupby, islice
from operator import attrgetter
from typing import TYPE_CHECKING, Final, NamedTuple

from kmtrack.ledger.company_identity import IdentityFacts, linked_rows, links_of, stated_links
from kmtrack.ledger.contract import contract_in_force
from kmtrack.ledger.kept_records import (
    keep_used_records,
    kept_as_stored,
    not_out,
    referred_records,
    used_records,
)
from kmtrack.ledger.name_words import insert_name_words, replace_name_words
from kmtrack.ledger.possible_links import possibly_linked
from kmtrack.ledger.queries.companies import companies_together, joined_companies
from kmtrack.ledger.rows import ERASED, project
from kmtrack.ledger.schema.ids import chunks
from kmtrack.ledger.schema.nouns import AT_COMPANIES, COMPANY_COLUMNS, NOUNS
from kmtrack.ledger.stored_entries import entries_by_record, entries_on
from kmtrack.ledger.verdicts import rejudge_all
from kmtrack.ledger.voids import Voids

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

    from kmtrack.ledger.rows import Columns, Row
    from kmtrack.ledger.store.base import Store

_CHUNK: Final = 5000
_MAIN_IDS: Final = """
    SELECT id, coalesce(part_of, id) AS main_id FROM company
    WHERE id IN (SELECT value FROM json_each(:ids))
"""
_STORED_NAMES: Final = """
    SELECT id, name, other_names FROM company WHERE id IN (SELECT value FROM json_each(:ids))
"""
_WITH_CVR: Final = """
    SELECT id FROM company
    WHERE withdrawn IS NULL AND cvr IN (SELECT value FROM json_each(:numbers))
"""


class Projection:
    """All rows that the entries of a ledger add up to, now or at the moment `known_at` (UTC)."""

    def __init__(self, store: Store, known_at: str | None = None) -> None:
        self._store = store
        self._known_at = known_at

    @cached_property
    def _voids(self) -> Voids:
        voids = Voids(self._store, self._known_at)
        keep_used_records(self._store, voids)
        return voids

    def rows(self, noun: str) -> Iterator[Row]:
        """Yield the rows of a noun, in the order of their ids."""
        for record_id, entries in entries_by_record(self._store, noun, self._voids):
            row = self._linked.get(record_id) or project(noun, record_id, entries)
            if row is not None:
                yield self._at_main_record(noun, row)

    def _at_main_record(self, noun: str, row: Row) -> Row:
        """Make a row refer to the main record of its company, if the company has several records."""
        for column in COMPANY_COLUMNS.get(noun, ()):
            company_id = row[column]
            if company_id in self._linked:
                row[column] = self._linked[company_id]["part_of"] or company_id
        return row

    @cached_property
    def _linked(self) -> dict[str, Row]:
        """The rows of all records that are linked with another, by id."""
        companies = [
            IdentityFacts.of(row)
            for some in chunks(possibly_linked(self._store))
            for row in projected_rows(self._store, "company", some, self._voids).values()
        ]
        return linked_rows(
            companies, lambda ids: entries_on(self._store, "company", ids, self._voids)
        )


class ProjectedCompanies(NamedTuple):
    """Records of companies by id: each projected by itself, and the rows of the linked ones."""

    own: dict[str, Row]
    linked: dict[str, Row]

    @property
    def rows(self) -> dict[str, Row]:
        """The row of each record, by id."""
        return {id_: self.linked.get(id_) or row for id_, row in self.own.items()}

    def main_id(self, id_: str) -> str:
        """Return the id of the main record of a record's company."""
        return self.linked[id_]["part_of"] or id_ if id_ in self.linked else id_


def project_companies(
    store: Store, ids: Collection[str], voids: Voids | None = None
) -> ProjectedCompanies:
    """Project these records of companies, and all that are or were linked with any of them.

    `voids` says which records are kept; without it the stored rows do.
    """
    own: dict[str, Row] = {}
    asked = voids or Voids(store)
    stated = [pair for row in joined_companies(store) for pair in links_of(row)]
    ahead = set(ids)
    seen = set(ids)  # one that no entry made has no row, and would be looked for again
    while ahead:
        if voids is None:
            asked.kept |= kept_as_stored(store, asked, "company", ahead)
        found = projected_rows(store, "company", ahead, asked)
        own.update(found)
        numbers = [row["cvr"] for row in found.values() if row["cvr"]]
        near = companies_together(store, ahead)
        near |= {row["id"] for row in store.all(_WITH_CVR, numbers=json.dumps(numbers))}
        near |= {other for one, other in stated if one in ahead}
        near |= {one for one, other in stated if other in ahead}
        links = (pair for row in found.values() for pair in stated_links(IdentityFacts.of(row)))
        near |= {other for _, other in links}
        ahead = near - seen
        seen |= ahead
    identities = [IdentityFacts.of(row) for row in own.values()]
    return ProjectedCompanies(
        own, linked_rows(identities, lambda ids: entries_on(store, "company", ids, asked))
    )


def project_records(
    store: Store, noun: str, ids: Collection[str], voids: Voids | None = None
) -> dict[str, Row]:
    """Project these records of a noun other than company, by id.

    The main record of their company is read from the stored rows of companies. `voids` says which
    records are kept; without it the stored rows do.
    """
    if voids is None:
        voids = Voids(store)
        voids.kept |= kept_as_stored(store, voids, noun, ids)
    rows = projected_rows(store, noun, ids, voids)
    if noun in COMPANY_COLUMNS:
        mains = main_ids(store, _companies_in(noun, rows.values()))
        for row in rows.values():
            for column in COMPANY_COLUMNS[noun]:
                row[column] = mains.get(row[column], row[column])
    return rows


def reproject(
    store: Store, stale: Mapping[str, Collection[str]], names: Callable[[Row], Row] | None = None
) -> set[str]:
    """Rewrite the rows of these records; return the ids of the companies to judge.

    `stale` has the ids of the records by noun. `names` adds to the rows of persons the names, which
    no entry holds; without it they keep the names that they have.
    """
    due: dict[str, set[str]] = defaultdict(set, {noun: set(ids) for noun, ids in stale.items()})
    voids, named = Voids(store), names or stored_names(store)
    referred = referred_records(store, due)
    touched = _rewrite(store, due, voids, named)
    for noun, ids in referred_records(store, due).items():
        referred[noun] |= ids
    for noun in reversed(tuple(NOUNS)):  # what refers to a record is settled before it
        undone = voids.without_add(noun, due[noun] | referred[noun])
        if noun == "company":
            undone |= _unlink(store, undone, voids, named)
        kept = used_records(store, noun, undone)
        voids.kept |= kept
        wrong: dict[str, set[str]] = {noun: kept ^ not_out(store, noun, undone)}
        for parent, ids in referred_records(store, wrong).items():
            referred[parent] |= ids
        touched |= _rewrite(store, defaultdict(set, wrong), voids, named)
    return touched


def stored_names(store: Store) -> Callable[[Row], Row]:
    """Return a function that adds to a person's row the stored name, which no entry holds."""

    def with_name(person: Row) -> Row:
        stored = store.one("SELECT name, secret FROM person WHERE id = :id", id=person["id"])
        return {**person, **dict(stored)} if stored else person

    return with_name


def rebuild(
    source: Store,
    target: Store,
    known_at: str | None = None,
    names: Callable[[Row], Row] = lambda person: person,
) -> None:
    """Fill the empty tables of `target` with the projection of `source`, and judge it.

    With `known_at` (UTC) it is the projection of what was known at that moment. `names` adds to the
    rows of persons the names, which no entry holds. Foreign keys must not be enforced meanwhile.
    """
    projection = Projection(source, known_at)
    for noun in NOUNS.values():
        rows: Iterator[Row] = projection.rows(noun.name)
        if noun.name == "person":
            rows = map(names, rows)
        while chunk := list(islice(rows, _CHUNK)):
            target.insert_rows(noun.name, noun.columns, map(noun.values, chunk))
            if noun.name == "company":
                insert_name_words(target, chunk)
    rejudge_all(target, contract_in_force(target))


def reads_of_rewritten(store: Store, companies: Collection[str]) -> Iterator[Callable[[], object]]:
    """Yield what will be read of these companies and the records at them when they are one, or no more.

    A server is asked for all of it together.
    """
    yield partial(companies_together, store, companies)
    yield partial(entries_on, store, "company", sorted(companies))
    for moved in (*((each,) for each in companies), companies):
        yield partial(main_ids, store, moved)
        for noun in AT_COMPANIES:
            yield partial(_read_moved, store, noun, moved)


def _read_moved(store: Store, noun: str, companies: Collection[str]) -> None:
    ids = records_at(store, noun, companies)
    store.foresee(
        partial(entries_on, store, noun, sorted(ids)),
        partial(companies_of, store, noun, ids),
        partial(Voids(store).without_add, noun, ids),
        partial(referred_records, store, {noun: ids}),
    )


def _rewrite(
    store: Store, due: dict[str, set[str]], voids: Voids, names: Callable[[Row], Row]
) -> set[str]:
    """Rewrite records, and add to `due` those that move with them; return the companies to judge."""
    touched: set[str] = set()
    if due["company"]:
        touched, moved = _rewrite_companies(store, due["company"], voids)
        due["company"] |= touched
        for noun in AT_COMPANIES:
            due[noun].update(records_at(store, noun, moved))
    for noun in NOUNS:
        if noun != "company":
            for ids in chunks(due[noun]):
                touched |= _rewrite_records(store, noun, ids, voids, names)
    return touched


def _rewrite_companies(
    store: Store, ids: Collection[str], voids: Voids
) -> tuple[set[str], set[str]]:
    """Rewrite companies; return those to judge, and those whose records may move."""
    companies = project_companies(store, ids, voids)
    before = main_ids(store, companies.own)
    after = {id_: companies.main_id(id_) for id_ in companies.own}
    ids = json.dumps(list(companies.own))
    replace_name_words(store, store.all(_STORED_NAMES, ids=ids), companies.rows.values())
    store.put_rows(NOUNS["company"], list(companies.rows.values()))
    moved = {id_ for id_ in after if before.get(id_, id_) != after[id_]}
    return {*after, *after.values()}, moved | {before.get(id_, id_) for id_ in moved}


def _rewrite_records(
    store: Store, noun: str, ids: Collection[str], voids: Voids, names: Callable[[Row], Row]
) -> set[str]:
    """Rewrite records; return the companies to which they belonged and belong."""
    rows = project_records(store, noun, ids, voids)
    touched: set[str] = set()
    if noun in COMPANY_COLUMNS:
        touched = _companies_in(noun, rows.values()) | companies_of(store, noun, rows)
    if noun == "person":
        rows = {i: row if row["withdrawn"] == ERASED else names(row) for i, row in rows.items()}
    store.put_rows(NOUNS[noun], list(rows.values()))
    return touched


def _unlink(store: Store, undone: set[str], voids: Voids, names: Callable[[Row], Row]) -> set[str]:
    """Take companies out, so that each has its own records again; return further ones to settle."""
    found: set[str] = set()
    ahead = not_out(store, "company", undone)
    while ahead:
        due = defaultdict(set, {"company": set(ahead)})
        _rewrite(store, due, voids, names)
        more = voids.without_add("company", due["company"]) - undone - found
        found |= more
        ahead = not_out(store, "company", more)
    return found


def projected_rows(store: Store, noun: str, ids: Iterable[str], voids: Voids) -> dict[str, Row]:
    """Project records of a noun by themselves, by id."""
    rows: dict[str, Row] = {}
    for chunk in chunks(sorted(ids)):
        entries = sorted(entries_on(store, noun, chunk, voids), key=attrgetter("record_id"))
        for record_id, group in groupby(entries, attrgetter("record_id")):
            row = project(noun, record_id, group)
            if row is not None:
                rows[record_id] = row
    return rows


def main_ids(store: Store, ids: Iterable[str]) -> dict[str, str]:
    """Return the main record of each of these companies, by the stored rows."""
    rows = store.all(_MAIN_IDS, ids=json.dumps(sorted(ids)))
    return {row["id"]: row["main_id"] for row in rows}


def _companies_in(noun: str, rows: Iterable[Columns]) -> set[str]:
    """Return the companies that these rows refer to."""
    columns = COMPANY_COLUMNS[noun]
    return {row[column] for row in rows for column in columns} - {None}


def companies_of(store: Store, noun: str, ids: Iterable[str]) -> set[str]:
    """Return the companies that the stored rows of these records refer to."""
    columns = ", ".join(COMPANY_COLUMNS[noun])
    statement = f"SELECT {columns} FROM {noun} WHERE id IN (SELECT value FROM json_each(:ids))"  # noqa: S608 - names of ours
    return _companies_in(noun, store.all(statement, ids=json.dumps(sorted(ids))))


def records_at(store: Store, noun: str, companies: Iterable[str]) -> list[str]:
    """Return the ids of the stored rows of a noun that refer to any of these companies."""
    wanted = "IN (SELECT value FROM json_each(:ids))"
    refers = " OR ".join(f"{column} {wanted}" for column in COMPANY_COLUMNS[noun])
    statement = f"SELECT id FROM {noun} WHERE {refers}"  # noqa: S608 - names of ours
    return [row["id"] for row in store.all(statement, ids=json.dumps(sorted(companies)))]
