"""Rows of a sheet: cells by field become facts, which are stored, or errors, which are reported."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import Counter
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple

from kmtrack.errors import BadValue, Phrase, Refusal
from kmtrack.i18n import LANGUAGES, texts_of
from kmtrack.ledger.queries.commands import command_numbered
from kmtrack.ledger.queries.record_names import record_names
from kmtrack.ledger.schema.choices import choose
from kmtrack.ledger.schema.facts import FieldErrors
from kmtrack.ledger.schema.fields import fields_of
from kmtrack.ledger.schema.ids import id_from, noun_of
from kmtrack.ledger.schema.nouns import NOUNS
from kmtrack.ledger.stored_entries import entries_on
from kmtrack.usecases.doubts import Doubt
from kmtrack.usecases.imports.cells import are_plain, is_blank, means_nothing, without_invisible
from kmtrack.usecases.imports.columns import CVR, ID, QUESTIONS, field_of, heading_fact
from kmtrack.usecases.imports.facts_reader import VISITED, FactsReader
from kmtrack.usecases.imports.letters import has_lost_letters
from kmtrack.usecases.imports.recognition import Recognition
from kmtrack.usecases.imports.result import (
    NounResult,
    RowPosition,
    SimilarRow,
    WithdrawnRow,
)
from kmtrack.usecases.imports.table import spoilt_text
from kmtrack.usecases.imports.total_rows import is_total, is_total_row

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from kmtrack.ledger.schema.facts import Facts
    from kmtrack.ledger.schema.fields import Field
    from kmtrack.ledger.unit_of_work import UnitOfWork
    from kmtrack.usecases.imports.company_index import CompanyIndex
    from kmtrack.usecases.imports.list_columns import Headings
    from kmtrack.usecases.imports.options import ImportOptions
    from kmtrack.usecases.imports.recognition import Recognised
    from kmtrack.usecases.imports.result import RowReport
    from kmtrack.usecases.imports.table import NumberedRow
    from kmtrack.usecases.institutions import Spellings
    from kmtrack.usecases.session import Session

Cells = dict[str, object]
RowOutcome = Literal["added", "already_here", "filled_in"]

# The field that names what a row is about, where the template's example row says that it is one.
NAMING: Final = ("name", "company", CVR, "method", "deliverable", "municipality")
_ID_LENGTH: Final = len(id_from("company", bytes(8)))


_NAMES: Final = frozenset({"name", "company", "person"})


class BadRow(Exception):
    """A row that cannot be stored: what is wrong with it, by field."""

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
        """Return what recognises the rows of a noun, in all sheets."""
        if noun not in self.recognitions:
            found = Recognition(self.session.store, self.work, noun)
            self.recognitions[noun] = found
        return self.recognitions[noun]

    def ask(self, doubt: Doubt) -> str | None:
        """Return the answer to a doubt; None where it stands open, so that nothing will be stored.

        The file is read to its end all the same, so that all open questions are seen in one preview.
        """
        try:
            return self.session.settle(doubt)
        except Doubt:
            if all(doubt.subject != other.subject for other in self.questions):
                self.questions.append(doubt)
            return None


class ImportSheet:
    """A table whose headings are read: it names the cells of its rows and reports their errors."""

    def __init__(self, noun: str, title: str, headings: Headings, report: RowReport) -> None:
        self.noun = noun
        self.title = title
        self.has_strays = False
        # The CVR number that names the company of the row that was read last, and whether there is a
        # name beside it.
        self._number: object = ""
        self.name_beside: str | None = None
        # The words for nothing in that row, by field.
        self._empty_words: dict[str, str] = {}
        # In how many rows a column says in words that something is not known, by field.
        self.said_unknown: Counter[str] = Counter()
        # The better of two columns for one field comes first.
        self._headings: dict[str, str] = {}
        self._positions: dict[str, int] = {}
        self._spares: list[tuple[str, int]] = []
        for known in headings.known:
            if known.field in self._positions:
                self._spares.append((known.field, known.position))
            self._headings.setdefault(known.field, known.text)
            self._positions.setdefault(known.field, known.position)
        self.fields = frozenset(self._positions)
        self._names = {"person"} | {
            field
            for field in self.fields
            if (known_as := field_of(noun, field)) and known_as.kind.metavar == "initials"
        }
        # An answer may be that something is not known.
        self._kept = {ID, *(QUESTIONS if noun == "survey" else ())}
        self._width = headings.width
        self._naming = next(field for field in NAMING if field in self._positions)
        # Templates of earlier versions have a row that says that it is an example.
        self._examples = {texts_of(language)["template.example"] for language in LANGUAGES}
        self._report = report

    def cells(self, number: int, row: Sequence[object]) -> Cells:
        """Return the cells of a row by field; none for a blank row or the template's example."""
        if len(row) != self._width:
            row = self._fitted(number, row)
        cells = {field: row[at] for field, at in self._positions.items()}
        for field, at in self._spares:
            if is_blank(cells[field]):
                cells[field] = row[at]
        self._empty_words.clear()
        texts = {field: cell for field, cell in cells.items() if type(cell) is str}
        if not are_plain(texts.values()):
            kept = self._kept
            cells |= {
                field: self._meant(field, texts[field]) for field in texts if field not in kept
            }
        naming = cells[self._naming]
        if naming in self._examples or all(map(is_blank, cells.values())):
            return {}
        if self._may_be_total(naming, row) and self._is_total(row):
            self._report.totals.report(RowPosition(self.title, number))
            return {}
        if CVR in cells and self.noun != "company":  # a number goes before a name
            name = None if is_blank(cells[CVR]) else cells.get("company")
            self.name_beside = name.strip() or None if isinstance(name, str) else None
            if is_blank(cells[CVR]):
                cells.setdefault("company", None)
            else:
                cells["company"] = self._number = cells[CVR]
        return cells

    def column(self, field: str, rows: Iterable[NumberedRow]) -> list[str]:
        """Return what stands in the column of a field in each of these rows, "" for nothing there."""
        at = self._positions.get(field)
        if at is None:
            return []
        return ["" if len(row) <= at or row[at] is None else str(row[at]) for _, row in rows]

    def heading_of(self, field: str) -> str:
        """Return the heading of a field that has a column."""
        return self._headings[field]

    def report(self, position: RowPosition, field: str, cell: object, error: Refusal) -> None:
        """Report what is wrong with one cell of a row."""
        column = self._headings.get(field) or heading_fact(self.noun, field)
        if field == "company" and cell is self._number and CVR in self._headings:
            column = self._headings[CVR]  # which names the company
        self._report.error(position, column, cell or self._empty_words.get(field), error)

    def _meant(self, field: str, cell: str) -> object:
        """Return what a cell says: nothing for a word that means so, and no invisible characters.

        A name whose letters were lost is an error, except in a list of a ledger; in other texts it is
        counted.
        """
        visible = without_invisible(cell)
        if lost := len(cell) - len(visible):
            self._report.invisible[self.title, self._headings[field]] += lost
        cell = visible
        # A company may have been visited on an unknown day.
        is_said = field == VISITED and choose(VISITED, cell, strict=False)
        if not is_said and means_nothing(cell, is_name=field in self._names):
            self._report.empty_words[self.title, self._headings[field]] += 1
            self._empty_words[field] = cell
            if any(map(str.isalpha, cell)):
                self.said_unknown[field] += 1
            return None
        if "?" in cell and has_lost_letters(cell):
            if field in _NAMES and ID not in self.fields:
                return spoilt_text(cell)
            self._report.lost_letters[self.title, self._headings[field]] += 1
        return cell

    @staticmethod
    def _may_be_total(naming: object, row: Sequence[object]) -> bool:
        """Tell whether a row names nothing, or has a word for a total there or at its beginning."""
        if is_blank(naming) or is_total(str(naming)):
            return True
        first = next((cell for cell in row if not is_blank(cell)), None)
        return first is not naming and isinstance(first, str) and is_total(first)

    def _is_total(self, row: Sequence[object]) -> bool:
        positions = self._positions
        return is_total_row(row, positions.get(CVR), positions.get("municipality"))

    def _fitted(self, number: int, row: Sequence[object]) -> Sequence[object]:
        """Return a row of the headings' width.

        What is beyond them is in a CSV file a delimiter within a text, and elsewhere a note.
        """
        width = self._width
        strays = [cell for cell in row[width:] if not is_blank(cell)]
        if strays:
            self.has_strays = True
            if not self.title:
                refusal = BadValue("too_many_cells", limit=width)
                self._report.error(RowPosition("", number), "-", strays[0], refusal)
        return [*row[:width], *[None] * (width - len(row))]


class RowReader(ABC):
    """Reads the rows of one sheet; a subclass finds what rows of its nouns name, and stores them."""

    def __init__(self, context: ImportContext, sheet: ImportSheet) -> None:
        self.context = context
        self.sheet = sheet
        session = context.session
        self.for_blanks = context.stated.get(sheet.noun, {})
        # Who did it is no part of what a row is known by: it depends on who reads the file.
        stated = {column: value for column, value in self.for_blanks.items() if column != "broker"}
        self._facts = FactsReader(self.facts, sheet.fields, session.clock.today, stated)
        self.number_of_rows = 0
        # In how many of the rows that were added each fact was taken from a default.
        self.assumed = dict.fromkeys(
            (
                field.column
                for field in fields_of(self.facts)
                if field.column not in self.for_blanks and _is_assumable(field)
            ),
            0,
        )
        self._assumed_by_cell = tuple(column for column in self.assumed if column in sheet.fields)
        # Those of them that at least one row states.
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
        """Tell whether the ledger has the record whose id a row gives, so that no more is to be read.

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
        """Store a row or report its errors; None where nothing was stored."""
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
        """Count what was taken from defaults for a row that was set aside before it was added."""
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
    """Report a row whose record was withdrawn, so that nothing of the row is used."""
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


def report_similar(context: ImportContext, found: Recognised) -> None:
    """Report a row that was added though a record that was typed says nearly the same."""
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

    Other programs call numbers of their own so: what has not the form of a whole id is none. Raises
    BadRow for the id of a record of another noun.
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
    """Tell whether a fact is taken from a default, or left unknown, where nobody states it.

    Whoever sits here is taken to have done what a file does not say of others.
    """
    return field.name == "broker" or (field.kind.choice is not None and not field.is_required)
