"""Columns and rows of a sheet of records: as wide as the first rows need, as high as each needs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import Cell
from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import Alignment

from kmtrack.views.xlsx.cells import BAND_FILL, text_cell
from kmtrack.views.xlsx.layout import ALIGNED, INDENT
from kmtrack.views.xlsx.page import set_height
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
    """Makes the rows of a sheet as high as they need, where a text is longer than its column is wide."""

    def __init__(self, sheet: Sheet, columns: Sequence[FittedColumn]) -> None:
        self._sheet = sheet
        self._wrapped = [(n, column.width) for n, column in enumerate(columns) if column.wraps]
        self._widths = [column.width for column in columns]

    def fit(self, number: int, row: list[Any]) -> None:
        """Wrap the texts of a row that need it; `number` is its own."""
        long = [
            position
            for position, width in self._wrapped
            if (text := _text_of(row[position]))
            and not fits_surely(text, width)
            and lines_in(text, width) > 1
        ]
        if not long:
            return
        set_height(self._sheet, number, [_text_of(value) for value in row], self._widths)
        for position, value in enumerate(row):
            row[position] = self._at_top(value)

    def _at_top(self, value: Any) -> Any:
        """Return a cell of its own for a value, at the top of its row."""
        if value is None:
            return None
        own = value if isinstance(value, Cell) else None
        shown = value if own is None else own.value
        cell: Any = (
            text_cell(self._sheet, shown) if isinstance(shown, str) else WriteOnlyCell(self._sheet)
        )
        cell.alignment = ALIGNED["text"]
        if own is not None:
            cell.value, cell.number_format = own.value, own.number_format
            horizontal, indent = own.alignment.horizontal, own.alignment.indent
            cell.alignment = Alignment(
                horizontal=horizontal, vertical="top", wrap_text=True, indent=indent
            )
        return cell


def _text_of(value: Any) -> str:
    text = value.value if isinstance(value, Cell) else value
    return text if isinstance(text, str) else ""


def stripe(sheet: Sheet, cells: str) -> None:
    """Tint every other row of these cells: programs that know no tables show no stripes of theirs."""
    rule: Any = FormulaRule(formula=["MOD(ROW(),2)=1"], fill=BAND_FILL)  # type: ignore[no-untyped-call]
    sheet.conditional_formatting.add(cells, rule)
