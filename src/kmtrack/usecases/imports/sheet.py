"""A sheet of an import: its headings name the cells of its rows."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from kmtrack.errors import BadValue, Refusal
from kmtrack.i18n import LANGUAGES, texts_of
from kmtrack.ledger.schema.choices import choose
from kmtrack.usecases.imports.cells import are_plain, is_blank, means_nothing, without_invisible
from kmtrack.usecases.imports.columns import CVR, ID, QUESTIONS, field_of, heading_fact
from kmtrack.usecases.imports.encodings import has_lost_letters
from kmtrack.usecases.imports.facts_reader import VISITED
from kmtrack.usecases.imports.result import RowPosition
from kmtrack.usecases.imports.table import spoilt_text
from kmtrack.usecases.imports.total_rows import is_total, is_total_row

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from kmtrack.usecases.imports.list_columns import TableHeadings
    from kmtrack.usecases.imports.result import RowReport
    from kmtrack.usecases.imports.table import NumberedRow

Cells = dict[str, object]

# The field that names what a row is about, where the template's example row says that it is one.
NAMING: Final = ("name", "company", CVR, "method", "deliverable", "municipality")
_NAMES: Final = frozenset({"name", "company", "person"})


class ImportSheet:
    """A table whose headings are read: it names the cells of its rows and reports their errors."""

    def __init__(self, noun: str, title: str, headings: TableHeadings, report: RowReport) -> None:
        self.noun = noun
        self.title = title
        self.has_strays = False
        # The CVR number that names the company of the row that was read last, and whether there is a
        # name beside it.
        self._number: object = ""
        self.name_beside: str | None = None
        # The words for nothing in that row, by field.
        self._empty_words: dict[str, str] = {}
        # The number of rows that say in words that a field is unknown.
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
        """Return the cell in a field's column for each of these rows, "" for an empty one."""
        at = self._positions.get(field)
        if at is None:
            return []
        return ["" if len(row) <= at or row[at] is None else str(row[at]) for _, row in rows]

    def heading_of(self, field: str) -> str:
        """Return the heading of a field that has a column."""
        return self._headings[field]

    def report(self, position: RowPosition, field: str, cell: object, error: Refusal) -> None:
        """Report the error of one cell in a row."""
        column = self._headings.get(field) or heading_fact(self.noun, field)
        if field == "company" and cell is self._number and CVR in self._headings:
            column = self._headings[CVR]  # which names the company
        self._report.error(position, column, cell or self._empty_words.get(field), error)

    def _meant(self, field: str, cell: str) -> object:
        """Return what a cell says: nothing for a word that means nothing, and no invisible characters.

        A name whose letters were lost is an error, except in a list of a ledger; in other texts it
        is counted.
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
        """Return whether a row names nothing, or has a word for a total in that cell or at its beginning."""
        if is_blank(naming) or is_total(str(naming)):
            return True
        first = next((cell for cell in row if not is_blank(cell)), None)
        return first is not naming and isinstance(first, str) and is_total(first)

    def _is_total(self, row: Sequence[object]) -> bool:
        positions = self._positions
        return is_total_row(row, positions.get(CVR), positions.get("municipality"))

    def _fitted(self, number: int, row: Sequence[object]) -> Sequence[object]:
        """Return a row of the headings' width.

        What is beyond them comes from a delimiter within a text in a CSV file, and elsewhere is a
        note.
        """
        width = self._width
        strays = [cell for cell in row[width:] if not is_blank(cell)]
        if strays:
            self.has_strays = True
            if not self.title:
                refusal = BadValue("too_many_cells", limit=width)
                self._report.error(RowPosition("", number), "-", strays[0], refusal)
        return [*row[:width], *[None] * (width - len(row))]
