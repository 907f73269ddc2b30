"""The sheet of months: what counts in each, and how far that brought each target."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from openpyxl.utils import get_column_letter

from kmtrack.i18n import current, say
from kmtrack.rules.dates import days_of_month
from kmtrack.rules.status import expected_by, months_between, percent_of
from kmtrack.views.format import day_in_words, long_day
from kmtrack.views.xlsx.cells import (
    BOLD,
    LEFT_ALIGNED,
    month_format,
    percent_format,
    styled,
)
from kmtrack.views.xlsx.charts import CellArea, ChartRows, describe, months_chart, place
from kmtrack.views.xlsx.controls import same
from kmtrack.views.xlsx.formulas import Formula
from kmtrack.views.xlsx.layout import Column, SheetLayout, control_column
from kmtrack.views.xlsx.recounts import rows_of_month
from kmtrack.views.xlsx.target_formulas import COUNTED, MINIMUM, share_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kmtrack.rules.status import Status, TargetStatus
    from kmtrack.views.xlsx.cells import Sheet
    from kmtrack.views.xlsx.controls import Controls
    from kmtrack.views.xlsx.data_sheets import SheetRange

_CHART_ROWS = 17


class MonthRows(NamedTuple):
    """The data for the chart of months: its rows, the number of targets, and the highest share."""

    rows: ChartRows
    targets: int
    highest: float

    def chart(self, status: Status) -> Any:
        """Return a new chart of them, as a chart can be on one sheet only."""
        text = say(
            "chart.months_described",
            first=long_day(status.contract.first_day),
            last=long_day(status.contract.last_day),
            day=long_day(status.as_of),
        )
        drawn = months_chart(self.rows, self.targets, self.highest)
        return describe(drawn, say("chart.months"), text)


def write_months(
    sheet: Sheet, status: Status, ranges: Mapping[str, SheetRange], controls: Controls
) -> MonthRows | None:
    """Write the counted figures of each month of the contract, and the shares reached by its end.

    Future months have no figures. Return the data for the chart; None if no target has a minimum.
    """
    counted = [each for each in status.targets if each.target.is_counted]
    measured = [each for each in counted if each.target.minimum is not None]
    evens = _even_lines(status, measured)
    names = [each.target.name.in_language(current()) for each in counted]
    shares = [each.target.name.in_language(current()) for each in measured]
    columns = [
        Column(say("grouping.month"), widest="00000 0000"),
        *(Column(name, "number") for name in names),
        *([control_column()] if counted else []),
        *(Column(say("months.share", name=name), "share") for name in shares),
        *(Column(head, "share") for head in evens.values()),
    ]
    layout = SheetLayout(sheet, columns)
    layout.begin_table()
    table = _Table(sheet, status, counted, measured, list(evens))
    months = _months(status, counted)
    for month in months:
        layout.add(*table.row(layout.next_row, month, ranges, controls))
    layout.end_table(sheet.title, say("workbook.no_records"))
    layout.add_total(*table.totals(len(months) + 1, controls))
    layout.write(on_one_page=True)
    if not (measured and months):
        return None
    first = 3 + len(counted)
    drawn = range(first, first + len(measured) + len(evens))
    titles = [controls.target(each.target.id).cell for each in measured]
    rows = ChartRows(sheet, 1, drawn, 1, len(months) + 1, titles)
    found = MonthRows(rows, len(measured), max(each.percent or 0 for each in measured) / 100)
    first_row = rows.last_row + 2
    area = CellArea(first_row, 0, first_row + _CHART_ROWS, len(columns))
    # LibreOffice prints what has cells only, and cuts the chart.
    sheet.print_area = f"A1:{get_column_letter(len(columns))}{area.last_row + 1}"
    sheet.add_chart(place(found.chart(status), area))
    return found


def _months(status: Status, counted: Sequence[TargetStatus]) -> list[str]:
    """Return the months of the contract, and those outside it that have figures."""
    last = max([status.contract.last_day, *(_due(status, each) for each in counted)])
    found = {g.key for each in counted for g in each.groups if g.key and g.tally.counted}
    return sorted(found | set(months_between(status.contract.first_day, last)))


def _due(status: Status, each: TargetStatus) -> date:
    return status.contract.due_day(each.target)


def _even_lines(status: Status, measured: Sequence[TargetStatus]) -> dict[str, str]:
    """Return one target for each due day, by id, with the heading of its even distribution."""
    by_due: dict[date, str] = {}
    for each in measured:
        by_due.setdefault(_due(status, each), each.target.id)
    if len(by_due) == 1:
        return {target: say("workbook.even") for target in by_due.values()}
    return {
        target: say("months.even_until", day=day_in_words(due))
        for due, target in sorted(by_due.items())
    }


class _Table:
    """The rows of the sheet, from left to right: counts, control, shares, even distribution."""

    def __init__(
        self,
        sheet: Sheet,
        status: Status,
        counted: Sequence[TargetStatus],
        measured: Sequence[TargetStatus],
        evens: Sequence[str],
    ) -> None:
        self._sheet, self._status = sheet, status
        self._counted, self._measured, self._evens = counted, measured, evens
        self._so_far = {each.target.id: 0 for each in counted}

    def row(
        self, row: int, month: str, ranges: Mapping[str, SheetRange], controls: Controls
    ) -> list[Any]:
        """Return the cells of a month."""
        first = date(int(month[:4]), int(month[5:]), 1)
        name = styled(self._sheet, first, number_format=month_format(), alignment=LEFT_ALIGNED)
        if first > self._status.as_of:
            nothing = [None] * (len(self._counted) + bool(self._counted) + len(self._measured))
            return [name, *nothing, *self._even_shares(month)]
        numbers = [self._number(each, month) for each in self._counted]
        conditions = []
        for column, (each, number) in enumerate(zip(self._counted, numbers, strict=True), start=2):
            self._so_far[each.target.id] += number
            cell = Formula(f"{get_column_letter(column)}{row}", number)
            recount = rows_of_month(
                ranges[each.target.counts], controls.target(each.target.id), month
            )
            conditions.append(same(cell, recount))
        place = f"{get_column_letter(len(self._counted) + 2)}{row}"
        control = [controls.cell(self._sheet, place, *conditions)] if conditions else []
        shares = [self._share(each, row, controls) for each in self._measured]
        return [name, *numbers, *control, *shares, *self._even_shares(month)]

    def totals(self, last_row: int, controls: Controls) -> list[Any]:
        """Return the cells of the sums, which must equal the figures of the front page."""
        cells: list[Any] = [styled(self._sheet, say("word.total"), font=BOLD)]
        conditions = []
        for column, each in enumerate(self._counted, start=2):
            letter, so_far = get_column_letter(column), self._so_far[each.target.id]
            total = Formula(f"SUM({letter}2:{letter}{last_row})", so_far)
            cells.append(styled(self._sheet, total, font=BOLD))
            said = Formula(f"{letter}{last_row + 1}", so_far)
            on_front = Formula(controls.figure(each.target.id, COUNTED), each.tally.counted)
            conditions.append(same(said, on_front))
        if conditions:
            place = f"{get_column_letter(len(self._counted) + 2)}{last_row + 1}"
            cells.append(controls.cell(self._sheet, place, *conditions))
        return cells

    def _number(self, each: TargetStatus, month: str) -> int:
        return next((group.tally.counted for group in each.groups if group.key == month), 0)

    def _share(self, each: TargetStatus, row: int, controls: Controls) -> Any:
        """Return the share of the minimum by the end of a month, rounded down."""
        letter = get_column_letter(self._counted.index(each) + 2)
        minimum = controls.figure(each.target.id, MINIMUM)
        text = share_of(f"SUM({letter}$2:{letter}{row})", minimum)
        percent = percent_of(self._so_far[each.target.id], each.target.minimum) or 0
        return styled(self._sheet, Formula(text, percent / 100), number_format=percent_format())

    def _even_shares(self, month: str) -> list[Any]:
        year, number = int(month[:4]), int(month[5:])
        end = date(year, number, days_of_month(year, number))
        contract = self._status.contract
        cells: list[Any] = []
        for target_id in self._evens:
            target = next(each.target for each in self._measured if each.target.id == target_id)
            fine = target._replace(minimum=100)
            share = expected_by(fine, contract, end) or 0
            cells.append(styled(self._sheet, share / 100, number_format=percent_format()))
        return cells
