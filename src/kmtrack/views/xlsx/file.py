"""Write a workbook to a temporary file and move it into place; remove it on failure."""

# ruff: noqa: SLF001 - openpyxl keeps its open writers in private attributes

from __future__ import annotations

import os
from contextlib import contextmanager, nullcontext, suppress
from typing import TYPE_CHECKING, Any

from openpyxl.drawing.spreadsheet_drawing import SpreadsheetDrawing
from openpyxl.worksheet._writer import WorksheetWriter
from openpyxl.writer.excel import ExcelWriter

from kmtrack.errors import NO_ROOM, Refusal
from kmtrack.files import empty_beside, move_into, set_aside
from kmtrack.views.xlsx.charts import write_descriptions
from kmtrack.views.xlsx.fingerprint import FingerprintedArchive

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from openpyxl import Workbook


def _never(path: Path) -> bool:
    del path
    return False


def _nowhere(path: Path) -> None:
    del path


@contextmanager
def replacing(
    path: Path,
    makes_way: Callable[[Path], bool] = _never,
    kept_as: Callable[[Path], Path | None] = _nowhere,
) -> Iterator[Path]:
    """Yield an empty file beside `path` to write a workbook to; move it into place at the end.

    An existing file is replaced only if `makes_way` returns true, and stays whole if the block
    fails. It gets the name that `kept_as` returns, if any; a file that is changed while the block
    runs is examined again. Raises Refusal `file_not_xlsx`, `folder_missing`, `file_is_folder`,
    `file_open_elsewhere`, `file_there`, `folder_not_writable` or `no_room`, and what `kept_as`
    raises.
    """
    try:
        kept = _settle(path, makes_way, kept_as)
        seen = _state_of(path)
        with empty_beside(path) as beside:
            yield beside
            if _state_of(path) != seen:
                kept = _settle(path, makes_way, kept_as)
            with set_aside(path, kept) if kept else nullcontext():
                move_into(beside, path)
    except OSError as error:
        raise _refusal(error, path) from error


def _settle(
    path: Path, makes_way: Callable[[Path], bool], kept_as: Callable[[Path], Path | None]
) -> Path | None:
    """Return the name under which to keep the existing file, if it is kept."""
    _refuse_place(path, makes_way)
    return kept_as(path) if path.exists() else None


def _state_of(path: Path) -> tuple[int, ...] | None:
    """Return values that change when a file is replaced or written to; None for no file."""
    try:
        state = path.stat()
    except FileNotFoundError:
        return None
    return state.st_dev, state.st_ino, state.st_size, state.st_mtime_ns


@contextmanager
def discarded_on_error(workbook: Workbook) -> Iterator[None]:
    """Close and remove what openpyxl has begun to write of a workbook if the block fails.

    openpyxl first writes each sheet to a temporary file. Left alone, such a file is closed when
    Python collects it, which complains if the disk is full, and removed when the program ends.
    """
    try:
        yield
    except BaseException:
        for sheet in workbook.worksheets:
            _discard(sheet)
        raise


def save_workbook(workbook: Workbook, file: Path) -> None:
    """Write a workbook to `file`. Raises OSError."""
    with discarded_on_error(workbook), FingerprintedArchive(file) as archive:
        _Writer(workbook, archive).save()


class _Writer(ExcelWriter):
    """Writes sheets as openpyxl does, and links them to their writers, so that these can be closed."""

    _archive: FingerprintedArchive

    def write_data(self) -> None:
        super().write_data()
        self._archive.complete()

    def write_worksheet(self, ws: Any) -> None:
        if self.workbook.write_only:  # such a sheet has its writer since its first row
            super().write_worksheet(ws)
            write_descriptions(ws._drawing)
            return
        ws._drawing = SpreadsheetDrawing()
        ws._drawing.charts, ws._drawing.images = ws._charts, ws._images
        writer: Any = WorksheetWriter(ws)
        ws._writer = writer
        writer.write()
        ws._rels = writer._rels
        self._archive.write(writer.out, ws.path[1:])
        self.manifest.append(ws)
        writer.cleanup()


def _discard(sheet: Any) -> None:
    writer = getattr(sheet, "_writer", None)
    # The rows first: they are inside of what the writer has open. Its own close would write on.
    for begun in (getattr(sheet, "_rows", None), getattr(writer, "xf", None)):
        if begun is not None:
            with suppress(OSError, ValueError):
                begun.close()
    if writer is not None:
        with suppress(OSError, ValueError):  # a sheet that was written has none any more
            writer.cleanup()


def _refuse_place(path: Path, makes_way: Callable[[Path], bool]) -> None:
    if path.suffix.lower() != ".xlsx":
        raise Refusal("file_not_xlsx", file=path)
    if not path.parent.is_dir():
        raise Refusal("folder_missing", folder=path.parent)
    if path.is_dir():
        raise Refusal("file_is_folder", file=path)
    marks = (f"~${path.name}", f".~lock.{path.name}#")  # of Excel, of LibreOffice
    if any(path.with_name(mark).exists() for mark in marks):
        raise Refusal("file_open_elsewhere", file=path)
    if path.exists() and not makes_way(path):
        raise Refusal("file_there", file=path)
    if path.exists() and not os.access(path, os.W_OK):
        raise Refusal("folder_not_writable", file=path)


def _refusal(error: OSError, path: Path) -> Refusal:
    if error.errno in NO_ROOM:
        return Refusal("no_room", file=path)
    if isinstance(error, FileExistsError):  # the name for the earlier one was taken meanwhile
        return Refusal("file_there", file=error.filename2 or path)
    if os.name == "nt" and isinstance(error, PermissionError) and path.exists():
        return Refusal("file_open_elsewhere", file=path)
    return Refusal("folder_not_writable", file=path)
