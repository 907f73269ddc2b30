"""CSV files: their encoding, their delimiter and their rows."""

from __future__ import annotations

import codecs
import csv
import re
from contextlib import contextmanager
from io import TextIOWrapper
from itertools import chain, islice
from typing import TYPE_CHECKING, Final, NamedTuple

from kmtrack.errors import Refusal
from kmtrack.ledger.schema.plain_text import shown
from kmtrack.named_files import MEGABYTE, open_file, refusal_of
from kmtrack.text import without_guard
from kmtrack.usecases.imports.encodings import (
    LEGACY,
    best_reading,
    is_spoilt,
    readable,
    words_beyond_ascii,
)
from kmtrack.usecases.imports.file_kinds import not_a_table
from kmtrack.usecases.imports.table import (
    FileTable,
    Findings,
    NumberedRow,
    Tables,
    spoilt_text,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path
    from typing import TextIO

    from kmtrack.usecases.imports.table import Deadline, Limits

    Recognised = Callable[[Sequence[object]], int]

_CHUNK: Final = MEGABYTE
_DELIMITERS: Final = (";", ",", "\t", "|")
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # which begins as UTF-16 does
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_BLANK: Final = ' ;,|\t"\r\n'
# The line above the headings in which Excel notes the delimiter.
_EXCEL_DELIMITER: Final = re.compile(r'"?sep=(.)"?\s*', re.IGNORECASE)
# A table in which every byte that is no letter is a blank: to split there takes no regex.
_LETTERS: Final = bytes(
    byte if byte > ord("\x7f") or chr(byte).isalpha() else ord(" ") for byte in range(256)
)
# More different words are not needed to find an encoding.
_MOST_WORDS: Final = 20_000
_LONGEST_WORD: Final = 1000
_WITH_ZEROS: Final = ("utf-16", "utf-32")
# The percentage of characters with a zero byte in a text in UTF-16 without a mark.
_ZEROS: Final = 60
# The number of lines to search for the headings, which show the delimiter.
_FIRST_LINES: Final = 20


class _Text(NamedTuple):
    """How to read the bytes of a file, the number of its lines, and its misread words."""

    encoding: str
    lines: int
    wrong: frozenset[str] = frozenset()


@contextmanager
def csv_tables(
    file: Path, limits: Limits, deadline: Deadline, recognised: Recognised
) -> Iterator[Tables]:
    """Open the one table of a CSV file, which can be read inside the block.

    `recognised` counts the cells of a line that are headings, by which the delimiter is found.
    Raises Refusal `not_a_table`, `unknown_encoding`, `text_spoilt`, `import_file_empty`,
    `text_damaged`, `line_too_long`, `too_many_rows`.
    """
    text = _text_of(file, limits, deadline)
    with _opened(file, text.encoding) as stream:
        rows = _CsvRows(file, stream, limits, recognised, text.wrong)
        if text.lines > limits.rows:  # lines may be blank, or within a value
            number = sum(1 for _ in rows())
            if number - 1 > limits.rows:
                raise Refusal("too_many_rows", file=file.name, number=number - 1, limit=limits.rows)
        findings = Findings(encoding=LEGACY.get(text.encoding))
        yield Tables(text.lines, [FileTable("", rows)], findings)


def _opened(file: Path, encoding: str) -> TextIO:
    # A byte that cannot be read stays in its place, where it is an error of that cell.
    return TextIOWrapper(open_file(file), encoding, "surrogateescape", newline="")


def _text_of(file: Path, limits: Limits, deadline: Deadline) -> _Text:
    scan = _scanned(file, limits, deadline)
    if scan.encoding.startswith(_WITH_ZEROS):
        return _wide_text(file, scan)
    reading = best_reading(scan.words, is_utf8=scan.is_utf8)
    if not reading.is_credible:
        raise _unreadable_letters(file, scan, reading.encoding, reading.wrong)
    encoding = "utf-8-sig" if reading.encoding == "utf-8" else reading.encoding
    return _Text(encoding, scan.lines, reading.wrong)


class _Scan(NamedTuple):
    """What the bytes of a file show: "" for an encoding still to be found by the words."""

    encoding: str
    is_utf8: bool
    lines: int
    words: frozenset[bytes]


def _scanned(file: Path, limits: Limits, deadline: Deadline) -> _Scan:
    words: set[bytes] = set()
    lines, line_length, rest = 1, 0, b""
    with open_file(file) as stream:
        encoding = _marked_encoding(stream.read(_CHUNK))
        stream.seek(0)
        decoder = codecs.getincrementaldecoder("utf-8")()
        is_utf8 = True
        while chunk := stream.read(_CHUNK):
            deadline.check()
            if b"\0" in chunk and not encoding.startswith(_WITH_ZEROS):
                raise not_a_table(file)
            breaks = chunk.count(b"\n") or chunk.count(b"\r")
            lines += breaks
            line_length = len(chunk) if breaks else line_length + len(chunk)
            if line_length > limits.gap:
                raise Refusal("line_too_long", file=file.name, line=lines)
            is_utf8 = is_utf8 and _is_decoded(decoder, chunk)
            if len(words) < _MOST_WORDS:
                letters = (rest + chunk).translate(_LETTERS)
                pieces = letters.split()
                # A word may go on in the next chunk.
                rest = b"" if letters.endswith(b" ") else pieces.pop()[-_LONGEST_WORD:]
                words.update(word for word in set(pieces) if not word.isascii())
        words.update([] if rest.isascii() else [rest])
        is_utf8 = is_utf8 and _is_decoded(decoder, b"", final=True)
    return _Scan(encoding, is_utf8 or encoding == "utf-8-sig", lines, frozenset(words))


def _marked_encoding(start: bytes) -> str:
    """Return the encoding that the first bytes of a file state, or "" if it has to be found."""
    for mark, name in _MARKS:
        if start.startswith(mark):
            return name
    # Without a mark, every second byte of most texts in UTF-16 is zero.
    half = len(start) // 2
    if half and len(start) % 2 == 0:
        for first, name in ((1, "utf-16-le"), (0, "utf-16-be")):
            zeros, others = start[first::2].count(0), start[1 - first :: 2].count(0)
            if not others and zeros * 100 >= half * _ZEROS:
                return name
    return ""


def _is_decoded(decoder: codecs.IncrementalDecoder, chunk: bytes, *, final: bool = False) -> bool:
    try:
        decoder.decode(chunk, final=final)
    except UnicodeDecodeError:
        return False
    return True


def _wide_text(file: Path, scan: _Scan) -> _Text:
    lines = 0
    try:
        with TextIOWrapper(open_file(file), scan.encoding, newline="") as stream:
            for lines, line in enumerate(stream, start=1):
                if is_spoilt(line):
                    word = next(filter(is_spoilt, words_beyond_ascii(line)))
                    raise Refusal("text_spoilt", file=file.name, line=lines, word=shown(word))
    except UnicodeError:
        raise Refusal("unknown_encoding", file=file.name, line=lines + 1, word="\ufffd") from None
    return _Text(scan.encoding, lines)


def _unreadable_letters(file: Path, scan: _Scan, encoding: str, wrong: frozenset[str]) -> Refusal:
    """Return the refusal of a text, with the first line and word that cannot be right."""
    with _opened(file, encoding) as stream:
        found = (
            (number, word)
            for number, line in enumerate(stream, start=1)
            for word in words_beyond_ascii(line)
            if word in wrong
        )
        number, word = next(found, (1, ""))
    key = "text_spoilt" if scan.is_utf8 and word else "unknown_encoding"
    return Refusal(key, file=file.name, line=number, word=shown(readable(word)))


class _CsvRows:
    """The rows of a CSV file, from the first at each iteration; blank ones are left out."""

    def __init__(
        self,
        file: Path,
        stream: TextIO,
        limits: Limits,
        recognised: Recognised,
        wrong: frozenset[str],
    ) -> None:
        self._file = file
        self._stream = stream
        self._limits = limits
        self._recognised = recognised
        self._wrong = wrong

    def __call__(self) -> Iterator[NumberedRow]:
        self._stream.seek(0)
        above, first, delimiter = self._first_lines()
        reader = csv.reader(
            chain(first, self._stream), delimiter=delimiter, skipinitialspace=True, strict=True
        )
        number = above + 1
        try:
            for row in reader:
                if any(row):
                    yield number, self._cells(row)
                number = above + reader.line_num + 1
        except csv.Error as error:
            is_one_line = above + reader.line_num == number and "field larger" in str(error)
            key = "line_too_long" if is_one_line else "text_damaged"
            raise Refusal(key, file=self._file.name, line=number) from error
        except OSError as error:
            raise refusal_of(self._file, error) from error

    def _cells(self, row: list[str]) -> Sequence[object]:
        row = self._bounded(row)
        if self._wrong:
            return [self._checked(cell) for cell in row]
        return list(map(without_guard, row)) if "'" in "".join(row) else row

    def _bounded(self, row: list[str]) -> list[str]:
        """Return a row without the columns beyond the limit, except the first of these with a value."""
        limit = self._limits.columns
        return row if len(row) <= limit else [*row[:limit], next(filter(None, row[limit:]), "")]

    def _checked(self, cell: str) -> object:
        if cell.isascii() or self._wrong.isdisjoint(words_beyond_ascii(cell)):
            return without_guard(cell)
        return spoilt_text(readable(cell))

    def _first_lines(self) -> tuple[int, list[str], str]:
        """Return the number of blank lines at the top, some lines below, and the delimiter."""
        delimiter = ""
        for above, line in enumerate(self._stream):
            stated = _EXCEL_DELIMITER.fullmatch(line)
            if not stated and line.strip(_BLANK):
                first = [line, *islice(self._stream, _FIRST_LINES - 1)]
                return above, first, delimiter or self._delimiter(first)
            delimiter = stated[1] if stated else delimiter
        raise Refusal("import_file_empty", file=self._file.name)

    def _delimiter(self, lines: list[str]) -> str:
        def found(delimiter: str) -> tuple[int, int]:
            """Count headings, and cells of rows that have as many as the widest."""
            try:
                rows = list(csv.reader(lines, delimiter=delimiter, skipinitialspace=True))
            except csv.Error:  # a cell that is too long
                return 0, 0
            widest = max(map(len, rows), default=0)
            cells = sum(widest - 1 for row in rows if len(row) == widest)
            headings = (self._recognised(self._bounded(row)) for row in rows)
            return max(headings, default=0), cells

        return max(_DELIMITERS, key=found)
