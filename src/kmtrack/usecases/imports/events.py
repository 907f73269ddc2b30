"""Event rows: contacts, collaborations and hires, each stored once however often it is read."""

from __future__ import annotations

import json
from itertools import compress, islice
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from kmtrack.errors import Refusal
from kmtrack.ledger.schema.facts import Mistakes
from kmtrack.ledger.schema.nouns import NOUNS
from kmtrack.ledger.schema.values import besides
from kmtrack.usecases.events import EVENT_FACTS
from kmtrack.usecases.imports.columns import CVR, ID
from kmtrack.usecases.imports.company_index import BAD_IN_FILE
from kmtrack.usecases.imports.context import whole_id
from kmtrack.usecases.imports.event_ids import EventIds
from kmtrack.usecases.imports.people import People
from kmtrack.usecases.imports.result import NounResult
from kmtrack.usecases.imports.rows import Statements

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from kmtrack.usecases.imports.company_index import Named
    from kmtrack.usecases.imports.context import ImportContext, Sheet
    from kmtrack.usecases.imports.table import NumberedRow

    Cells = Sequence[object]

_CHUNK: Final = 5000
_STORED: Final = {
    "contact": "SELECT id FROM contact WHERE id IN (SELECT value FROM json_each(:ids))",
    "collaboration": "SELECT id FROM collaboration WHERE id IN (SELECT value FROM json_each(:ids))",
    "hire": "SELECT id FROM hire WHERE id IN (SELECT value FROM json_each(:ids))",
}


class _Rows(NamedTuple):
    """Good rows, column by column: each may be in the ledger already."""

    numbers: list[int]
    cells: list[Cells]
    companies: list[Named]
    persons: list[str | None]
    stated: dict[str, list[object]]

    def only(self, kept: list[bool]) -> _Rows:
        """Those that are kept."""
        if all(kept):
            return self
        return _Rows(
            list(compress(self.numbers, kept)),
            list(compress(self.cells, kept)),
            list(compress(self.companies, kept)),
            list(compress(self.persons, kept)),
            {name: list(compress(column, kept)) for name, column in self.stated.items()},
        )


class EventRows:
    """Reads the rows of one sheet of contacts, collaborations or hires."""

    def __init__(self, job: ImportContext, sheet: Sheet) -> None:
        self._result = NounResult(sheet.noun)
        self._job = job
        self._sheet = sheet
        self._noun = sheet.noun
        today = job.session.clock.today
        self._cvr_at = sheet.positions.get(CVR)
        self._company_at = sheet.positions.get("company", self._cvr_at or 0)
        self._person_at = sheet.positions.get("person")
        self._id_at = sheet.positions.get(ID)
        self._statements = Statements(EVENT_FACTS[sheet.noun], today, sheet.positions)
        self._people = People(job, today)
        self._ids = EventIds(sheet.noun, job.change.spelling)
        any_row = job.session.store.one(NOUNS[self._noun].select + " LIMIT 1")
        self._may_be_here = any_row is not None or self._id_at is not None

    def read(self, rows: Iterable[NumberedRow]) -> NounResult:
        """Read all rows; how many were added, and how many were here already."""
        numbered = iter(rows)
        while chunk := list(islice(numbered, _CHUNK)):
            good = self._good(chunk)
            self._settle(good.only([company.id != BAD_IN_FILE for company in good.companies]))
        return self._result

    def _good(self, chunk: list[NumberedRow]) -> _Rows:
        """The rows without a mistake; the mistakes of the others are noted."""
        width, fitted = self._sheet.width, self._sheet.fitted
        numbers = [number for number, _ in chunk]
        rows = [row if len(row) == width else fitted(number, row) for number, row in chunk]
        try:
            return self._read(numbers, rows)
        except (Refusal, Mistakes):
            are_good = list(map(self._is_good, numbers, rows))
            return self._read(list(compress(numbers, are_good)), list(compress(rows, are_good)))

    def _is_good(self, number: int, row: Cells) -> bool:
        try:
            self._read([number], [row])
        except (Refusal, Mistakes):
            self._note_mistakes(number, row)
            return False
        return True

    def _read(self, numbers: list[int], rows: list[Cells]) -> _Rows:
        """What these rows say. Raises Refusal or Mistakes if any has a mistake."""
        naming = self._naming if self._cvr_at is not None else itemgetter(self._company_at)
        companies = self._job.directory.named(map(naming, rows))
        persons: list[str | None] = [None] * len(rows)
        if self._person_at is not None:
            persons = list(map(self._person, rows))
        return _Rows(numbers, rows, companies, persons, self._statements.state_all(rows))

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
            self._job.directory.named([self._naming(row)])
        except Refusal as error:
            self._sheet.mistake(number, "company", self._naming(row), error)
        try:
            self._person(row)
        except Refusal as error:
            self._sheet.mistake(number, "person", cells["person"], error)
        try:
            self._statements.state(row)
        except Mistakes as mistakes:
            self._sheet.mistakes(number, cells, mistakes)

    def _settle(self, rows: _Rows) -> None:
        """Add those that are new."""
        ids = self._ids_of(rows)
        are_new = self._are_new(ids)
        new, added = rows.only(are_new), sum(are_new)
        self._result = self._result._replace(
            added=self._result.added + added,
            already_here=self._result.already_here + len(ids) - added,
        )
        self._note_refused(new)
        if added and not self._job.report.number_of_mistakes:  # else nothing will be stored
            self._add(list(compress(ids, are_new)), new)

    def _ids_of(self, rows: _Rows) -> list[str]:
        companies = [company.id for company in rows.companies]
        if self._id_at is None:
            return self._ids.next_ids(companies, rows.stated)
        given = list(map(self._given_id, rows.cells))
        others = rows.only([record_id is None for record_id in given])
        ids = iter(self._ids.next_ids([c.id for c in others.companies], others.stated))
        return [record_id or next(ids) for record_id in given]

    def _are_new(self, ids: list[str]) -> list[bool]:
        """Which of these the ledger does not have; of twins in one file that is the first."""
        if not self._may_be_here:
            return [True] * len(ids)
        here = self._stored(ids)
        are_new = []
        for record_id in ids:
            are_new.append(record_id not in here)
            here.add(record_id)
        return are_new

    def _note_refused(self, new: _Rows) -> None:
        """A company that is withdrawn is a mistake only in a row that is new."""
        for number, (cell, _, refusal) in zip(new.numbers, new.companies, strict=True):
            if refusal is not None:
                self._sheet.mistake(number, "company", cell, refusal)

    def _is_here(self, given_id: str | None) -> bool:
        """Whether the ledger has a record of that id, whatever else its row says."""
        if given_id is None or not self._stored([given_id]):
            return False
        self._result = self._result._replace(already_here=self._result.already_here + 1)
        return True

    def _stored(self, ids: list[str]) -> set[str]:
        rows = self._job.session.store.each(_STORED[self._noun], ids=json.dumps(ids))
        return {row["id"] for row in rows}

    def _add(self, ids: list[str], new: _Rows) -> None:
        company_ids, ours = [company.id for company in new.companies], self._job.session.broker
        columns: dict[str, Sequence[Any]] = {"company_id": company_ids, **new.stated}
        if ours:
            brokers = columns.get("broker", [None] * len(ids))
            columns["broker"] = [broker or ours for broker in brokers]
        if "others" in columns and "broker" in columns:
            columns["others"] = list(map(besides, columns["broker"], columns["others"]))
        if self._person_at is not None:
            columns["person_id"] = list(map(self._person_id, new.persons, company_ids))
        self._job.change.add_all(self._noun, ids, columns)

    def _person_id(self, name: str | None, company_id: str) -> str | None:
        return self._people.id_of(name, company_id) if name else None
