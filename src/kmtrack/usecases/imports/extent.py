"""Extents of sheets: how far their cells reach, counted before a reader allocates them all."""

from __future__ import annotations

import re
from typing import IO, TYPE_CHECKING, Final
from xml.sax.saxutils import unescape

from kmtrack.errors import Refusal
from kmtrack.named_files import MEGABYTE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from kmtrack.usecases.imports.table import Deadline, Limits

_CHUNK: Final = MEGABYTE
_LETTERS: Final = 26
_LAST_ROW: Final = 1_048_576
_LAST_COLUMN: Final = 16_384
# OpenDocument writes equal rows and equal cells once, with their number.
_PIECE: Final = re.compile(rb"<table:(?=table(?:-row)?[\s/>])")
_CELL: Final = re.compile(rb"<table:(?:covered-)?table-cell(?=[\s/>])([^>]*)>")
_NAME: Final = re.compile(rb"""\btable:name=["']([^"']*)""")
_ROWS: Final = re.compile(rb"""\btable:number-rows-repeated=["'](\d{1,9})""")
_COLUMNS: Final = re.compile(rb"""\btable:number-columns-repeated=["'](\d{1,9})""")
_HIDDEN: Final = re.compile(rb"""\btable:visibility=["'](?:filter|collapse)""")
_VALUE: Final = b"office:value-type="
_ENTITIES: Final = {"&quot;": '"', "&apos;": "'"}
# Records of a sheet in a binary workbook: the start of a row, and cells by their type.
_ROW_RECORD: Final = 0
_CELL_RECORDS: Final = range(1, 12)
_LONGEST_RECORD: Final = 128 * 1024
_NUMBER: Final = slice(0, 4)


class Extent:
    """How far the cells of one sheet reach: its last row and column, counted from 1."""

    def __init__(self) -> None:
        self.row = 0
        self.column = 0

    def add(self, row: int, column: int) -> None:
        """Add a cell."""
        self.row, self.column = max(self.row, row), max(self.column, column)

    def check(self, file: Path, limits: Limits) -> None:
        """Raise Refusal `cell_too_far` if there are too many cells up to the last."""
        if self.row * self.column > limits.cells:
            # A file may claim more than any program has.
            row, column = min(self.row, _LAST_ROW), min(self.column, _LAST_COLUMN)
            cell = f"{column_letters(column)}{row}"
            raise Refusal("cell_too_far", file=file.name, cell=cell)


def column_letters(number: int) -> str:
    """Return the letters of a column by its number, counted from 1: `A`, `AA`."""
    letters = ""
    while number > 0:
        number, letter = divmod(number - 1, _LETTERS)
        letters = chr(ord("A") + letter) + letters
    return letters


def column_number(letters: bytes) -> int:
    """Return the number of a column by its letters, counted from 1."""
    number = 0
    for letter in letters:
        number = number * _LETTERS + letter - ord("A") + 1
    return number


class OpenDocumentScan:
    """Scans the content of an OpenDocument spreadsheet in pieces."""

    def __init__(self, file: Path, limits: Limits, deadline: Deadline) -> None:
        self.rows = 0
        self.hidden_rows: dict[str, int] = {}
        self._file = file
        self._limits = limits
        self._deadline = deadline
        self._title = ""
        self._extent = Extent()
        self._row = 0

    def read(self, content: IO[bytes]) -> None:
        """Scan the tables. Raises Refusal."""
        rest = b""
        while chunk := content.read(_CHUNK):
            self._deadline.check()
            *pieces, rest = _PIECE.split(rest + chunk)
            for piece in pieces:
                self._add(piece)
            if len(rest) > self._limits.gap:
                size = -(-len(rest) // MEGABYTE)
                raise Refusal("import_file_too_large", file=self._file.name, size=size)
        self._add(rest)
        self._extent.check(self._file, self._limits)

    def _add(self, piece: bytes) -> None:
        """Add everything from the start of a table or a row to that of the next."""
        tag, _, inner = piece.partition(b">")
        if tag.startswith(b"table-row"):
            self._add_row(tag, inner)
        elif tag.startswith(b"table"):
            self._extent.check(self._file, self._limits)
            self._extent, self._row = Extent(), 0
            name = _NAME.search(tag)
            self._title = unescape(name[1].decode("utf-8", "replace"), _ENTITIES) if name else ""

    def _add_row(self, tag: bytes, inner: bytes) -> None:
        repeated = _number(_ROWS, tag)
        self._row += repeated
        column = _last_column(inner)
        if column:
            self.rows += repeated
            self._extent.add(self._row, column)
            if _HIDDEN.search(tag):
                self.hidden_rows[self._title] = self.hidden_rows.get(self._title, 0) + repeated


def _last_column(cells: bytes) -> int:
    """Return the last column of a row with a value, or one beyond it; 0 if none has one."""
    if _VALUE not in cells:
        return 0
    if b"columns-repeated" not in cells:
        return cells.count(b"<table:table-cell") + cells.count(b"<table:covered-table-cell")
    column = last = 0
    for match in _CELL.finditer(cells):
        column += _number(_COLUMNS, match[1])
        if _VALUE in match[1]:
            last = column
    return last


def _number(pattern: re.Pattern[bytes], attributes: bytes) -> int:
    found = pattern.search(attributes)
    return int(found[1]) if found else 1


def binary_extent(content: IO[bytes], deadline: Deadline) -> tuple[Extent, int]:
    """Return how far the cells of a sheet in a binary workbook reach, and how many rows have any."""
    extent, rows, row, row_has_cell = Extent(), 0, 0, False
    for kind, start in _records(content, deadline):
        if kind == _ROW_RECORD:
            row, row_has_cell = int.from_bytes(start, "little") + 1, False
        elif kind in _CELL_RECORDS:
            extent.add(row, int.from_bytes(start, "little") + 1)
            rows += not row_has_cell
            row_has_cell = True
    return extent, rows


def _records(content: IO[bytes], deadline: Deadline) -> Iterator[tuple[int, bytes]]:
    """Yield the kind of each record and the number that it begins with."""
    piece, at = b"", 0
    while True:
        if len(piece) - at < _LONGEST_RECORD and (chunk := content.read(_CHUNK)):
            deadline.check()
            piece, at = piece[at:] + chunk, 0
        if at >= len(piece):
            return
        kind, at = piece[at], at + 1
        if kind & 0x80 and at < len(piece):
            kind, at = kind | piece[at] << 8, at + 1
        size, shift = 0, 0
        while at < len(piece):
            byte, at = piece[at], at + 1
            size |= (byte & 0x7F) << shift
            shift += 7
            if not byte & 0x80 or shift > 21:  # noqa: PLR2004 - four bytes at most
                break
        yield kind, piece[at : at + size][_NUMBER]
        while at + size > len(piece):  # a record that is longer than what was read ahead
            size -= len(piece) - at
            piece, at = content.read(_CHUNK), 0
            if not piece:
                return
        at += size
