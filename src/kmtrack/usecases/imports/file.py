"""An import of a whole file in one unit of work: read, stored and judged, or refused."""

from __future__ import annotations

from collections import Counter
from datetime import date
from functools import cached_property
from itertools import chain, islice
from typing import TYPE_CHECKING, Any, Final

from kmtrack.errors import Phrase, Refusal
from kmtrack.ledger.queries.brokers import live_brokers
from kmtrack.ledger.queries.targets import totals
from kmtrack.ledger.schema.nouns import EVENTS
from kmtrack.ledger.schema.phrases import value_phrase
from kmtrack.ledger.schema.plain_text import shown
from kmtrack.rules.status import target_changes
from kmtrack.text import as_typed
from kmtrack.usecases.doubts import Choice, Doubt, Doubts
from kmtrack.usecases.imports.columns import field_of, heading_fact, read_headings
from kmtrack.usecases.imports.companies import CompanyReader
from kmtrack.usecases.imports.company_index import CompanyIndex
from kmtrack.usecases.imports.events import EventReader
from kmtrack.usecases.imports.options import NO_OPTIONS, stated_facts
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
    RowReport,
    SheetRead,
    UnderstoodColumn,
)
from kmtrack.usecases.imports.rows import ImportContext, ImportSheet
from kmtrack.usecases.imports.sources import noun_asked, opened, recognise
from kmtrack.usecases.imports.surveys import SurveyReader
from kmtrack.usecases.imports.table import Deadline, Limits
from kmtrack.usecases.imports.unread import SAMPLE, is_marked, seems_to_hold, unread_columns

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from kmtrack.ledger.schema.fields import Field
    from kmtrack.ledger.unit_of_work import UnitOfWork
    from kmtrack.usecases.imports.options import ImportOptions
    from kmtrack.usecases.imports.rows import RowReader
    from kmtrack.usecases.imports.sources import Recognised
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
# The question what a column holds, and the answer that it is none of what is stored.
_HOLDS: Final = "column_holds"
_ANOTHER: Final = "another"
# What reading takes of the whole, in percent; the rest is for judging.
_READ: Final = 75
_DONE: Final = 100
_EVERY: Final = 1000
# Fewer rows are read before anyone begins to wonder.
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
    keeps nothing. `progress` is called with the percentage done. Raises BadRows with every bad row,
    Doubts with all that a person is to settle first, unless it is a `dry_run`, and Refusal for a file
    that cannot be read.
    """
    deadline = Deadline(LIMITS)
    asked = noun_asked(noun) if noun else None
    with opened(file, LIMITS, deadline) as found:
        recognised = recognise(file, found.tables, asked)
        watched = _Progress(file, LIMITS, deadline, found.size, progress)
        with session.unit_of_work("import", shown(file.name), dry_run=dry_run) as work:
            nouns = [noun for noun, _ in recognised.tables]
            stated = stated_facts(options.stated, nouns, session.clock.today)
            importing = _Import(session, file, work, watched, stated)
            result = importing.run(recognised, found.findings)
            if not dry_run:
                _settle(session, result)
        watched.tell(_DONE)
    return result._replace(dry_run=dry_run)


def _settle(session: Session, result: ImportResult) -> None:
    """Raise Doubts where a question stands open, or somebody at a terminal has not seen the result."""
    questions = result.questions
    is_read_anew = any(subject[0] == _HOLDS for subject in session.answers.given)
    if not questions and (is_read_anew or not result.is_clear):
        try:
            session.settle(
                Doubt("import_store", yes_settles=True, is_only_reported=True, file=result.file)
            )
        except Doubt as doubt:
            questions = [doubt]
    if questions:
        raise Doubts(questions, result, file=result.file)


class _Import:
    """One import under way, inside its unit of work."""

    def __init__(
        self,
        session: Session,
        file: Path,
        work: UnitOfWork,
        progress: _Progress,
        stated: Mapping[str, Mapping[str, Any]],
    ) -> None:
        self._file = file
        self._progress = progress
        self._report = RowReport(LIMITS.errors)
        companies = CompanyIndex(session.store)
        self._context = ImportContext(session, work, companies, self._report, stated, [])
        self._sheets: list[SheetRead] = []
        self._assumed: Counter[tuple[str, str]] = Counter()
        self._ignored_columns: list[IgnoredColumn] = []

    def run(self, recognised: Recognised, findings: Findings) -> ImportResult:
        """Read all tables and judge what they touch. Raises BadRows."""
        session, work, report = self._context.session, self._context.work, self._report
        before = totals(session.store, date.max)
        nouns: dict[str, NounResult] = {}
        for noun, table in recognised.tables:
            found = self._read(noun, table)
            nouns[noun] = found.plus(nouns[noun]) if noun in nouns else found
        if report.errors:
            raise BadRows(report.errors, self._file.name)
        self._progress.tell(_READ)
        work.judge()
        return ImportResult(
            file=self._file.name,
            dry_run=False,
            nouns=list(nouns.values()),
            targets=target_changes(work.contract, before, totals(session.store, date.max)),
            sheets=self._sheets,
            assumed=[self._assumption(*each) for each in self._assumed.items()],
            ignored_columns=self._ignored_columns,
            ignored_sheets=recognised.ignored,
            findings=findings,
            questions=self._context.questions,
            **report.findings(),
        )

    def _read(self, noun: str, table: FileTable) -> NounResult:
        rows = table.rows()
        _, cells = next(rows, (0, None))
        if cells is None:
            return NounResult(noun)
        name = table.title or self._file.name
        if len(cells) > LIMITS.columns:
            raise Refusal("too_many_columns", sheet=name, limit=LIMITS.columns)
        given = self._context.session.answers.given
        by_hand = {
            subject[2]: answer
            for subject, answer in given.items()
            if subject[:2] == (_HOLDS, table.title) and answer != _ANOTHER
        }
        headings = read_headings(noun, cells, name, by_hand, self._context.stated[noun])
        sheet = ImportSheet(noun, table.title, headings, self._report)
        first = list(islice(rows, SAMPLE))
        reader = _READERS[noun](self._context, sheet)
        result = reader.read(self._progress.over(chain(first, rows)))
        assumed = {column: rows for column, rows in reader.assumed.items() if rows}
        self._assumed.update({(noun, column): rows for column, rows in assumed.items()})
        if assumed and headings.unknown:
            read = {known.position for known in headings.known}
            for unread in unread_columns(cells, read, first):
                self._ask_what_is_in(unread, noun, table.title, assumed)
        columns = [UnderstoodColumn(known.text, known.field) for known in headings.known]
        self._sheets.append(
            SheetRead(
                table.title, noun, result.rows, columns, table.hidden_rows, is_draft=table.is_draft
            )
        )
        ignored = [*map(shown, headings.unknown), *([None] if sheet.has_strays else [])]
        self._ignored_columns += [IgnoredColumn(table.title, heading) for heading in ignored]
        return result

    def _ask_what_is_in(
        self, unread: UnreadColumn, noun: str, sheet: str, assumed: Mapping[str, int]
    ) -> None:
        """Ask about a column that seems to hold what would be assumed in so many rows."""
        for column, rows in assumed.items():
            field = field_of(noun, column)
            if field is None or not seems_to_hold(unread, field, self._brokers):
                continue
            name = heading_fact(noun, column)
            default = value_phrase(noun, field.name, self._default(field))
            otherwise = Choice(
                _ANOTHER,
                Phrase(
                    "import.otherwise" if default else "import.otherwise_unknown",
                    field=name,
                    value=default,
                    rows=rows,
                ),
            )
            has_marks = is_marked(unread, field)
            self._context.ask(
                Doubt(
                    "column_has_marks" if has_marks else _HOLDS,
                    sheet,
                    unread.heading,
                    choices=[otherwise] if has_marks else [Choice(column, name), otherwise],
                    column=shown(unread.heading),
                    values=unread.sample,
                    field=name,
                    typed=as_typed([f"{column}={unread.heading}"]),
                    option=column,
                    metavar=Phrase(field.metavar),
                )
            )
            return

    def _assumption(self, key: tuple[str, str], rows: int) -> AssumedFact:
        noun, column = key
        field = field_of(noun, column)
        assert field is not None  # noqa: S101 - it is one of the noun's
        return AssumedFact(noun, column, self._default(field), rows)

    def _default(self, field: Field) -> object:
        """Return what is stored of a field that nobody states."""
        return self._context.session.broker if field.name == "broker" else field.default

    @cached_property
    def _brokers(self) -> frozenset[str]:
        return frozenset(broker["initials"] for broker in live_brokers(self._context.session.store))


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
        """Tell how much is done, if that is more than before."""
        if self._progress is not None and percent > self._told:
            self._told = percent
            self._progress(percent)
