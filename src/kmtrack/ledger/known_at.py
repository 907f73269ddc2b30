"""A ledger as it was known at a moment, derived backwards from its present state.

The records of all later commands are projected as of that moment, with everything that depends on
them, and the companies concerned are judged again. Temporary views hide the tables of the ledger:
they show these rows, and the present rows of all other records. Temporary tables take their place
where many rows are joined.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final, NamedTuple

from kmtrack.clock import here
from kmtrack.errors import Refusal
from kmtrack.ledger.contract import CONTRACT_ID, contract_in_force, row_in_force
from kmtrack.ledger.kept_records import keep_used_records, referred_records
from kmtrack.ledger.order_of_entry import copy_order
from kmtrack.ledger.projection import (
    ProjectedCompanies,
    project_companies,
    projected_rows,
    rebuild,
    records_at,
)
from kmtrack.ledger.queries.commands import records_of_commands
from kmtrack.ledger.schema.ids import chunks
from kmtrack.ledger.schema.nouns import (
    AT_COMPANIES,
    COMMAND,
    COMPANY_COLUMNS,
    NOUNS,
    REFERENCE_COLUMNS,
    REFERENCES,
    TABLES,
)
from kmtrack.ledger.store.sqlite_file import scratch_like
from kmtrack.ledger.stored_entries import all_entries_on
from kmtrack.ledger.verdicts import companies_reached, rejudge_all
from kmtrack.ledger.voids import Voids, commands_reached
from kmtrack.rules.amendment_reach import reach_of_amendment
from kmtrack.rules.contract_format import read_contract

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from kmtrack.ledger.rows import Row
    from kmtrack.ledger.store.base import Store

_FIRST: Final = "SELECT min(recorded_at) FROM command WHERE arrived_at IS NULL"
_SINCE: Final = """
    SELECT number FROM command WHERE coalesce(arrived_at, recorded_at) > :known_at
"""
_ENTRIES: Final = "SELECT count(*) FROM entry"
_ENTRIES_SINCE: Final = f"SELECT count(*) FROM entry WHERE command IN ({_SINCE})"  # noqa: S608 - ours
# Where more of the entries are later than this part of them, all is projected from the beginning.
_MUCH: Final = 0.25
_TALLIED: Final = """
    SELECT target, outcome, day, count(*) FROM verdict
    WHERE company_id IN (SELECT id FROM gone_company) GROUP BY target, outcome, day
"""
_TALLY: Final = "SELECT target, outcome, day, number FROM tally"
_OF_THEN: Final = """
    CREATE TEMP {kind} {table} AS
    SELECT {columns} FROM {schema}.{table} WHERE {key} NOT IN (SELECT id FROM gone_{gone})
    UNION ALL SELECT {columns} FROM then_{table}
"""
_TALLY_OF_THEN: Final = """
    CREATE TEMP VIEW tally AS SELECT {columns} FROM {schema}.tally
    UNION ALL SELECT {columns} FROM then_tally
"""

Ids = dict[str, set[str]]


@contextmanager
def as_known_at(store: Store, known_at: str, *, whole: bool = False) -> Iterator[Store]:
    """Open a ledger as it was at a moment (UTC), in a snapshot of its present state.

    If the `whole` of it is read, its rows are copied to temporary tables with indexes, as views
    would be joined more slowly. Raises Refusal `not_yet_made`.
    """
    first = store.get(_FIRST)[0]
    if known_at < first:
        raise Refusal("not_yet_made", moment=here(first))
    with store.reading(), scratch_like(store) as scratch:
        later = None if _is_much_later(store, known_at) else _later(store, known_at)
        if later is None:
            copy_order(store, scratch)
            rebuild(store, scratch, known_at)
            yield scratch
            return
        _fill(store, scratch, later)
        with _in_place_of_now(store, scratch, later.records, is_copied=whole):
            yield store


def _is_much_later(store: Store, known_at: str) -> bool:
    since = store.get(_ENTRIES_SINCE, known_at=known_at)[0]
    return bool(since > store.get(_ENTRIES)[0] * _MUCH)


class _Then(NamedTuple):
    """The records (ids by noun) that may have been different then, and their rows at that moment.

    `rows` can be read once only, except those of companies.
    """

    records: Ids
    rows: dict[str, Iterable[Row]]


class _Later:
    """The records concerned by later commands, with everything that depends on them."""

    def __init__(self, store: Store, known_at: str) -> None:
        self._store = store
        self.voids = Voids(store, known_at)
        self.records: Ids = defaultdict(set)

    def add(self, records: Mapping[str, Iterable[str]]) -> ProjectedCompanies:
        """Add records and everything connected with them; return the companies as of then."""
        self._close(records)
        while True:
            self.voids.kept.clear()
            keep_used_records(self._store, self.voids, self.records)
            companies = project_companies(self._store, self.records["company"], self.voids)
            if companies.own.keys() <= self.records["company"]:
                return companies
            self._close({"company": companies.own.keys()})

    def _close(self, records: Mapping[str, Iterable[str]]) -> None:
        """Add records, what they refer to or ever referred to, and all records of their companies."""
        store = self._store
        ahead: Ids = {noun: set(ids) - self.records[noun] for noun, ids in records.items()}
        while any(ahead.values()):
            found: Ids = defaultdict(set)
            for noun, ids in ahead.items():
                self.records[noun] |= ids
                for referred, id_ in _ever_referred(store, noun, ids):
                    found[referred].add(id_)
            for noun, ids in referred_records(store, ahead).items():
                found[noun] |= ids
            if companies := ahead.get("company"):
                found["company"] |= project_companies(store, companies, self.voids).own.keys()
                for noun in AT_COMPANIES:
                    for some in chunks(companies):
                        found[noun].update(records_at(store, noun, some))
            ahead = {noun: ids - self.records[noun] for noun, ids in found.items()}


def _ever_referred(store: Store, noun: str, ids: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield the noun and id of every record that any entry on these records refers to."""
    for some in chunks(ids):
        for entry in all_entries_on(store, noun, some):
            for column, refers_to in REFERENCE_COLUMNS.items():
                if isinstance(id_ := entry.facts.get(column), str):
                    yield refers_to, id_
            if entry.action == "join":
                yield "company", entry.facts["with"]


def _later(store: Store, known_at: str) -> _Then | None:
    """Return what was different at a moment; None if every company has to be judged again."""
    numbers = {row["number"] for row in store.each(_SINCE, known_at=known_at)}
    numbers |= set(commands_reached(store, numbers))
    changed = records_of_commands(store, numbers)
    changed.pop(COMMAND, None)
    later = _Later(store, known_at)
    if "contract" in changed:
        row = projected_rows(store, "contract", [CONTRACT_ID], later.voids)[CONTRACT_ID]
        then = read_contract(json.loads(row["document"]))
        reach = reach_of_amendment(then, contract_in_force(store))
        if reach.is_whole:
            return None
        changed["company"] += [] if reach.is_none else companies_reached(store, reach)
    companies = later.add(changed)
    rows: dict[str, Iterable[Row]] = {"company": companies.rows.values()}
    for noun, ids in later.records.items():
        if noun != "company":
            rows[noun] = _rows_of(store, noun, ids, later.voids, companies)
    return _Then(later.records, rows)


def _rows_of(
    store: Store, noun: str, ids: Iterable[str], voids: Voids, companies: ProjectedCompanies
) -> Iterator[Row]:
    """Yield the rows of records, which refer to the main records of companies."""
    for some in chunks(ids):
        for row in projected_rows(store, noun, some, voids).values():
            for column in COMPANY_COLUMNS.get(noun, ()):
                row[column] = companies.main_id(row[column])
            yield row


def _fill(store: Store, scratch: Store, then: _Then) -> None:
    """Put the records as of then into an empty ledger, and judge them by the contract of that time."""
    for name, rows in then.rows.items():
        noun = NOUNS[name]
        scratch.insert_rows(name, noun.columns, map(noun.values, rows))
    if "contract" not in then.rows:
        noun = NOUNS["contract"]
        row = dict(row_in_force(store))
        scratch.insert_rows("contract", noun.columns, [noun.values(row)])
    copy_order(store, scratch, set().union(*then.records.values()))
    rejudge_all(scratch, contract_in_force(scratch))


@contextmanager
def _in_place_of_now(store: Store, then: Store, records: Ids, *, is_copied: bool) -> Iterator[None]:
    """Hide the tables of a ledger behind views that show these records as they were then.

    With `is_copied`, indexed tables replace all views except that of the tally, which is small.
    """
    _, temporary = store.schemas
    changed = [noun for noun in NOUNS if records.get(noun)]
    made = []
    for noun in ("company", *(noun for noun in changed if noun != "company")):
        store.run(f"CREATE TEMP TABLE gone_{noun} (id TEXT PRIMARY KEY)")
        ids = ((id_,) for id_ in sorted(records.get(noun, ())))
        store.insert_rows(f"gone_{noun}", ["id"], ids)
        made += [f"TABLE {temporary}.gone_{noun}"]
    rows: dict[str, Iterable[Sequence[object]]] = {
        table: _stored_rows(then, table) for table in (*changed, "verdict")
    }
    rows["tally"] = _changes_of_tally(store, then)
    for table, of_then in rows.items():
        kind = "TABLE" if is_copied and table != "tally" else "VIEW"
        _hide(store, table, of_then, kind)
        made += [f"TABLE {temporary}.then_{table}", f"{kind} {temporary}.{table}"]
    store.prefer_temporary(prefer=True)
    if is_copied:
        for table in changed:
            _index(
                store, table, {"id", *(each.column for each in REFERENCES if each.noun == table)}
            )
        _index(store, "verdict", {"company_id", "record_id"})
    yield
    # After an error the transaction ends, and they end with it.
    store.prefer_temporary(prefer=False)
    for each in reversed(made):
        store.run(f"DROP {each}")


def _stored_rows(store: Store, table: str) -> Iterator[Sequence[object]]:
    return map(tuple, store.each(f"SELECT {_columns(table)} FROM {table}"))  # noqa: S608 - ours


def _hide(store: Store, table: str, rows: Iterable[Sequence[object]], kind: str) -> None:
    """Hide a table behind a temporary table or view that has these rows in place of the replaced ones."""
    schema, columns = store.schemas[0], _columns(table)
    store.run(
        f"CREATE TEMP TABLE then_{table} AS SELECT {columns} FROM {schema}.{table} WHERE 1 = 0"  # noqa: S608 - ours
    )
    store.insert_rows(f"then_{table}", TABLES[table], rows)
    statement = _TALLY_OF_THEN if table == "tally" else _OF_THEN
    key, gone = ("company_id", "company") if table == "verdict" else ("id", table)
    names = {"kind": kind, "table": table, "key": key, "gone": gone}
    store.run(statement.format(schema=schema, columns=columns, **names))


def _columns(table: str) -> str:
    return ", ".join(f'"{column}"' for column in TABLES[table])


def _index(store: Store, table: str, columns: Iterable[str]) -> None:
    """Give a temporary table, which hides another, an index on each of these columns."""
    for column in sorted(columns):
        store.run(f'CREATE INDEX then_{table}_{column} ON {table} ("{column}")')


def _changes_of_tally(store: Store, then: Store) -> list[Sequence[object]]:
    """Return the difference that the verdicts of then make to the present tally."""
    changes: Counter[tuple[str, str, str]] = Counter()
    for target, outcome, day, number in store.each(_TALLIED):
        changes[target, outcome, day] -= number
    for target, outcome, day, number in then.each(_TALLY):
        changes[target, outcome, day] += number
    return [(*key, number) for key, number in changes.items() if number]
