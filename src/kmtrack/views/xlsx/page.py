"""How a sheet is printed: the paper, the header and footer, and the height of its rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from kmtrack.i18n import current, say
from kmtrack.views.format import day_in_words
from kmtrack.views.xlsx.palette import NAVY, QUIET
from kmtrack.views.xlsx.text_width import lines_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from openpyxl import Workbook

    from kmtrack.rules.contract import Contract
    from kmtrack.views.xlsx.cells import Sheet

_A4: Final = 9  # as spreadsheets number their papers
LINE_HEIGHT: Final = 15  # points, of a line of text
_FONT: Final = "Calibri,Regular"
_BOLD: Final = "Calibri,Bold"
# A header holds 255 characters with its fonts and colours; what is longer, spreadsheets call damage.
_LONGEST_PART: Final = 120


def fit_to_width(sheet: Sheet) -> None:
    """Set a sheet up for printing on A4 landscape, as wide as the page and as long as necessary."""
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = _A4
    sheet.page_setup.fitToWidth = 1
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True


def set_up_page(
    sheet: Sheet, repeated_rows: str | None = None, *, on_one_page: bool = False
) -> None:
    """Set a sheet of the region's workbook up for printing, before its first row is written."""
    fit_to_width(sheet)
    sheet.page_setup.fitToHeight = int(on_one_page)  # 0: as many pages as it takes
    margins = sheet.page_margins  # inches
    margins.left = margins.right = 0.5
    margins.top, margins.bottom = 0.85, 0.7
    margins.header = margins.footer = 0.35
    if repeated_rows:
        sheet.print_title_rows = repeated_rows


def mark_pages(workbook: Workbook, contract: Contract, day: date) -> None:
    """Print the sheet, the contract, the day and the page number on every page of a workbook."""
    name = contract.name.in_language(current())
    as_of = f"{say('workbook.as_of')} {day_in_words(day)}"
    for sheet in workbook.worksheets:
        mark_sheet(sheet, name)
        header: Any = sheet.oddHeader
        _print(header.right, printed(as_of), _BOLD, 10, NAVY)


def mark_sheet(sheet: Sheet, name: str) -> None:
    """Print the sheet, the name of the workbook and the page number on every page of a sheet."""
    header, footer = sheet.oddHeader, sheet.oddFooter
    _print(header.left, "&A", _BOLD, 11, NAVY)
    _print(footer.left, printed(name), _FONT, 9, QUIET)
    _print(footer.right, say("workbook.page"), _FONT, 9, QUIET)


def _print(part: Any, text: str, font: str, size: int, color: str) -> None:
    part.text, part.font, part.size, part.color = text, font, size, color


def printed(text: str) -> str:
    """Return a text for a header or footer, where "&" begins a code and room is short."""
    text = " ".join(text.split())
    while len(escaped := _escaped(text)) > _LONGEST_PART:
        text = f"{text[:-2]}…"
    return escaped


def _escaped(text: str) -> str:
    # openpyxl takes "&[" for a code of its own.
    return text.replace("&", "&&").replace("&[", "& [")


def set_height(
    sheet: Sheet, row: int, texts: Iterable[Any], widths: Sequence[float], *, bold: bool = False
) -> None:
    """Make a row as high as its texts need in columns of these widths, before it is written.

    Not every program does so by itself: in LibreOffice the lines overlapped.
    """
    pairs = zip(texts, widths, strict=False)
    lines = max((lines_in(str(text), width, bold=bold) for text, width in pairs), default=1)
    if lines > 1:
        sheet.row_dimensions[row].height = LINE_HEIGHT * lines
