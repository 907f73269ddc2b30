"""Recognition: which record each row of a file was read into before, if the row changed since.

A row whose facts were never read is set aside if its company has records already. Only at the end
of the file is it known which of these still have their own rows in it: the others may be what a row
set aside was before it changed.
"""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property
from heapq import heapify, heappop, heappush
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple

from kmtrack.ledger.imported_rows import note_places, places_of
from kmtrack.ledger.queries.imported_events import (
    companies_with,
    corrected_by_imports,
    events_at,
    import_commands,
    stated_on,
)
from kmtrack.ledger.queries.record_names import withdrawal_by_id
from kmtrack.ledger.rows import UNDONE
from kmtrack.ledger.stored_entries import entries_on
from kmtrack.usecases.events import EVENT_FACTS
from kmtrack.usecases.imports.likeness import KnownRecord, Likeness, RowFacts, keys_of, likeness

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from kmtrack.ledger.imported_rows import SheetPlaces
    from kmtrack.ledger.rows import Row
    from kmtrack.ledger.store.base import Store
    from kmtrack.ledger.unit_of_work import UnitOfWork
    from kmtrack.usecases.imports.result import RowPosition

# The number of rows that are compared with the ledger at a time.
CHUNK: Final = 1000
# The most records sharing a key that a row is compared with.
_MOST: Final = 100
# Places are stored in batches, in the order of their ids: one by one they take three times as long.
_PLACES: Final = 20_000

Verdict = Literal["known", "changed", "unclear", "withdrawn", "new"]


class HeldRow(NamedTuple):
    """A row that is set aside: what it says, and the number of its sheet."""

    position: RowPosition
    cells: dict[str, object]
    row: RowFacts
    facts: dict[str, Any]
    links: dict[str, Any]
    record_id: str
    sheet: int


class GivenRow(NamedTuple):
    """A row that gives the id of a live record, and what its non-blank cells say about it."""

    position: RowPosition
    cells: dict[str, object]
    record_id: str
    facts: dict[str, Any]
    person: str | None
    sheet: int


class RecognisedRow(NamedTuple):
    """What became of a row that was set aside, and the records that it may belong to.

    It belongs to the only record, unless that is `unclear`; a "new" one may double a record that
    was typed.
    """

    held: HeldRow
    verdict: Verdict
    records: Sequence[KnownRecord] = ()


class Recognition:
    """The records of one noun before an import, and the rows of the file that were set aside."""

    def __init__(self, store: Store, work: UnitOfWork, noun: str) -> None:
        self._store = store
        self._work = work
        self.noun = noun
        # Why each was withdrawn. One that was undone is not here any more, but has its row.
        self.here = withdrawal_by_id(store, noun)
        self._corrected = corrected_by_imports(store, noun) if self.here else set()
        self._companies = companies_with(store, noun) if self.here else set()
        # Where each was read before this import, and where it was read now.
        self._places = places_of(store, noun) if self.here else {}
        self._noted: dict[str, str] = {}
        # The rows that give an id: the first of each, and those of live records.
        self.ids: dict[str, tuple[RowPosition, dict[str, object]]] = {}
        self.given: list[GivenRow] = []
        # The records' own rows that name other persons than the records do.
        self.met: list[GivenRow] = []
        self._sheets: list[SheetPlaces] = []
        self._read_in: dict[int, set[str]] = {}
        self._in_file: set[str] = set()
        self._in_sheets: dict[int, int] = defaultdict(int)
        self._held: list[HeldRow] = []
        self._pending: list[tuple[HeldRow, dict[str, Likeness]]] = []
        self._records: dict[str, KnownRecord] = {}
        self._unclear: set[str] = set()
        self._new: list[RecognisedRow] = []
        self._new_places: dict[str, str] = {}
        self._moved: dict[str, str] = {}

    @cached_property
    def _read_at(self) -> Mapping[str, Sequence[str]]:
        """The records (ids) that were read at each place before."""
        found: dict[str, list[str]] = defaultdict(list)
        for record_id, place in self._places.items():
            found[place].append(record_id)
        return found

    def new_sheet(self, places: SheetPlaces) -> int:
        """Return the number of another sheet of the noun."""
        self._sheets.append(places)
        return len(self._sheets)

    def read_in(self, sheet: int) -> set[str]:
        """Return the records (ids) that were last read in a sheet of this name before."""
        if sheet not in self._read_in:
            places = self._sheets[sheet - 1].among(self._read_at.keys())
            self._read_in[sheet] = {id_ for place in places for id_ in self._read_at[place]}
        return self._read_in[sheet]

    def gone(self) -> list[str]:
        """Return the records in force (ids) that were read in a sheet which no longer has their rows.

        A sheet in which every row is different is another list, even with the same name: twelve
        monthly files have the same one. Call it when every row is recognised.
        """
        if self._places.keys() <= self._in_file:
            return []
        return [
            id_
            for sheet, number in self._in_sheets.items()
            if number
            for id_ in sorted(self.read_in(sheet) - self._in_file - self._unclear)
            if self.here.get(id_, UNDONE) is None
        ]

    def is_own_row(self, record_id: str) -> bool:
        """Return whether the id made from a row's facts is that of a record which the row still belongs to."""
        return self.here.get(record_id, UNDONE) != UNDONE and record_id not in self._corrected

    def may_be_known(self, record_id: str, company_id: str) -> bool:
        """Return whether a row that is not a record's own row has to be set aside."""
        return record_id in self._corrected or company_id in self._companies

    def find(self, record_id: str, place: str, sheet: int) -> None:
        """Note that a record's own row is in the file."""
        self._in_file.add(record_id)
        self._in_sheets[sheet] += 1
        self.note_place(record_id, place)

    def add(self, record_id: str, place: str) -> None:
        """Note a record that this import adds."""
        self.here[record_id] = None
        self._in_file.add(record_id)
        self.note_place(record_id, place)

    def hold(self, held: HeldRow) -> None:
        """Set a row aside."""
        self._held.append(held)
        if len(self._held) >= CHUNK:
            self.compare()

    def new_rows(self) -> list[RecognisedRow]:
        """Return the rows of those set aside last that are already known to be new."""
        new, self._new = self._new, []
        return new

    def all_rows(self) -> list[RecognisedRow]:
        """Return what became of each row that is still set aside, in the order of the file.

        Call it at the end of the file, after `compare`.
        """
        found = [*self._equal_rows(), *self._changed_rows(), *self._withdrawn_rows()]
        found += (RecognisedRow(held, "new") for held, _ in self._pending)
        self._pending = []
        return sorted(found, key=_in_order)

    def note_place(self, record_id: str, place: str) -> None:
        """Note where a record was read."""
        before = self._noted.get(record_id) or self._places.get(record_id)
        if before == place:
            return
        self._noted[record_id] = place
        if before is None or record_id in self._new_places:
            self._new_places[record_id] = place
        else:
            self._moved[record_id] = place
        if len(self._new_places) + len(self._moved) >= _PLACES:
            self.store_places()

    def store_places(self) -> None:
        """Store the places that were noted."""
        self._work.flush()  # a server notes places of records that are there
        note_places(self._store, sorted(self._new_places.items()), self._moved)
        self._new_places.clear()
        self._moved.clear()

    def compare(self) -> None:
        """Compare the rows set aside last with the records of their companies."""
        if not self._held:
            return
        companies = {held.links["company"].id for held in self._held}
        near = _Near(self.noun, self._known(companies))
        for held in self._held:
            likely = {}
            typed = []
            for record in near.to(held):
                found = likeness(held.row, record)
                if found is None:
                    continue
                if record.is_imported:
                    likely[record.id] = found
                    self._records[record.id] = record
                elif found.is_sure and record.row["withdrawn"] is None:
                    typed.append(record)
            if likely:
                self._pending.append((held, likely))
            else:
                self._new.append(RecognisedRow(held, "new", typed))
        self._held.clear()

    def _known(self, companies: Collection[str]) -> Iterator[KnownRecord]:
        self._work.flush()
        rows = {
            row["id"]: row
            for row in events_at(self._store, self.noun, companies)
            if row["recorded_at"] != self._work.recorded_at
        }
        imports = import_commands(self._store)
        imported: set[str] = set()
        edited: set[str] = set()
        for record_id, command, action in stated_on(self._store, self.noun, rows):
            if action == "add" and command in imports:
                imported.add(record_id)
            elif action in {"edit", "undo"}:
                edited.add(record_id)
        read = self._as_read(edited & imported, imports)
        facts = EVENT_FACTS[self.noun]
        for record_id, row in rows.items():
            stated = facts.shown(row)
            place, is_imported = self._places.get(record_id), record_id in imported
            yield KnownRecord(row, stated, read.get(record_id, stated), place, is_imported)

    def _as_read(
        self, ids: Collection[str], imports: Collection[int]
    ) -> Mapping[str, Mapping[str, Any]]:
        """Return what the rows of records said when they were last read, by the records' ids."""
        read: dict[str, Row] = defaultdict(dict)
        for entry in entries_on(self._store, self.noun, ids) if ids else ():
            if entry.command in imports and entry.action in {"add", "edit"}:
                read[entry.record_id].update(entry.facts)
        return read

    def _equal_rows(self) -> Iterator[RecognisedRow]:
        """Yield the rows that say what a record without a row of its own already states."""
        rest = []
        for held, likely in self._pending:
            equal = [
                (found.is_there, id_)
                for id_, found in likely.items()
                if found.is_equal and self._is_free(id_)
            ]
            if not equal:
                rest.append((held, likely))
                continue
            record = self._records[max(equal)[1]]
            yield self._take(held, record, "known")
        self._pending = rest

    def _changed_rows(self) -> Iterator[RecognisedRow]:
        """Yield the rows that correct a record, the surest first, and those that may correct several."""
        self._leave_out_unsure()
        waiting = dict(enumerate(self._pending))
        queue = [(_order(self._best(likely)), at) for at, (_, likely) in waiting.items()]
        heapify(queue)
        while queue:
            before, at = heappop(queue)
            held, likely = waiting[at]
            best = self._best(likely)
            if not best:
                continue
            if _order(best) != before:  # the record that fitted best is another row's now
                heappush(queue, (_order(best), at))
                continue
            record = self._one_of(best, (each for _, each in waiting.values()))
            del waiting[at]
            if record is None:
                self._unclear.update(best)
                yield RecognisedRow(held, "unclear", [self._records[id_] for id_ in sorted(best)])
            else:
                yield self._take(held, record, "changed")
        self._pending = list(waiting.values())

    def _leave_out_unsure(self) -> None:
        """Leave out matches by place alone, unless most of the list is as it was read before.

        A single agreement of this kind is asked about all the same: it would count twice.
        """
        by_place: dict[int, int] = defaultdict(int)
        for held, likely in self._pending:
            by_place[held.sheet] += any(not found.is_sure for found in likely.values())
        for held, likely in self._pending:
            number = by_place[held.sheet]
            is_single = number == 1 and self.noun != "contact"
            if self._in_sheets[held.sheet] < max(1, number) and not is_single:
                for id_ in [id_ for id_, found in likely.items() if not found.is_sure]:
                    del likely[id_]

    def _best(self, likely: Mapping[str, Likeness]) -> dict[str, Likeness]:
        """Return the records that a row matches best, among those without a row of their own."""
        free = {id_: found for id_, found in likely.items() if self._is_free(id_)}
        if not free:
            return {}
        highest = max(free.values())
        return {id_: found for id_, found in free.items() if found == highest}

    def _one_of(
        self, best: Mapping[str, Likeness], rows: Iterator[Mapping[str, Likeness]]
    ) -> KnownRecord | None:
        """Choose the record of a row among equally good matches; None if that is unclear.

        It is clear if they are alike, or if there is a changed row for each of them.
        """
        records = [self._records[id_] for id_ in sorted(best)]
        first = records[0]
        if all((r.stated, r.read) == (first.stated, first.read) for r in records):
            return first
        wanting = sum(best.keys() <= self._best(likely).keys() for likely in rows)
        return first if wanting >= len(records) else None

    def _withdrawn_rows(self) -> Iterator[RecognisedRow]:
        """Yield the rows that belong to withdrawn records."""
        rest = []
        for held, likely in self._pending:
            gone = [
                (found, id_)
                for id_, found in likely.items()
                if found.is_sure
                and id_ not in self._in_file
                and self._records[id_].row["withdrawn"] is not None
            ]
            if gone:
                yield self._take(held, self._records[max(gone)[1]], "withdrawn")
            else:
                rest.append((held, likely))
        self._pending = rest

    def _is_free(self, record_id: str) -> bool:
        record = self._records[record_id]
        return record_id not in self._in_file and record.row["withdrawn"] is None

    def _take(self, held: HeldRow, record: KnownRecord, verdict: Verdict) -> RecognisedRow:
        self._in_file.add(record.id)
        if verdict == "known":
            self._in_sheets[held.sheet] += 1
        if verdict != "changed":  # it may say nothing that is to be stored
            self.note_place(record.id, held.row.place)
        return RecognisedRow(held, verdict, (record,))


class _Near:
    """The records that rows may belong to, by what they have in common with these."""

    def __init__(self, noun: str, records: Iterable[KnownRecord]) -> None:
        self._noun = noun
        self._by_key: dict[tuple[Any, ...], list[KnownRecord]] = defaultdict(list)
        for record in records:
            keys = dict.fromkeys(keys_of(noun, record.stated, record.place))
            if record.read is not record.stated:
                keys |= dict.fromkeys(keys_of(noun, record.read, record.place))
            for key in keys:
                same = self._by_key[record.row["company_id"], *key]
                if len(same) < _MOST:
                    same.append(record)

    def to(self, held: HeldRow) -> Iterable[KnownRecord]:
        """Return the records that have something in common with a row, each once."""
        company_id, row = held.links["company"].id, held.row
        found: dict[str, KnownRecord] = {}
        for key in keys_of(self._noun, row.values, row.place):
            for record in self._by_key.get((company_id, *key), ()):
                found[record.id] = record
        return found.values()


def _order(best: Mapping[str, Likeness]) -> tuple[int, ...]:
    """Return the sort key of rows: best matches first."""
    if not best:
        return (1,)
    found = next(iter(best.values()))
    return tuple(-int(each) for each in found)


def _in_order(found: RecognisedRow) -> tuple[int, int]:
    return found.held.sheet, found.held.position.row
