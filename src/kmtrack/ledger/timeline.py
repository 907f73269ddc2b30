"""Timeline: the change that each entry made to a record, with the values before and after.

Records become one company by a join, or by a merge that finds the same CVR number. Earlier changes
are those of the single record; the changes made by linking are consequences of the link.

An undo changes the records of the command that it voids: here it has an entry on each of them.
"""

from __future__ import annotations

from collections import defaultdict
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from kmtrack.ledger.company_identity import OF_ONE_RECORD, CompanyProjection
from kmtrack.ledger.queries.companies import company_parts
from kmtrack.ledger.queries.record_names import rows_of
from kmtrack.ledger.rows import UNDONE, RowProjection
from kmtrack.ledger.schema.ids import chunks
from kmtrack.ledger.schema.nouns import NOUNS
from kmtrack.ledger.stored_entries import StoredEntry, all_entries_on, entries_on, without_void
from kmtrack.ledger.voids import Undo, Voids, void_commands

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

    from kmtrack.ledger.rows import Row
    from kmtrack.ledger.store.base import Store

# What follows from the rest, or is none of a record's facts.
DERIVED: Final = frozenset({"id", "recorded_at", "name_key", "part_of", "other_names", "secret"})


class Consequence(NamedTuple):
    """The change of another company: its main record, with the row before and after."""

    id: str
    before: Row
    after: Row

    def changed(self) -> dict[str, tuple[Any, Any]]:
        """Return the columns that changed, each with its old and its new value."""
        return changed_between("company", self.before, self.after)


class RecordChange(NamedTuple):
    """An entry on a record of a noun, with the row before (None if there was none) and after.

    `consequences` are the changes of other companies, if records were linked or unlinked.
    """

    noun: str
    entry: StoredEntry
    before: Row | None
    after: Row
    consequences: tuple[Consequence, ...] = ()

    def changed(self) -> dict[str, tuple[Any, Any]]:
        """Return the columns that this changed, each with its old and its new value."""
        return changed_between(self.noun, self.before, self.after)


def changed_between(noun: str, before: Row | None, after: Row) -> dict[str, tuple[Any, Any]]:
    """Return the columns in which two rows of a record differ, except derived ones."""
    old = before or NOUNS[noun].blank
    return {
        column: (old[column], after[column])
        for column in NOUNS[noun].columns
        if column not in DERIVED and old[column] != after[column]
    }


class EntriesWithUndos(NamedTuple):
    """Entries on some records, in order, with an entry "void" for each undo on each record that it changes.

    `undos` are these undos by number; `kept` are records that stay although only void commands add
    them.
    """

    entries: list[StoredEntry]
    undos: Mapping[int, Undo] = MappingProxyType({})
    kept: Collection[str] = ()

    def void(self, known: Iterable[StoredEntry]) -> set[int]:
        """Return the commands that are void if only these entries are known."""
        if not self.undos:
            return set()
        numbers = {entry.command for entry in known if entry.action == "void"}
        return void_commands(self.undos[number] for number in numbers)

    def in_force(self, known: Sequence[StoredEntry]) -> Sequence[StoredEntry]:
        """Leave out what is void if only these entries are known."""
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
        self._own = RowProjection(noun, record_id)
        self._whole = self._blank()

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

    def _project_again(self) -> None:
        self._own = RowProjection(self._noun, self._id)
        self._whole = self._blank()
        self._is_out = False
        for entry in without_void(self._known, self._void, self._source.kept):
            self._is_out |= entry.is_void and entry.record_id == self._id
            self._apply(entry)

    def _blank(self) -> CompanyProjection | RowProjection:
        if self._noun == "company":
            return CompanyProjection()
        return RowProjection(self._noun, self._id)

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
        before = replay.row
        replay.add(entry)
        after = replay.row
        if after is not None:
            changes.append(RecordChange(noun, entry, before, after))
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
        for id_ in sorted(by_command[reached_by(undo, undos)])
    ]
    without_add = voids.without_add(noun, {entry.record_id for entry in entries})
    kept = {row["id"] for row in rows_of(store, noun, without_add) if row["withdrawn"] != UNDONE}
    in_order = sorted([*entries, *of_undos], key=lambda entry: entry.recorded_at)
    return EntriesWithUndos(in_order, undos, kept)


def reached_by(undo: Undo, undos: Mapping[int, Undo]) -> int:
    """Return the command, itself not an undo, that an undo finally takes back or brings back."""
    seen: set[int] = set()
    number = undo.undone
    while number in undos and number not in seen:
        seen.add(number)
        number = undos[number].undone
    return number


def changes_in_force(store: Store, noun: str, ids: Iterable[str]) -> Iterator[list[RecordChange]]:
    """Yield what `changes_on` does, without the changes that are void."""
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
    main_of = company_parts(store) if noun == "company" else {}
    for chunk in chunks(set(ids)):
        mains = {main_of.get(id_, id_) for id_ in chunk}
        records = mains | {part for part, main in main_of.items() if main in mains}
        entries: dict[str, list[StoredEntry]] = defaultdict(list)
        source = read(records)
        for entry in source.entries:
            entries[main_of.get(entry.record_id, entry.record_id)].append(entry)
        for id_ in chunk:
            yield timeline(noun, id_, source._replace(entries=entries[main_of.get(id_, id_)]))


def _with_own(whole: Row | None, own: Row | None) -> Row | None:
    if whole is None or own is None:
        return None
    return {**whole, **{column: own[column] for column in OF_ONE_RECORD if column in own}}
