"""The file of a workbook: written so that nothing stays open or in a temporary folder when that fails."""

# ruff: noqa: SLF001 - openpyxl keeps what it has begun in attributes of its own

from __future__ import annotations

from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any
from zipfile import ZIP_DEFLATED, ZipFile

from openpyxl.drawing.spreadsheet_drawing import SpreadsheetDrawing
from openpyxl.worksheet._writer import WorksheetWriter
from openpyxl.writer.excel import ExcelWriter

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from openpyxl import Workbook


@contextmanager
def discarded_on_error(workbook: Workbook) -> Iterator[None]:
    """Close and remove what openpyxl has begun to write of a workbook if the block fails.

    It writes each sheet to a temporary file first. Left alone, such a file is closed when Python
    collects it, which complains if the disk is full, and removed when the program ends.
    """
    try:
        yield
    except BaseException:
        for sheet in workbook.worksheets:
            _discard(sheet)
        raise


def save_workbook(workbook: Workbook, file: Path) -> None:
    """Write a workbook to `file`. Raises OSError."""
    with discarded_on_error(workbook), ZipFile(file, "w", ZIP_DEFLATED) as archive:
        _Writer(workbook, archive).save()


class _Writer(ExcelWriter):
    """Writes sheets as openpyxl does, and lets them know their writers, so that these can be closed."""

    _archive: ZipFile

    def write_worksheet(self, ws: Any) -> None:
        if self.workbook.write_only:  # such a sheet has its writer since its first row
            super().write_worksheet(ws)
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
        with suppress(OSError, ValueError):  # of a sheet that was written it is gone
            writer.cleanup()
