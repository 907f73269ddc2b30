"""What the readers of rows share: the ledger they write to, the sheet, and what they report."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final, NamedTuple

from kmtrack.errors import BadValue, Refusal
from kmtrack.i18n import LANGUAGES, current, say_in
from kmtrack.ledger.schema.ids import id_from, noun_of
from kmtrack.ledger.schema.plain_text import shown
from kmtrack.rules.dates import format_day
from kmtrack.usecases.imports.columns import CVR, heading
from kmtrack.usecases.imports.result import CellPosition, Difference, Doubt, RowMistake

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kmtrack.ledger.schema.facts import Mistakes
    from kmtrack.ledger.unit_of_work import UnitOfWork
    from kmtrack.usecases.imports.columns import Headings
    from kmtrack.usecases.imports.company_index import Directory
    from kmtrack.usecases.session import Session

# The field that names what a row is about, where the template's example row says that it is one.
_LENGTH: Final = len(id_from("company", bytes(8)))
NAMING: Final = ("name", "company", CVR, "method", "deliverable", "municipality")


class RowReport:
    """Collects what a person must be told: the first of each kind, and how many there are."""

    def __init__(self, most: int) -> None:
        self._most = most
        self.mistakes: list[RowMistake] = []
        self.number_of_mistakes = 0
        self.differences: list[Difference] = []
        self.number_of_differences = 0
        self.doubts: list[Doubt] = []
        self.number_of_doubts = 0

    def mistake(self, place: CellPosition, column: str, cell: object, error: Refusal) -> None:
        """Note a value that cannot be stored; `cell` as it stands in the file."""
        self.number_of_mistakes += 1
        if len(self.mistakes) < self._most:
            value = _in_words(cell)
            self.mistakes.append(RowMistake(place, column, value, error.sentence()))

    def in_order_of_rows(self, sheet: str) -> None:
        """Put the mistakes of a sheet that was read in order: some were found late."""
        start = next(
            (at for at, found in enumerate(self.mistakes) if found.place.sheet == sheet),
            len(self.mistakes),
        )
        self.mistakes[start:] = sorted(self.mistakes[start:], key=lambda found: found.place.row)

    def difference(self, difference: Difference) -> None:
        """Note a fact for which the file and the ledger differ."""
        self.number_of_differences += 1
        if len(self.differences) < self._most:
            self.differences.append(difference)

    def doubt(self, doubt: Doubt) -> None:
        """Note a company that may be another one's double."""
        self.number_of_doubts += 1
        if len(self.doubts) < self._most:
            self.doubts.append(doubt)


class ImportContext(NamedTuple):
    """An import under way."""

    session: Session
    change: UnitOfWork
    directory: Directory
    report: RowReport


class Sheet:
    """A table whose headings are read; it takes rows apart and notes their mistakes."""

    def __init__(self, noun: str, title: str, headings: Headings, report: RowReport) -> None:
        self.noun = noun
        self.title = title
        self.has_strays = False
        self._headings = {known.field: known.text for known in headings.known}
        self.positions = {known.field: known.position for known in headings.known}
        self.width = headings.width
        self._naming = next(field for field in NAMING if field in self.positions)
        self._examples = {say_in(language, "template.example") for language in LANGUAGES}
        self._report = report

    def cells(self, row: Sequence[object]) -> dict[str, object]:
        """The cells of a row by field; none for a blank row or the template's example."""
        cells = {field: row[at] for field, at in self.positions.items()}
        if all(map(_is_blank, cells.values())) or cells[self._naming] in self._examples:
            return {}
        return cells

    def fitted(self, number: int, row: Sequence[object]) -> Sequence[object]:
        """A row of the headings' width, though it be shorter or longer.

        What is beyond them is in a CSV file a delimiter within a text, and elsewhere a note.
        """
        width = self.width
        strays = [cell for cell in row[width:] if not _is_blank(cell)]
        if strays:
            self.has_strays = True
            if not self.title:
                refusal = BadValue("too_many_cells", limit=width)
                self._report.mistake(CellPosition("", number), "-", strays[0], refusal)
        return [*row[:width], *[None] * (width - len(row))]

    def mistake(self, number: int, field: str, cell: object, error: Refusal) -> None:
        """Note a mistake in one field of a row."""
        column = self._headings.get(field) or heading(self.noun, field)
        self._report.mistake(CellPosition(self.title, number), column, cell, error)

    def mistakes(self, number: int, cells: dict[str, object], found: Mistakes) -> None:
        """Note all the mistakes of a row."""
        for field, error in found.mistakes:
            self.mistake(number, field, cells.get(field), error)


def whole_id(noun: str, cell: object) -> str | None:
    """The id of a record of that noun in a cell, if it is a whole one."""
    text = str(cell or "").strip().lower()
    return text if len(text) == _LENGTH and noun_of(text) == noun else None


def _is_blank(cell: object) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())


def _in_words(cell: object) -> str:
    if cell is None or isinstance(cell, Refusal):
        return ""
    return format_day(cell, current()) if isinstance(cell, date) else shown(cell)
