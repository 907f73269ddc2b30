"""Refolding: the rows of some records made anew from their entries, where several came to one."""

from __future__ import annotations

import json
from collections import defaultdict
from contextlib import contextmanager
from functools import cached_property
from itertools import groupby, islice
from operator import attrgetter
from typing import TYPE_CHECKING, Final

from kmtrack.clock import here
from kmtrack.errors import Refusal
from kmtrack.ledger.commitments import ERASED
from kmtrack.ledger.company_identity import OwnCompany, joined_with, united
from kmtrack.ledger.contract import contract_in_force
from kmtrack.ledger.entries import statements_by_record, statements_on
from kmtrack.ledger.rows import fold
from kmtrack.ledger.schema.nouns import NOUNS
from kmtrack.ledger.store.sqlite_file import scratch_like
from kmtrack.ledger.verdicts import rejudge_all

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

    from kmtrack.ledger.entries import StoredEntry
    from kmtrack.ledger.rows import Columns, Row
    from kmtrack.ledger.store.base import Store


_CHUNK: Final = 5000
_OF_COMPANIES: Final = tuple(n.name for n in NOUNS.values() if "company_id" in n.columns)
_PLACES: Final = """
    SELECT id, coalesce(part_of, id) AS standing FROM company
    WHERE id IN (SELECT value FROM json_each(:ids))
"""
_TOGETHER: Final = """
    SELECT id FROM company WHERE part_of IN (
        SELECT coalesce(part_of, id) FROM company WHERE id IN (SELECT value FROM json_each(:ids))
    )
    UNION SELECT part_of FROM company
    WHERE part_of IS NOT NULL AND id IN (SELECT value FROM json_each(:ids))
"""
_JOINED: Final = "SELECT id, joined FROM company WHERE joined IS NOT NULL"
_WITH_CVR: Final = """
    SELECT id FROM company
    WHERE withdrawn IS NULL AND cvr IN (SELECT value FROM json_each(:numbers))
"""


def kept_names(store: Store) -> Callable[[Row], Row]:
    """What gives the rows of persons the names that the ledger has of them: no entry holds them."""

    def with_name(person: Row) -> Row:
        kept = store.one("SELECT name, secret FROM person WHERE id = :id", id=person["id"])
        return {**person, **dict(kept)} if kept else person

    return with_name


def refold(
    store: Store,
    stale: Mapping[str, Collection[str]],
    names: Callable[[Row], Row] | None = None,
) -> set[str]:
    """Make the rows of these records, by noun, anew; the ids of the companies to be judged again.

    `names` gives the rows of persons what no entry holds; without it they keep what they have.
    """
    due: dict[str, set[str]] = defaultdict(set, {noun: set(ids) for noun, ids in stale.items()})
    touched: set[str] = set()
    if due["company"]:
        touched, moved = _refold_companies(store, due["company"])
        for noun in _OF_COMPANIES:
            due[noun].update(_records_at(store, noun, moved))
    named = names or kept_names(store)
    for noun in NOUNS:
        if noun != "company":
            for ids in _chunks(due[noun]):
                touched |= _refold_records(store, noun, ids, named)
    return touched


def _chunks(ids: Iterable[str]) -> list[list[str]]:
    in_order = sorted(ids)
    return [in_order[at : at + _CHUNK] for at in range(0, len(in_order), _CHUNK)]


def _refold_companies(store: Store, ids: Collection[str]) -> tuple[set[str], set[str]]:
    """The records of companies made anew, and those whose records may stand elsewhere now."""
    own = _with_all_they_are_one_with(store, ids)
    rows = united([OwnCompany.of(row) for row in own.values()], _statements(store))
    before = _standing(store, own)
    after = {id_: rows[id_]["part_of"] or id_ if id_ in rows else id_ for id_ in own}
    # No two may have one number even for a moment.
    store.run_many("UPDATE company SET cvr = NULL WHERE id = :id", ({"id": id_} for id_ in own))
    store.run_many(NOUNS["company"].upsert, [rows.get(id_) or row for id_, row in own.items()])
    moved = {id_ for id_ in own if before.get(id_, id_) != after[id_]}
    return set(own) | set(after.values()), moved | {before.get(id_, id_) for id_ in moved}


def _with_all_they_are_one_with(store: Store, ids: Collection[str]) -> dict[str, Row]:
    """What each of these records, and each that is or was one company with them, adds up to."""
    stated = [pair for row in store.all(_JOINED) for pair in joined_with(_pairing(row))]
    own: dict[str, Row] = {}
    ahead = set(ids)
    while ahead:
        found = _own_rows(store, ahead)
        own.update(found)
        numbers = [row["cvr"] for row in found.values() if row["cvr"]]
        named = {"ids": json.dumps(sorted(ahead)), "numbers": json.dumps(numbers)}
        near = {row["id"] for row in store.all(_TOGETHER, ids=named["ids"])}
        near |= {row["id"] for row in store.all(_WITH_CVR, numbers=named["numbers"])}
        near |= {other for one, other in stated if one in ahead}
        near |= {one for one, other in stated if other in ahead}
        pairs = (pair for row in found.values() for pair in joined_with(OwnCompany.of(row)))
        near |= {other for _, other in pairs}
        ahead = near - own.keys() - ahead
    return own


def _statements(store: Store) -> Callable[[Sequence[str]], list[StoredEntry]]:
    return lambda ids: statements_on(store, "company", ids)


def _pairing(row: Columns) -> OwnCompany:
    return OwnCompany(row["id"], None, row["joined"], None)


def _own_rows(store: Store, ids: Iterable[str]) -> dict[str, Row]:
    rows: dict[str, Row] = {}
    for chunk in _chunks(ids):
        rows.update(_folded(store, "company", chunk))
    return rows


def _folded(store: Store, noun: str, ids: Iterable[str]) -> dict[str, Row]:
    said = sorted(statements_on(store, noun, ids), key=attrgetter("record_id"))
    folded = (fold(noun, id_, group) for id_, group in groupby(said, attrgetter("record_id")))
    return {row["id"]: row for row in folded if row is not None}


def _refold_records(
    store: Store, noun: str, ids: Collection[str], names: Callable[[Row], Row]
) -> set[str]:
    rows = _folded(store, noun, ids)
    if "company_id" not in NOUNS[noun].columns:
        store.run_many(NOUNS[noun].upsert, rows.values())
        return set()
    companies = {row["company_id"] for row in rows.values() if row["company_id"]}
    standing = _standing(store, companies)
    touched = set(standing.values()) | _companies_of(store, noun, rows)
    for row in rows.values():
        row["company_id"] = standing.get(row["company_id"], row["company_id"])
    if noun == "person":
        rows = {i: row if row["withdrawn"] == ERASED else names(row) for i, row in rows.items()}
    store.run_many(NOUNS[noun].upsert, rows.values())
    return touched


def _standing(store: Store, ids: Iterable[str]) -> dict[str, str]:
    rows = store.all(_PLACES, ids=json.dumps(sorted(ids)))
    return {row["id"]: row["standing"] for row in rows}


def _companies_of(store: Store, noun: str, ids: Iterable[str]) -> set[str]:
    statement = (
        f"SELECT DISTINCT company_id FROM {noun} WHERE id IN (SELECT value FROM json_each(:ids))"  # noqa: S608 - a name of ours
    )
    rows = store.all(statement, ids=json.dumps(list(ids)))
    return {row["company_id"] for row in rows if row["company_id"]}


def _records_at(store: Store, noun: str, companies: Iterable[str]) -> list[str]:
    statement = f"SELECT id FROM {noun} WHERE company_id IN (SELECT value FROM json_each(:ids))"  # noqa: S608 - a name of ours
    return [row["id"] for row in store.all(statement, ids=json.dumps(sorted(companies)))]


class ExpectedRows:
    """The rows that a ledger should have; with `known_at` (UTC) those that it had at that moment."""

    def __init__(self, store: Store, known_at: str | None = None) -> None:
        self._store = store
        self._known_at = known_at

    def of(self, noun: str) -> Iterator[Row]:
        """The rows of a noun, in the order of their ids."""
        for record_id, statements in statements_by_record(self._store, noun, self._known_at):
            row = self._united.get(record_id) or fold(noun, record_id, statements)
            if row is not None:
                yield self._placed(row)

    def _placed(self, row: Row) -> Row:
        """A row with the record that stands for its company, where several are one."""
        company_id = row.get("company_id")
        if company_id in self._united:
            row["company_id"] = self._united[company_id]["part_of"] or company_id
        return row

    @cached_property
    def _united(self) -> dict[str, Row]:
        """The rows of the companies that several records are of."""
        companies = [
            OwnCompany.of(row)
            for record_id, said in statements_by_record(self._store, "company", self._known_at)
            if (row := fold("company", record_id, said)) is not None
        ]
        return united(
            companies, lambda ids: statements_on(self._store, "company", ids, self._known_at)
        )


@contextmanager
def as_known_at(store: Store, known_at: str) -> Iterator[Store]:
    """A ledger in memory as this one was at a moment (UTC). Raises Refusal `not_yet_made`."""
    first = store.get("SELECT min(recorded_at) FROM command WHERE arrived_at IS NULL")[0]
    if known_at < first:
        raise Refusal("not_yet_made", moment=here(first))
    with scratch_like(store) as scratch:
        rebuild(store, scratch, known_at)
        yield scratch


def rebuild(
    source: Store,
    target: Store,
    known_at: str | None = None,
    names: Callable[[Row], Row] = lambda person: person,
) -> None:
    """Fill the empty tables of `target` with what the entries of `source` add up to, and judge it.

    With `known_at` (UTC) as it was known at that moment. `names` gives the rows of persons what no
    entry holds. Foreign keys must not be enforced meanwhile.
    """
    expected = ExpectedRows(source, known_at)
    for noun in NOUNS.values():
        rows: Iterator[Row] = expected.of(noun.name)
        if noun.name == "person":
            rows = map(names, rows)
        while chunk := list(islice(rows, _CHUNK)):
            target.run_many(noun.insert, chunk)
    rejudge_all(target, contract_in_force(target))
