"""Cell values and styles of a workbook."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ERROR_CODES, ILLEGAL_CHARACTERS_RE
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

from kmtrack.i18n import current
from kmtrack.views.xlsx.formulas import Formula, FormulaCell, quoted
from kmtrack.views.xlsx.palette import (
    BAD,
    BAD_BACK,
    BAND_BACK,
    GOOD,
    GOOD_BACK,
    HEAD_BACK,
    INK,
    LINK,
    NAVY,
    NEUTRAL_BACK,
    QUIET,
    RULE,
    WHITE,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

# A write-only sheet of openpyxl, whose type stubs are incomplete.
Sheet: TypeAlias = Any

_STARTS_A_FORMULA: Final = ("=", "+", "-", "@")
_LONGEST: Final = 32_767  # characters, in a cell
# What a workbook takes for a character by its number; the sign in front of it has a number too.
_ESCAPE: Final = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
TITLE: Final = Font(name="Calibri", size=16, bold=True, color=NAVY)
PLAIN: Final = Font(name="Calibri", color=INK)
BOLD: Final = Font(name="Calibri", bold=True, color=INK)
BAD_TEXT: Final = Font(name="Calibri", bold=True, color=BAD)
GOOD_TEXT: Final = Font(name="Calibri", bold=True, color=GOOD)
GREY: Final = Font(name="Calibri", color=QUIET)
LINK_TEXT: Final = Font(name="Calibri", color=LINK, underline="single")
HEAD: Final = Font(name="Calibri", bold=True, color=WHITE)
HEAD_FILL: Final = PatternFill("solid", fgColor=HEAD_BACK)
BAND_FILL: Final = PatternFill("solid", fgColor=BAND_BACK)
GOOD_FILL: Final = PatternFill("solid", fgColor=GOOD_BACK)
BAD_FILL: Final = PatternFill("solid", fgColor=BAD_BACK)
NEUTRAL_FILL: Final = PatternFill("solid", fgColor=NEUTRAL_BACK)
RULED: Final = Border(bottom=Side(style="thin", color=RULE))
TOP: Final = Alignment(vertical="top", wrap_text=True)
MIDDLE: Final = Alignment(vertical="center", wrap_text=True)
LEFT_ALIGNED: Final = Alignment(horizontal="left")
CENTRE: Final = Alignment(horizontal="center")


def day_format() -> str:
    """Return the format of days in the language in use."""
    return "dd.mm.yyyy" if current() == "da" else "yyyy-mm-dd"


def month_format() -> str:
    """Return the format of a day that stands for its month, in the language in use."""
    return f"{_locale()}mmm yyyy"


def long_day_format(before: str) -> str:
    """Return the format of a day with the name of its month, after some words of our own."""
    return f'{_locale()}"{before} "d{"." if current() == "da" else ""} mmmm yyyy'


def amount_format(form: str = "#,##0") -> str:
    """Return a format of numbers with the separators of the language in use, whatever the machine's.

    LibreOffice shows them; Excel always uses those of the machine.
    """
    return ";".join(f"{_locale()}{part}" for part in form.split(";"))


def _locale() -> str:
    """Return how a format names the language in use: by its number in Windows."""
    return "[$-406]" if current() == "da" else "[$-809]"


def percent_format() -> str:
    """Return the format of whole percent in the language in use."""
    return "0\\ %" if current() == "da" else "0%"


def plain(text: str) -> str:
    """Return a text in the form that a workbook needs.

    It is cut to the length of a cell, has no characters that cells cannot hold, and every program
    reads `_x000D_` in it as these seven characters.
    """
    text = ILLEGAL_CHARACTERS_RE.sub("\ufffd", text)[:_LONGEST]
    return _ESCAPE.sub("_x005F_", text) if "_x" in text else text


def text_cell(sheet: Sheet, value: str) -> Any:
    """Make a cell whose text stays text, whatever it begins with."""
    cell = WriteOnlyCell(sheet, plain(value))
    cell.data_type = "s"
    if value.startswith(_STARTS_A_FORMULA):
        cell.quotePrefix = True
    return cell


def safe_text(sheet: Sheet, value: str | None) -> Any:
    """Return a text that somebody typed, as a cell only if it could be taken for more than text."""
    if not value:
        return None
    if value.startswith(_STARTS_A_FORMULA) or value in ERROR_CODES:
        return text_cell(sheet, value)
    is_plain = value.isprintable() and len(value) <= _LONGEST and "_x" not in value
    return value if is_plain else plain(value)


def styled(  # noqa: PLR0913 - each part of a style is left out nearly always
    sheet: Sheet,
    value: Any,
    *,
    font: Font | None = None,
    fill: PatternFill | None = None,
    alignment: Alignment | None = None,
    number_format: str | None = None,
) -> Any:
    """Make a cell with a style; a text in it stays text unless it is a `Formula`."""
    if isinstance(value, Formula):
        shown = plain(value.value) if isinstance(value.value, str) else value.value
        cell: Any = FormulaCell(sheet, value._replace(value=shown))
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


def head_cells(sheet: Sheet, heads: Iterable[str]) -> list[Any]:
    """Make the cells of a table's heading row."""
    return [styled(sheet, head, font=HEAD, fill=HEAD_FILL, alignment=MIDDLE) for head in heads]


def coloured(word: str, font: Font, fill: PatternFill) -> Any:
    """Make the rule that colours cells containing a word of the program."""
    return CellIsRule(  # type: ignore[no-untyped-call]
        operator="equal",
        formula=[quoted(word)],
        font=Font(bold=True, color=font.color),
        fill=fill,
    )
