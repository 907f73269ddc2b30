"""Unknown companies: add those that rows of events name and the ledger does not know."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kmtrack.errors import BadValue, Phrase, Refusal
from kmtrack.ledger.schema.nouns import EVENTS
from kmtrack.ledger.schema.values import looks_like_cvr
from kmtrack.usecases.imports.cells import is_blank
from kmtrack.usecases.imports.columns import CVR
from kmtrack.usecases.imports.companies import CompanyReader
from kmtrack.usecases.imports.list_columns import TableHeadings, company_headings
from kmtrack.usecases.imports.result import NounResult, RowPosition, RowReport
from kmtrack.usecases.imports.sheet import ImportSheet

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from kmtrack.usecases.imports.column_choices import ColumnChoices
    from kmtrack.usecases.imports.rows import ImportContext, RowOutcome
    from kmtrack.usecases.imports.sources import ReadTable
    from kmtrack.usecases.imports.table import NumberedRow

# The key for remembering the columns of these companies, apart from those of lists of companies.
BESIDE: Final = "beside events"


def refuse_without_events(nouns: Iterable[str]) -> None:
    """Raise Refusal `option_fits_nothing` unless some table has events, as only these name companies."""
    if set(EVENTS).isdisjoint(nouns):
        named = [Phrase(f"nouns.{noun}") for noun in EVENTS]
        raise Refusal("option_fits_nothing", option="--with-companies", nouns=named)


class CompaniesAlong:
    """Adds the unknown companies of a table of events, each before the first row that names it."""

    def __init__(
        self, context: ImportContext, read: ReadTable, events: TableHeadings, choices: ColumnChoices
    ) -> None:
        """Raise Refusal `no_companies_along` unless the table has names and CVR numbers."""
        texts = read.headings.texts
        chosen = choices.of("company", texts, BESIDE)
        self.headings = company_headings(events, chosen)
        fields = {known.field for known in self.headings.known}
        if not fields >= {"name", CVR}:
            raise Refusal("no_companies_along", sheet=read.table.title or "CSV")
        self._context = context
        # Findings about a row are reported where the event is read; only errors are reported here too.
        report = RowReport(0)
        report.errors = context.report.errors
        self._sheet = ImportSheet("company", read.table.title, self.headings, report)
        self.reader = CompanyReader(context, self._sheet)
        self._added: set[str] = set()
        self._counts: dict[RowOutcome, int] = {"added": 0, "already_here": 0, "filled_in": 0}

    @property
    def result(self) -> NounResult:
        """Return how many companies were added."""
        return NounResult("company", len(self._added), filled_in=self._counts["filled_in"])

    def before(self, rows: Iterable[NumberedRow]) -> Iterator[NumberedRow]:
        """Yield the rows, each after its company was added if that was unknown."""
        for number, row in rows:
            cells = self._sheet.cells(number, row)
            cvr = looks_like_cvr(str(cells.get(CVR) or ""))
            if cvr and not is_blank(cells["name"]) and (cvr in self._added or self._is_new(cvr)):
                outcome = self.reader.read_row(RowPosition(self._sheet.title, number), cells)
                if outcome == "added":
                    self._added.add(cvr)
                    self.reader.note_assumed(cells)
                elif outcome is not None:
                    self._counts[outcome] += 1
            yield number, row

    def _is_new(self, cvr: str) -> bool:
        try:
            self._context.companies.named(cvr)
        except BadValue as unknown:
            return unknown.key == "company_not_found"
        return False
