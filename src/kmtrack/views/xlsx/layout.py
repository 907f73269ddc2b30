"""The layout of a sheet with a few hundred rows: gathered first, then fitted and written."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple

from openpyxl.cell.cell import Cell
from openpyxl.styles import Alignment, Border, Side
from openpyxl.utils import get_column_letter

from kmtrack.i18n import say
from kmtrack.views.xlsx.cells import (
    BAND_FILL,
    BOLD,
    GREY,
    HEAD,
    HEAD_FILL,
    amount_format,
    day_format,
    percent_format,
    styled,
)
from kmtrack.views.xlsx.formulas import Formula, FormulaCell
from kmtrack.views.xlsx.page import set_height, set_up_page
from kmtrack.views.xlsx.palette import RULE
from kmtrack.views.xlsx.tables import add_table, different_heads
from kmtrack.views.xlsx.text_width import column_width, longest_word, width_for

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kmtrack.views.xlsx.cells import Sheet

Kind = Literal["text", "number", "share", "decimal", "word"]

_RIGHT: Final = Alignment(horizontal="right", vertical="top", indent=1)
# Numbers end where their heading ends; a space is kept to the text in the next column.
ALIGNED: Final = {
    "text": Alignment(horizontal="left", vertical="top", wrap_text=True),
    "number": _RIGHT,
    "share": _RIGHT,
    "decimal": _RIGHT,
    "word": Alignment(horizontal="center", vertical="top", wrap_text=True),
}
HEADS_ALIGNED: Final = {
    kind: Alignment(horizontal=horizontal, vertical="center", wrap_text=True, indent=indent)
    for kind, horizontal, indent in (
        ("text", "left", 0),
        ("number", "right", 1),
        ("share", "right", 1),
        ("decimal", "right", 1),
        ("word", "center", 0),
    )
}
_NUMBERS: Final = frozenset({"number", "share", "decimal"})
_LINE_BELOW: Final = Border(bottom=Side(style="thin", color=RULE))
INDENT: Final = 1.4  # digits, of the space right of a number


class Column(NamedTuple):
    """A column of a table: its heading, the kind of its cells, and the width at which they are wrapped.

    It has room for the text `widest` too, which a spreadsheet may come to show in it.
    """

    head: str
    kind: Kind = "text"
    most: float = 40
    widest: str = ""


def control_column() -> Column:
    """Return a column of controls, wide enough for one that does not agree."""
    return Column(say("workbook.control"), "word", widest=say("workbook.differs"))


class _Line(NamedTuple):
    role: Literal["head", "row", "total", "note", "blank", "title", "entry"]
    values: Sequence[Any]
    kinds: Sequence[Kind] = ()


class SheetLayout:
    """The lines of a sheet, which all have the same columns; `write` fits and writes them."""

    def __init__(self, sheet: Sheet, columns: Sequence[Column]) -> None:
        self._sheet = sheet
        heads = different_heads(column.head for column in columns)
        self._columns = [c._replace(head=h) for c, h in zip(columns, heads, strict=True)]
        self._lines: list[_Line] = []
        self._tables: list[tuple[str, range]] = []
        self._head = 0
        self._kinds = [column.kind for column in self._columns]

    @property
    def next_row(self) -> int:
        """The number of the next row to be added."""
        return len(self._lines) + 1

    def begin_table(
        self,
        first_head: str | None = None,
        heads: Sequence[str] = (),
        kinds: Sequence[Kind] = (),
    ) -> None:
        """Add the row of headings: those of the columns, or others in place of the first ones or of all.

        With headings of its own a table may have other `kinds` of cells.
        """
        self._head = self.next_row
        self._kinds = list(kinds) or [column.kind for column in self._columns]
        if not heads:
            own = [column.head for column in self._columns]
            heads = different_heads([first_head, *own[1:]]) if first_head else own
        self._lines.append(_Line("head", heads, self._kinds))

    def add(self, *values: Any) -> None:
        """Add a row; a value is a text, number, day, Formula, None or a cell that is made already."""
        self._lines.append(_Line("row", values, self._kinds))

    def end_table(self, title: str, empty: str) -> None:
        """Make the rows since the headings a table with that name; without any rows, show the text `empty`."""
        if self.next_row == self._head + 1:
            self.add(empty)
        self._tables.append((title, range(self._head, self.next_row)))

    def add_total(self, *values: Any) -> None:
        """Add a row that sums up others."""
        self._lines.append(_Line("total", values, self._kinds))

    def add_note(self, text: str) -> None:
        """Add a text across all columns."""
        self._lines.append(_Line("note", [text]))

    def add_title(self, text: str) -> None:
        """Add a heading across all columns."""
        self._lines.append(_Line("title", [text]))

    def add_entry(self, term: str, meaning: str) -> None:
        """Add a term in the first column, and its meaning across all others."""
        self._lines.append(_Line("entry", [term, meaning]))

    def add_blank(self) -> None:
        """Add an empty row."""
        self._lines.append(_Line("blank", []))

    def write(self, *, on_one_page: bool = False, repeats_heads: bool = True) -> list[float]:
        """Write all lines with columns as wide and rows as high as they need; return the widths.

        Every printed page repeats the first headings, unless they are only those of the first table.
        """
        sheet, widths = self._sheet, self._widths()
        for number, width in enumerate(widths, start=1):
            sheet.column_dimensions[get_column_letter(number)].width = width
        first = next((n for n, line in enumerate(self._lines, start=1) if line.role == "head"), 1)
        repeated = f"{first}:{first}" if repeats_heads else None
        set_up_page(sheet, repeated_rows=repeated, on_one_page=on_one_page)
        sheet.freeze_panes = f"B{first + 1}"
        in_table = len(self._columns)
        for row, line in enumerate(self._lines, start=1):
            self._set_height(row, line, widths)
            if line.role == "head":
                in_table = len(line.values)
            sheet.append(self._cells(line, in_table))
        for title, rows in self._tables:
            add_table(sheet, title, self._lines[rows[0] - 1].values, rows)
        return widths

    def _widths(self) -> list[float]:
        return [
            self._width(number, column) + (INDENT if column.kind in _NUMBERS else 0)
            for number, column in enumerate(self._columns)
        ]

    def _width(self, number: int, column: Column) -> float:
        texts: dict[str, list[str]] = {"row": [column.widest], "total": []}
        heads = []
        for line in self._lines:
            if line.role == "entry" and not number:
                texts["total"].append(line.values[0])
            elif number < len(line.values) and line.role in {"row", "total"}:
                texts[line.role].append(_shown(line.values[number], column.kind))
            elif number < len(line.values) and line.role == "head":
                heads.append(line.values[number])
        widest = max(column_width(longest_word(head), bold=True) for head in heads)
        widest = max(widest, *(column_width(text, bold=True) for text in texts["total"]), 0)
        return width_for(
            column.head, texts["row"], most=column.most, least=min(widest, column.most)
        )

    def _set_height(self, row: int, line: _Line, widths: Sequence[float]) -> None:
        if line.role in {"note", "title"}:
            sheet, last = self._sheet, get_column_letter(len(widths))
            set_height(sheet, row, line.values, [sum(widths)], bold=line.role == "title")
            sheet.merged_cells.add(f"A{row}:{last}{row}")
            return
        if line.role == "entry":
            sheet, last = self._sheet, get_column_letter(len(widths))
            set_height(sheet, row, line.values, [widths[0], sum(widths[1:])])
            sheet.merged_cells.add(f"B{row}:{last}{row}")
            return
        kinds = [column.kind for column in self._columns]
        texts = [_shown(value, kind) for value, kind in zip(line.values, kinds, strict=False)]
        set_height(self._sheet, row, texts, widths, bold=line.role != "row")

    def _cells(self, line: _Line, width: int) -> list[Any]:
        """Return the cells of a line in a table with this number of columns."""
        if line.role in {"note", "title"}:
            font = GREY if line.role == "note" else BOLD
            return [styled(self._sheet, line.values[0], font=font, alignment=ALIGNED["text"])]
        if line.role == "entry":
            term, meaning = line.values
            fonts = (BOLD, None)
            return [
                styled(self._sheet, text, font=font, alignment=ALIGNED["text"])
                for text, font in zip((term, meaning), fonts, strict=True)
            ]
        values = list(line.values)
        if line.role in {"row", "total"}:
            values += [None] * (width - len(values))
        pairs = zip(values, line.kinds, strict=False)
        return [self._cell(value, kind, line.role) for value, kind in pairs]

    def _cell(self, value: Any, kind: Kind, role: str) -> Any:
        cell: Any = value if isinstance(value, Cell) else styled(self._sheet, value)
        if kind in _NUMBERS and not isinstance(_value_of(value), str):
            cell.number_format = _number_format(kind)
        cell.alignment = (HEADS_ALIGNED if role == "head" else ALIGNED)[kind]
        if role == "head":
            cell.font, cell.fill = HEAD, HEAD_FILL
        elif role == "total":
            cell.font, cell.fill = BOLD, BAND_FILL
        cell.border = _LINE_BELOW
        return cell


def _number_format(kind: Kind) -> str:
    if kind == "share":
        return percent_format()
    return amount_format("0.0") if kind == "decimal" else amount_format()


def _value_of(value: Any) -> Any:
    if isinstance(value, FormulaCell):
        return value.formula.value
    return value.value if isinstance(value, (Formula, Cell)) else value


def _shown(value: Any, kind: Kind) -> str:
    """Return the widest text that a cell may show."""
    value = _value_of(value)
    if value is None:
        return ""
    if isinstance(value, date):
        return day_format()
    if isinstance(value, str):
        return value
    return {"share": "100 %", "decimal": f"{value:,.1f}"}.get(kind, f"{value:,}")
