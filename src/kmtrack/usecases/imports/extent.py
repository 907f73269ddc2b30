"""Extents of sheets: how far their cells reach, counted before a reader allocates them all."""

from __future__ import annotations

import re
from typing import IO, TYPE_CHECKING, Final
from xml.sax.saxutils import unescape

from kmtrack.errors import Refusal
from kmtrack.usecases.imports.table import MEGABYTE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from kmtrack.usecases.imports.table import Deadline, Limits

_CHUNK: Final = MEGABYTE
_LETTERS: Final = 26
_LAST_ROW: Final = 1_048_576
_LAST_COLUMN: Final = 16_384
# OpenDocument writes equal rows and equal cells once, with their number.
_TAG: Final = re.compile(
    rb"<(/?)table:(table|table-row|table-cell|covered-table-cell)(?=[\s/>])([^>]*)>"
)
_NAME: Final = re.compile(rb"""\btable:name=["']([^"']*)""")
_ROWS: Final = re.compile(rb"""\btable:number-rows-repeated=["'](\d{1,9})""")
_COLUMNS: Final = re.compile(rb"""\btable:number-columns-repeated=["'](\d{1,9})""")
_HIDDEN: Final = re.compile(rb"""\btable:visibility=["'](?:filter|collapse)""")
_VALUE: Final = b"office:value-type="
_ENTITIES: Final = {"&quot;": '"', "&apos;": "'"}
_LONGEST_TAG: Final = 64 * 1024
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
    """Return the letters of a column, counted from 1: `A`, `AA`."""
    letters = ""
    while number > 0:
        number, letter = divmod(number - 1, _LETTERS)
        letters = chr(ord("A") + letter) + letters
    return letters


def column_number(letters: bytes) -> int:
    """Return the number of a column, counted from 1, by its letters."""
    number = 0
    for letter in letters:
        number = number * _LETTERS + letter - ord("A") + 1
    return number


class OpenDocumentScan:
    """Scans the content of an OpenDocument spreadsheet piece by piece."""

    def __init__(self, file: Path, limits: Limits, deadline: Deadline) -> None:
        self.rows = 0
        self.hidden_rows: dict[str, int] = {}
        self._file = file
        self._limits = limits
        self._deadline = deadline
        self._title = ""
        self._extent = Extent()
        self._row = 0
        self._repeated, self._is_hidden = 1, False
        self._column = self._last_column = 0

    def read(self, content: IO[bytes]) -> None:
        """Scan the tables. Raises Refusal."""
        for closing, kind, attributes in _tags(content, self._deadline):
            if kind == b"table" and not closing:
                self._begin_table(attributes)
            elif kind == b"table-row" and not closing:
                self._begin_row(attributes)
            elif kind.endswith(b"cell") and not closing:
                self._add_cell(attributes)
            if kind == b"table-row" and (closing or attributes.endswith(b"/")):
                self._end_row()
        self._extent.check(self._file, self._limits)

    def _begin_table(self, attributes: bytes) -> None:
        self._extent.check(self._file, self._limits)
        self._extent, self._row = Extent(), 0
        name = _NAME.search(attributes)
        self._title = unescape(name[1].decode("utf-8", "replace"), _ENTITIES) if name else ""

    def _begin_row(self, attributes: bytes) -> None:
        self._repeated = _number(_ROWS, attributes)
        self._is_hidden = _HIDDEN.search(attributes) is not None
        self._column = self._last_column = 0

    def _add_cell(self, attributes: bytes) -> None:
        self._column += _number(_COLUMNS, attributes)
        if _VALUE in attributes:
            self._last_column = self._column

    def _end_row(self) -> None:
        self._row += self._repeated
        if self._last_column:
            self.rows += self._repeated
            self._extent.add(self._row, self._last_column)
            if self._is_hidden:
                hidden = self.hidden_rows.get(self._title, 0) + self._repeated
                self.hidden_rows[self._title] = hidden


def _number(pattern: re.Pattern[bytes], attributes: bytes) -> int:
    found = pattern.search(attributes)
    return int(found[1]) if found else 1


def _tags(content: IO[bytes], deadline: Deadline) -> Iterator[tuple[bytes, bytes, bytes]]:
    rest = b""
    while chunk := content.read(_CHUNK):
        deadline.check()
        piece, end = rest + chunk, 0
        for match in _TAG.finditer(piece):
            yield match[1], match[2], match[3]
            end = match.end()
        start = piece.rfind(b"<", max(end, len(piece) - _LONGEST_TAG))
        rest = piece[start:] if start >= 0 and b">" not in piece[start:] else b""


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
    """Yield the kind of each record and the number with which it begins."""
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
