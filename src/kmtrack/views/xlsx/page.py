"""How a sheet is printed: the paper, what stands on every page, and the height of its rows."""

from __future__ import annotations

from textwrap import wrap
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kmtrack.views.xlsx.cells import Sheet

_A4: Final = 9  # as spreadsheets number their papers
_LINE: Final = 15  # points, of a line of text
_FILLED: Final = 0.85  # of a column's width, before a word goes to the next line


def fit_to_width(sheet: Sheet) -> None:
    """Set a sheet up for printing on A4 landscape, as wide as the page and as long as it takes."""
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = _A4
    sheet.page_setup.fitToWidth = 1
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True


def set_up_page(
    sheet: Sheet, repeated_rows: str | None = None, *, on_one_page: bool = False
) -> None:
    """Set a sheet of the region's workbook up for printing; call it before the first row is written."""
    fit_to_width(sheet)
    sheet.page_setup.fitToHeight = int(on_one_page)  # 0: as many pages as it takes
    sheet.oddFooter.left.text = "kmtrack"
    sheet.oddFooter.center.text = "&A"
    sheet.oddFooter.right.text = "&P / &N"
    if repeated_rows:
        sheet.print_title_rows = repeated_rows


def set_height(sheet: Sheet, row: int, texts: Sequence[Any], widths: Sequence[float]) -> None:
    """Make a row as high as its texts need in columns of these widths; call it before writing the row.

    Not every program does so by itself: in LibreOffice the lines overlapped.
    """
    lines = max(
        len(wrap(str(text), max(1, int(width * _FILLED))))
        for text, width in zip(texts, widths, strict=False)
    )
    if lines > 1:
        sheet.row_dimensions[row].height = _LINE * lines
