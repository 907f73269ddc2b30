"""Cells: values as a spreadsheet takes them, and the few styles of the workbook."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Final, TypeAlias

from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ERROR_CODES, ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font, PatternFill

from kmtrack.i18n import current

# A write-only sheet of openpyxl, whose types leave out half of what it has.
Sheet: TypeAlias = Any

_STARTS_A_FORMULA: Final = ("=", "+", "-", "@")
_LONGEST: Final = 32_767  # characters, in a cell
TITLE: Final = Font(name="Calibri", size=16, bold=True, color="1F3864")
BOLD: Final = Font(name="Calibri", bold=True)
BAD: Final = Font(name="Calibri", bold=True, color="C00000")
GREY: Final = Font(name="Calibri", color="7F7F7F")
HEAD: Final = Font(name="Calibri", bold=True, color="FFFFFF")
HEAD_FILL: Final = PatternFill("solid", fgColor="1F3864")
TOP: Final = Alignment(vertical="top", wrap_text=True)
MIDDLE: Final = Alignment(vertical="center", wrap_text=True)
LEFT: Final = Alignment(horizontal="left")
CENTRE: Final = Alignment(horizontal="center")


def day_format() -> str:
    """The format of days: as people in the language in use write them."""
    return "dd.mm.yyyy" if current() == "da" else "yyyy-mm-dd"


def plain(text: str) -> str:
    """A text without the characters that no workbook can hold, cut where a cell ends."""
    return ILLEGAL_CHARACTERS_RE.sub("\ufffd", text)[:_LONGEST]


def text_cell(sheet: Sheet, value: str) -> Any:
    """A text that stays text, whatever it begins with."""
    cell = WriteOnlyCell(sheet, plain(value))
    cell.data_type = "s"
    if value.startswith(_STARTS_A_FORMULA):
        cell.quotePrefix = True
    return cell


def safe_text(sheet: Sheet, value: str | None) -> Any:
    """A text that somebody typed, as a cell of its own only where it could be more than text."""
    if not value:
        return None
    if value.startswith(_STARTS_A_FORMULA) or value in ERROR_CODES:
        return text_cell(sheet, value)
    return value if value.isprintable() and len(value) <= _LONGEST else plain(value)


def styled(  # noqa: PLR0913 - each part of a style is left out nearly always
    sheet: Sheet,
    value: Any,
    *,
    font: Font | None = None,
    fill: PatternFill | None = None,
    alignment: Alignment | None = None,
    number_format: str | None = None,
) -> Any:
    """A cell with a style; a text in it stays text, unless it is given as a `Formula`."""
    if isinstance(value, Formula):
        cell = WriteOnlyCell(sheet, value.text)
    elif isinstance(value, str):
        cell = text_cell(sheet, value)
    else:
        cell = WriteOnlyCell(sheet, value)
        if isinstance(value, (date, datetime)):
            cell.number_format = day_format()
    if font:
        cell.font = font
    if fill:
        cell.fill = fill
    if alignment:
        cell.alignment = alignment
    if number_format:
        cell.number_format = number_format
    return cell


class Formula:
    """A formula of ours; no user's text is ever one."""

    def __init__(self, text: str) -> None:
        self.text = text
