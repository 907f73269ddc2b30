"""The archive that a workbook is: scanned before anything of it is unpacked."""

from __future__ import annotations

import re
import zipfile
import zlib
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Final, NamedTuple

from kmtrack.errors import Refusal
from kmtrack.usecases.imports.table import MEGABYTE

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from kmtrack.usecases.imports.table import Deadline, Limits

_MAIN: Final = ("xl/workbook.xml", "[Content_Types].xml")
_PICTURES: Final = (".png", ".jpg", ".jpeg", ".gif", ".emf", ".wmf", ".bin", ".vml", ".tiff")
_TEXTS: Final = "sharedstrings.xml"
_CHUNK: Final = MEGABYTE
_ENCRYPTED: Final = 1
_ROW: Final = re.compile(rb"<(?:\w+:)?row[\s/>]")
_VALUE: Final = re.compile(rb"<(?:\w+:)?(?:v|is)[\s>]")
_HIDDEN: Final = re.compile(rb"""[^>]*\bhidden=["'](?:1|true)["']""")  # behind the start of a row
_FORMULA: Final = re.compile(rb"<(?:\w+:)?f[\s/>]")
# A cell beyond column ZZ: each makes its row as wide, and a small file can hold millions of them.
_FAR_CELL: Final = re.compile(rb'<(?:\w+:)?c\s[^>]{0,99}\br="[A-Z]{3}[0-9]')
_MOST_FAR_CELLS: Final = 1000
_LONGEST_TAG: Final = 1024


class Contents(NamedTuple):
    """How many rows have values, how many of these each part hides, and whether there are formulas."""

    rows: int
    hidden_rows: Mapping[str, int]
    has_formulas: bool


def contents_of(file: Path, stream: IO[bytes], limits: Limits, deadline: Deadline) -> Contents:
    """Scan the archive that a workbook is, without unpacking it to disk. Raises Refusal.

    The sizes that an archive states can be trusted: no more than that is ever unpacked.
    """
    try:
        with zipfile.ZipFile(stream) as archive:
            parts = archive.infolist()
            _refuse_other_archives(file, parts)
            _refuse_large(file, parts, limits)
            scan = _Scan(file, limits, deadline)
            for part in parts:
                if not part.filename.lower().endswith(_PICTURES):
                    with archive.open(part) as content:
                        scan.read(part.filename, content)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError) as error:
        raise Refusal("workbook_damaged", file=file.name) from error
    return Contents(scan.rows, scan.hidden_rows, scan.has_formulas)


def _refuse_other_archives(file: Path, parts: list[zipfile.ZipInfo]) -> None:
    names = {part.filename for part in parts}
    if not names.issuperset(_MAIN):
        raise Refusal("not_a_table", file=file.name)
    if any(part.flag_bits & _ENCRYPTED for part in parts):
        raise Refusal("workbook_protected", file=file.name)


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
    """Scans the parts of an archive piece by piece, so that none is in memory whole."""

    def __init__(self, file: Path, limits: Limits, deadline: Deadline) -> None:
        self.rows = 0
        self.hidden_rows: dict[str, int] = {}
        self.has_formulas = False
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
            self.has_formulas = self.has_formulas or _FORMULA.search(chunk) is not None
            self._far += len(_FAR_CELL.findall(chunk))
            if self._far > _MOST_FAR_CELLS:
                raise Refusal(
                    "too_many_columns", sheet=name.rpartition("/")[2], limit=self._limits.columns
                )
            rest = _unfinished_tag(pieces)
        self._count(name, row)

    def _count(self, name: str, row: _Row) -> None:
        self.rows += row.has_value
        if row.has_value and row.is_hidden:
            self.hidden_rows[name] = self.hidden_rows.get(name, 0) + 1


@dataclass(slots=True)
class _Row:
    """What is known of a row so far; it may reach over several chunks."""

    is_hidden: bool = False
    has_value: bool = False


def _unfinished_tag(pieces: list[bytes]) -> bytes:
    """Return the tag in which the last piece ends, to be read again with what follows."""
    last = pieces[-1]
    if b">" in last[-_LONGEST_TAG:]:
        start = last.rfind(b"<", -_LONGEST_TAG)
        return last[start:] if start > last.rfind(b">") else b""
    if len(last) < _LONGEST_TAG and len(pieces) > 1:
        return b"<row " + last
    start = last.rfind(b"<", -_LONGEST_TAG)
    return last[start:] if start >= 0 else b""
