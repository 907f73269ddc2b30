"""Rows of a sheet: cells by field become facts, which are stored, or errors, which are reported."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple

from kmtrack.errors import BadValue, Phrase, Refusal
from kmtrack.ledger.queries.commands import command_numbered
from kmtrack.ledger.queries.record_names import record_names
from kmtrack.ledger.schema.facts import FieldErrors
from kmtrack.ledger.schema.fields import fields_of
from kmtrack.ledger.schema.ids import id_from, noun_of
from kmtrack.ledger.schema.nouns import NOUNS
from kmtrack.ledger.stored_entries import entries_on
from kmtrack.usecases.doubts import Doubt
from kmtrack.usecases.imports.cells import is_blank
from kmtrack.usecases.imports.columns import ID
from kmtrack.usecases.imports.facts_reader import FactsReader
from kmtrack.usecases.imports.recognition import Recognition
from kmtrack.usecases.imports.result import (
    NounResult,
    RowPosition,
    SimilarRow,
    WithdrawnRow,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kmtrack.ledger.schema.facts import Facts
    from kmtrack.ledger.schema.fields import Field
    from kmtrack.ledger.unit_of_work import UnitOfWork
    from kmtrack.usecases.imports.company_index import CompanyIndex
    from kmtrack.usecases.imports.options import ImportOptions
    from kmtrack.usecases.imports.recognition import RecognisedRow
    from kmtrack.usecases.imports.result import RowReport
    from kmtrack.usecases.imports.sheet import Cells, ImportSheet
    from kmtrack.usecases.imports.table import NumberedRow
    from kmtrack.usecases.institutions import Spellings
    from kmtrack.usecases.session import Session

RowOutcome = Literal["added", "already_here", "filled_in"]

_ID_LENGTH: Final = len(id_from("company", bytes(8)))


class BadRow(Exception):
    """A row that cannot be stored: its errors, by field."""

    def __init__(self, *errors: tuple[str, Refusal]) -> None:
        super().__init__(errors)
        self.errors = errors


class ImportContext(NamedTuple):
    """What all sheets of an import share.

    `stated` are values for the cells that are blank or missing, by noun and column. `questions` are
    the doubts that nobody has settled.
    """

    file: str
    session: Session
    work: UnitOfWork
    companies: CompanyIndex
    report: RowReport
    options: ImportOptions
    stated: dict[str, dict[str, Any]]
    questions: list[Doubt]
    recognitions: dict[str, Recognition]
    spellings: Spellings

    def recognition(self, noun: str) -> Recognition:
        """Return the recognition of a noun's rows, in all sheets."""
        if noun not in self.recognitions:
            found = Recognition(self.session.store, self.work, noun)
            self.recognitions[noun] = found
        return self.recognitions[noun]

    def ask(self, doubt: Doubt) -> str | None:
        """Return the answer to a doubt; None if it is open, so that nothing will be stored.

        The file is read to its end all the same, so that one preview shows all open questions.
        """
        try:
            return self.session.settle(doubt)
        except Doubt:
            if all(doubt.subject != other.subject for other in self.questions):
                self.questions.append(doubt)
            return None


class RowReader(ABC):
    """Reads the rows of one sheet; a subclass finds the records that rows of its nouns name, and stores them."""

    def __init__(self, context: ImportContext, sheet: ImportSheet) -> None:
        self.context = context
        self.sheet = sheet
        session = context.session
        self.for_blanks = context.stated.get(sheet.noun, {})
        # The broker is not part of a row's identity: it depends on who reads the file.
        stated = {column: value for column, value in self.for_blanks.items() if column != "broker"}
        self._facts = FactsReader(self.facts, sheet.fields, session.clock.today, stated)
        self.number_of_rows = 0
        # The number of added rows that took each fact from a default.
        self.assumed = dict.fromkeys(
            (
                field.column
                for field in fields_of(self.facts)
                if field.column not in self.for_blanks and _is_assumable(field)
            ),
            0,
        )
        self._assumed_by_cell = tuple(column for column in self.assumed if column in sheet.fields)
        # Those of these facts that at least one row states.
        self.stated_in: set[str] = set()

    @property
    def facts(self) -> type[Facts]:
        """Return the facts in a row."""
        facts = NOUNS[self.sheet.noun].facts
        assert facts is not None  # noqa: S101 - nothing else is imported
        return facts

    def read(self, rows: Iterable[NumberedRow]) -> NounResult:
        """Read all rows; count those that were added, were here already, or filled gaps."""
        counts = {"added": 0, "already_here": 0, "filled_in": 0}
        for number, row in rows:
            cells = self.sheet.cells(number, row)
            if not cells:
                continue
            self.number_of_rows += 1
            outcome = self.read_row(RowPosition(self.sheet.title, number), cells)
            if outcome is not None:
                counts[outcome] += 1
                if outcome == "added":
                    for column in self._assumed_by_cell:
                        if is_blank(cells[column]):
                            self.assumed[column] += 1
                        else:
                            self.stated_in.add(column)
        for column in self.assumed:
            if column not in self.sheet.fields:
                self.assumed[column] += counts["added"]
        self.context.work.flush()  # the sheets that follow refer to these rows
        return NounResult(self.sheet.noun, **counts)

    def is_known(self, position: RowPosition, cells: Cells) -> bool:
        """Return whether the ledger has the record whose id a row gives, so that the rest need not be read.

        Raises BadRow.
        """
        del position, cells
        return False

    def links(self, cells: Cells) -> dict[str, Any]:
        """Find the records that a row names. Raises BadRow."""
        del cells
        return {}

    @abstractmethod
    def store(
        self, position: RowPosition, cells: Cells, facts: dict[str, Any], links: dict[str, Any]
    ) -> RowOutcome | None:
        """Store a row unless its record exists; None if it is left out. Raises BadRow."""

    def note_bad(self, cells: Cells) -> None:
        """Take note of a row that has errors."""
        del cells

    def read_row(self, position: RowPosition, cells: Cells) -> RowOutcome | None:
        """Store a row or report its errors; None if nothing was stored."""
        errors: list[tuple[str, Refusal]] = []
        try:
            if self.is_known(position, cells):
                return "already_here"
        except BadRow as found:
            self.report(position, cells, found.errors)
            return None
        links: dict[str, Any] = {}
        facts: dict[str, Any] = {}
        try:
            links = self.links(cells)
        except BadRow as found:
            errors += found.errors
        try:
            facts = self._facts.read(cells, links)
        except FieldErrors as found:
            errors += [(self._facts.column_of(field), error) for field, error in found.errors]
        if not errors:
            try:
                return self.store(position, cells, facts, links)
            except BadRow as found:
                errors += found.errors
        self.report(position, cells, errors)
        self.note_bad(cells)
        return None

    def note_assumed(self, cells: Cells) -> None:
        """Count the defaults in a row that was set aside before it was added."""
        for column in self.assumed:
            if is_blank(cells.get(column)):
                self.assumed[column] += 1
            else:
                self.stated_in.add(column)

    def report(
        self, position: RowPosition, cells: Cells, errors: Iterable[tuple[str, Refusal]]
    ) -> None:
        """Report what is wrong with a row, by field."""
        for field, error in errors:
            self.sheet.report(position, field, cells.get(field), error)


def report_withdrawn(
    context: ImportContext, position: RowPosition, noun: str, record_id: str, reason: str
) -> None:
    """Report a row that is not used because its record was withdrawn."""
    found = context.report.withdrawn
    if found.is_full:
        found.number += 1
        return
    store = context.session.store
    names = record_names(store, [record_id])
    name = names[record_id].name if record_id in names else ""
    withdrawing = [
        entry.command
        for entry in entries_on(store, noun, [record_id])
        if entry.action == "withdraw" or entry.facts.get("withdrawn")
    ]
    by = command_numbered(store, withdrawing[-1]) if withdrawing else None
    found.report(WithdrawnRow(position, noun, record_id, name, reason, by))


def report_similar(context: ImportContext, found: RecognisedRow) -> None:
    """Report a row that was added although a typed record says nearly the same."""
    for record in found.records[:1]:
        held, names = found.held, record_names(context.session.store, [record.id])
        similar = SimilarRow(
            held.position, held.row.noun, names[record.id].name, held.record_id, record.id
        )
        context.report.similar.report(similar)


def text_of(cell: object) -> str:
    """Return the text of a cell that must not be empty. Raises BadValue."""
    if isinstance(cell, BadValue):
        raise cell.with_traceback(None)
    text = str(cell if cell is not None else "").strip()
    if not text:
        raise BadValue("missing_value")
    return text


def given_id(noun: str, cells: Cells) -> str | None:
    """Return the id that a row gives for its record, as lists of a ledger do.

    Other programs have columns of this name for numbers of their own: anything without the form of
    a complete id is ignored. Raises BadRow for the id of a record of another noun.
    """
    if not (cell := cells.get(ID)):
        return None
    text = str(cell).strip().lower()
    if len(text) != _ID_LENGTH or (found := noun_of(text)) is None:
        return None
    if found != noun:
        facts = {"noun": Phrase(f"noun.{found}"), "expected": Phrase(f"noun.{noun}")}
        raise BadRow((ID, BadValue("id_of_other_noun", id=text, **facts)))
    return text


def _is_assumable(field: Field) -> bool:
    """Return whether a fact that nobody states gets a default, or stays unknown.

    The current broker is assumed to have done what a file does not attribute to others.
    """
    return field.name == "broker" or (field.kind.choice is not None and not field.is_required)
