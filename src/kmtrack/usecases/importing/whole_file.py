"""Importing a whole file in one change: read, told apart, stored and judged, or refused."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final

from kmtrack.ledger.values import shown
from kmtrack.rules.status import Tally
from kmtrack.usecases.importing.companies import CompanyRows
from kmtrack.usecases.importing.directory import Directory
from kmtrack.usecases.importing.errors import BadRows, TooManyColumns, TooManyRows
from kmtrack.usecases.importing.events import EventRows
from kmtrack.usecases.importing.headings import read_headings
from kmtrack.usecases.importing.job import Job, Report, Sheet
from kmtrack.usecases.importing.limits import Deadline, Limits
from kmtrack.usecases.importing.recognising import noun_asked, recognise
from kmtrack.usecases.importing.result import ImportResult, NounResult, TargetChange
from kmtrack.usecases.importing.sources import opened
from kmtrack.usecases.tallies import totals

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from kmtrack.rules.contract import Contract
    from kmtrack.usecases.desk import Desk
    from kmtrack.usecases.importing.recognising import Recognised
    from kmtrack.usecases.importing.tables import NumberedRow, Table

_EVERY: Final = 1000
# Fewer rows are read before anyone begins to wonder.
_WORTH_TELLING: Final = 2000
# What reading takes of the whole; the rest is for judging.
_READ: Final = 85
_DONE: Final = 100


class _DryRun(Exception):
    """Undoes a change in which all went well."""


def import_file(
    desk: Desk,
    file: Path,
    noun: str | None = None,
    *,
    dry_run: bool = False,
    progress: Callable[[int], None] | None = None,
    limits: Limits | None = None,
) -> ImportResult:
    """Read a workbook or a CSV file into the ledger; what it added, found and left alone.

    `noun` says what the rows are where the file does not. `dry_run` does everything and keeps
    nothing. `progress` is told the percentage that is done. Raises BadRows with every bad row, and
    for a file that cannot be read as one of the refusals in importing.errors.
    """
    limits = limits or Limits()
    deadline = Deadline(limits)
    asked = noun_asked(noun) if noun else None
    with opened(file, limits, deadline) as found:
        recognised = recognise(file, found.tables, asked)
        watch = _Watch(file, limits, deadline, found.size, progress)
        result: ImportResult | None = None
        try:
            with desk.change("import", shown(file.name)) as change:
                report = Report(limits.mistakes)
                job = Job(desk, change, Directory(desk.store), report)
                result = _import(job, file, recognised, watch)._replace(dry_run=dry_run)
                if dry_run:
                    raise _DryRun
        except _DryRun:
            pass
    watch.tell(_DONE)
    assert result is not None  # noqa: S101 - else something was raised
    return result


def _import(job: Job, file: Path, recognised: Recognised, watch: _Watch) -> ImportResult:
    before = totals(job.desk.store, date.max)
    nouns: dict[str, NounResult] = {}
    ignored_columns: list[str] = []
    for noun, table in recognised.tables:
        found = _read(job, file, noun, table, watch, ignored_columns)
        nouns[noun] = _sum(nouns.get(noun, NounResult(noun)), found)
    report = job.report
    if report.number_of_mistakes:
        raise BadRows(report.mistakes, report.number_of_mistakes, file.name)
    watch.tell(_READ)
    job.change.judge()
    after = totals(job.desk.store, date.max)
    return ImportResult(
        file.name,
        False,
        list(nouns.values()),
        _changes(job.change.contract, before, after),
        report.differences,
        report.number_of_differences,
        report.doubts,
        report.number_of_doubts,
        ignored_columns,
        recognised.ignored,
    )


def _read(
    job: Job, file: Path, noun: str, table: Table, watch: _Watch, ignored_columns: list[str]
) -> NounResult:
    rows = table.rows()
    _, cells = next(rows, (0, None))
    if cells is None:
        return NounResult(noun)
    if len(cells) > watch.limits.columns:
        raise TooManyColumns(sheet=table.title or file.name, limit=watch.limits.columns)
    headings = read_headings(noun, cells, table.title or file.name)
    sheet = Sheet(noun, table.title, headings, job.report)
    reader = CompanyRows(job, sheet) if noun == "company" else EventRows(job, sheet)
    result = reader.read(watch.over(rows))
    job.report.in_order_of_rows(table.title)
    prefix = f"{table.title}: " if table.title else ""
    ignored_columns += [f"{prefix}{shown(text)}" for text in headings.unknown]
    return result


def _sum(one: NounResult, other: NounResult) -> NounResult:
    return NounResult(
        one.noun,
        one.added + other.added,
        one.already_here + other.already_here,
        one.filled_in + other.filled_in,
    )


def _changes(
    contract: Contract, before: dict[str, Tally], after: dict[str, Tally]
) -> list[TargetChange]:
    return [
        TargetChange(target, before.get(target.id, Tally()), after.get(target.id, Tally()))
        for target in contract.targets
        if target.is_counted
    ]


class _Watch:
    """Counts the rows, tells how far they are, and stops what goes on for too long."""

    def __init__(
        self,
        file: Path,
        limits: Limits,
        deadline: Deadline,
        size: int,
        progress: Callable[[int], None] | None,
    ) -> None:
        self._file = file
        self.limits = limits
        self._deadline = deadline
        self._size = max(size, 1)
        self._progress = progress if size >= _WORTH_TELLING else None
        self._rows = 0
        self._told = 0

    def over(self, rows: Iterator[NumberedRow]) -> Iterator[NumberedRow]:
        """The rows, while there are not too many."""
        for row in rows:
            self._rows += 1
            if not self._rows % _EVERY:
                self._deadline.check()
                self.tell(min(_READ, self._rows * _READ // self._size))
            if self._rows > self.limits.rows:
                raise TooManyRows(file=self._file.name, number=self._rows, limit=self.limits.rows)
            yield row

    def tell(self, percent: int) -> None:
        """Tell how much is done, if that is more than before."""
        if self._progress is not None and percent > self._told:
            self._told = percent
            self._progress(percent)
