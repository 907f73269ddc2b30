"""Rows of events: contacts, collaborations and hires, each stored once, however often it is read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kmtrack.errors import BadValue, Refusal
from kmtrack.ledger.entries import as_json
from kmtrack.ledger.queries.people import person_named
from kmtrack.ledger.schema.facts import FieldErrors
from kmtrack.ledger.schema.people import PersonFacts
from kmtrack.ledger.schema.values import besides
from kmtrack.usecases.imports.company_index import BAD_IN_FILE
from kmtrack.usecases.imports.records import RecordReader, id_of_text
from kmtrack.usecases.imports.rows import BadRow, FactsReader, is_blank

if TYPE_CHECKING:
    from kmtrack.usecases.imports.result import RowPosition
    from kmtrack.usecases.imports.rows import Cells, ImportContext, ImportSheet, RowOutcome


class EventReader(RecordReader):
    """Reads contacts, collaborations and hires."""

    def __init__(self, context: ImportContext, sheet: ImportSheet) -> None:
        super().__init__(context, sheet)
        self._ids = EventIds(sheet.noun)
        self._person = FactsReader(PersonFacts, ["name"], context.session.clock.today)
        self._people: dict[tuple[str, str], str] = {}

    def links(self, cells: Cells) -> dict[str, Any]:
        """Find the company of an event, and read whom the brokers met. Raises BadRow."""
        errors: list[tuple[str, Refusal]] = []
        links: dict[str, Any] = {}
        try:
            links["company"] = self.context.companies.named(cells["company"])
        except BadValue as error:
            errors.append(("company", error))
        try:
            links["person"] = self._person_in(cells.get("person"))
        except BadValue as error:
            errors.append(("person", error))
        if errors:
            raise BadRow(*errors)
        return links

    def store(
        self, position: RowPosition, cells: Cells, facts: dict[str, Any], links: dict[str, Any]
    ) -> RowOutcome | None:
        """Store an event, unless its id is here or the row of its company is bad."""
        if links["company"].id == BAD_IN_FILE:
            return None
        return super().store(position, cells, facts, links)

    def id_of(self, facts: dict[str, Any], links: dict[str, Any]) -> str:
        """Return the id of an event; see EventIds."""
        return self._ids.next_id(links["company"].id, as_json(facts))

    def stated(self, facts: dict[str, Any], links: dict[str, Any]) -> dict[str, Any]:
        """Return the facts of a new event. Raises BadRow if its company is withdrawn."""
        company, person = links["company"], links["person"]
        if company.refusal is not None:
            raise BadRow(("company", company.refusal))
        stated = {"company_id": company.id, **super().stated(facts, links)}
        if "others" in stated:
            stated["others"] = besides(stated.get("broker"), stated["others"])
            stated = {name: value for name, value in stated.items() if value is not None}
        if person:
            stated["person_id"] = self._person_id(person, company.id)
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

    def _person_id(self, name: str, company_id: str) -> str:
        """Return the id of the person of that name at a company, who is added if not there yet."""
        key = (company_id, name)
        if key not in self._people:
            found = person_named(self.context.session.store, company_id, name)
            self._people[key] = found or self.context.work.add_person(name, company_id)
        return self._people[key]


class EventIds:
    """Gives each row the id that it gets whenever it is read; a twin in one file gets its own.

    The id is derived from the company and the facts: not from the person, whose name must not be
    guessable from a digest, nor from the broker who imports the file.
    """

    def __init__(self, noun: str) -> None:
        self._noun = noun
        self._times: dict[str, int] = {}

    def next_id(self, company_id: str, facts: str) -> str:
        """Return the id of the next row, which has `facts` (JSON) of a company."""
        text = f"{company_id}\x1f{facts}"
        record_id = id_of_text(self._noun, text)
        times = self._times[record_id] = self._times.get(record_id, 0) + 1
        return record_id if times == 1 else id_of_text(self._noun, f"{text}\x1f{times}")
