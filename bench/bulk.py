"""Import and export of 100,000 records, compared with minimal scripts."""

from __future__ import annotations

import contextlib
import csv
import pickle
import random
import shutil
import sqlite3
import statistics
import sys
from datetime import date, timedelta
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Final

from openpyxl import load_workbook

from bench.large_ledger import copy_of_ledger, cvr_numbers, ledger_of_companies
from bench.results import Line, Part
from bench.timing import Measurement, Pairs, measure
from bench.words import words

if TYPE_CHECKING:
    from collections.abc import Callable

    from bench.plan import Plan
    from bench.programs import Programs

IMPORT_GOAL: Final = 10.0
EXPORT_GOAL: Final = 1.3
_CONTACTS_EACH: Final = 5
_HERE: Final = Path(__file__).parent


def bulk(plan: Plan, programs: Programs) -> Part:
    """Measure time and peak memory of an import and an export, and of their floors."""
    return Part(
        "Bulk",
        f"Whole processes: an import of {plan.records:,} contacts from CSV beside csv.reader and"
        f" executemany into the same table, and an export of a ledger of so many contacts beside"
        f" openpyxl's write-only mode appending the same cells. Middle of {plan.bulk_rounds}, in turns.",
        ("work", "s", "floor s", "MiB", "floor MiB"),
        [_import(plan, programs), _export(plan, programs)],
    )


def _import(plan: Plan, programs: Programs) -> Line:
    file = plan.run_folder / "contacts.csv"
    number = plan.records // _CONTACTS_EACH
    _write_contacts(file, list(islice(cvr_numbers(), number)))
    empty, bare = ledger_of_companies(plan, number), _bare_ledger(plan, number)

    def ours() -> Measurement:
        ledger = shutil.copy(empty, plan.run_folder / "import.db")
        words = ("--ledger", str(ledger), "import", str(file), "--as", "contact")
        return measure((*programs.kmtrack, *words), programs.environment)

    def floor() -> Measurement:
        ledger = shutil.copy(bare, plan.run_folder / "import-floor.db")
        script = (sys.executable, str(_HERE / "floor_import.py"), str(ledger), str(file))
        return measure(script, programs.environment)

    return _line("import", plan, floor, ours, IMPORT_GOAL)


def _export(plan: Plan, programs: Programs) -> Line:
    ledger = copy_of_ledger(plan, plan.records)
    workbook, cells = plan.run_folder / "export.xlsx", plan.run_folder / "cells.pickle"
    export = ("--ledger", str(ledger), "export", str(workbook), "--as-of", "2012-12-31")

    def ours() -> Measurement:
        workbook.unlink(missing_ok=True)
        return measure((*programs.kmtrack, *export), programs.environment)

    def floor() -> Measurement:
        script = (sys.executable, str(_HERE / "floor_export.py"))
        bare = plan.run_folder / "export-floor.xlsx"
        return measure((*script, str(cells), str(bare)), programs.environment)

    ours()
    _pickle_cells(workbook, cells)
    return _line("export", plan, floor, ours, EXPORT_GOAL)


def _line(
    name: str,
    plan: Plan,
    floor: Callable[[], Measurement],
    ours: Callable[[], Measurement],
    goal: float,
) -> Line:
    pairs = [(floor(), ours()) for _ in range(plan.bulk_rounds)]
    floors, times = [one for one, _ in pairs], [other for _, other in pairs]
    ratio = Pairs([one.seconds for one in floors], [other.seconds for other in times]).ratio
    cells = (_seconds(times), _seconds(floors), _peak(times), _peak(floors))
    return Line(f"{name} of {plan.records:,}", cells, ratio, goal)


def _seconds(taken: list[Measurement]) -> str:
    return f"{statistics.median(one.seconds for one in taken):.2f}"


def _peak(taken: list[Measurement]) -> str:
    peaks = [one.peak for one in taken if one.peak is not None]
    return f"{max(peaks) / 2**20:.0f}" if peaks else "?"


def _bare_ledger(plan: Plan, companies: int) -> Path:
    """Make a database of the same schema that holds only companies, their CVR numbers as ids."""
    source = ledger_of_companies(plan, companies)
    path = plan.run_folder / "bare.db"
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
