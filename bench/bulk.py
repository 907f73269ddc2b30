"""Imports of 2,000 to 100,000 rows and an export, compared with minimal scripts."""

from __future__ import annotations

import contextlib
import csv
import pickle
import random
import shutil
import sqlite3
import statistics
import sys
import zipfile
from datetime import date, timedelta
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal, NamedTuple
from xml.sax.saxutils import escape

from openpyxl import Workbook, load_workbook

from bench.large_ledger import copy_of_ledger, cvr_numbers, ledger_of_companies
from bench.results import Goal, Line, Part
from bench.start_up import floor_words
from bench.timing import Measurement, Pairs, measure
from bench.words import words

if TYPE_CHECKING:
    from collections.abc import Callable

    from bench.plan import Plan
    from bench.programs import Programs

_MEMORY: Final = 300.0  # MiB
EXPORT_GOAL: Final = 1.3
_CONTACTS_EACH: Final = 5
_HERE: Final = Path(__file__).parent
_SPACES: Final = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for name in ("office", "table", "text")
)
_DOCUMENT_START: Final = (
    f"<office:document-content {_SPACES}><office:body><office:spreadsheet>"
    f'<table:table table:name="contacts">'
)
_DOCUMENT_END: Final = "</table:table></office:spreadsheet></office:body></office:document-content>"


class Import(NamedTuple):
    """An import of contacts that is measured, and the highest time in times its floor."""

    rows: int
    suffix: str
    floor: Literal["start-up", "bulk"]
    goal: float | None = None


# 2,000 rows took 1.7 times the start-up floor before there were goals: no more than that. Workbooks
# have no goal of their own: neither floor reads one. openpyxl reads .xlsx, calamine .ods.
IMPORTS: Final = (
    Import(2_000, "csv", "start-up", 1.7),
    Import(2_000, "xlsx", "start-up"),
    Import(5_000, "csv", "start-up", 3.0),
    Import(5_000, "xlsx", "start-up"),
    Import(5_000, "ods", "start-up"),
    Import(100_000, "csv", "bulk", 10.0),
    Import(100_000, "xlsx", "bulk"),
    Import(100_000, "ods", "bulk"),
)


def bulk(plan: Plan, programs: Programs) -> Part:
    """Measure time and peak memory of imports and an export, and of their floors."""
    return Part(
        "Bulk",
        f"Whole processes, in turns with their floors. Small imports beside the floor of start-up"
        f" (middle of {plan.rounds}); large ones, from a workbook too, beside csv.reader and"
        f" executemany into the same table (middle of {plan.bulk_rounds}); an export of a ledger of"
        f" {plan.records:,} contacts beside openpyxl's write-only mode appending the same cells (once), and the size of both files.",
        ("work", "s", "floor s", "MiB", "floor MiB"),
        [*(_import(plan, programs, one) for one in IMPORTS), *_export(plan, programs)],
    )


def _import(plan: Plan, programs: Programs, what: Import) -> Line:
    rows = min(what.rows, plan.records)
    number = rows // _CONTACTS_EACH
    table = plan.run_folder / f"contacts-{rows}.csv"
    if not table.exists():
        _write_contacts(table, list(islice(cvr_numbers(), number)))
    file = _IN_FORM[what.suffix](table)
    empty = ledger_of_companies(plan, number)

    def ours() -> Measurement:
        ledger = shutil.copy(empty, plan.run_folder / "import.db")
        words = ("--ledger", str(ledger), "import", str(file), "--as", "contact")
        return measure((*programs.kmtrack, *words), programs.environment)

    name = f"import of {rows:,}, {what.suffix}"
    if what.floor == "start-up":
        bare_command = partial(measure, floor_words(plan, programs), programs.environment)
        return _line(name, plan.rounds, bare_command, ours, what.goal)
    bare = _bare_ledger(plan, number)

    def floor() -> Measurement:
        ledger = shutil.copy(bare, plan.run_folder / "import-floor.db")
        script = (sys.executable, str(_HERE / "floor_import.py"), str(ledger), str(table))
        return measure(script, programs.environment)

    return _line(name, plan.bulk_rounds, floor, ours, what.goal)


def _export(plan: Plan, programs: Programs) -> list[Line]:
    """Return the line of an export, and that of the size of its workbook."""
    ledger = copy_of_ledger(plan, plan.records)
    workbook, cells = plan.run_folder / "export.xlsx", plan.run_folder / "cells.pickle"
    bare = plan.run_folder / "export-floor.xlsx"
    export = ("--ledger", str(ledger), "export", str(workbook), "--as-of", "2012-12-31")

    def ours() -> Measurement:
        workbook.unlink(missing_ok=True)
        return measure((*programs.kmtrack, *export), programs.environment)

    def floor() -> Measurement:
        script = (sys.executable, str(_HERE / "floor_export.py"))
        return measure((*script, str(cells), str(bare)), programs.environment)

    ours()
    _pickle_cells(workbook, cells)
    taken = _line(f"export of {plan.records:,}", 1, floor, ours, EXPORT_GOAL)
    sizes = [file.stat().st_size / 2**20 for file in (workbook, bare)]
    ratio = sizes[0] / sizes[1]
    size = Line(
        f"size of the workbook of {plan.records:,}",
        ("", "", *(f"{each:.1f}" for each in sizes)),
        ratio,
        (Goal(ratio, EXPORT_GOAL, " times"),),
    )
    return [taken, size]


def _line(
    name: str,
    rounds: int,
    floor: Callable[[], Measurement],
    ours: Callable[[], Measurement],
    goal: float | None,
) -> Line:
    pairs = [(floor(), ours()) for _ in range(rounds)]
    floors, times = [one for one, _ in pairs], [other for _, other in pairs]
    ratio = Pairs([one.seconds for one in floors], [other.seconds for other in times]).ratio
    cells = (_seconds(times), _seconds(floors), _mebibytes(times), _mebibytes(floors))
    goals = [] if goal is None else [Goal(ratio, goal, " times")]
    peak = _peak(times)
    if peak is not None:
        goals.append(Goal(peak, _MEMORY, " MiB"))
    return Line(name, cells, ratio, tuple(goals))


def _seconds(taken: list[Measurement]) -> str:
    return f"{statistics.median(one.seconds for one in taken):.2f}"


def _peak(taken: list[Measurement]) -> float | None:
    """Return the highest peak memory in MiB; None if the system does not report it."""
    return max((one.peak / 2**20 for one in taken if one.peak is not None), default=None)


def _mebibytes(taken: list[Measurement]) -> str:
    peak = _peak(taken)
    return "?" if peak is None else f"{peak:.0f}"


def _bare_ledger(plan: Plan, companies: int) -> Path:
    """Make a database of the same schema that holds only companies, their CVR numbers as ids."""
    source = ledger_of_companies(plan, companies)
    path = plan.run_folder / "bare.db"
    path.unlink(missing_ok=True)
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.execute("ATTACH ? AS source", (str(source),))
        made = "SELECT sql FROM source.sqlite_schema WHERE sql IS NOT NULL ORDER BY rowid"
        for (statement,) in connection.execute(made).fetchall():
            connection.execute(statement)
        connection.execute("""
            INSERT INTO main.company (id, recorded_at, name, cvr, kind, name_key)
            SELECT cvr, recorded_at, name, cvr, kind, name_key FROM source.company
        """)
        connection.commit()
    return path


def _write_contacts(file: Path, companies: list[str]) -> None:
    """Write a CSV of contacts, several for each company on different days, sorted by date."""
    chance = random.Random(len(companies))
    brokers = words().brokers
    rows = [
        (date(2011, 1, 1) + timedelta(days=number), company)
        for company in companies
        for number in chance.sample(range(500), _CONTACTS_EACH)
    ]
    with file.open("w", encoding="utf-8", newline="") as opened:
        writer = csv.writer(opened)
        writer.writerow(("company", "date", "channel", "broker", "note"))
        for day, company in sorted(rows):
            note = chance.choice(words().notes)
            writer.writerow((company, day, "visit", chance.choice(brokers), note))


def _as_workbook(table: Path) -> Path:
    """Write the cells of a CSV to a workbook beside it, its days as dates."""
    workbook = table.with_suffix(".xlsx")
    if workbook.exists():
        return workbook
    book = Workbook(write_only=True)
    sheet = book.create_sheet("contacts")
    with table.open(encoding="utf-8", newline="") as opened:
        headings, *rows = csv.reader(opened)
    sheet.append(headings)
    for company, day, *others in rows:
        sheet.append((company, date.fromisoformat(day), *others))
    book.save(workbook)
    return workbook


def _as_open_document(table: Path) -> Path:
    """Write the cells of a CSV to an OpenDocument spreadsheet beside it, its days as dates."""
    document = table.with_suffix(".ods")
    if document.exists():
        return document
    with table.open(encoding="utf-8", newline="") as opened:
        rows = list(csv.reader(opened))
    with zipfile.ZipFile(document, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
        with archive.open("content.xml", "w") as content:
            content.write(_DOCUMENT_START.encode())
            for row in rows:
                cells = "".join(map(_open_document_cell, row))
                content.write(f"<table:table-row>{cells}</table:table-row>".encode())
            content.write(_DOCUMENT_END.encode())
    return document


def _open_document_cell(text: str) -> str:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        kind = 'office:value-type="string"'
    else:
        kind = f'office:value-type="date" office:date-value="{day}"'
    return f"<table:table-cell {kind}><text:p>{escape(text)}</text:p></table:table-cell>"


_IN_FORM: Final[dict[str, Callable[[Path], Path]]] = {
    "csv": lambda table: table,
    "xlsx": _as_workbook,
    "ods": _as_open_document,
}


def _pickle_cells(workbook: Path, cells: Path) -> None:
    """Pickle the cells of a workbook row by row, for the floor to write again."""
    book = load_workbook(workbook, read_only=True)
    with cells.open("wb") as file:
        for sheet in book.worksheets:
            pickle.dump(sheet.title, file)
            sheet.reset_dimensions()
            for row in sheet.iter_rows(values_only=True):
                pickle.dump(row, file)
    book.close()
