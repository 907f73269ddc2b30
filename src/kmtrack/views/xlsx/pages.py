"""How a sheet prints: A4 landscape, as wide as the page, with its head on each, and every line to be read."""

from __future__ import annotations

from textwrap import wrap
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kmtrack.views.xlsx.cells import Sheet

_A4: Final = 9  # as spreadsheets number their papers
_LINE: Final = 15  # points, of a line of text
_FILLED: Final = 0.85  # of a column's width, before a word goes to the next line


def set_up_page(
    sheet: Sheet, repeated_rows: str | None = None, *, on_one_page: bool = False
) -> None:
    """Set a sheet up for printing; before its first row is written."""
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = _A4
    sheet.page_setup.fitToWidth = 1
    sheet.page_setup.fitToHeight = int(on_one_page)  # 0: as many pages as it takes
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.oddFooter.left.text = "kmtrack"
    sheet.oddFooter.center.text = "&A"
    sheet.oddFooter.right.text = "&P / &N"
    if repeated_rows:
        sheet.print_title_rows = repeated_rows


def set_height(sheet: Sheet, row: int, texts: Sequence[Any], widths: Sequence[float]) -> None:
    """Make a row as high as its texts need in columns so wide; before the row is written.

    Not every program does so by itself: in LibreOffice the lines lay over each other.
    """
    lines = max(
        len(wrap(str(text), max(1, int(width * _FILLED))))
        for text, width in zip(texts, widths, strict=False)
    )
    if lines > 1:
        sheet.row_dimensions[row].height = _LINE * lines
