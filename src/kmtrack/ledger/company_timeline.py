"""The timeline of companies: the changes of records that are or were one company.

Records become one company by a join, or by a merge that finds the same CVR number. Each change is
shown as it was known where it was recorded; changes caused by linking are consequences of the link.
"""

from __future__ import annotations

import json
from collections import defaultdict
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from kmtrack.ledger.company_identity import (
    OF_ONE_RECORD,
    OWN_COLUMNS,
    IdentityFacts,
    RecordGroups,
    linked_rows,
)
from kmtrack.ledger.queries.companies import company_parts
from kmtrack.ledger.rows import project
from kmtrack.ledger.timeline import (
    Consequence,
    EntriesWithUndos,
    RecordChange,
    changed_between,
    changes_on,
    reached_by,
    read_with_undos,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from kmtrack.ledger.queries.commands import Command
    from kmtrack.ledger.rows import Row
    from kmtrack.ledger.store.base import Store
    from kmtrack.ledger.stored_entries import StoredEntry

# What a command does to a company it does to each of its records.
_REPEATED: Final = frozenset({"edit", "withdraw", "undo"})
# No index is over what an entry does, but few commands join.
_JOINS: Final = """
    SELECT record_id, facts FROM entry WHERE action = 'join' AND command IN (
        SELECT number FROM command WHERE name = 'company join'
    )
"""
# Records of one number were one company until they were withdrawn.
_OF_ONE_NUMBER: Final = """
    SELECT id, cvr FROM company WHERE withdrawn IS NOT NULL AND cvr IN (
        SELECT cvr FROM company
        WHERE withdrawn IS NOT NULL AND id IN (SELECT value FROM json_each(:ids))
    ) ORDER BY cvr, id
"""
_ARRIVED: Final = """
    SELECT number, arrived_at FROM command WHERE number IN (SELECT value FROM json_each(:numbers))
"""


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
    """Return the names that companies had when commands were given, by the command's number and the id.

    `wanted` has the commands about each company, by its id. Only companies that have or had several
    records are included: all others have kept their name.
    """
    names: dict[int, dict[str, str]] = defaultdict(dict)
    for group in _groups_with(store, wanted.keys()):
        source, arrived = _entries_of_group(store, group)
        for id_ in wanted.keys() & set(group):
            for command in wanted[id_]:
                if name := _company_name_at(source, arrived, id_, command):
                    names[command.number][id_] = name
    return names


def _company_changes(
    source: EntriesWithUndos, arrived: Mapping[int, str | None], wanted: Collection[int]
) -> Iterator[RecordChange]:
    """Yield the changes by the commands `wanted` of records that are or were one company.

    Each is as it was known where it was recorded. `source` has all entries on these records;
    `arrived` says when each command, by its number, was merged in, None if it was given here.
    """
    repeated: set[int] = set()
    entries = source.entries
    undone = {(entry.command, entry.record_id) for entry in entries if entry.action == "void"}
    for position, entry in enumerate(entries):
        if entry.command in wanted and entry.entry not in repeated:
            # An undo has an entry of one number on each record.
            known = [e for e in _known_then(entries, position, arrived) if e.entry != entry.entry]
            before = _Companies(source.in_force(known))
            others = _repeated_on_others(entry, entries[position + 1 :], before)
            repeated |= {other.entry for other in others}
            after = _Companies(source.in_force([*known, entry, *others]))
            stated = _stated_by(source, entry)
            mains = {each.main_id(entry.record_id) for each in (before, after)} - {entry.record_id}
            is_shown_at_main = any((entry.command, main_id) in undone for main_id in mains)
            if entry.action == "void" and stated is not None and is_shown_at_main:
                continue
            change = _change(entry, before, after, stated)
            if change is not None:
                yield change


def _repeated_on_others(
    entry: StoredEntry, later: Sequence[StoredEntry], before: _Companies
) -> list[StoredEntry]:
    """List the entries that repeat a statement on the company's other records: nobody typed those."""
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
    source: EntriesWithUndos, arrived: Mapping[int, str | None], company: str, at: Command
) -> str | None:
    """Return the name that a record's company had when a command was given."""
    known = [
        entry
        for entry in source.entries
        if (
            entry.command <= at.number
            if at.arrived_at is None
            else entry.recorded_at <= at.recorded_at
            and (entry.record_id == company or arrived.get(entry.command) == at.arrived_at)
        )
    ]
    row = _Companies(source.in_force(known)).row(company)
    return row["name"] if row else None


def _known_then(
    entries: Sequence[StoredEntry], position: int, arrived: Mapping[int, str | None]
) -> list[StoredEntry]:
    """List the entries that were known when and where the one at `position` was recorded.

    For one recorded here these are all that were here. For one that was merged in, they are the
    earlier entries that came along with it, and the earlier ones on the records which those
    concern.
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


def _stated_by(source: EntriesWithUndos, entry: StoredEntry) -> set[str] | None:
    """Return the columns that an entry states; for an undo, those of the entries that it takes back.

    None stands for a whole record, or for a change of which records are one company.
    """
    stating = [entry]
    if entry.action == "void":
        reached = reached_by(source.undos[entry.command], source.undos)
        stating = [
            each
            for each in source.entries
            if (each.command, each.record_id) == (reached, entry.record_id)
        ]
    columns: set[str] = set()
    for each in stating:
        if each.action not in _REPEATED or not OWN_COLUMNS.isdisjoint(each.facts):
            return None
        if each.action == "withdraw":
            columns.add("withdrawn")
        else:
            columns |= {"later"} if "from" in each.facts else each.facts.keys()
    return columns


def _change(
    entry: StoredEntry, before: _Companies, after: _Companies, stated: Collection[str] | None
) -> RecordChange | None:
    """Return the change by an entry that states these columns; with None, of every column that changed."""
    id_ = entry.record_id
    old, new = before.row(id_), after.row(id_)
    if new is None:
        return None
    if old is not None and stated is not None:  # other facts follow from other records
        new = {column: new[column] if column in stated else old[column] for column in new}
        return RecordChange("company", entry, old, new)
    if old is None:  # a new record has its own facts, even if it is linked to a company later
        new = after.own[id_]
    consequences = tuple(_consequences(id_, before, after))
    return RecordChange("company", entry, old, new, consequences=consequences)


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
    rows = store.all(_OF_ONE_NUMBER, ids=json.dumps(sorted(ids)))
    by_number = [(row["id"], other["id"]) for row, other in pairwise(rows) if row[1] == other[1]]
    groups = RecordGroups([*stated, *company_parts(store).items(), *by_number]).all()
    return [group for group in groups if not set(group).isdisjoint(ids)]


def _entries_of_group(
    store: Store, group: list[str]
) -> tuple[EntriesWithUndos, dict[int, str | None]]:
    """Read the entries on these companies, and when each of their commands was merged in."""
    source = read_with_undos(store, "company", group)
    numbers = json.dumps(sorted({entry.command for entry in source.entries}))
    rows = store.all(_ARRIVED, numbers=numbers)
    return source, {row["number"]: row["arrived_at"] for row in rows}


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
        return {
            **self._linked[self.main_id(id_)],
            **{column: own[column] for column in OF_ONE_RECORD},
        }

    def together(self, id_: str) -> frozenset[str]:
        """Return the records that are one company with this one, itself among them."""
        main_id = self.main_id(id_)
        return frozenset(
            {id_, *(other for other in self._linked if self.main_id(other) == main_id)}
        )

    def sort_key(self, id_: str) -> tuple[bool, str]:
        """Return a key that sorts main records before the others of their companies."""
        return self.main_id(id_) != id_, id_

    def main_id(self, id_: str) -> str:
        """Return the id of the main record of a record's company."""
        row = self._linked.get(id_)
        return (row["part_of"] or id_) if row else id_
