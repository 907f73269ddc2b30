"""CSV files: their encoding, their delimiter and their rows."""

from __future__ import annotations

import codecs
import csv
import re
from contextlib import contextmanager
from itertools import chain
from typing import TYPE_CHECKING, Final, NamedTuple

from kmtrack.errors import Refusal
from kmtrack.usecases.imports.table import (
    MEGABYTE,
    FileTable,
    Findings,
    NumberedRow,
    Tables,
    unreadable,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path
    from typing import TextIO

    from kmtrack.usecases.imports.table import Deadline, Limits

    Recognised = Callable[[Sequence[object]], int]

_CHUNK: Final = MEGABYTE
_DELIMITERS: Final = (";", ",", "\t")
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_BLANK: Final = ' ;,\t"\r\n'
# The line above the headings in which Excel notes the delimiter.
_EXCEL_DELIMITER: Final = re.compile(r'"?sep=(.)"?\s*', re.IGNORECASE)


class _Text(NamedTuple):
    """How the bytes of a file are to be read, and how many lines there are."""

    encoding: str
    lines: int


@contextmanager
def csv_tables(
    file: Path, limits: Limits, deadline: Deadline, recognised: Recognised
) -> Iterator[Tables]:
    """Open the one table of a CSV file, to be read while the block lasts.

    `recognised` counts the cells of a line that are headings, by which the delimiter is found.
    Raises Refusal `not_a_table`, `unknown_encoding`, `import_file_empty`, `text_damaged`,
    `too_many_rows`.
    """
    text = _text_of(file, deadline)
    with file.open(encoding=text.encoding, newline="") as stream:
        rows = _CsvRows(file, stream, limits, recognised)
        if text.lines > limits.rows:  # lines may be blank, or within a value
            number = sum(1 for _ in rows())
            if number - 1 > limits.rows:
                raise Refusal("too_many_rows", file=file.name, number=number - 1, limit=limits.rows)
        yield Tables(text.lines, [FileTable("", rows)], Findings())


def _text_of(file: Path, deadline: Deadline) -> _Text:
    with file.open("rb") as stream:
        start = stream.read(4)
        stream.seek(0)
        encoding = next((name for mark, name in _MARKS if start.startswith(mark)), None)
        for tried in (encoding,) if encoding else ("utf-8", "cp1252"):
            decoder = codecs.getincrementaldecoder(tried)()
            lines = 1
            stream.seek(0)
            try:
                while chunk := stream.read(_CHUNK):
                    deadline.check()
                    if b"\0" in chunk and tried != "utf-16":
                        raise Refusal("not_a_table", file=file.name)
                    lines += chunk.count(b"\n") or chunk.count(b"\r")
                    decoder.decode(chunk)
                decoder.decode(b"", final=True)
            except UnicodeDecodeError:
                continue
            return _Text(tried, lines)
    raise Refusal("unknown_encoding", file=file.name)


class _CsvRows:
    """The rows of a CSV file, each time from the first."""

    def __init__(self, file: Path, stream: TextIO, limits: Limits, recognised: Recognised) -> None:
        self._file = file
        self._stream = stream
        self._limits = limits
        self._recognised = recognised

    def __call__(self) -> Iterator[NumberedRow]:
        self._stream.seek(0)
        above, first, delimiter = self._first_line()
        lines = chain([first], self._stream)
        reader = csv.reader(lines, delimiter=delimiter, strict=True)
        number = above + 1
        try:
            for row in reader:
                if row:
                    yield number, row
                number = above + reader.line_num + 1
        except csv.Error as error:
            raise Refusal("text_damaged", file=self._file.name, line=number) from error
        except OSError as error:
            raise unreadable(self._file, error) from error

    def _first_line(self) -> tuple[int, str, str]:
        """Return the number of blank lines above the first other line, that line, and the delimiter."""
        delimiter = ""
        for above, line in enumerate(self._stream):
            stated = _EXCEL_DELIMITER.fullmatch(line)
            if stated:
                delimiter = stated[1]
            elif line.strip(_BLANK):
                return above, line, delimiter or self._delimiter(line)
        raise Refusal("import_file_empty", file=self._file.name)

    def _delimiter(self, line: str) -> str:
        def found(delimiter: str) -> tuple[int, int]:
            cells = next(csv.reader([line], delimiter=delimiter), [])
            return self._recognised(cells), len(cells)

        return max(_DELIMITERS, key=found)
