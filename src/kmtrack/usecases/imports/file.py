"""An import of a whole file in one unit of work: read, stored and judged, or refused."""

from __future__ import annotations

from collections import Counter
from datetime import date
from itertools import chain, dropwhile, islice
from typing import TYPE_CHECKING, Final

from kmtrack.errors import Refusal
from kmtrack.ledger.queries.targets import totals
from kmtrack.ledger.schema.nouns import EVENTS
from kmtrack.ledger.schema.plain_text import shown
from kmtrack.rules.tallies import target_changes
from kmtrack.usecases.imports.column_choices import ColumnChoices
from kmtrack.usecases.imports.columns import IMPORTABLE, field_of
from kmtrack.usecases.imports.companies import CompanyReader
from kmtrack.usecases.imports.company_index import CompanyIndex
from kmtrack.usecases.imports.corrections import correct_records
from kmtrack.usecases.imports.events import EventReader
from kmtrack.usecases.imports.list_columns import read_headings
from kmtrack.usecases.imports.options import NO_OPTIONS, named_tables, stated_facts
from kmtrack.usecases.imports.questions import (
    ask_about_columns,
    chosen_columns,
    default_of,
    settle,
    without_drafts,
)
from kmtrack.usecases.imports.records import (
    DeliveryReader,
    MethodReader,
    MethodRecordReader,
)
from kmtrack.usecases.imports.result import (
    AssumedFact,
    BadRows,
    IgnoredColumn,
    ImportResult,
    NounResult,
    RowPosition,
    RowReport,
    SheetRead,
    SkippedRows,
    UnderstoodColumn,
)
from kmtrack.usecases.imports.rows import ImportContext
from kmtrack.usecases.imports.sheet import ImportSheet
from kmtrack.usecases.imports.sources import noun_asked, opened, recognise
from kmtrack.usecases.imports.surveys import SurveyReader
from kmtrack.usecases.imports.table import Deadline, Limits
from kmtrack.usecases.imports.unknown_companies import BESIDE, CompaniesAlong, refuse_without_events
from kmtrack.usecases.imports.unread import SAMPLE, unread_columns
from kmtrack.usecases.institutions import Spellings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from kmtrack.ledger.unit_of_work import UnitOfWork
    from kmtrack.usecases.imports.list_columns import TableHeadings
    from kmtrack.usecases.imports.options import ImportOptions
    from kmtrack.usecases.imports.rows import RowReader
    from kmtrack.usecases.imports.sources import ReadTable, RecognisedTables
    from kmtrack.usecases.imports.table import FileTable, Findings, NumberedRow
    from kmtrack.usecases.imports.unread import UnreadColumn
    from kmtrack.usecases.session import Session

LIMITS: Final = Limits()
_READERS: Final[Mapping[str, type[RowReader]]] = {
    "company": CompanyReader,
    **dict.fromkeys(EVENTS, EventReader),
    "method": MethodReader,
    **dict.fromkeys(("assessment", "dissemination"), MethodRecordReader),
    "delivery": DeliveryReader,
    "survey": SurveyReader,
}
# The percentage of the work that is reading; the rest is judging.
_READ: Final = 75
_DONE: Final = 100
_EVERY: Final = 1000
# Fewer rows are read too quickly for a progress report.
_WORTH_TELLING: Final = 2000


def import_file(  # noqa: PLR0913 - what is asked of one file
    session: Session,
    file: Path,
    noun: str | None = None,
    options: ImportOptions = NO_OPTIONS,
    *,
    dry_run: bool = False,
    progress: Callable[[int], None] | None = None,
) -> ImportResult:
    """Read a workbook or a CSV file into the ledger; return what it added, found and left alone.

    `noun` is the noun of the rows if the file does not name one. `dry_run` does everything and
    keeps nothing. `progress` is called with the percentage done. Raises, unless it is a `dry_run`,
    BadRows with every bad row and Doubts with all that a person is to settle first, and Refusal for a
    file that cannot be read.
    """
    deadline = Deadline(LIMITS)
    asked = noun_asked(noun) if noun else None
    with opened(file, LIMITS, deadline) as found:
        answered = {one: chosen_columns(session, one) for one in IMPORTABLE}
        choices = ColumnChoices(session.store, options.columns, answered)
        tables = named_tables(found.tables, options.sheets, file)
        recognised = recognise(file, tables, asked, choices, with_companies=options.with_companies)
        watched = _Progress(file, LIMITS, deadline, found.size, progress)
        with session.unit_of_work("import", shown(file.name), dry_run=dry_run) as work:
            importing = _Import(session, file, work, watched, options)
            result = importing.run(recognised, found.findings, dry_run=dry_run)
            if not dry_run:
                settle(session, result)
        watched.tell(_DONE)
    return result


class _Import:
    """One import under way, inside its unit of work."""

    def __init__(
        self,
        session: Session,
        file: Path,
        work: UnitOfWork,
        progress: _Progress,
        options: ImportOptions,
    ) -> None:
        self._file = file
        self._progress = progress
        self._options = options
        self._report = RowReport(LIMITS.errors)
        companies = CompanyIndex(session.store)
        self._context = ImportContext(
            file.name,
            session,
            work,
            companies,
            self._report,
            options,
            {},
            [],
            {},
            Spellings(session.store),
        )
        self._readers: list[RowReader] = []
        # The companies that events bring along, and the columns of each table that may hold a fact.
        self._along: list[RowReader] = []
        self._unread: list[tuple[RowReader, list[UnreadColumn]]] = []
        self._sheets: list[SheetRead] = []
        self._assumed: Counter[tuple[str, str]] = Counter()
        self._ignored_columns: list[IgnoredColumn] = []

    def run(
        self, recognised: RecognisedTables, findings: Findings, *, dry_run: bool
    ) -> ImportResult:
        """Read all tables and judge what they touch. Raises BadRows, unless it is a `dry_run`."""
        session, work, report = self._context.session, self._context.work, self._report
        before = totals(session.store, date.max)
        nouns: dict[str, NounResult] = {}
        tables, drafts = without_drafts(self._context, recognised, self._options.sheets)
        nouns_read = [one.noun for one in tables]
        stated = stated_facts(self._options.stated, nouns_read, session.clock.today)
        self._context.stated.update(stated)
        if self._options.with_companies:
            refuse_without_events(nouns_read)
        for one in tables:
            for found in self._read(one, recognised.choices):
                noun = found.noun
                nouns[noun] = nouns[noun].plus(found) if noun in nouns else found
        for found in correct_records(self._context, self._readers):
            nouns[found.noun] = nouns[found.noun].plus(found)
        if report.errors and not dry_run:
            raise BadRows(report.errors, self._file.name)
        for reader in (*self._readers, *self._along):
            for column, rows in reader.assumed.items():
                self._assumed[reader.sheet.noun, column] += rows
        for reader, unread in self._unread:
            ask_about_columns(self._context, reader, unread)
        self._progress.tell(_READ)
        work.judge()
        return ImportResult(
            file=self._file.name,
            dry_run=dry_run,
            nouns=[nouns[noun] for noun in IMPORTABLE if noun in nouns],
            targets=target_changes(work.contract, before, totals(session.store, date.max)),
            sheets=self._sheets,
            assumed=[self._assumption(*each) for each in self._assumed.items() if each[1]],
            ignored_columns=self._ignored_columns,
            ignored_sheets=recognised.ignored,
            unclear_sheets=recognised.unclear,
            draft_sheets=drafts,
            skipped=[skipped for one in tables if (skipped := _skipped(one))],
            findings=findings,
            questions=self._context.questions,
            **report.findings(),
        )

    def _read(self, read: ReadTable, choices: ColumnChoices) -> list[NounResult]:
        """Read one table; return how its rows fared, and the companies that were added for them."""
        noun, table, row = read
        name = table.title or self._file.name
        if len(row.cells) > LIMITS.columns:
            raise Refusal("too_many_columns", sheet=name, limit=LIMITS.columns)
        chosen = choices.of(noun, row.texts)
        headings = read_headings(noun, row, name, chosen, self._context.stated[noun])
        sheet = ImportSheet(noun, table.title, headings, self._report)
        rows = dropwhile(lambda each: each[0] <= row.number, table.rows())
        first = list(islice(rows, SAMPLE))
        reader = _READERS[noun](self._context, sheet)
        self._readers.append(reader)
        watched = self._progress.over(chain(first, rows))
        along = None
        if self._options.with_companies and noun in EVENTS:
            along = CompaniesAlong(self._context, read, headings, choices)
            watched = along.before(watched)
        result = reader.read(watched)
        unread = unread_columns(noun, headings.unread, first)
        open_ = [each for each in unread if each.column.position not in headings.left_out]
        self._unread.append((reader, open_))
        columns = _understood(headings)
        self._sheets.append(
            SheetRead(table.title, noun, reader.number_of_rows, columns, table.hidden_rows)
        )
        self._ignored_columns += [IgnoredColumn(table.title, *column[1:]) for column, _ in unread]
        if sheet.has_strays:
            self._ignored_columns.append(IgnoredColumn(table.title, None))
        choices.remember(noun, row.texts)
        if along is None:
            return [result]
        choices.remember("company", row.texts, BESIDE)
        self._along.append(along.reader)
        self._tell_of_companies(table, along)
        return [along.result, result]

    def _tell_of_companies(self, table: FileTable, along: CompaniesAlong) -> None:
        """Report the columns that the companies of events were read from."""
        columns = _understood(along.headings)
        self._sheets.append(SheetRead(table.title, "company", along.result.rows, columns, 0))
        read = {(table.title, known.text) for known in along.headings.known}
        self._ignored_columns = [
            column for column in self._ignored_columns if column[:2] not in read
        ]

    def _assumption(self, key: tuple[str, str], rows: int) -> AssumedFact:
        noun, column = key
        field = field_of(noun, column)
        assert field is not None  # noqa: S101 - it is one of the noun's
        return AssumedFact(noun, column, default_of(self._context.session, field), rows)


def _understood(headings: TableHeadings) -> list[UnderstoodColumn]:
    return [UnderstoodColumn(known.text, known.field, known.source) for known in headings.known]


def _skipped(read: ReadTable) -> SkippedRows | None:
    """Return what is above the headings of a table; None if there is nothing."""
    above = read.headings.above
    if not above:
        return None
    number, cells = above[0]
    text = " ".join(str(cell) for cell in cells if cell is not None and str(cell).strip())
    return SkippedRows(RowPosition(read.table.title, number), shown(text), len(above))


class _Progress:
    """Counts rows, reports the percentage done, and stops an import that is too large or too slow."""

    def __init__(
        self,
        file: Path,
        limits: Limits,
        deadline: Deadline,
        size: int,
        progress: Callable[[int], None] | None,
    ) -> None:
        self._file = file
        self._most = limits.rows
        self._deadline = deadline
        self._size = max(size, 1)
        self._progress = progress if size >= _WORTH_TELLING else None
        self._rows = 0
        self._told = 0

    def over(self, rows: Iterator[NumberedRow]) -> Iterator[NumberedRow]:
        """Yield the rows. Raises Refusal for too many, or once the time is up."""
        while some := list(islice(rows, _EVERY)):
            self._rows += len(some)
            if self._rows > self._most:
                raise Refusal(
                    "too_many_rows", file=self._file.name, number=self._most + 1, limit=self._most
                )
            yield from some
            self._deadline.check()
            self.tell(min(_READ, self._rows * _READ // self._size))

    def tell(self, percent: int) -> None:
        """Report how much is done, if that is more than before."""
        if self._progress is not None and percent > self._told:
            self._told = percent
            self._progress(percent)
