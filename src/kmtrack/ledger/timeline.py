"""Timeline: the change that each entry made to a record, with the values before and after.

Records become one company by a join, or by a merge that finds the same CVR number. Earlier changes
are those of the single record; the changes made by linking are consequences of the link.
"""

from __future__ import annotations

import json
from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from kmtrack.ledger.company_identity import (
    OWN_COLUMNS,
    CompanyProjection,
    IdentityFacts,
    RecordGroups,
    linked_rows,
)
from kmtrack.ledger.entries import entries_on
from kmtrack.ledger.queries.companies import company_parts
from kmtrack.ledger.rows import RowProjection, project
from kmtrack.ledger.schema.nouns import NOUNS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from kmtrack.ledger.entries import StoredEntry
    from kmtrack.ledger.queries.commands import Command
    from kmtrack.ledger.rows import Row
    from kmtrack.ledger.store.base import Store

# What follows from the rest, or is none of a record's facts.
DERIVED: Final = frozenset({"id", "recorded_at", "name_key", "part_of", "secret"})
_OWN: Final = ("id", "recorded_at", *sorted(OWN_COLUMNS))
# What a command does to a company it does to each of its records.
_REPEATED: Final = frozenset({"edit", "withdraw", "undo"})
# So many records are read at a time.
_CHUNK: Final = 5000
# No index is over what an entry does, but few commands join.
_JOINS: Final = """
    SELECT record_id, facts FROM entry WHERE action = 'join' AND command IN (
        SELECT number FROM command WHERE name = 'company join'
    )
"""
_ARRIVED: Final = """
    SELECT number, arrived_at FROM command WHERE number IN (SELECT value FROM json_each(:numbers))
"""


class Consequence(NamedTuple):
    """The change of another company: its main record, with the row before and after."""

    id: str
    before: Row
    after: Row

    def changed(self) -> dict[str, tuple[Any, Any]]:
        """Return the columns that changed, each with its old and its new value."""
        return changed_between("company", self.before, self.after)


class RecordChange(NamedTuple):
    """An entry on a record of a noun, with the row before (None where there was none) and after.

    `own_cvr` is a company's number before and after, as projected from this record alone.
    `consequences` are the changes of other companies, if records were linked or unlinked.
    """

    noun: str
    entry: StoredEntry
    before: Row | None
    after: Row
    own_cvr: tuple[str | None, str | None] = (None, None)
    consequences: tuple[Consequence, ...] = ()

    def changed(self) -> dict[str, tuple[Any, Any]]:
        """Return the columns that this changed, each with its old and its new value."""
        return changed_between(self.noun, self.before, self.after)


def changed_between(noun: str, before: Row | None, after: Row) -> dict[str, tuple[Any, Any]]:
    """Return the columns in which two rows of a record differ, but for those that are derived."""
    old = before or NOUNS[noun].blank
    return {
        column: (old[column], after[column])
        for column in NOUNS[noun].columns
        if column not in DERIVED and old[column] != after[column]
    }


def timeline(noun: str, record_id: str, entries: Iterable[StoredEntry]) -> list[RecordChange]:
    """List the changes of one record, oldest first.

    `entries` are in order. If several records are one company, they are the entries on all of them.
    """
    own = RowProjection(noun, record_id)
    whole = CompanyProjection() if noun == "company" else RowProjection(noun, record_id)
    changes: list[RecordChange] = []
    for entry in entries:
        before = _with_own(whole.row, own.row)
        cvr_before = _cvr(own.row)
        whole.add(entry)
        if entry.record_id != record_id:
            continue
        own.add(entry)
        after = _with_own(whole.row, own.row)
        if after is not None:
            changes.append(RecordChange(noun, entry, before, after, (cvr_before, _cvr(own.row))))
    return changes


def changes_on(store: Store, noun: str, ids: Iterable[str]) -> Iterator[list[RecordChange]]:
    """Yield the changes of each of these records of a noun, record by record, oldest first."""
    in_order = sorted(set(ids))
    main_of = company_parts(store) if noun == "company" else {}
    for at in range(0, len(in_order), _CHUNK):
        chunk = in_order[at : at + _CHUNK]
        mains = {main_of.get(id_, id_) for id_ in chunk}
        records = mains | {part for part, main in main_of.items() if main in mains}
        entries: dict[str, list[StoredEntry]] = defaultdict(list)
        for entry in entries_on(store, noun, records):
            entries[main_of.get(entry.record_id, entry.record_id)].append(entry)
        for id_ in chunk:
            yield timeline(noun, id_, entries[main_of.get(id_, id_)])


def company_changes(
    store: Store, ids: Iterable[str], commands: Collection[int]
) -> Iterator[RecordChange]:
    """Yield the changes by these commands on these companies, each as it was known at the time."""
    wanted = set(ids)
    linked: set[str] = set()
    for group in _groups_with(store, wanted):
        linked.update(group)
        for change in _company_changes(*_entries_of_group(store, group), commands):
            if change.entry.record_id in wanted:
                yield change
    for changes in changes_on(store, "company", wanted - linked):
        yield from (change for change in changes if change.entry.command in commands)


def company_names_at(
    store: Store, wanted: Mapping[str, Iterable[Command]]
) -> dict[int, dict[str, str]]:
    """Return the names of companies as they were when commands were given.

    `wanted` has by the id of a company the commands about it; the names are by the number of a
    command and the id. Only companies that are or were of several records have one here: the others
    have kept theirs.
    """
    names: dict[int, dict[str, str]] = defaultdict(dict)
    for group in _groups_with(store, wanted.keys()):
        entries, arrived = _entries_of_group(store, group)
        for id_ in wanted.keys() & set(group):
            for command in wanted[id_]:
                if name := _company_name_at(entries, arrived, id_, command):
                    names[command.number][id_] = name
    return names


def _company_changes(
    entries: Sequence[StoredEntry], arrived: Mapping[int, str | None], wanted: Collection[int]
) -> Iterator[RecordChange]:
    """Yield the changes by the commands `wanted` of records that are or were one company.

    Each is as it was known where it was recorded. `entries` are all on these records, in order;
    `arrived` has by the number of a command when it was merged in, None where it was given here.
    """
    repeated: set[int] = set()
    for position, entry in enumerate(entries):
        if entry.command in wanted and entry.entry not in repeated:
            known = _known_then(entries, position, arrived)
            before = _Companies(known)
            others = _repeated_on_others(entry, entries[position + 1 :], before)
            repeated |= {other.entry for other in others}
            change = _change(entry, before, _Companies([*known, entry, *others]))
            if change is not None:
                yield change


def _repeated_on_others(
    entry: StoredEntry, later: Sequence[StoredEntry], before: _Companies
) -> list[StoredEntry]:
    """List the entries that say the same of the other records of the company: nobody stated them."""
    together = before.together(entry.record_id)
    return [
        other
        for other in later
        if (other.command, other.action) == (entry.command, entry.action)
        and entry.action in _REPEATED
        and other.record_id in together
        and other.facts.items() <= entry.facts.items()
    ]


def _company_name_at(
    entries: Sequence[StoredEntry], arrived: Mapping[int, str | None], company: str, at: Command
) -> str | None:
    """Return the name that the company of a record had when a command was given."""
    known = [
        entry
        for entry in entries
        if (
            entry.command <= at.number
            if at.arrived_at is None
            else entry.recorded_at <= at.recorded_at
            and (entry.record_id == company or arrived.get(entry.command) == at.arrived_at)
        )
    ]
    row = _Companies(known).row(company)
    return row["name"] if row else None


def _cvr(row: Row | None) -> str | None:
    return row.get("cvr") if row else None


def _with_own(whole: Row | None, own: Row | None) -> Row | None:
    if whole is None or own is None:
        return None
    return {**whole, **{column: own[column] for column in _OWN if column in own}}


def _known_then(
    entries: Sequence[StoredEntry], position: int, arrived: Mapping[int, str | None]
) -> list[StoredEntry]:
    """List the entries that were known when and where the one at `position` was recorded.

    For one recorded here those are all that were here. For one that was merged in they are the
    earlier ones that came along, and the earlier ones on the records that those are about.
    """
    new = entries[position]
    arrival = arrived.get(new.command)
    if arrival is None:
        return [
            entry for entry in entries if (entry.command, entry.entry) < (new.command, new.entry)
        ]
    earlier = entries[:position]
    along = [entry for entry in earlier if arrived.get(entry.command) == arrival]
    about = {entry.record_id for entry in (*along, new)}
    about |= {entry.facts["with"] for entry in (*along, new) if entry.action == "join"}
    return [entry for entry in earlier if entry.record_id in about]


def _change(entry: StoredEntry, before: _Companies, after: _Companies) -> RecordChange | None:
    id_ = entry.record_id
    old, new = before.row(id_), after.row(id_)
    if new is None:
        return None
    if old is not None and entry.action in {"edit", "undo"} and OWN_COLUMNS.isdisjoint(entry.facts):
        new = _with_stated_only(entry.facts, old, new)
    if old is None:  # a new record has its own facts, even if it is linked to a company later
        new = after.own[id_]
    consequences = tuple(_consequences(id_, before, after))
    return RecordChange("company", entry, old, new, consequences=consequences)


def _with_stated_only(facts: Mapping[str, Any], old: Row, new: Row) -> Row:
    """Return the row after an edit with what was stated: its other facts follow from other records."""
    stated = {"later"} if "from" in facts else facts.keys()
    return {column: new[column] if column in stated else old[column] for column in new}


def _consequences(changed: str, before: _Companies, after: _Companies) -> Iterator[Consequence]:
    """Yield the changes of other companies whose set of linked records changed."""
    seen = {(before.together(changed), after.together(changed))}
    for id_ in sorted(before.own.keys() & after.own.keys(), key=before.sort_key):
        groups = (before.together(id_), after.together(id_))
        old, new = before.row(id_), after.row(id_)
        if groups[0] == groups[1] or groups in seen or old is None or new is None:
            continue
        seen.add(groups)
        if changed_between("company", old, new):
            yield Consequence(id_, old, new)


def _groups_with(store: Store, ids: Collection[str]) -> list[list[str]]:
    """List the groups of records that are or were one company and hold any of these."""
    stated = [(row["record_id"], json.loads(row["facts"])["with"]) for row in store.all(_JOINS)]
    groups = RecordGroups([*stated, *company_parts(store).items()]).all()
    return [group for group in groups if not set(group).isdisjoint(ids)]


def _entries_of_group(
    store: Store, group: list[str]
) -> tuple[list[StoredEntry], dict[int, str | None]]:
    """Read the entries on these companies, and when each of their commands was merged in."""
    entries = entries_on(store, "company", group)
    numbers = json.dumps(sorted({entry.command for entry in entries}))
    rows = store.all(_ARRIVED, numbers=numbers)
    return entries, {row["number"]: row["arrived_at"] for row in rows}


class _Companies:
    """The companies projected from some entries; `own` has each record by itself."""

    def __init__(self, entries: Sequence[StoredEntry]) -> None:
        ids = {entry.record_id for entry in entries}
        rows = {
            id_: project("company", id_, [entry for entry in entries if entry.record_id == id_])
            for id_ in ids
        }
        self.own: dict[str, Row] = {id_: row for id_, row in rows.items() if row is not None}
        self._linked = linked_rows(
            [IdentityFacts.of(self.own[id_]) for id_ in sorted(self.own)],
            lambda wanted: [entry for entry in entries if entry.record_id in wanted],
        )

    def row(self, id_: str) -> Row | None:
        """Return the row of a record's company, with the columns that are the record's own."""
        own = self.own.get(id_)
        if own is None or id_ not in self._linked:
            return own
        return {**self._linked[self._main_id(id_)], **{column: own[column] for column in _OWN}}

    def together(self, id_: str) -> frozenset[str]:
        """Return the records that are one company with this one, itself among them."""
        main_id = self._main_id(id_)
        return frozenset(
            {id_, *(other for other in self._linked if self._main_id(other) == main_id)}
        )

    def sort_key(self, id_: str) -> tuple[bool, str]:
        """Return a key that sorts main records before the others of their companies."""
        return self._main_id(id_) != id_, id_

    def _main_id(self, id_: str) -> str:
        row = self._linked.get(id_)
        return (row["part_of"] or id_) if row else id_
