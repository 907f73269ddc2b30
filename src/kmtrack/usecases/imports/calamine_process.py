"""A process that reads one spreadsheet with calamine and prints its cells as lines of JSON.

calamine allocates every cell between the first and the last at once, so that a small file can take
all memory, and ends the process where there is none. So it runs in one of its own, within limits.
The parent starts this file as a script: it needs nothing else of kmtrack.

Lines: `{"sheet": title, "hidden": true}` before the rows of a sheet; `[number, [cell, …]]` for a row
that is not blank, a day as `{"day": "2011-03-04"}`; at the end `{"end": null}`, or why it ended
sooner: `damaged`, `protected`, `rows`, `columns` with the title of the sheet, `size`.
"""

from __future__ import annotations

import json
import sys
from datetime import date, datetime, time, timedelta
from typing import Any, TextIO

import python_calamine as calamine

_CHECKED_EVERY = 1000


class Stopped(Exception):
    """Reading ended before the end of the file."""

    def __init__(self, reason: str, sheet: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.sheet = sheet


def main(limits: dict[str, int]) -> None:
    """Read the spreadsheet on standard input within `limits`: memory, seconds, rows, columns, printed bytes."""
    _limit(limits)
    out = sys.stdout
    try:
        _print_sheets(limits, out)
    except Stopped as stopped:
        _print(out, {"end": stopped.reason, "sheet": stopped.sheet})
    except calamine.PasswordError:
        _print(out, {"end": "protected"})
    except (calamine.CalamineError, OSError, ValueError):
        _print(out, {"end": "damaged"})
    else:
        _print(out, {"end": None})


def _print_sheets(limits: dict[str, int], out: TextIO) -> None:
    rows = 0
    # By its content: a file may be called .xls and be something newer.
    with open(0, "rb") as stream, calamine.load_workbook(stream) as workbook:
        for position, about in enumerate(workbook.sheets_metadata):
            if about.typ != calamine.SheetTypeEnum.WorkSheet:
                continue
            is_hidden = about.visible != calamine.SheetVisibleEnum.Visible
            _print(out, {"sheet": about.name, "hidden": is_hidden})
            if not is_hidden:
                rows += _print_rows(workbook.get_sheet_by_index(position), limits, rows, out)


def _print_rows(
    sheet: calamine.CalamineSheet, limits: dict[str, int], before: int, out: TextIO
) -> int:
    rows = 0
    for number, row in enumerate(sheet.iter_rows(), start=1):
        cells = [_cell(cell) for cell in row]
        while cells and cells[-1] is None:
            del cells[-1]
        if not cells:
            continue
        rows += 1
        if before + rows > limits["rows"]:
            raise Stopped("rows")
        if len(cells) > limits["columns"]:
            raise Stopped("columns", sheet.name)
        _print(out, [number, cells])
        if rows % _CHECKED_EVERY == 0 and out.tell() > limits["printed"]:
            raise Stopped("size")
    return rows


def _cell(cell: Any) -> Any:
    if isinstance(cell, str):
        return cell or None
    if isinstance(cell, datetime):
        return {"day": cell.date().isoformat()}
    if isinstance(cell, date):
        return {"day": cell.isoformat()}
    return str(cell) if isinstance(cell, (time, timedelta)) else cell


def _print(out: TextIO, line: Any) -> None:
    out.write(json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n")


def _limit(limits: dict[str, int]) -> None:
    """Limit the resources of this process, if the system can; the parent watches the time."""
    if sys.platform == "win32":
        import ctypes

        # A crash ends the process without a dialogue that waits for somebody.
        ctypes.windll.kernel32.SetErrorMode(0x0003)
        return
    import resource

    for name, most in (("AS", "memory"), ("CPU", "seconds"), ("FSIZE", "printed")):
        bound = limits[most] * (2 if name == "FSIZE" else 1)
        try:
            resource.setrlimit(getattr(resource, f"RLIMIT_{name}"), (bound, bound))
        except (ValueError, OSError):  # it has a lower one, or the system knows none
            continue
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8", newline="\n")  # type: ignore[union-attr]
    main(json.loads(sys.argv[1]))
