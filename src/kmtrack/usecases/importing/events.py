"""Event rows: contacts, collaborations and hires, each stored once however often it is read."""

from __future__ import annotations

import json
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from kmtrack.errors import KmtrackError
from kmtrack.ledger.entries import as_json
from kmtrack.ledger.facts.base import Mistakes
from kmtrack.ledger.facts.others import PersonFacts
from kmtrack.ledger.ids import id_from
from kmtrack.ledger.nouns import NOUNS
from kmtrack.usecases.events import EVENT_FACTS
from kmtrack.usecases.importing.headings import CVR, ID
from kmtrack.usecases.importing.job import whole_id
from kmtrack.usecases.importing.result import NounResult
from kmtrack.usecases.importing.statements import Statements

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from kmtrack.usecases.importing.directory import Named
    from kmtrack.usecases.importing.job import Job, Sheet
    from kmtrack.usecases.importing.tables import NumberedRow

_CHUNK: Final = 2000
_REMEMBERED: Final = 50_000

_STORED: Final = {
    "contact": "SELECT id FROM contact WHERE id IN (SELECT value FROM json_each(:ids))",
    "collaboration": "SELECT id FROM collaboration WHERE id IN (SELECT value FROM json_each(:ids))",
    "hire": "SELECT id FROM hire WHERE id IN (SELECT value FROM json_each(:ids))",
}
_PERSON: Final = "SELECT id FROM person WHERE company_id = :company_id AND name = :name"


class _Event(NamedTuple):
    """A good row that may be in the ledger already; `refusal` holds only if it is not."""

    number: int
    id: str
    company: Named
    facts: dict[str, Any]
    person: str | None


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
        self._people = _People(job, today)
        self._ids = _Ids(sheet.noun)
        self._waiting: list[_Event] = []
        any_row = job.desk.store.one(NOUNS[self._noun].select + " LIMIT 1")
        self._may_be_here = any_row is not None or self._id_at is not None

    def read(self, rows: Iterable[NumberedRow]) -> NounResult:
        """Read all rows; how many were added, and how many were here already."""
        width, named, state = self._sheet.width, self._job.directory.named, self._statements.state
        for number, cells in rows:
            row = cells if len(cells) == width else self._sheet.fitted(number, cells)
            try:
                company = named(self._naming(row))
                person = self._person(row) if self._person_at is not None else None
                facts = state(row)
            except (KmtrackError, Mistakes):
                self._note_mistakes(number, row)
                continue
            if company.id:
                record_id = self._given_id(row) or self._ids.next_id(company.id, facts)
                self._waiting.append(_Event(number, record_id, company, facts, person))
                if len(self._waiting) >= _CHUNK:
                    self._settle()
        self._settle()
        return self._result

    def _given_id(self, row: Sequence[object]) -> str | None:
        """The id that a row states, as the lists of a ledger do; another's numbers are none."""
        return None if self._id_at is None else whole_id(self._noun, row[self._id_at])

    def _naming(self, row: Sequence[object]) -> object:
        """The cell that names the company; a number goes before a name."""
        cell = row[self._company_at]
        if self._cvr_at is not None:
            number = row[self._cvr_at]
            return number if str(number or "").strip() else cell
        return cell

    def _person(self, row: Sequence[object]) -> str | None:
        cell = row[self._person_at] if self._person_at is not None else None
        return self._people.name_in(cell) if cell else None

    def _note_mistakes(self, number: int, row: Sequence[object]) -> None:
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

    def _settle(self) -> None:
        """Add those that are new; look for the others all at once."""
        here = self._already_here() if self._may_be_here else set()
        added = 0
        for event in self._waiting:
            if event.id in here:
                continue
            here.add(event.id)
            if event.company.refusal is not None:
                cell = event.company.cell
                self._sheet.mistake(event.number, "company", cell, event.company.refusal)
            elif not self._job.report.number_of_mistakes:  # else nothing will be stored
                self._add(event)
            added += 1
        already_here = self._result.already_here + len(self._waiting) - added
        self._result = self._result._replace(
            added=self._result.added + added, already_here=already_here
        )
        self._waiting.clear()

    def _is_here(self, given_id: str | None) -> bool:
        """Whether the ledger has a record of that id, whatever else its row says."""
        if given_id is None or not self._stored(given_id):
            return False
        self._result = self._result._replace(already_here=self._result.already_here + 1)
        return True

    def _already_here(self) -> set[str]:
        if self._id_at is not None:
            self._job.change.flush()  # a file may state one id twice
        return self._stored(*[event.id for event in self._waiting])

    def _stored(self, *ids: str) -> set[str]:
        rows = self._job.desk.store.each(_STORED[self._noun], ids=json.dumps(ids))
        return {row["id"] for row in rows}

    def _add(self, event: _Event) -> None:
        facts = {"company_id": event.company.id, **event.facts}
        if self._job.desk.broker:
            facts.setdefault("broker", self._job.desk.broker)
        if event.person:
            facts["person_id"] = self._people.id_of(event.person, event.company.id)
        self._job.change.add(self._noun, facts, event.id)


class _Ids:
    """Gives each row the id that it gets whenever it is read; a twin in one file gets its own.

    The id comes from the company and the facts: not from the person, whose name nobody may guess
    from a digest, nor from the broker who happens to read the file.
    """

    def __init__(self, noun: str) -> None:
        self._noun = noun
        self._met: set[str] = set()
        self._times: dict[str, int] = {}

    def next_id(self, company_id: str, facts: dict[str, Any]) -> str:
        """The id of the next row that states these facts of this company."""
        text = f"{self._noun}\x1f{company_id}\x1f{as_json(facts)}"
        record_id = id_from(self._noun, _digest(text))
        while record_id in self._met:
            times = self._times[record_id] = self._times.get(record_id, 1) + 1
            record_id = id_from(self._noun, _digest(f"{text}\x1f{times}"))
        self._met.add(record_id)
        return record_id


def _digest(text: str) -> bytes:
    return blake2b(text.encode(), digest_size=8).digest()  # an id has room for no more


class _People:
    """The contact persons that rows name; one of a name at a company is one person."""

    def __init__(self, job: Job, today: Any) -> None:
        self._job = job
        self._statements = Statements(PersonFacts, today, {"name": 0})
        self._known: dict[tuple[str, str], str] = {}

    def name_in(self, cell: object) -> str | None:
        """The name that a cell states, if it states one. Raises BadValue."""
        if not str(cell).strip():
            return None
        try:
            name: str = self._statements.state([cell])["name"]
        except Mistakes as mistakes:
            raise mistakes.mistakes[0].error from None
        return name

    def id_of(self, name: str, company_id: str) -> str:
        """The id of the person of that name at a company, who is added if not there yet."""
        key = (company_id, name)
        if key not in self._known:
            if len(self._known) >= _REMEMBERED:
                self._job.change.flush()  # whom the cache forgets, the ledger must know
                self._known.clear()
            row = self._job.desk.store.one(_PERSON, company_id=company_id, name=name)
            found = row["id"] if row else self._job.change.add_person(name, company_id)
            self._known[key] = found
        return self._known[key]
