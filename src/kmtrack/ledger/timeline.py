"""Timeline: the change that each entry made to a record, with the values before and after.

Records become one company by a join, or by a merge that finds the same CVR number. Earlier changes
are those of the single record; the changes made by linking are consequences of the link.

An undo changes the records of the command that it voids: here it has an entry on each of them.
"""

from __future__ import annotations

import json
from collections import defaultdict
from itertools import pairwise
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from kmtrack.ledger.company_identity import (
    OWN_COLUMNS,
    CompanyProjection,
    IdentityFacts,
    RecordGroups,
    linked_rows,
)
from kmtrack.ledger.entries import StoredEntry, all_entries_on, entries_on, without_void
from kmtrack.ledger.queries.companies import company_parts
from kmtrack.ledger.queries.record_names import rows_of
from kmtrack.ledger.rows import UNDONE, RowProjection, project
from kmtrack.ledger.schema.nouns import NOUNS
from kmtrack.ledger.voids import Undo, Voids, void_commands

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

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


class EntriesWithUndos(NamedTuple):
    """Entries on some records, in order, and an entry "void" for each undo on each record it changes.

    `undos` are these, by number; `kept` are records that stay though only void commands add them.
    """

    entries: list[StoredEntry]
    undos: Mapping[int, Undo] = MappingProxyType({})
    kept: Collection[str] = ()

    def void(self, known: Iterable[StoredEntry]) -> set[int]:
        """Return the commands that are void where only these entries are known."""
        if not self.undos:
            return set()
        numbers = {entry.command for entry in known if entry.action == "void"}
        return void_commands(self.undos[number] for number in numbers)

    def in_force(self, known: Sequence[StoredEntry]) -> Sequence[StoredEntry]:
        """Leave out what is void where only these entries are known."""
        void = self.void(known)
        return without_void(list(known), void, self.kept) if void else known


class _Replay:
    """Projects the entries on a record, or on all records of its company, one after the other."""

    def __init__(self, noun: str, record_id: str, source: EntriesWithUndos) -> None:
        self._noun = noun
        self._id = record_id
        self._source = source
        self._known: list[StoredEntry] = []
        self._void: set[int] = set()
        self._is_out = False
        self._project_again()

    def add(self, entry: StoredEntry) -> None:
        """Apply one more entry."""
        self._known.append(entry)
        if entry.action == "void":
            void = self._source.void(self._known)
            if void != self._void:
                self._void = void
                self._project_again()
        elif entry.action == "add" and (self._is_out or entry.command in self._void):
            self._project_again()
        elif entry.command not in self._void:
            self._apply(entry)

    @property
    def row(self) -> Row | None:
        """The row of the record now."""
        row = _with_own(self._whole.row, self._own.row)
        return {**row, "withdrawn": UNDONE} if row is not None and self._is_out else row

    @property
    def cvr(self) -> str | None:
        """The CVR number of the record by itself."""
        return _cvr(self._own.row)

    def _project_again(self) -> None:
        self._whole: CompanyProjection | RowProjection = (
            CompanyProjection() if self._noun == "company" else RowProjection(self._noun, self._id)
        )
        self._own = RowProjection(self._noun, self._id)
        self._is_out = False
        for entry in without_void(self._known, self._void, self._source.kept):
            self._is_out |= entry.is_void and entry.record_id == self._id
            self._apply(entry)

    def _apply(self, entry: StoredEntry) -> None:
        self._whole.add(entry)
        if entry.record_id == self._id:
            self._own.add(entry)


def timeline(noun: str, record_id: str, source: EntriesWithUndos) -> list[RecordChange]:
    """List the changes of one record, oldest first.

    If several records are one company, `source` has the entries on all of them.
    """
    replay = _Replay(noun, record_id, source)
    changes: list[RecordChange] = []
    for entry in source.entries:
        if entry.record_id != record_id:
            replay.add(entry)
            continue
        before, cvr_before = replay.row, replay.cvr
        replay.add(entry)
        after = replay.row
        if after is not None:
            changes.append(RecordChange(noun, entry, before, after, (cvr_before, replay.cvr)))
    return changes


def read_with_undos(store: Store, noun: str, ids: Iterable[str]) -> EntriesWithUndos:
    """Read all entries on these records, and the undos that changed any of them."""
    entries = all_entries_on(store, noun, ids)
    voids = Voids(store)
    undos = {undo.number: undo for undo in voids.undos({entry.command for entry in entries})}
    if not undos:
        return EntriesWithUndos(entries)
    by_command: dict[int, set[str]] = defaultdict(set)
    for entry in entries:
        by_command[entry.command].add(entry.record_id)
    of_undos = [
        StoredEntry(id_, "void", {}, undo.recorded_at, undo.number, undo.entry)
        for undo in undos.values()
        for id_ in sorted(by_command[_reached(undo, undos)])
    ]
    without_add = voids.without_add(noun, {entry.record_id for entry in entries})
    kept = {row["id"] for row in rows_of(store, noun, without_add) if row["withdrawn"] != UNDONE}
    in_order = sorted([*entries, *of_undos], key=lambda entry: entry.recorded_at)
    return EntriesWithUndos(in_order, undos, kept)


def _reached(undo: Undo, undos: Mapping[int, Undo]) -> int:
    """Return the command, no undo itself, that an undo takes back or brings back in the end."""
    seen: set[int] = set()
    number = undo.undone
    while number in undos and number not in seen:
        seen.add(number)
        number = undos[number].undone
    return number


def changes_in_force(store: Store, noun: str, ids: Iterable[str]) -> Iterator[list[RecordChange]]:
    """Yield the changes as `changes_on` does, without those that are void."""
    return _changes(
        store, noun, ids, lambda chunk: EntriesWithUndos(entries_on(store, noun, chunk))
    )


def changes_on(store: Store, noun: str, ids: Iterable[str]) -> Iterator[list[RecordChange]]:
    """Yield the changes of each of these records of a noun, record by record, oldest first."""
    return _changes(store, noun, ids, lambda chunk: read_with_undos(store, noun, chunk))


def _changes(
    store: Store,
    noun: str,
    ids: Iterable[str],
    read: Callable[[Iterable[str]], EntriesWithUndos],
) -> Iterator[list[RecordChange]]:
    in_order = sorted(set(ids))
    main_of = company_parts(store) if noun == "company" else {}
    for at in range(0, len(in_order), _CHUNK):
        chunk = in_order[at : at + _CHUNK]
        mains = {main_of.get(id_, id_) for id_ in chunk}
        records = mains | {part for part, main in main_of.items() if main in mains}
        entries: dict[str, list[StoredEntry]] = defaultdict(list)
        source = read(records)
        for entry in source.entries:
            entries[main_of.get(entry.record_id, entry.record_id)].append(entry)
        for id_ in chunk:
            yield timeline(noun, id_, source._replace(entries=entries[main_of.get(id_, id_)]))


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
    `arrived` has by the number of a command when it was merged in, None where it was given here.
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
            is_told_of_main = any((entry.command, main_id) in undone for main_id in mains)
            if entry.action == "void" and stated is not None and is_told_of_main:
                continue
            change = _change(entry, before, after, stated)
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
    source: EntriesWithUndos, arrived: Mapping[int, str | None], company: str, at: Command
) -> str | None:
    """Return the name that the company of a record had when a command was given."""
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


def _stated_by(source: EntriesWithUndos, entry: StoredEntry) -> set[str] | None:
    """Return the columns that an entry states, or those of the entries that an undo is about.

    None where that is a whole record, or which records are one company.
    """
    stating = [entry]
    if entry.action == "void":
        reached = _reached(source.undos[entry.command], source.undos)
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
    """Return the change by an entry that states these columns, or, with None, whatever changed."""
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
        return {**self._linked[self.main_id(id_)], **{column: own[column] for column in _OWN}}

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
