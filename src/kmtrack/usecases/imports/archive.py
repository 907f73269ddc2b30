"""The archive of a workbook: scanned before anything of it is unpacked."""

from __future__ import annotations

import re
import zipfile
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Final, NamedTuple
from xml.etree.ElementTree import Element, ParseError, parse
from xml.parsers import expat

from kmtrack.archives import BROKEN_ARCHIVE
from kmtrack.errors import Refusal
from kmtrack.named_files import MEGABYTE, open_file
from kmtrack.usecases.imports.extent import (
    Extent,
    OpenDocumentScan,
    binary_extent,
    column_number,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from pathlib import Path

    from kmtrack.usecases.imports.table import Deadline, Limits

_BINARY_SHEETS: Final = ("xl/worksheets/", "xl\\worksheets\\")
# What the standard allows and openpyxl does not: the strict form, and truth that is spelled out.
_UNUSUAL: Final = re.compile(
    rb"""http://purl\.oclc\.org/ooxml/spreadsheetml/main|\bt=["']b["'][^>]{0,99}>\s*<(?:\w+:)?v>[tf]"""
)
_BROKEN: Final = (*BROKEN_ARCHIVE, expat.ExpatError, ParseError)
_PICTURES: Final = (".png", ".jpg", ".jpeg", ".gif", ".emf", ".wmf", ".bin", ".vml", ".tiff")
_TEXTS: Final = "sharedstrings.xml"
_CHUNK: Final = MEGABYTE
_ENCRYPTED: Final = 1
_ROW: Final = re.compile(rb"<(?:\w+:)?row[\s/>]")
_VALUE: Final = re.compile(rb"<(?:\w+:)?(?:v|is)[\s>]")
_HIDDEN: Final = re.compile(rb"""[^>]*\bhidden=["'](?:1|true)["']""")  # behind the start of a row
_REFERENCE: Final = re.compile(rb"""\sr=["']([A-Z]{1,3})(\d{1,7})["']""")
_FORMULA: Final = re.compile(rb"<(?:\w+:)?f[\s/>]")
# A cell beyond column ZZ: each makes its row as wide, and a small file can hold millions of them.
_FAR_CELL: Final = re.compile(rb'<(?:\w+:)?c\s[^>]{0,99}\br="[A-Z]{3}[0-9]')
_MOST_FAR_CELLS: Final = 1000
_LONGEST_TAG: Final = 1024


class Contents(NamedTuple):
    """What the scan of a workbook found, by the names of its parts if that matters.

    `rows` have values, `hidden_rows` of them are hidden by a filter; `extents` say how far cells
    reach. `is_unusual` if its form is one that openpyxl takes for empty, or for damaged.
    """

    rows: int
    hidden_rows: Mapping[str, int]
    extents: Collection[Extent]
    has_formulas: bool
    is_unusual: bool


def contents_of(file: Path, stream: IO[bytes], limits: Limits, deadline: Deadline) -> Contents:
    """Scan the archive of a workbook, without unpacking it to disk. Raises Refusal.

    The sizes that an archive states can be trusted: no more than that is ever unpacked.
    """
    with opened_archive(file, stream, limits) as archive:
        scan = _Scan(file, limits, deadline)
        for part in archive.infolist():
            if not part.filename.lower().endswith(_PICTURES):
                with archive.open(part) as content:
                    scan.read(part.filename, content)
    extents = list(scan.extents.values())
    return Contents(scan.rows, scan.hidden_rows, extents, scan.has_formulas, scan.is_unusual)


def scan_open_document(file: Path, limits: Limits, deadline: Deadline) -> Mapping[str, int]:
    """Scan the archive of an OpenDocument spreadsheet; return the hidden rows of each sheet.

    Raises Refusal.
    """
    scan = OpenDocumentScan(file, limits, deadline)
    with open_file(file) as stream, opened_archive(file, stream, limits) as archive:
        with archive.open("content.xml") as content:
            scan.read(content)
        _refuse_damaged(archive)
    if scan.rows > limits.rows:
        raise Refusal("too_many_rows", file=file.name, number=scan.rows, limit=limits.rows)
    return scan.hidden_rows


def check_binary_workbook(file: Path, limits: Limits, deadline: Deadline) -> None:
    """Scan the archive of a binary workbook. Raises Refusal."""
    rows = 0
    with open_file(file) as stream, opened_archive(file, stream, limits) as archive:
        for part in archive.infolist():
            if part.filename.lower().startswith(_BINARY_SHEETS):
                with archive.open(part) as content:
                    extent, more = binary_extent(content, deadline)
                extent.check(file, limits)
                rows += more
        _refuse_damaged(archive)
    if rows > limits.rows:
        raise Refusal("too_many_rows", file=file.name, number=rows, limit=limits.rows)


def refuse_ill_formed(file: Path, limits: Limits) -> None:
    """Raise Refusal `workbook_damaged` if a part of a workbook is not XML.

    openpyxl stumbles over it, while calamine may silently read what it can.
    """
    with open_file(file) as stream, opened_archive(file, stream, limits) as archive:
        for part in archive.infolist():
            if part.filename.lower().endswith(".xml"):
                with archive.open(part) as content:
                    parser = expat.ParserCreate()
                    parser.ParseFile(content)


def titles_of_parts(file: Path, limits: Limits) -> dict[str, str]:
    """Return the title of the sheet in each part of a workbook, as far as possible."""
    with open_file(file) as stream, opened_archive(file, stream, limits) as archive:
        try:
            book = _elements(archive, "xl/workbook.xml")
            relations = _elements(archive, "xl/_rels/workbook.xml.rels")
        except KeyError:
            return {}
    targets = {each.get("Id"): each.get("Target", "") for each in relations}
    titles = {}
    for sheet in book:
        if sheet.tag.endswith("}sheet"):
            relation = next((value for key, value in sheet.items() if key.endswith("}id")), None)
            target = targets.get(relation, "")
            part = target[1:] if target.startswith("/") else f"xl/{target}"
            titles[part] = sheet.get("name", "")
    return titles


def _elements(archive: zipfile.ZipFile, name: str) -> list[Element]:
    # expat refuses the entities by which a small document grows without end.
    with archive.open(name) as part:
        return list(parse(part).iter())  # noqa: S314


@contextmanager
def opened_archive(file: Path, stream: IO[bytes], limits: Limits) -> Iterator[zipfile.ZipFile]:
    """Open an archive that is within the limits; any failure to read it is a Refusal."""
    try:
        with zipfile.ZipFile(stream) as archive:
            parts = archive.infolist()
            if any(part.flag_bits & _ENCRYPTED for part in parts):
                raise Refusal("workbook_protected", file=file.name)
            _refuse_large(file, parts, limits)
            yield archive
    except _BROKEN as error:
        raise Refusal("workbook_damaged", file=file.name) from error


def _refuse_damaged(archive: zipfile.ZipFile) -> None:
    """Raise BadZipFile if the checksum of a part is wrong."""
    part = archive.testzip()
    if part is not None:
        raise zipfile.BadZipFile(part)


def _refuse_large(file: Path, parts: list[zipfile.ZipInfo], limits: Limits) -> None:
    unpacked = sum(part.file_size for part in parts)
    packed = sum(part.compress_size for part in parts)
    texts = sum(part.file_size for part in parts if part.filename.lower().endswith(_TEXTS))
    if (
        unpacked > limits.unpacked
        or texts > limits.texts
        or (unpacked > limits.small and unpacked > packed * limits.ratio)
    ):
        raise Refusal("import_file_too_large", file=file.name, size=_megabytes(unpacked))


def _megabytes(size: int) -> int:
    return -(-size // MEGABYTE)


class _Scan:
    """Scans the parts of an archive in pieces, so that none is in memory whole."""

    def __init__(self, file: Path, limits: Limits, deadline: Deadline) -> None:
        self.rows = 0
        self.hidden_rows: dict[str, int] = {}
        self.extents: dict[str, Extent] = {}
        self.has_formulas = False
        self.is_unusual = False
        self._file = file
        self._limits = limits
        self._deadline = deadline
        self._far = 0

    def read(self, name: str, content: IO[bytes]) -> None:
        """Scan one part. Raises Refusal."""
        rest, gap, row = b"", 0, _Row()
        while chunk := content.read(_CHUNK):
            self._deadline.check()
            # A stretch without a tag or without a row would be one huge value in memory.
            if b"<" not in chunk and len(chunk) == _CHUNK:
                raise Refusal(
                    "import_file_too_large", file=self._file.name, size=_megabytes(len(chunk))
                )
            pieces = _ROW.split(rest + chunk)
            gap = gap + len(chunk) if len(pieces) == 1 else len(pieces[-1])
            if gap > self._limits.gap and not name.lower().endswith(_TEXTS):
                raise Refusal("import_file_too_large", file=self._file.name, size=_megabytes(gap))
            for position, piece in enumerate(pieces):
                if position:
                    self._count(name, row)
                    row = _Row(is_hidden=_HIDDEN.match(piece) is not None)
                row.has_value = row.has_value or _VALUE.search(piece) is not None
                self._reach(name, piece)
            self.is_unusual = self.is_unusual or _UNUSUAL.search(chunk) is not None
            self.has_formulas = self.has_formulas or _FORMULA.search(chunk) is not None
            self._far += len(_FAR_CELL.findall(chunk))
            if self._far > _MOST_FAR_CELLS:
                raise Refusal(
                    "too_many_columns", sheet=name.rpartition("/")[2], limit=self._limits.columns
                )
            rest = _unfinished_tag(pieces)
        self._count(name, row)

    def _reach(self, name: str, piece: bytes) -> None:
        """Note the last cell in a piece: cells are in order, and rows have at least one."""
        last = max(piece.rfind(b' r="'), piece.rfind(b" r='"))
        found = _REFERENCE.match(piece, last) if last >= 0 else None
        if found:
            extent = self.extents.setdefault(name, Extent())
            extent.add(int(found[2]), column_number(found[1]))

    def _count(self, name: str, row: _Row) -> None:
        self.rows += row.has_value
        if row.has_value and row.is_hidden:
            self.hidden_rows[name] = self.hidden_rows.get(name, 0) + 1


@dataclass(slots=True)
class _Row:
    """What is known of a row so far; it may extend over several chunks."""

    is_hidden: bool = False
    has_value: bool = False


def _unfinished_tag(pieces: list[bytes]) -> bytes:
    """Return the tag that the last piece ends in, to be read again with what follows."""
    last = pieces[-1]
    if b">" in last[-_LONGEST_TAG:]:
        start = last.rfind(b"<", -_LONGEST_TAG)
        return last[start:] if start > last.rfind(b">") else b""
    if len(last) < _LONGEST_TAG and len(pieces) > 1:
        return b"<row " + last
    start = last.rfind(b"<", -_LONGEST_TAG)
    return last[start:] if start >= 0 else b""
