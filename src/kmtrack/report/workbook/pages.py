"""How a sheet prints: A4 landscape, as wide as the page, with its head on each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from kmtrack.report.workbook.cells import Sheet

_A4: Final = 9  # as spreadsheets number their papers


def set_up_page(sheet: Sheet, repeated_rows: str | None = None) -> None:
    """Set a sheet up for printing; before its first row is written."""
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = _A4
    sheet.page_setup.fitToWidth = 1
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.oddFooter.left.text = "kmtrack"
    sheet.oddFooter.center.text = "&A"
    sheet.oddFooter.right.text = "&P / &N"
    if repeated_rows:
        sheet.print_title_rows = repeated_rows
