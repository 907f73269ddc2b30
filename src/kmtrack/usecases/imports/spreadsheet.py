"""Spreadsheets that openpyxl does not read (.xls, .xlsb, .ods, unusual .xlsx), as calamine reads them.

calamine runs in a process of its own (`calamine_process`), whose crash is a refusal and no more.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final, NamedTuple

from kmtrack.errors import Refusal
from kmtrack.ledger.schema.plain_text import shown
from kmtrack.named_files import MEGABYTE, open_file
from kmtrack.usecases.imports.spreadsheet_cells import cell_text, plain_cell
from kmtrack.usecases.imports.table import FileTable, Findings, NumberedRow, Tables

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from kmtrack.usecases.imports.table import Deadline, Limits

_KEYS: Final[Mapping[str | None, str]] = {
    "protected": "workbook_protected",
    "damaged": "workbook_damaged",
}
_SCRIPT: Final = Path(__file__).with_name("calamine_process.py")


@contextmanager
def spreadsheet_tables(
    file: Path, limits: Limits, deadline: Deadline, hidden_rows: Mapping[str, int] | None = None
) -> Iterator[Tables]:
    """Open the sheets of a spreadsheet, which can be read inside the block.

    `hidden_rows` are those found by scanning the file, by the title of the sheet. Raises Refusal
    `workbook_damaged`, `workbook_protected`, `workbook_unreadable`, `import_file_too_large`,
    `too_many_rows`, `too_many_columns`.
    """
    with tempfile.TemporaryFile() as printed:
        _run(file, limits, deadline, printed)
        found = _sheets_of(file, printed, limits)
        tables = [
            FileTable(
                shown(sheet.title), _Rows(printed, sheet), (hidden_rows or {}).get(sheet.title, 0)
            )
            for sheet in found
            if not sheet.is_hidden
        ]
        hidden = [shown(sheet.title) for sheet in found if sheet.is_hidden]
        size = sum(sheet.rows for sheet in found)
        yield Tables(size, tables, Findings(hidden, errors_look_blank=True))


def _run(file: Path, limits: Limits, deadline: Deadline, printed: IO[bytes]) -> None:
    """Have the spreadsheet read by another process. Raises Refusal if that takes too much."""
    bounds = {
        "memory": limits.memory,
        "seconds": limits.process_seconds,
        "rows": limits.rows,
        "columns": limits.columns,
        "printed": limits.unpacked,
    }
    command = [sys.executable, "-P", str(_SCRIPT), json.dumps(bounds)]
    with open_file(file) as stream:
        process = subprocess.Popen(  # noqa: S603 - our own script, by its path
            command, stdin=stream, stdout=printed, stderr=subprocess.DEVNULL
        )
    try:
        process.wait(min(limits.process_seconds, deadline.seconds_left))
    except subprocess.TimeoutExpired:
        deadline.check()
        raise Refusal("workbook_unreadable", file=file.name) from None
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()


class _Sheet(NamedTuple):
    """A sheet among the printed lines: where its rows begin, and how many there are."""

    title: str
    is_hidden: bool
    start: int
    rows: int


def _sheets_of(file: Path, printed: IO[bytes], limits: Limits) -> list[_Sheet]:
    """Return the printed sheets. Raises Refusal unless all were printed."""
    sheets: list[_Sheet] = []
    end: dict[str, Any] | None = None
    position = 0
    printed.seek(0)
    for line in printed:
        position += len(line)
        if line.startswith(b"["):
            sheets[-1] = sheets[-1]._replace(rows=sheets[-1].rows + 1)
            continue
        try:
            found = json.loads(line)
        except ValueError:  # the process ended within a line
            break
        if "end" in found:
            end = found
        else:
            sheets.append(_Sheet(found["sheet"], found["hidden"], position, 0))
    if end is None or end["end"]:
        raise _refusal(file, end, limits)
    return sheets


def _refusal(file: Path, end: Mapping[str, Any] | None, limits: Limits) -> Refusal:
    """Return why a spreadsheet was not read to its end; None stands for a crash."""
    reason = end["end"] if end else None
    if end and reason == "columns":
        return Refusal("too_many_columns", sheet=shown(end["sheet"]), limit=limits.columns)
    if reason == "rows":
        number = limits.rows + 1
        return Refusal("too_many_rows", file=file.name, number=number, limit=limits.rows)
    if reason == "size":
        megabytes = limits.unpacked // MEGABYTE
        return Refusal("import_file_too_large", file=file.name, size=megabytes)
    key = _KEYS.get(reason, "workbook_unreadable")
    return Refusal(key, file=file.name)


class _Rows:
    """The rows of one sheet, from the first at each iteration."""

    def __init__(self, printed: IO[bytes], sheet: _Sheet) -> None:
        self._printed = printed
        self._sheet = sheet

    def __call__(self) -> Iterator[NumberedRow]:
        position = self._sheet.start
        for _ in range(self._sheet.rows):
            self._printed.seek(position)  # the rows of another sheet may be read meanwhile
            line = self._printed.readline()
            position += len(line)
            number, cells = json.loads(line)
            yield number, [_cell(cell) for cell in cells]


def _cell(cell: Any) -> object:
    if isinstance(cell, str):
        return cell_text(cell)
    return date.fromisoformat(cell["day"]) if isinstance(cell, dict) else plain_cell(cell)
