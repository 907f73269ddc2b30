"""Company identity: which records are linked as one company, and their rows.

The first of them is the main record: its row holds the facts of all of them, and the records at the
company refer to it.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final, NamedTuple

from kmtrack.ledger.rows import project

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from kmtrack.ledger.entries import StoredEntry
    from kmtrack.ledger.rows import Columns, Row

# What each record has by itself, however many records are one company.
OWN_COLUMNS: Final = frozenset({"joined", "withdrawn"})
_OWN_ACTIONS: Final = frozenset({"join", "withdraw"})


class IdentityFacts(NamedTuple):
    """The facts that decide which company a record is of, projected from its own entries."""

    id: str
    cvr: str | None
    joined: str | None
    withdrawn: str | None

    @classmethod
    def of(cls, row: Columns) -> IdentityFacts:
        """Take them from a row."""
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
        """List the groups, each sorted."""
        return [sorted(group) for id_, group in self._group.items() if id_ == min(group)]


def stated_links(record: IdentityFacts) -> list[tuple[str, str]]:
    """List the links recorded for a company record, as pairs of ids."""
    return [(record.id, other) for other in (record.joined or "").split()]


def linked_rows(
    records: Sequence[IdentityFacts], entries_of: Callable[[Sequence[str]], Sequence[StoredEntry]]
) -> dict[str, Row]:
    """Return the rows of all records that are linked with another, by id.

    Records are linked if a user joined them, or if they have the same CVR number and are not
    withdrawn: so two ledgers come to the same rows, whichever is merged into the other.
    `entries_of` returns the entries of some records, in order.
    """
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
    """Return the rows of the records that are one company, the main record first.

    That is the one entered first. Of two entries on any of them the later one holds. It is
    withdrawn only where all of them are; the others are its parts.
    """
    own = [project("company", id_, [e for e in entries if e.record_id == id_]) for id_ in ids]
    entered = {id_: place for place, id_ in enumerate(dict.fromkeys(e.record_id for e in entries))}
    rows = sorted((row for row in own if row is not None), key=lambda row: entered[row["id"]])
    if len(rows) <= 1:
        return rows
    first, *parts = rows
    whole = _whole_company(first["id"], entries) or first
    whole["joined"] = first["joined"]
    whole["withdrawn"] = first["withdrawn"] if all(row["withdrawn"] for row in rows) else None
    for part in parts:
        part["part_of"] = first["id"]
        part["withdrawn"] = part["withdrawn"] or f"→ {first['id']}"
    return [whole, *parts]


def for_whole_company(entry: StoredEntry) -> StoredEntry:
    """Return an entry on one record without what concerns this record only."""
    if entry.action in _OWN_ACTIONS:
        return entry._replace(action="redact")
    if entry.action == "undo" and not OWN_COLUMNS.isdisjoint(entry.facts):
        facts = {name: value for name, value in entry.facts.items() if name not in OWN_COLUMNS}
        return entry._replace(facts=facts)
    return entry


def _whole_company(record_id: str, entries: Iterable[StoredEntry]) -> Row | None:
    """Project the entries on all records of one company, but for OWN_COLUMNS."""
    return project("company", record_id, map(for_whole_company, entries))
