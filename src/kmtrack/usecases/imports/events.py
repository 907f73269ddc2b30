"""Rows of events: contacts, collaborations and hires, each stored once, however often it is read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kmtrack.errors import BadValue, Refusal
from kmtrack.ledger.imported_rows import SheetPlaces
from kmtrack.ledger.json_text import as_json
from kmtrack.ledger.queries.imported_events import persons_met
from kmtrack.ledger.queries.people import person_named
from kmtrack.ledger.rows import UNDONE
from kmtrack.ledger.schema.facts import FieldErrors
from kmtrack.ledger.schema.fields import fields_of
from kmtrack.ledger.schema.people import PersonFacts
from kmtrack.ledger.schema.plain_text import shown
from kmtrack.ledger.schema.values import besides
from kmtrack.usecases.imports.cells import is_blank
from kmtrack.usecases.imports.columns import ID, METHODS_USED
from kmtrack.usecases.imports.company_index import BAD_IN_FILE
from kmtrack.usecases.imports.facts_reader import FactsReader
from kmtrack.usecases.imports.likeness import RowFacts
from kmtrack.usecases.imports.other_names import OtherNames
from kmtrack.usecases.imports.recognition import CHUNK, GivenRow, HeldRow
from kmtrack.usecases.imports.records import Methods, RecordReader, id_of_text
from kmtrack.usecases.imports.rows import BadRow, given_id, report_similar, text_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kmtrack.usecases.imports.result import NounResult, RowPosition
    from kmtrack.usecases.imports.rows import ImportContext, RowOutcome
    from kmtrack.usecases.imports.sheet import Cells, ImportSheet
    from kmtrack.usecases.imports.table import NumberedRow


class EventReader(RecordReader):
    """Reads contacts, collaborations and hires."""

    def __init__(self, context: ImportContext, sheet: ImportSheet) -> None:
        super().__init__(context, sheet)
        self.recognition = context.recognition(sheet.noun)
        self._ids = EventIds(sheet.noun)
        self._other_names = OtherNames(context)
        self._person = FactsReader(PersonFacts, ["name"], context.session.clock.today)
        self._people: dict[tuple[str, str], str] = {}
        self._methods = Methods(context) if METHODS_USED in sheet.fields else None
        self._places = SheetPlaces(context.session.store, context.file, sheet.title)
        self._number = self.recognition.new_sheet(self._places)
        self._added = 0
        self._met: list[GivenRow] = []
        # The broker of a row that names none is reported, but is not a fact of the row.
        columns = {*sheet.fields, *(self.for_blanks.keys() - {"broker"})}
        self.fields = tuple(
            field.name
            for field in fields_of(self.facts)
            if field.column in columns and not field.kind.reference
        )

    def here(self) -> dict[str, str | None]:
        """Return why each record was withdrawn, in the form that all sheets of the noun note it."""
        return self.context.recognition(self.sheet.noun).here

    def read(self, rows: Iterable[NumberedRow]) -> NounResult:
        """Read all rows except those that are set aside until the end of the file."""
        result = super().read(rows)
        self.recognition.compare()
        self._compare_persons()
        self._other_names.compare()
        self._add_new_rows()
        self.context.work.flush()
        return result._replace(added=result.added + self._added)

    def links(self, cells: Cells) -> dict[str, Any]:
        """Find the company of an event and the methods used, and read the person met. Raises BadRow."""
        errors: list[tuple[str, Refusal]] = []
        links: dict[str, Any] = {}
        try:
            links["company"] = self.context.companies.named(cells["company"])
        except BadValue as error:
            if error.key == "company_not_found" and self.sheet.name_beside:
                error = BadValue("company_can_come_along", value=shown(cells["company"]))
            errors.append(("company", error))
        try:
            links["person"] = self._person_in(cells.get("person"))
        except BadValue as error:
            errors.append(("person", error))
        if self._methods and not is_blank(cell := cells[METHODS_USED]):
            try:
                links["methods"] = self._methods.all_named(text_of(cell))
            except Refusal as error:
                errors.append((METHODS_USED, error))
        if errors:
            raise BadRow(*errors)
        return links

    def is_known(self, position: RowPosition, cells: Cells) -> bool:
        """Set aside a row that gives the id of a live record: it may correct it. Raises BadRow."""
        record_id = given_id(self.sheet.noun, cells)
        if record_id is None:
            return False
        before = self.recognition.ids.setdefault(record_id, (position, cells))
        if before[0] != position:
            if before[1] != cells:
                raise BadRow((ID, BadValue("id_twice", id=record_id, row=before[0].row)))
            return True
        if not self._is_here(position, record_id):
            return False
        self.recognition.find(record_id, self._places.at(position.row), self._number)
        if self._here[record_id] is not None:
            return True
        try:
            person = self._person_in(cells.get("person"))
            facts = self._facts.given(cells)
        except BadValue as error:
            raise BadRow(("person", error)) from None
        except FieldErrors as found:
            errors = [(self._facts.column_of(field), error) for field, error in found.errors]
            raise BadRow(*errors) from None
        given = GivenRow(position, cells, record_id, facts, person, self._number)
        self.recognition.given.append(given)
        return True

    def store(
        self, position: RowPosition, cells: Cells, facts: dict[str, Any], links: dict[str, Any]
    ) -> RowOutcome | None:
        """Store an event, unless it is here; set it aside if it may be one that changed since."""
        company_id = links["company"].id
        if company_id == BAD_IN_FILE:
            return None
        given = given_id(self.sheet.noun, cells)
        record_id = given or self._ids.next_id(company_id, as_json(facts))
        recognition, place = self.recognition, self._places.at(position.row)
        if recognition.is_own_row(record_id):
            recognition.find(record_id, place, self._number)
            self._is_here(position, record_id)
            if links["person"] and self._here[record_id] is None:
                met = GivenRow(position, cells, record_id, {}, links["person"], self._number)
                self._met.append(met)
                if len(self._met) >= CHUNK:
                    self._compare_persons()
            return "already_here"
        if self.sheet.name_beside and not self.context.options.with_companies:
            self._other_names.note(position, company_id, self.sheet.name_beside)
        if given is None and recognition.may_be_known(record_id, company_id):
            row = RowFacts(self.sheet.noun, facts, self.fields, place)
            held = HeldRow(position, cells, row, facts, links, record_id, self._number)
            recognition.hold(held)
            self._add_new_rows()
            return None
        self._add(facts, links, record_id, place)
        return "added"

    def add(self, held: HeldRow) -> bool:
        """Store a row that was set aside as a new record; report its errors."""
        record_id, times = held.record_id, 1
        while (
            self._here.get(record_id, UNDONE) != UNDONE
        ):  # a record that was corrected since has it
            times += 1
            record_id = id_of_text(self.sheet.noun, f"{held.record_id}\x1f{times}")
        try:
            self._add(held.facts, held.links, record_id, held.row.place)
        except BadRow as found:
            self.report(held.position, held.cells, found.errors)
            return False
        self.note_assumed(held.cells)
        return True

    def _add(
        self, facts: dict[str, Any], links: dict[str, Any], record_id: str, place: str
    ) -> None:
        """Store a new record. Raises BadRow."""
        stated = self.stated(facts, links)
        work = self.context.work
        add = work.add_again if record_id in self._here else work.add
        add(self.sheet.noun, stated, record_id)
        self.recognition.add(record_id, place)
        if self._methods:
            for method_id in links.get("methods", ()):
                self._methods.use(method_id, record_id)

    def _compare_persons(self) -> None:
        """Note the rows that name another person than their records; erased persons are not named again."""
        met = persons_met(self.context.session.store, (each.record_id for each in self._met))
        for each in self._met:
            if met.get(each.record_id) not in {None, each.person}:
                self.recognition.met.append(each)
        self._met.clear()

    def is_twin(self, record_id: str) -> bool:
        """Return whether another row of the sheet says the same, so that the two cannot be told apart."""
        return record_id in self._ids.twins

    def _add_new_rows(self) -> None:
        for found in self.recognition.new_rows():
            if self.add(found.held):
                self._added += 1
                report_similar(self.context, found)

    def stated(self, facts: dict[str, Any], links: dict[str, Any]) -> dict[str, Any]:
        """Return the facts of a new event. Raises BadRow if its company is withdrawn."""
        company, person = links["company"], links["person"]
        if company.refusal is not None:
            raise BadRow(("company", company.refusal))
        stated = {"company_id": company.id, **super().stated(facts, links)}
        if "institution" in stated:
            # As with brokers: a row is known by what it says.
            named = stated["institution"]
            stated["institution"], alike = self.context.spellings.of(named, self.context.ask)
            if alike is not None:
                self.context.report.spelled[self.sheet.noun, named, alike] += 1
        if "others" in stated:
            stated["others"] = besides(stated.get("broker"), stated["others"])
            stated = {name: value for name, value in stated.items() if value is not None}
        if person:
            stated["person_id"] = self.person_id(person, company.id)
        return stated

    def _person_in(self, cell: object) -> str | None:
        """Return the name in a cell, if there is one. Raises BadValue."""
        if is_blank(cell):
            return None
        try:
            name: str = self._person.read({"name": cell}, {})["name"]
        except FieldErrors as found:
            raise found.errors[0].error from None
        return name

    def person_id(self, name: str, company_id: str) -> str:
        """Return the id of the person with that name at a company, adding a new one."""
        key = (company_id, name)
        if key not in self._people:
            found = person_named(self.context.session.store, company_id, name)
            self._people[key] = found or self.context.work.add_person(name, company_id)
        return self._people[key]


class EventIds:
    """Gives each row the id that it gets whenever it is read; a twin in the same file gets its own.

    The id is derived from the company and the facts: not from the person, whose name must not be
    guessable from a digest, nor from the broker who imports the file.
    """

    def __init__(self, noun: str) -> None:
        self._noun = noun
        self._times: dict[str, int] = {}
        self.twins: set[str] = set()

    def next_id(self, company_id: str, facts: str) -> str:
        """Return the id of the next row with these `facts` (JSON) of a company."""
        text = f"{company_id}\x1f{facts}"
        record_id = id_of_text(self._noun, text)
        times = self._times[record_id] = self._times.get(record_id, 0) + 1
        if times == 1:
            return record_id
        twin = id_of_text(self._noun, f"{text}\x1f{times}")
        self.twins.update((record_id, twin))
        return twin
