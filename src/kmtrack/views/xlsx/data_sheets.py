"""The sheets of records, each a real Excel table."""

from __future__ import annotations

from datetime import date
from functools import cache, lru_cache, partial
from itertools import chain, islice
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment
from openpyxl.utils import get_column_letter

from kmtrack.errors import Refusal
from kmtrack.i18n import current, say
from kmtrack.ledger.schema.nouns import EVENTS, NOUNS
from kmtrack.municipalities import municipality_name
from kmtrack.rules.contract import Point
from kmtrack.views.format import amount_in_words, heading_of, reason_in_words, value_in_words
from kmtrack.views.target_status import demand_in_words
from kmtrack.views.xlsx.cells import (
    CENTRE,
    amount_format,
    day_format,
    head_cells,
    plain,
    safe_text,
    text_cell,
)
from kmtrack.views.xlsx.councils import councils_in_cell
from kmtrack.views.xlsx.formulas import sheet_reference
from kmtrack.views.xlsx.layout import HEADS_ALIGNED
from kmtrack.views.xlsx.page import set_height, set_up_page
from kmtrack.views.xlsx.row_fit import FittedColumn, RowFit, fitted_column, stripe
from kmtrack.views.xlsx.row_xml import StyledValue
from kmtrack.views.xlsx.tables import add_table, different_heads
from kmtrack.views.xlsx.written_rows import WrittenRows

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from kmtrack.ledger.schema.fields import Cell
    from kmtrack.rules.contract import Contract
    from kmtrack.rules.deliverables import Demand
    from kmtrack.rules.proofs import SmeBasis
    from kmtrack.usecases.export import RecordSheet
    from kmtrack.usecases.export_proofs import MetBefore
    from kmtrack.views.xlsx.cells import Sheet
    from kmtrack.views.xlsx.layout import Kind

_MOST_ROWS: Final = 1_048_575
_FITTED: Final = 500  # rows by which the columns are fitted
_SPARE: Final = 1.3  # how much wider than usual a column may be before its texts are wrapped
_LEAST_WRAPPED: Final = 16  # digits: no column is narrower for the sake of its heading or a text
# Without a word on the height of the row: the cells beside them have no style.
_ON_ONE_LINE: Final[Mapping[Cell, Alignment]] = {
    "day": CENTRE,
    "number": Alignment(horizontal="right", indent=1),
}
_LAID_OUT: Final[Mapping[Cell, Kind]] = {
    "day": "word",
    "number": "number",
    "text": "text",
    "word": "text",
}
_WIDTH: Final = 14
# The columns that are not fields of the noun of their sheet: their width and kind of cell.
_OTHER_COLUMNS: Final[Mapping[str, tuple[int, Cell]]] = {
    "company": (34, "text"),
    "target": (28, "word"),
    "municipality": (18, "word"),
    "reason": (44, "word"),
    "councils": (22, "text"),
    "disseminated": (28, "word"),
    "sme": (30, "text"),
    "met": (24, "text"),
    **dict.fromkeys(("day", "met_day"), (_WIDTH, "day")),
    "employees": (_WIDTH, "number"),
    **dict.fromkeys(("records", "hires", "contacts", "collaborations"), (_WIDTH, "number")),
}


_FEW_TEXTS: Final = ("sme", "councils")
_OF_THAT_DAY: Final = ("municipality", "employees", "sme")


class SheetRange(NamedTuple):
    """The position of a table: its sheet, the letter of each field's column, its last row, its rows."""

    sheet: str
    columns: dict[str, str]
    last_row: int
    written: WrittenRows

    def cells(self, field: str) -> str:
        """Return the reference to a field's cells, for a formula."""
        letter = self.columns[field]
        return f"{sheet_reference(self.sheet)}!${letter}$2:${letter}${self.last_row}"


def write_data_sheet(
    sheet: Sheet, data: RecordSheet, contract: Contract, as_of: date
) -> SheetRange:
    """Write the records as of a day as a table on an empty sheet; return its position.

    Raises Refusal `too_many_records`.
    """
    rows = iter(data.rows)
    first = list(islice(rows, _FITTED))
    columns = _fitted_columns(data, contract, first)
    letters = [get_column_letter(number) for number in range(1, len(columns) + 1)]
    for letter, column in zip(letters, columns, strict=True):
        sheet.column_dimensions[letter].width = column.width
    heads = [column.head for column in columns]
    set_height(sheet, 1, heads, [column.width for column in columns], bold=True)
    set_up_page(sheet, repeated_rows="1:1")
    sheet.freeze_panes = "A2"
    cells = head_cells(sheet, heads)
    for cell, column in zip(cells, columns, strict=True):
        cell.alignment = HEADS_ALIGNED[_LAID_OUT[column.kind]]
    sheet.append(cells)
    written = WrittenRows(data.fields, contract.first_day, contract.last_day, as_of)
    _write_rows(sheet, data._replace(rows=chain(first, rows)), contract, columns, written)
    last_row = 1 + max(written.rows, 1)  # a table has a row, if an empty one
    add_table(sheet, sheet.title, heads, range(1, last_row + 1))
    stripe(sheet, f"A2:{letters[-1]}{last_row}")
    return SheetRange(sheet.title, dict(zip(data.fields, letters, strict=True)), last_row, written)


def _fitted_columns(
    data: RecordSheet, contract: Contract, rows: Sequence[Sequence[Any]]
) -> list[FittedColumn]:
    """Return the columns, as wide as these rows need."""
    columns = []
    heads = different_heads(_heading(data.noun, field) for field in data.fields)
    for position, (field, head) in enumerate(zip(data.fields, heads, strict=True)):
        most, kind = _column(data.noun, field)
        words = _words(data.noun, field, contract)
        values = dict.fromkeys(row[position] for row in rows)
        texts = list(map(words or _shown, values))
        if not position and not rows:
            texts = [say("workbook.no_records")]
        columns.append(fitted_column(head, kind, texts, max(most * _SPARE, _LEAST_WRAPPED)))
    return columns


def _shown(value: Any) -> str:
    if value is None:
        return ""
    return f"{value:,}" if isinstance(value, int) else str(value)


def _write_rows(
    sheet: Sheet,
    data: RecordSheet,
    contract: Contract,
    columns: Sequence[FittedColumn],
    written: WrittenRows,
) -> None:
    """Write the rows, counting their values in `written`."""
    makers = [
        (position, make)
        for position, field in enumerate(data.fields)
        if (make := _maker(sheet, data.noun, field, contract)) is not None
    ]
    fit = RowFit(sheet, columns)
    for row in data.rows:
        if written.rows >= _MOST_ROWS:
            raise Refusal("too_many_records", most=_MOST_ROWS)
        written.add(row)
        for position, make in makers:
            row[position] = make(row[position])
        fit.fit(written.rows + 1, row)
        sheet.append(row)
    if not written.rows:
        sheet.append([text_cell(sheet, say("workbook.no_records"))])


def _heading(noun: str, field: str) -> str:
    # Beside a record these are as they decided: on that day, the municipality of the place or company.
    if field in _OF_THAT_DAY and noun != "company":
        return say(f"workbook.that_day.{field}")
    return heading_of(noun, field)


def _column(noun: str, name: str) -> tuple[int, Cell]:
    """Return the width of a column and its kind of cell."""
    field = NOUNS[noun].field(name) if noun in NOUNS else None
    if field:
        return field.sheet_width, field.kind.cell
    return _OTHER_COLUMNS.get(name, (_WIDTH, "word"))


def _maker(sheet: Sheet, noun: str, field: str, contract: Contract) -> Callable[[Any], Any] | None:
    """Return the function that makes a cell from a stored value; None for ids and numbers."""
    cell = _column(noun, field)[1]
    if cell == "day":
        return _aligned(sheet, cell, day_format(), date.fromisoformat)
    if cell == "number":
        return _aligned(sheet, cell, amount_format())
    words = _words(noun, field, contract)
    if cell == "text":
        make = _worded_text(sheet, words) if words else partial(safe_text, sheet)
        return cache(make) if field in _FEW_TEXTS else make
    # A column has few values: each is worded once.
    return words and cache(lambda value: plain(words(value)))


def _words(noun: str, field: str, contract: Contract) -> Callable[[Any], str] | None:
    """Return the function that words the values of a field; None for one that needs no words."""
    if field == "target":
        names = {target.id: target.name.in_language(current()) for target in contract.targets}
        return names.__getitem__
    if field == "step":
        return lambda step: value_in_words(noun, field, step) if step else say("workbook.missing")
    if field in _PROOFS and noun in EVENTS:
        return _PROOFS[field]
    if field in _WORDS:
        return _WORDS[field]
    known = NOUNS[noun].field(field) if noun in NOUNS else None
    is_worded = known is not None and (known.kind.choice or known.type is bool)
    return partial(value_in_words, noun, field) if is_worded else None


def _point(point: Point | Demand | None) -> str:
    if isinstance(point, Point):
        return point.name.in_language(current())
    return demand_in_words(point) if point else ""


def _worded_text(sheet: Sheet, in_words: Callable[[Any], str]) -> Callable[[Any], Any]:
    return lambda value: safe_text(sheet, in_words(value))


def _sme_in_words(basis: SmeBasis | None) -> str:
    if basis is None:
        return say("workbook.sme.not_required")
    below, declared, *sums = basis
    if declared is not None:
        return say("workbook.sme.declared", basis=declared)
    turnover, balance = (each if each is None else amount_in_words(each) for each in sums)
    if turnover is None or balance is None:
        return say("workbook.sme.few_employees", below=below)
    return say("workbook.sme.sums", below=below, turnover=turnover, balance=balance)


def _met_in_words(met: str | MetBefore | None) -> str:
    """Word how a company was met before: by the id of the contact if that says it all."""
    if met is None or isinstance(met, str):
        return met or ""
    is_visit_before = not met.contact_id
    key = "workbook.visited_before" if met.is_day_known else "workbook.visited_before_unknown_day"
    how = say(key) if is_visit_before else met.contact_id
    return f"{how} ({met.company})" if met.company else how


# What the rules know of a record; names and bases in it were typed by somebody.
_PROOFS: Final[Mapping[str, Callable[[Any], str]]] = {"sme": _sme_in_words, "met": _met_in_words}
_WORDS: Final[Mapping[str, Callable[[Any], str]]] = {
    "municipality": lambda code: municipality_name(code) if code else "",
    "noun": lambda noun: say(f"noun.{noun}"),
    "reason": lambda reasons: "; ".join(map(reason_in_words, reasons)),
    "assessed": partial(value_in_words, "method", "assessed"),
    "disseminated": lambda audiences: value_in_words("method", "disseminated", list(audiences)),
    "point": _point,
    "councils": councils_in_cell,
    **dict.fromkeys(("paid", "lasting"), lambda meets: say("word.yes") if meets else ""),
}


def _aligned(
    sheet: Sheet, kind: Cell, number_format: str, read: Callable[[str], date] | None = None
) -> Callable[[Any], Any]:
    """Return a function that gives dates or numbers their format, aligned with their heading."""
    cell = WriteOnlyCell(sheet)
    cell.number_format, cell.alignment = number_format, _ON_ONE_LINE[kind]
    style_id = cell.style_id

    @lru_cache(maxsize=4096)  # many records have the same day or number
    def make(value: Any) -> Any:
        if value is None or value == "":
            return None
        return StyledValue(read(value) if read else value, style_id)

    return make
