"""Company identity: which records are linked as one company, and their rows.

The first of them is the main record: its row holds the facts of all of them, and the records at the
company refer to it.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from kmtrack.ledger.json_text import as_json
from kmtrack.ledger.rows import UNDONE, RowProjection, later_facts, project
from kmtrack.ledger.schema.company import DATED_FACTS
from kmtrack.ledger.schema.names import name_key
from kmtrack.ledger.schema.nouns import NOUNS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from kmtrack.ledger.rows import Columns, Row
    from kmtrack.ledger.stored_entries import StoredEntry

# The columns that each record keeps for itself, even if several are one company.
OWN_COLUMNS: Final = frozenset({"joined", "withdrawn"})
OF_ONE_RECORD: Final = ("id", "recorded_at", *sorted(OWN_COLUMNS))
# The actions whose entries may name another record of the same company.
LINKING: Final = frozenset({"join", "undo"})
# The actions that state facts of a company.
_STATING: Final = frozenset({"add", "edit", "undo"})
# Stands for the beginning among the days from which facts are in force: it sorts before them all.
_BEGINNING: Final = ""


class IdentityFacts(NamedTuple):
    """The facts that decide which company a record belongs to, projected from its own entries."""

    id: str
    cvr: str | None
    joined: str | None
    withdrawn: str | None

    @classmethod
    def of(cls, row: Columns) -> IdentityFacts:
        """Take the facts from a row."""
        return cls(row["id"], row["cvr"], row["joined"], row["withdrawn"])


class RecordGroups:
    """Groups of linked records, made from pairs; the direction of a pair does not matter."""

    def __init__(self, pairs: Iterable[tuple[str, str]]) -> None:
        self._group: dict[str, set[str]] = {}
        for one, other in pairs:
            together = self._group.get(one, {one}) | self._group.get(other, {other})
            for member in together:
                self._group[member] = together

    def __contains__(self, record_id: str) -> bool:
        return record_id in self._group

    def all(self) -> list[list[str]]:
        """List the groups, each of them sorted."""
        return [sorted(group) for id_, group in self._group.items() if id_ == min(group)]


def stated_links(record: IdentityFacts) -> list[tuple[str, str]]:
    """List the links recorded for a company record, as pairs of ids."""
    return _pairs(record.id, record.joined)


def links_of(row: Columns) -> list[tuple[str, str]]:
    """List the links recorded in the stored row of a company, as pairs of ids."""
    return _pairs(row["id"], row["joined"])


def _pairs(id_: str, joined: str | None) -> list[tuple[str, str]]:
    return [(id_, other) for other in (joined or "").split()]


def linked_rows(
    records: Sequence[IdentityFacts], entries_of: Callable[[Sequence[str]], Sequence[StoredEntry]]
) -> dict[str, Row]:
    """Return the rows of all records that are linked with another, by id; an undone record never is.

    Records are linked if a user joined them, or if they have the same CVR number and are not
    withdrawn: so two ledgers arrive at the same rows, whichever is merged into the other.
    `entries_of` returns the entries of some records, in order.
    """
    records = [record for record in records if record.withdrawn != UNDONE]
    known = {record.id for record in records}
    pairs = [pair for record in records for pair in stated_links(record) if pair[1] in known]
    stated = RecordGroups(pairs)
    by_cvr: dict[str, list[str]] = defaultdict(list)
    for record in records:
        if record.id not in stated and record.cvr and record.withdrawn is None:
            by_cvr[record.cvr].append(record.id)
    for group in stated.all():
        whole = rows_of_company(group, entries_of(group))[0]
        if whole["cvr"] and whole["withdrawn"] is None:
            by_cvr[whole["cvr"]].append(whole["id"])
    pairs += [(ids[0], other) for ids in by_cvr.values() for other in ids[1:]]
    rows: dict[str, Row] = {}
    for group in RecordGroups(pairs).all():
        rows.update((row["id"], row) for row in rows_of_company(group, entries_of(group)))
    return rows


def rows_of_company(ids: Sequence[str], entries: Sequence[StoredEntry]) -> list[Row]:
    """Return the rows of the records that make up one company, the main record first.

    The main record is the one entered first; its row has the facts of all (see CompanyProjection)
    and is withdrawn only if all of them are. The other rows are its parts.
    """
    projection = CompanyProjection()
    own = {id_: project("company", id_, [e for e in entries if e.record_id == id_]) for id_ in ids}
    for entry in entries:
        if own[entry.record_id] is not None:
            projection.add(entry)
    entered = dict.fromkeys(entry.record_id for entry in entries if entry.action == "add")
    rows = [row for id_ in entered if (row := own[id_]) is not None]
    if len(rows) <= 1:
        return rows
    first, *parts = rows
    whole = {**(projection.row or first), **{column: first[column] for column in OWN_COLUMNS}}
    whole["withdrawn"] = first["withdrawn"] if all(row["withdrawn"] for row in rows) else None
    others = {entry.facts.get("name") for entry in entries} - {None, "", whole["name"]}
    whole["other_names"] = as_json(sorted(others)) if others else None
    for part in parts:
        part["part_of"] = first["id"]
        part["withdrawn"] = part["withdrawn"] or f"→ {first['id']}"
    return [whole, *parts]


class CompanyProjection:
    """The facts of a company with several records, projected entry by entry into the `row` of the first.

    In each stretch of time a fact has the value stated for the latest day so far; of several
    statements for one day the last one holds. A record in which a fact was emptied says nothing
    about it, so it never outranks one that states it.
    """

    def __init__(self) -> None:
        self._records: dict[str, RowProjection] = {}
        # When each value was stated, by record, the day from which it is in force, and fact.
        self._stated: dict[tuple[str, str, str], int] = {}
        self._entries = 0

    def add(self, entry: StoredEntry) -> None:
        """Apply one more entry."""
        id_ = entry.record_id
        record = self._records.setdefault(id_, RowProjection("company", id_))
        before = record.row
        record.add(entry)
        self._entries += 1
        if before is None:  # in the order in which they were added
            self._records[id_] = self._records.pop(id_)
        if record.row is not None and entry.action in _STATING:
            for day, field in _facts_stated(entry.facts, before, record.row):
                self._stated[id_, day, field] = self._entries

    @property
    def row(self) -> Row | None:
        """The row of the company, with the first record's own values in the columns that each record keeps."""
        rows = [record.row for record in self._records.values() if record.row is not None]
        if len(rows) <= 1:
            return rows[0] if rows else None
        versions = {row["id"]: {_BEGINNING: row, **later_facts(row)} for row in rows}
        days = sorted({day for facts in versions.values() for day in facts})
        whole: Row = {**rows[0], "later": None}
        later: dict[str, dict[str, Any]] = {}
        for field in NOUNS["company"].fields:
            held = None
            for day in days if field in DATED_FACTS else [_BEGINNING]:
                since, value = self._in_force(versions, field, day)
                if day == _BEGINNING:
                    whole[field] = value
                elif since == day or value != held:
                    later.setdefault(day, {})[field] = value
                held = value
        whole["later"] = as_json(dict(sorted(later.items()))) if later else None
        whole["name_key"] = name_key(whole["name"])
        return whole

    def _in_force(
        self, versions: Mapping[str, Mapping[str, Row]], field: str, day: str
    ) -> tuple[str, Any]:
        """Return the value of a fact that is in force on a day, and the day since which it is."""
        found: list[tuple[str, int, Any]] = []
        emptied = _BEGINNING
        for id_, facts in versions.items():
            since = max(each for each in facts if each <= day and field in facts[each])
            value = facts[since][field]
            if value is None:
                emptied = max(emptied, since)
            else:
                found.append((since, self._stated.get((id_, since, field), 0), value))
        if not found:
            return emptied, None
        since, _, value = max(found, key=lambda each: each[:2])
        return since, value


def _facts_stated(
    facts: Mapping[str, Any], before: Row | None, after: Row
) -> Iterator[tuple[str, str]]:
    """Yield the facts that an entry states about a company, each with the first day on which they hold."""
    for field in NOUNS["company"].fields:
        if field in facts:
            yield facts.get("from", _BEGINNING), field
    if "later" in facts:  # an undo of an earlier version, which restated the whole column
        old = later_facts(before) if before else {}
        for day, values in later_facts(after).items():
            for field, value in values.items():
                if old.get(day, {}).get(field) != value:
                    yield day, field
