"""Workbooks: the values of their cells, as openpyxl reads them."""

from __future__ import annotations

import re
import warnings
from contextlib import ExitStack, contextmanager
from functools import partial
from typing import IO, TYPE_CHECKING, Any, Final

from kmtrack.errors import BadValue, Refusal
from kmtrack.ledger.schema.plain_text import shown
from kmtrack.named_files import open_file
from kmtrack.usecases.imports.archive import contents_of, refuse_ill_formed, titles_of_parts
from kmtrack.usecases.imports.spreadsheet import spreadsheet_tables
from kmtrack.usecases.imports.spreadsheet_cells import cell_text, plain_cell
from kmtrack.usecases.imports.table import FileTable, Findings, NumberedRow, Tables

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from kmtrack.usecases.imports.archive import Contents
    from kmtrack.usecases.imports.table import Deadline, Limits

_LAST_ROW: Final = 1_048_576  # of a sheet in Excel; a file may claim more
_ESCAPE: Final = re.compile("_x([0-9A-Fa-f]{4})_")
_UNCALCULATED: Final = BadValue("formula_without_value")


@contextmanager
def workbook_tables(file: Path, limits: Limits, deadline: Deadline) -> Iterator[Tables]:
    """Open the sheets of a workbook, which can be read inside the block.

    openpyxl reads it; a workbook that openpyxl refuses is read like other spreadsheets. Raises
    Refusal `workbook_protected`, `workbook_damaged`, `import_file_too_large`, `too_many_rows`, and
    what `spreadsheet_tables` does.
    """
    with ExitStack() as stack:
        stream = stack.enter_context(open_file(file))
        contents = contents_of(file, stream, limits, deadline)
        if contents.rows > limits.rows:
            raise Refusal("too_many_rows", file=file.name, number=contents.rows, limit=limits.rows)
        stack.enter_context(warnings.catch_warnings())
        warnings.simplefilter("ignore")  # openpyxl's, about what it does not read
        try:
            tables = _as_openpyxl_reads(file, stream, contents, limits, stack)
        except _NotForOpenpyxl:
            refuse_ill_formed(file, limits)
            for extent in contents.extents:
                extent.check(file, limits)
            titles = titles_of_parts(file, limits)
            hidden = {titles.get(part, part): n for part, n in contents.hidden_rows.items()}
            tables = stack.enter_context(spreadsheet_tables(file, limits, deadline, hidden))
        yield tables


class _NotForOpenpyxl(Exception):
    """A workbook that openpyxl refuses because of its styles, its properties or its form."""


def _as_openpyxl_reads(
    file: Path, stream: IO[bytes], contents: Contents, limits: Limits, stack: ExitStack
) -> Tables:
    if contents.is_unusual:
        raise _NotForOpenpyxl
    values = stack.enter_context(_opened(stream, data_only=True))
    formulas = None
    if contents.has_formulas:  # read as formulas too: without a value one looks blank
        second = stack.enter_context(open_file(file))
        formulas = stack.enter_context(_opened(second, data_only=False))
    hidden = [shown(sheet.title) for sheet in values.worksheets if _is_hidden(sheet)]
    tables = _tables(file, values, formulas, limits, contents.hidden_rows)
    return Tables(contents.rows, tables, Findings(hidden))


@contextmanager
def _opened(stream: IO[bytes], *, data_only: bool) -> Iterator[Any]:
    from openpyxl.reader.excel import ExcelReader

    try:
        reader = ExcelReader(stream, read_only=True, data_only=data_only, keep_links=False)
        # openpyxl takes `x005F_` out of shared texts, by which `_x005F_x000D_` becomes `_x000D_`.
        setattr(reader, "read_strings", partial(_read_shared_texts, reader))  # noqa: B010 - a method
        reader.read()
        workbook = reader.wb
    except Exception as error:  # openpyxl raises whatever the file makes it stumble over
        raise _NotForOpenpyxl from error
    try:
        yield workbook
    finally:
        workbook.close()


class _Unescaped(str):
    """A text whose escapes have been decoded, and that still looks as if it had one."""

    __slots__ = ()


def _read_shared_texts(reader: Any) -> None:
    """Read the shared texts of a workbook as openpyxl would, but keep their escapes."""
    from openpyxl.cell.text import Text
    from openpyxl.xml.constants import SHARED_STRINGS, SHEET_MAIN_NS
    from openpyxl.xml.functions import iterparse

    part = reader.package.find(SHARED_STRINGS)
    if part is None:
        return
    with reader.archive.open(part.PartName[1:]) as source:
        for _, node in iterparse(source):
            if node.tag == f"{{{SHEET_MAIN_NS}}}si":
                shared = Text.from_tree(node)
                text = unescaped(shared.content) if shared else ""
                reader.shared_strings.append(_Unescaped(text) if "_x" in text else text)
                node.clear()


def unescaped(text: str) -> str:
    """Return a text of a workbook with its escaped characters decoded: `_x000D_`."""
    if "_x" not in text:
        return text
    found = _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text)
    # A character beyond the first 65536 is given by two numbers.
    return found.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _tables(
    file: Path, values: Any, formulas: Any | None, limits: Limits, hidden_rows: Mapping[str, int]
) -> list[FileTable]:
    tables = []
    for position, sheet in enumerate(values.worksheets):
        if not _is_hidden(sheet):
            twin = formulas.worksheets[position] if formulas else None
            rows = _SheetRows(file, sheet, twin, limits)
            number = hidden_rows.get(sheet._worksheet_path, 0)  # noqa: SLF001 - not told otherwise
            tables.append(FileTable(shown(sheet.title), rows, number))
    return tables


def _is_hidden(sheet: Any) -> bool:
    return bool(sheet.sheet_state != "visible")


class _SheetRows:
    """The rows of one sheet, from the first at each iteration."""

    def __init__(self, file: Path, sheet: Any, twin: Any | None, limits: Limits) -> None:
        self._file = file
        self._sheet = sheet
        self._twin = twin
        self._limits = limits

    def __call__(self) -> Iterator[NumberedRow]:
        rows = self._with_formulas() if self._twin else self._values(self._sheet)
        last = self._limits.columns
        for number, row in enumerate(_unless_damaged(rows, self._file), start=1):
            if number > _LAST_ROW:
                raise Refusal(
                    "too_many_rows", file=self._file.name, number=number, limit=self._limits.rows
                )
            if any(cell is not None for cell in row):
                if any(cell is not None for cell in row[last:]):
                    raise Refusal("too_many_columns", sheet=self._sheet.title, limit=last)
                yield (
                    number,
                    [
                        _text(cell) if isinstance(cell, str) else plain_cell(cell)
                        for cell in row[:last]
                    ],
                )

    def _values(self, sheet: Any, *, only: bool = True) -> Iterable[tuple[Any, ...]]:
        sheet.reset_dimensions()  # the size that a sheet declares may be false
        rows: Iterable[tuple[Any, ...]] = sheet.iter_rows(values_only=only)
        return rows

    def _with_formulas(self) -> Iterable[tuple[Any, ...]]:
        # strict would fail only for a file that changes while it is read.
        for cells, formulas in zip(
            self._values(self._sheet, only=False), self._values(self._twin), strict=False
        ):
            yield tuple(
                _UNCALCULATED if _is_uncalculated(cell, formula) else cell.value
                for cell, formula in zip(cells, formulas, strict=False)
            )


def _is_uncalculated(cell: Any, formula: Any) -> bool:
    # A formula may have given an empty text ("str"); that is a value.
    return cell.value is None and formula is not None and cell.data_type != "str"


def _unless_damaged(rows: Iterable[tuple[Any, ...]], file: Path) -> Iterator[tuple[Any, ...]]:
    iterator = iter(rows)
    while True:
        try:
            row = next(iterator)
        except StopIteration:
            return
        except Refusal:
            raise
        except Exception as error:  # openpyxl raises whatever the file makes it stumble over
            raise Refusal("workbook_damaged", file=file.name) from error
        yield row


def _text(cell: str) -> object:
    return cell_text(str(cell) if isinstance(cell, _Unescaped) else unescaped(cell))
