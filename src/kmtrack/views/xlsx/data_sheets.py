"""The sheets of records, each a real Excel table."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from openpyxl.cell import WriteOnlyCell
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.table import Table, TableStyleInfo

from kmtrack.errors import Refusal
from kmtrack.i18n import say
from kmtrack.ledger.schema.nouns import NOUNS
from kmtrack.views.format import heading_of
from kmtrack.views.xlsx.cells import (
    CENTRE,
    HEAD,
    HEAD_FILL,
    MIDDLE,
    day_format,
    safe_text,
    set_height,
    set_up_page,
    styled,
    text_cell,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from openpyxl import Workbook

    from kmtrack.ledger.schema.fields import Cell
    from kmtrack.views.xlsx.cells import Sheet
    from kmtrack.views.xlsx.content import DataSheet

_MOST_ROWS: Final = 1_048_575
_WIDTH: Final = 14
# The columns that are no fields of the noun of their sheet: how wide, and how a value stands in a cell.
_OTHERS: Final[Mapping[str, tuple[int, Cell]]] = {
    "company": (34, "text"),
    "target": (28, "word"),
    "municipality": (18, "word"),
    "reason": (44, "word"),
    "disseminated": (28, "word"),
    "operator": (_WIDTH, "text"),
    "day": (_WIDTH, "day"),
    **dict.fromkeys(("records", "hires", "contacts", "collaborations"), (_WIDTH, "number")),
}


class SheetRange(NamedTuple):
    """Where a table stands: its sheet, the letter of each field's column, and its last row."""

    sheet: str
    columns: dict[str, str]
    last_row: int

    def cells(self, field: str) -> str:
        """The reference to a field's cells, for a formula."""
        letter = self.columns[field]
        sheet = self.sheet.replace("'", "''")
        return f"'{sheet}'!${letter}$2:${letter}${self.last_row}"


def write_data_sheet(workbook: Workbook, data: DataSheet, number: int) -> SheetRange:
    """Write a sheet of records as a table; where it stands. Raises Refusal `too_many_records`."""
    sheet = workbook.create_sheet(data.name)
    headings = [heading_of(data.noun, field) for field in data.fields]
    columns = {field: get_column_letter(n) for n, field in enumerate(data.fields, start=1)}
    widths = [_of_column(data.noun, field)[0] for field in data.fields]
    for letter, width in zip(columns.values(), widths, strict=True):
        sheet.column_dimensions[letter].width = width
    set_height(sheet, 1, headings, widths)
    set_up_page(sheet, repeated_rows="1:1")
    sheet.freeze_panes = "A2"
    sheet.append([styled(sheet, h, font=HEAD, fill=HEAD_FILL, alignment=MIDDLE) for h in headings])
    last_row = _write_rows(sheet, data)
    last_row = max(last_row, 2)  # a table has a row, if an empty one
    table: Any = Table(
        displayName=f"Table{number}", ref=f"A1:{get_column_letter(len(headings))}{last_row}"
    )
    # In write-only mode nobody reads the headings back: a table that lacks them needs repair.
    table._initialise_columns()  # noqa: SLF001 - openpyxl's own way in its documentation
    for tabled, heading in zip(table.tableColumns, headings, strict=True):
        tabled.name = heading
    table.tableStyleInfo = TableStyleInfo(name="TableStyleLight9", showRowStripes=True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that columns are to be named by hand, as was done
        sheet.add_table(table)
    return SheetRange(data.name, columns, last_row)


def _write_rows(sheet: Sheet, data: DataSheet) -> int:
    """Write the rows; the number of the last one."""
    makers = [
        (position, make)
        for position, field in enumerate(data.fields)
        if (make := _maker(sheet, _of_column(data.noun, field)[1])) is not None
    ]
    written = 1
    for row in data.rows:
        if written > _MOST_ROWS:
            raise Refusal("too_many_records", most=_MOST_ROWS)
        for position, make in makers:
            row[position] = make(row[position])
        sheet.append(row)
        written += 1
    if written == 1:
        sheet.append([text_cell(sheet, say("workbook.no_records"))])
    return written


def _of_column(noun: str, name: str) -> tuple[int, Cell]:
    """How wide a column is, and how a value stands in its cells."""
    field = NOUNS[noun].field(name) if noun in NOUNS else None
    return (field.sheet_width, field.kind.cell) if field else _OTHERS.get(name, (_WIDTH, "word"))


def _maker(sheet: Sheet, cell: Cell) -> Callable[[Any], Any] | None:
    """What makes a cell of a value; None for ids and words of ours, which go in as such."""
    if cell == "day":
        return _in_the_middle(sheet, day_format())
    if cell == "number":
        return _in_the_middle(sheet, "General")
    if cell == "text":
        return lambda value: safe_text(sheet, value)
    return None


def _in_the_middle(sheet: Sheet, number_format: str) -> Callable[[Any], Any]:
    """What makes a cell of a day or a number, which at the right would touch the text beside it.

    One cell object serves the whole column: a row is written at once, and a new object for each
    value takes a third longer.
    """
    cell = WriteOnlyCell(sheet)
    cell.number_format, cell.alignment = number_format, CENTRE

    def make(value: Any) -> Any:
        if value is None:
            return value
        cell.value = value
        return cell

    return make
