"""Rows of a sheet as XML, written several times as fast as openpyxl writes them cell by cell."""

# ruff: noqa: SLF001 - openpyxl keeps the value of a cell and the links of a sheet in private attributes

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from xml.etree.ElementTree import tostring

from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.cell._writer import etree_write_cell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.utils import get_column_letter
from openpyxl.utils.datetime import to_excel
from openpyxl.utils.exceptions import IllegalCharacterError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_LONGEST: Final = 32_767  # characters, in a cell
_FORMULA: Final = "f"  # as openpyxl names the types of cells
_ERROR: Final = "e"
_TEXT: Final = "s"
_NUMBER: Final = "n"
_DAY: Final = "d"
# What openpyxl would take for a formula or an error.
_NO_PLAIN_TEXT: Final = ("=", "#")

_to_excel: Any = to_excel  # openpyxl's stubs have no types for it
_letter = lru_cache(maxsize=None)(get_column_letter)


# Many records have the same day.
@lru_cache(maxsize=4096)
def _serial_day(day: date) -> int:
    """Return the number that stands for a day in a workbook."""
    return int(_to_excel(day))


class StyledValue(NamedTuple):
    """A text, number or day with the number of its style in the workbook, as a cell costs far more.

    A text in it remains a text, whatever it begins with.
    """

    value: str | float | date
    style_id: int


class SelfWrittenCell(Cell):
    """A cell that makes its own element, as openpyxl cannot."""

    __slots__ = ()

    def element(self) -> Any:
        """Return the element of the cell at its place."""
        raise NotImplementedError


def row_xml(sheet: Any, values: Iterable[Any], number: int, attributes: Mapping[str, str]) -> str:
    """Return a row of a sheet: plain values and cells of openpyxl, None for no cell.

    Plain texts, numbers, values with a style, and cells with a text, number or day are written
    here, all others by openpyxl. What looks like a formula remains a text. Raises
    IllegalCharacterError.
    """
    parts = [
        f'<row r="{number}"',
        *[f' {name}="{value}"' for name, value in attributes.items()],
        ">",
    ]
    for column, value in enumerate(values, start=1):
        if value is None:
            continue
        place = f"{_letter(column)}{number}"
        kind = type(value)
        if kind is str and not value.startswith(_NO_PLAIN_TEXT):
            if value:
                parts.append(f'<c r="{place}" t="inlineStr">{_inline(value)}</c>')
        elif kind is StyledValue:
            parts.append(f'<c r="{place}" {_styled_xml(value)}')
        elif kind is int:
            parts.append(f'<c r="{place}" t="n"><v>{value}</v></c>')
        elif kind is Cell and value._hyperlink is None:
            parts.append(_cell_xml(sheet, value, place, column, number))
        else:
            parts.append(_by_openpyxl(sheet, value, column, number))
    parts.append("</row>")
    return "".join(parts)


def _inline(text: str) -> str:
    """Return a text in a cell."""
    if not text.isprintable() and ILLEGAL_CHARACTERS_RE.search(text):
        raise IllegalCharacterError(text)
    text = text[:_LONGEST]
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    keeps_blanks = ' xml:space="preserve"' if text != text.strip() else ""
    return f"<is><t{keeps_blanks}>{escaped}</t></is>"


def _styled_xml(styled: StyledValue) -> str:
    """Return a cell with a style, without its beginning and its position."""
    value, style_id = styled
    if isinstance(value, str):
        return (
            f's="{style_id}" t="inlineStr">{_inline(value)}</c>' if value else f's="{style_id}"/>'
        )
    return _number_xml(value, style_id)


# Many records have the same day or number.
@lru_cache(maxsize=4096)
def _number_xml(value: float | date, style_id: int) -> str:
    number = _serial_day(value) if isinstance(value, date) else value
    return f's="{style_id}" t="n"><v>{number:.16g}</v></c>'


def _cell_xml(sheet: Any, cell: Any, place: str, column: int, number: int) -> str:
    value, kind = cell.value, cell.data_type
    style_id = cell.style_id
    begin = f'<c r="{place}" s="{style_id}"' if style_id else f'<c r="{place}"'
    if value is None or value == "":
        return f"{begin}/>" if style_id else ""
    if kind == _TEXT and type(value) is str:
        return f'{begin} t="inlineStr">{_inline(value)}</c>'
    if kind == _NUMBER and type(value) is int:
        return f'{begin} t="n"><v>{value}</v></c>'
    if kind == _DAY and type(value) is date:
        return f'{begin} t="n"><v>{_serial_day(value)}</v></c>'
    return _by_openpyxl(sheet, cell, column, number)


def _by_openpyxl(sheet: Any, value: Any, column: int, number: int) -> str:
    cell: Any = value if isinstance(value, Cell) else WriteOnlyCell(sheet, value)
    cell.column, cell.row = column, number
    if isinstance(cell, SelfWrittenCell):
        return tostring(cell.element(), encoding="unicode")
    if cell.hyperlink is not None:
        cell.hyperlink.ref = cell.coordinate
    if cell.data_type in {_FORMULA, _ERROR}:
        cell.data_type, cell.quotePrefix = _TEXT, True
    written = _Written()
    etree_write_cell(written, sheet, cell, cell.has_style)
    return written.text


class _Written:
    """Receives the element of a cell from openpyxl, as its file does."""

    text = ""

    def write(self, element: Any) -> None:
        self.text = tostring(element, encoding="unicode")
