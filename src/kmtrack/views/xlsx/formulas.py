"""Formulas with their values, written into the sheets of a workbook."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeAlias

from openpyxl import Workbook
from openpyxl.worksheet._write_only import WriteOnlyWorksheet
from openpyxl.worksheet._writer import WorksheetWriter
from openpyxl.xml.functions import Element, SubElement, fromstring

from kmtrack.views.xlsx.row_xml import SelfWrittenCell, row_xml

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

FormulaValue: TypeAlias = bool | int | float | str
_CELL: Final = r"\$?[A-Z]{1,3}\$?[0-9]+"
# Cells without a sheet; a text, and cells with one, are found to be left alone.
_CELLS: Final = re.compile(
    rf"""'(?:[^']|'')*'!{_CELL}(?::{_CELL})?|"(?:[^"]|"")*"|\b[A-Z.]+[0-9]*\("""
    rf"|(?P<cells>{_CELL}(?::{_CELL})?)"
)


class Formula(NamedTuple):
    """A formula of the program, without the equals sign, and the value that it computes.

    Text that somebody typed is never part of it: a formula refers to the cell with that text.
    """

    text: str
    value: FormulaValue


def quoted(text: str) -> str:
    """Return a text of the program as a literal in a formula."""
    return '"' + text.replace('"', '""') + '"'


def sheet_reference(title: str) -> str:
    """Return the title of a sheet as written in a formula before the exclamation mark."""
    return "'" + title.replace("'", "''") + "'"


def seen_from_elsewhere(formula: Formula, title: str) -> Formula:
    """Return a formula of the sheet `title` as it must be written on another sheet."""
    own = f"{sheet_reference(title)}!"

    def with_sheet(found: re.Match[str]) -> str:
        return own + found[0] if found["cells"] else found[0]

    return formula._replace(text=_CELLS.sub(with_sheet, formula.text))


def day_in_formula(day: date) -> str:
    """Return a day as a literal in a formula."""
    return f"DATE({day.year},{day.month},{day.day})"


class FormulaCell(SelfWrittenCell):
    """A cell with a formula and its value, for readers that do not calculate."""

    __slots__ = ("formula",)

    def __init__(self, sheet: Any, formula: Formula) -> None:
        super().__init__(sheet, row=1, column=1)
        self.formula = formula

    def element(self) -> Any:
        """Return the element of the cell at its place."""
        attributes = {"r": self.coordinate, "s": f"{self.style_id}"}
        text, value = self.formula
        if isinstance(value, bool):
            attributes["t"], shown = "b", str(int(value))
        elif isinstance(value, str):
            attributes["t"], shown = "str", value
        else:
            shown = repr(value)
        element = Element("c", attributes)
        SubElement(element, "f").text = text
        SubElement(element, "v").text = shown
        return element


def streamed_workbook() -> Workbook:
    """Return a workbook that writes rows at once, and formulas with their values.

    Text that somebody typed remains text in it, whatever it begins with.
    """
    return _StreamedWorkbook(write_only=True)


class _StreamedWorkbook(Workbook):
    def create_sheet(self, title: Any = None, index: int | None = None) -> Any:
        sheet = _StreamedSheet(self, title)
        self._add_sheet(sheet, index)  # type: ignore[attr-defined] # missing in the stubs
        return sheet


class _StreamedSheet(WriteOnlyWorksheet):
    _writer: Any

    def _get_writer(self) -> None:
        if self._writer is None:
            self._writer = _SheetWriter(self)
            self._writer.write_top()

    def _values_to_row(self, values: Iterable[Any], _: int) -> Iterable[Any]:
        return values  # openpyxl would make a cell of each


class _SheetWriter(WorksheetWriter):
    ws: Any

    def write_row(self, xf: Any, row: Iterable[Any], row_idx: int) -> None:
        """Write a row."""
        attributes = dict(self.ws.row_dimensions.pop(row_idx, {}))  # of no use any more
        text = row_xml(self.ws, row, row_idx, attributes)
        write = getattr(xf, "_file", None)
        if write is None:  # openpyxl writes through lxml where that is installed
            xf.write(fromstring(text))
        else:
            write(text)
