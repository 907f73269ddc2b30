"""Formulas that count the rows of a sheet of records, each with its result.

A name is compared with the cell that contains it, never as a pattern (COUNTIF would take `>5`, `a*`
and `?` for one), and is never part of a formula. None has an IF: inside SUMPRODUCT older versions
of Excel pass no array through one.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final, NamedTuple

from kmtrack.rules.dates import days_of_month
from kmtrack.views.xlsx.councils import BETWEEN_COUNCILS
from kmtrack.views.xlsx.formulas import Formula, day_in_formula, sheet_reference

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kmtrack.rules.contract import Contract
    from kmtrack.views.xlsx.data_sheets import SheetRange

_LAST_ROW: Final = 1_048_576  # of a sheet
# What stands between the names in a cell that has several.
_BETWEEN: Final = {"brokers": " ", "councils": BETWEEN_COUNCILS}
_OTHER_FORM: Final = -1  # the number of repeated ids where one cannot be read as a number


class NamedTarget(NamedTuple):
    """A target and the cell with its name; `has_twin` if another name is equal but for case."""

    id: str
    cell: str
    has_twin: bool


def rows_of_target(records: SheetRange, target: NamedTarget) -> Formula:
    """Return how many rows belong to a target."""
    text = f"SUMPRODUCT(--EXACT({records.cells('target')},{target.cell}))"
    return Formula(text, records.written.of_target(target.id))


def rows_of_group(
    records: SheetRange, target: NamedTarget, field: str, group_cell: str, key: str
) -> Formula:
    """Return how many rows of a target belong to a group, whose name is in a cell; "" is the unknown group.

    The field is `municipality`, `brokers` or `councils`; only an unknown council has a name.
    """
    cells, between = records.cells(field), _BETWEEN.get(field)
    if not key and field != "councils":
        own = f'({cells}="")'
    elif between is None:
        own = f"({cells}={group_cell})"
    else:
        own = (
            f'ISNUMBER(FIND("{between}"&{group_cell}&"{between}","{between}"&{cells}&"{between}"))'
        )

    def is_own(value: str | tuple[str, ...] | None) -> bool:
        if isinstance(value, tuple):
            return key in value
        if not key or between is None:
            return (value or "") == key
        return f"{between}{key}{between}" in f"{between}{value}{between}"

    number = records.written.where(field, is_own, target.id)
    return Formula(f"SUMPRODUCT({_of_target(records, target)}*{own})", number)


def rows_of_month(records: SheetRange, target: NamedTarget, month: str) -> Formula:
    """Return how many rows of a target have their day in a month, YYYY-MM."""
    year, number = int(month[:4]), int(month[5:])
    first, last = date(year, number, 1), date(year, number, days_of_month(year, number))
    days = _days(records)
    own = f"({days}>={day_in_formula(first)})*({days}<={day_in_formula(last)})"
    text = f"SUMPRODUCT({_of_target(records, target)}*{own})"
    number_of_rows = records.written.where("day", lambda day: day[:7] == month, target.id)
    return Formula(text, number_of_rows)


def rows_after(records: SheetRange, target: NamedTarget, day: date) -> Formula:
    """Return how many rows of a target have a later day."""
    own = f"({_days(records)}>{day_in_formula(day)})"
    text = f"SUMPRODUCT({_of_target(records, target)}*{own})"
    later = records.written.where("day", day.isoformat().__lt__, target.id)
    return Formula(text, later)


def rows_of_sheet(records: SheetRange) -> Formula:
    """Return how many records a sheet has."""
    return Formula(f"COUNTA({records.cells('id')})", records.written.ids)


def sum_of(records: SheetRange, field: str) -> Formula:
    """Return the sum of a column of numbers."""
    return Formula(f"SUM({records.cells(field)})", records.written.total(field))


class CountingWords(NamedTuple):
    """A field with some values that count: the stored values, and the cells with their words."""

    field: str
    values: tuple[str | bool, ...]
    cells: tuple[str, ...]


def rows_with_hires(companies: SheetRange) -> Formula:
    """Return how many companies have hired."""
    number = companies.written.where("hires", lambda hires: hires > 0)
    return Formula(f"SUMPRODUCT(--({companies.cells('hires')}>0))", number)


class RowChecks(NamedTuple):
    """What the checks of a sheet of records examine: ids, days, values, and the cells below its table.

    `outside` is how many days are outside the period, `late` after the report's day, both None for
    a sheet without days; `unmet` is how often a row shows a value that does not count. Each formula
    comes with its result at the time of writing.
    """

    sheet: str
    ids: Formula
    repeated: Formula
    outside: Formula | None
    late: Formula | None
    unmet: Formula | None
    below: Formula


def row_checks(
    records: SheetRange, contract: Contract, as_of: date, counting: Sequence[CountingWords]
) -> RowChecks:
    """Return the formulas that detect rows that were added, copied, moved, changed or removed."""
    written, ids = records.written, records.cells("id")
    # The digits and letters of an id as one number: only numbers are told apart fast enough. A row
    # without one has 0.
    number = f'_xlfn.DECIMAL("0"&MID({ids},2,10),36)'
    different = f"SUMPRODUCT(--(FREQUENCY({number},{number})>0))-(COUNTA({ids})<ROWS({ids}))"
    repeated = written.repeated()
    outside = late = None
    if records.written.day_field:
        days = _days(records)
        text = f'SUMPRODUCT(({days}<>"")*(({days}<{day_in_formula(contract.first_day)})+({days}>{day_in_formula(contract.last_day)})))'
        outside = Formula(text, written.outside)
        after = f'SUMPRODUCT(({days}<>"")*({days}>{day_in_formula(as_of)}))'
        late = Formula(after, written.late)
    last_column = list(records.columns.values())[-1]
    below = (
        f"COUNTA({sheet_reference(records.sheet)}!"
        f"$A${records.last_row + 1}:${last_column}${_LAST_ROW})"
    )
    return RowChecks(
        records.sheet,
        rows_of_sheet(records),
        Formula(
            f"IFERROR(COUNTA({ids})-({different}),{_OTHER_FORM})",
            _OTHER_FORM if repeated is None else repeated,
        ),
        outside,
        late,
        _unmet(records, counting),
        Formula(below, 0),
    )


def _unmet(records: SheetRange, counting: Sequence[CountingWords]) -> Formula | None:
    """Return how often a row shows a value that does not count, or an earlier contact after its day."""
    ids, written = records.cells("id"), records.written
    texts, number = [], 0
    for words in counting:
        cells = records.cells(words.field)
        among = "+".join(f"({cells}={cell})" for cell in words.cells)
        texts.append(f'SUMPRODUCT(({ids}<>"")*(1-({among})))')
        number += written.where(words.field, lambda value, own=words.values: value not in own)  # type: ignore[misc]
    if "met_day" in records.columns:
        met = records.cells("met_day")
        texts.append(f'SUMPRODUCT(({met}<>"")*({met}>{_days(records)}))')
        number += written.met_late
    return Formula("+".join(texts), number) if texts else None


def _days(records: SheetRange) -> str:
    return records.cells(records.written.day_field or "")


def _of_target(records: SheetRange, target: NamedTarget) -> str:
    # EXACT takes eight times as long, and there is a formula for each group of each target.
    cells = records.cells("target")
    return f"EXACT({cells},{target.cell})" if target.has_twin else f"({cells}={target.cell})"
