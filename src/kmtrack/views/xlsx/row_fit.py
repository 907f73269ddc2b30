"""Columns and rows of a sheet of records: as wide as the first rows need, as high as each row needs."""

from __future__ import annotations

from copy import copy
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import Cell
from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import Alignment
from openpyxl.worksheet.dimensions import RowDimension

from kmtrack.views.xlsx.cells import BAND_FILL
from kmtrack.views.xlsx.layout import INDENT
from kmtrack.views.xlsx.page import LINE_HEIGHT
from kmtrack.views.xlsx.row_xml import StyledValue
from kmtrack.views.xlsx.text_width import fits_surely, lines_in, width_for

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from kmtrack.ledger.schema.fields import Cell as CellKind
    from kmtrack.views.xlsx.cells import Sheet

_WIDEST_DAY: Final = "00.00.0000"


class FittedColumn(NamedTuple):
    """A column of records: its heading, the kind of its cells, and its width."""

    head: str
    kind: CellKind
    width: float

    @property
    def wraps(self) -> bool:
        """Whether a text in it may take several lines."""
        return self.kind in {"text", "word"}


def fitted_column(head: str, kind: CellKind, texts: Iterable[str], most: float) -> FittedColumn:
    """Return a column that is wide enough for these texts, but no wider than `most`."""
    if kind == "day":
        texts = [_WIDEST_DAY]
    width = width_for(head, texts, most=most)
    return FittedColumn(head, kind, width + INDENT if kind == "number" else width)


class RowFit:
    """Makes the rows of a sheet high enough for texts that are longer than their column is wide."""

    def __init__(self, sheet: Sheet, columns: Sequence[FittedColumn]) -> None:
        self._sheet = sheet
        self._wrapped = [(n, column.width) for n, column in enumerate(columns) if column.wraps]
        self._top_styles: dict[int, int] = {}
        self._heights: dict[int, RowDimension] = {}

    def fit(self, number: int, row: list[Any]) -> None:
        """Wrap the texts of a row that need it; `number` is that of the row."""
        lines = 1
        for position, width in self._wrapped:
            value = row[position]
            text = value if type(value) is str else _text_of(value)
            if text and not fits_surely(text, width):
                lines = max(lines, _lines(text, width))
        if lines > 1:
            self._sheet.row_dimensions[number] = self._height(lines)
            row[:] = map(self._at_top, row)

    def _height(self, lines: int) -> RowDimension:
        """Return the dimension of rows with this number of lines, one object for all of them."""
        if lines not in self._heights:
            self._heights[lines] = RowDimension(self._sheet, ht=LINE_HEIGHT * lines)
        return self._heights[lines]

    def _at_top(self, value: Any) -> StyledValue | None:
        """Return a value with its style at the top of its row; None stays."""
        if value is None:
            return None
        if isinstance(value, (Cell, StyledValue)):
            shown: Any = value.value
            return StyledValue(shown, self._top_style(value.style_id))
        return StyledValue(value, self._top_style(0))

    def _top_style(self, style_id: int) -> int:
        """Return the number of the same style at the top and wrapped."""
        if style_id not in self._top_styles:
            cell: Any = WriteOnlyCell(self._sheet)
            cell._style = copy(self._sheet.parent._cell_styles[style_id])  # noqa: SLF001 - openpyxl has no other way
            horizontal, indent = cell.alignment.horizontal, cell.alignment.indent
            cell.alignment = Alignment(
                horizontal=horizontal, vertical="top", wrap_text=True, indent=indent
            )
            self._top_styles[style_id] = cell.style_id
        return self._top_styles[style_id]


# Many rows have the same words.
_lines = lru_cache(maxsize=4096)(lines_in)


def _text_of(value: Any) -> str:
    text = value.value if isinstance(value, (Cell, StyledValue)) else value
    return text if isinstance(text, str) else ""


def stripe(sheet: Sheet, cells: str) -> None:
    """Tint every other row of these cells: programs without tables show no stripes otherwise."""
    rule: Any = FormulaRule(formula=["MOD(ROW(),2)=1"], fill=BAND_FILL)  # type: ignore[no-untyped-call]
    sheet.conditional_formatting.add(cells, rule)
