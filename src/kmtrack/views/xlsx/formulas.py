"""Formulas with their values, written into the sheets of a workbook."""

# ruff: noqa: SLF001 - openpyxl has no other way to write a formula's value

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeAlias

from openpyxl import Workbook
from openpyxl.cell._writer import write_cell
from openpyxl.cell.cell import Cell
from openpyxl.worksheet._write_only import WriteOnlyWorksheet
from openpyxl.worksheet._writer import WorksheetWriter
from openpyxl.xml.functions import Element, SubElement

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

FormulaValue: TypeAlias = bool | int | float | str
_FORMULA: Final = "f"  # as openpyxl names the types of cells
_ERROR: Final = "e"
_TEXT: Final = "s"


class Formula(NamedTuple):
    """A formula of the program, without the equals sign, and the value that it computes.

    No word that somebody wrote is ever part of the text: a formula refers to the cell that holds it.
    """

    text: str
    value: FormulaValue


def quoted(text: str) -> str:
    """Return a text of the program as it stands in a formula."""
    return '"' + text.replace('"', '""') + '"'


def sheet_reference(title: str) -> str:
    """Return the title of a sheet as it stands in a formula, before the exclamation mark."""
    return "'" + title.replace("'", "''") + "'"


def day_in_formula(day: date) -> str:
    """Return a day as it stands in a formula."""
    return f"DATE({day.year},{day.month},{day.day})"


class FormulaCell(Cell):
    """A cell with a formula and its value, for readers that do not calculate."""

    __slots__ = ("formula",)

    def __init__(self, sheet: Any, formula: Formula) -> None:
        super().__init__(sheet, row=1, column=1)
        self.formula = formula

    @property
    def has_style(self) -> bool:
        """Return True: openpyxl would use a cell without style for the next value of its row."""
        return True


def streamed_workbook() -> Workbook:
    """Return a workbook whose rows are written at once, and whose formulas have their values.

    A text that somebody wrote stays a text in it, whatever it begins with.
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


class _SheetWriter(WorksheetWriter):
    ws: Any

    def write_row(self, xf: Any, row: Iterable[Any], row_idx: int) -> None:
        """Write the cells of a row as openpyxl does, except for formulas and what looks like one."""
        attributes = {"r": f"{row_idx}"}
        attributes.update(self.ws.row_dimensions.get(row_idx, {}))
        with xf.element("row", attributes):
            for cell in row:
                if isinstance(cell, FormulaCell):
                    xf.write(_formula_element(cell))
                    continue
                if cell._value is None and not cell.has_style:
                    continue
                if cell.data_type in {_FORMULA, _ERROR}:
                    cell.data_type, cell.quotePrefix = _TEXT, True
                write_cell(xf, self.ws, cell, cell.has_style)


def _formula_element(cell: FormulaCell) -> Any:
    attributes = {"r": cell.coordinate, "s": f"{cell.style_id}"}
    text, value = cell.formula
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
