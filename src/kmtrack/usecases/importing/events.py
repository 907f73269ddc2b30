"""Event rows: contacts, collaborations and hires, each stored once however often it is read."""

from __future__ import annotations

import json
from itertools import islice, repeat
from operator import itemgetter
from typing import TYPE_CHECKING, Final, NamedTuple

from kmtrack.errors import KmtrackError
from kmtrack.ledger.facts.base import Mistakes
from kmtrack.ledger.nouns import NOUNS
from kmtrack.usecases.events import EVENT_FACTS
from kmtrack.usecases.importing.event_ids import EventIds
from kmtrack.usecases.importing.headings import CVR, ID
from kmtrack.usecases.importing.job import whole_id
from kmtrack.usecases.importing.people import People
from kmtrack.usecases.importing.result import NounResult
from kmtrack.usecases.importing.statements import Statements

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from kmtrack.usecases.importing.directory import Named
    from kmtrack.usecases.importing.job import Job, Sheet
    from kmtrack.usecases.importing.tables import NumberedRow

    Cells = Sequence[object]

_CHUNK: Final = 2000
_STORED: Final = {
    "contact": "SELECT id FROM contact WHERE id IN (SELECT value FROM json_each(:ids))",
    "collaboration": "SELECT id FROM collaboration WHERE id IN (SELECT value FROM json_each(:ids))",
    "hire": "SELECT id FROM hire WHERE id IN (SELECT value FROM json_each(:ids))",
}


class _Event(NamedTuple):
    """A good row that may be in the ledger already, and what it states."""

    number: int
    row: Cells
    company: Named
    person: str | None
    stated: tuple[object, ...]


class EventRows:
    """Reads the rows of one sheet of contacts, collaborations or hires."""

    def __init__(self, job: Job, sheet: Sheet) -> None:
        self._result = NounResult(sheet.noun)
        self._job = job
        self._sheet = sheet
        self._noun = sheet.noun
        today = job.desk.clock.today
        self._cvr_at = sheet.positions.get(CVR)
        self._company_at = sheet.positions.get("company", self._cvr_at or 0)
        self._person_at = sheet.positions.get("person")
        self._id_at = sheet.positions.get(ID)
        self._statements = Statements(EVENT_FACTS[sheet.noun], today, sheet.positions)
        self._people = People(job, today)
        self._ids = EventIds(sheet.noun, self._statements.names)
        any_row = job.desk.store.one(NOUNS[self._noun].select + " LIMIT 1")
        self._may_be_here = any_row is not None or self._id_at is not None

    def read(self, rows: Iterable[NumberedRow]) -> NounResult:
        """Read all rows; how many were added, and how many were here already."""
        numbered = iter(rows)
        while chunk := list(islice(numbered, _CHUNK)):
            self._settle([event for event in self._good(chunk) if event.company.id])
        return self._result

    def _good(self, chunk: list[NumberedRow]) -> Iterable[_Event]:
        """The rows without a mistake; the mistakes of the others are noted."""
        width, fitted = self._sheet.width, self._sheet.fitted
        numbers = [number for number, _ in chunk]
        rows = [row if len(row) == width else fitted(number, row) for number, row in chunk]
        try:
            return list(self._events(numbers, rows))
        except (KmtrackError, Mistakes):
            return self._good_ones(numbers, rows)

    def _good_ones(self, numbers: list[int], rows: list[Cells]) -> Iterator[_Event]:
        """As `_good`, row by row, since one of them has a mistake."""
        for number, row in zip(numbers, rows, strict=True):
            try:
                yield from self._events([number], [row])
            except (KmtrackError, Mistakes):
                self._note_mistakes(number, row)

    def _events(self, numbers: list[int], rows: list[Cells]) -> Iterator[_Event]:
        """What these rows state. Raises KmtrackError or Mistakes if any has a mistake."""
        naming = self._naming if self._cvr_at is not None else itemgetter(self._company_at)
        companies = map(self._job.directory.named, map(naming, rows))
        persons = repeat(None) if self._person_at is None else map(self._person, rows)
        stated = self._statements.state_all(rows)
        return map(_Event, numbers, rows, companies, persons, stated)

    def _given_id(self, row: Cells) -> str | None:
        """The id that a row states, as the lists of a ledger do; another's numbers are none."""
        return None if self._id_at is None else whole_id(self._noun, row[self._id_at])

    def _naming(self, row: Cells) -> object:
        """The cell that names the company; a number goes before a name."""
        cell = row[self._company_at]
        if self._cvr_at is not None:
            number = row[self._cvr_at]
            return number if str(number or "").strip() else cell
        return cell

    def _person(self, row: Cells) -> str | None:
        cell = row[self._person_at] if self._person_at is not None else None
        return self._people.name_in(cell) if cell else None

    def _note_mistakes(self, number: int, row: Cells) -> None:
        """All that is wrong with a row, if it is not blank or an example."""
        cells = self._sheet.cells(row)
        if not cells or self._is_here(self._given_id(row)):
            return
        try:
            self._job.directory.named(self._naming(row))
        except KmtrackError as error:
            self._sheet.mistake(number, "company", self._naming(row), error)
        try:
            self._person(row)
        except KmtrackError as error:
            self._sheet.mistake(number, "person", cells["person"], error)
        try:
            self._statements.state(row)
        except Mistakes as mistakes:
            self._sheet.mistakes(number, cells, mistakes)

    def _settle(self, events: list[_Event]) -> None:
        """Add those that are new."""
        if not events:
            return
        ids = self._ids_of(events)
        here = self._stored(ids) if self._may_be_here else set()
        new: dict[str, _Event] = {}
        for record_id, event in zip(ids, events, strict=True):
            if record_id not in here:
                new.setdefault(record_id, event)  # a file may state one id twice
        self._result = self._result._replace(
            added=self._result.added + len(new),
            already_here=self._result.already_here + len(events) - len(new),
        )
        self._note_refused(new.values())
        if new and not self._job.report.number_of_mistakes:  # else nothing will be stored
            self._add(new)

    def _ids_of(self, events: list[_Event]) -> list[str]:
        if self._id_at is None:
            return self._ids.next_ids([e.company.id for e in events], [e.stated for e in events])
        return [
            self._given_id(e.row) or self._ids.next_ids([e.company.id], [e.stated])[0]
            for e in events
        ]

    def _note_refused(self, events: Iterable[_Event]) -> None:
        """A company that is withdrawn is a mistake only in a row that is new."""
        for event in events:
            cell, _, refusal = event.company
            if refusal is not None:
                self._sheet.mistake(event.number, "company", cell, refusal)

    def _is_here(self, given_id: str | None) -> bool:
        """Whether the ledger has a record of that id, whatever else its row says."""
        if given_id is None or not self._stored([given_id]):
            return False
        self._result = self._result._replace(already_here=self._result.already_here + 1)
        return True

    def _stored(self, ids: list[str]) -> set[str]:
        rows = self._job.desk.store.each(_STORED[self._noun], ids=json.dumps(ids))
        return {row["id"] for row in rows}

    def _add(self, new: Mapping[str, _Event]) -> None:
        events, ours = new.values(), self._job.desk.broker
        stated = zip(*(event.stated for event in events), strict=True)
        columns: dict[str, Sequence[object]] = {"company_id": [e.company.id for e in events]}
        columns |= zip(self._statements.names, stated, strict=True)
        if ours:
            brokers = columns.get("broker", [None] * len(new))
            columns["broker"] = [broker or ours for broker in brokers]
        if self._person_at is not None:
            columns["person_id"] = list(map(self._person_id, events))
        self._job.change.add_all(self._noun, list(new), columns)

    def _person_id(self, event: _Event) -> str | None:
        return self._people.id_of(event.person, event.company.id) if event.person else None
