"""The import workbook, drawn: a page of help, a sheet to fill in for each noun, and the lists."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.properties import PageSetupProperties

from kmtrack.views.xlsx.file import save_workbook
from kmtrack.views.xlsx.pages import set_height

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime
    from pathlib import Path

    from openpyxl.worksheet.worksheet import Worksheet

_LAST_ROW: Final = 5001  # that drop-down lists and formats reach to
_TITLE: Final = Font(name="Calibri", size=16, bold=True, color="1F3864")
_HEAD: Final = Font(name="Calibri", bold=True, color="FFFFFF")
_REQUIRED: Final = PatternFill("solid", fgColor="1F3864")
_OPTIONAL: Final = PatternFill("solid", fgColor="6E84A8")
_EXAMPLE: Final = Font(name="Calibri", italic=True, color="7F7F7F")
_WRAPPED: Final = Alignment(vertical="top", wrap_text=True)
_MIDDLE: Final = Alignment(vertical="center", wrap_text=True)
_HELP_WIDTHS: Final = (18, 24, 10, 70, 18)


class Column(NamedTuple):
    """A column to fill in; `choices` names a list, `number_format` is a spreadsheet's own."""

    heading: str
    width: int
    number_format: str
    is_required: bool
    choices: str | None
    example: str | float | date | None


class FillIn(NamedTuple):
    """A sheet to fill in."""

    title: str
    columns: Sequence[Column]


class Template(NamedTuple):
    """All that the workbook shows; `help_table` begins with its heads."""

    title: str
    help_title: str
    help_lines: Sequence[str]
    help_table: Sequence[Sequence[str]]
    sheets: Sequence[FillIn]
    lists_title: str
    lists: Mapping[str, Sequence[str]]
    choose: str
    creator: str
    made_at: datetime


def draw_template(template: Template, file: Path) -> None:
    """Write the import workbook to `file`. Raises OSError."""
    workbook = Workbook()
    _draw_help(workbook.worksheets[0], template)
    ranges = {
        name: f"{quote_sheetname(template.lists_title)}!${letter}$2:${letter}${len(words) + 1}"
        for letter, (name, words) in _lettered(template.lists.items())
    }
    for fill_in in template.sheets:
        _draw_sheet(workbook.create_sheet(fill_in.title), fill_in, ranges, template.choose)
    _draw_lists(workbook.create_sheet(template.lists_title), template.lists)
    workbook.properties.title = template.title
    workbook.properties.creator = template.creator
    workbook.properties.created = workbook.properties.modified = template.made_at
    save_workbook(workbook, file)


def _lettered(things: Any) -> list[tuple[str, Any]]:
    return [(get_column_letter(number), thing) for number, thing in enumerate(things, start=1)]


def _draw_help(sheet: Worksheet, template: Template) -> None:
    sheet.title = template.help_title
    sheet.sheet_view.showGridLines = False
    sheet["A1"] = template.title
    sheet["A1"].font = _TITLE
    row = 3
    for line in template.help_lines:
        sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=5)
        sheet.cell(row, 1, line).alignment = _WRAPPED
        sheet.row_dimensions[row].height = 32
        row += 1
    row += 1
    for number, values in enumerate(template.help_table):
        set_height(sheet, row + number, values, _HELP_WIDTHS)
        for column, value in enumerate(values, start=1):
            cell = sheet.cell(row + number, column, value)
            cell.alignment = _WRAPPED
            if number == 0:
                cell.font, cell.fill = _HEAD, _REQUIRED
    for letter, width in _lettered(_HELP_WIDTHS):
        sheet.column_dimensions[letter].width = width
    _set_up_print(sheet, row)


def _draw_sheet(sheet: Worksheet, fill_in: FillIn, ranges: Mapping[str, str], choose: str) -> None:
    for letter, column in _lettered(fill_in.columns):
        head = sheet[f"{letter}1"]
        head.value, head.font, head.alignment = column.heading, _HEAD, _MIDDLE
        head.fill = _REQUIRED if column.is_required else _OPTIONAL
        example = sheet[f"{letter}2"]
        example.value, example.font = column.example, _EXAMPLE
        example.number_format = column.number_format
        dimension = sheet.column_dimensions[letter]
        dimension.width, dimension.number_format = column.width, column.number_format
        if column.choices is not None:
            validation = DataValidation(type="list", formula1=ranges[column.choices])
            # A warning only: an import takes codes and other words too.
            validation.errorStyle, validation.showErrorMessage = "warning", True
            validation.promptTitle, validation.prompt = column.heading[:32], choose
            validation.showInputMessage = True
            sheet.add_data_validation(validation)
            validation.add(f"{letter}2:{letter}{_LAST_ROW}")
    lines = max(ceil(len(column.heading) / column.width) for column in fill_in.columns)
    sheet.row_dimensions[1].height = max(32, 16 * lines)
    sheet.freeze_panes = "B2"
    _set_up_print(sheet, 1)


def _draw_lists(sheet: Worksheet, lists: Mapping[str, Sequence[str]]) -> None:
    for letter, (name, words) in _lettered(lists.items()):
        for row, word in enumerate((name, *words), start=1):
            sheet[f"{letter}{row}"] = word
    sheet.sheet_state = "hidden"


def _set_up_print(sheet: Worksheet, head_row: int) -> None:
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = 9  # A4
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_title_rows = f"{head_row}:{head_row}"
