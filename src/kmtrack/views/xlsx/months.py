"""The sheet of months, with a chart of contacts so far against the even distribution."""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from typing import TYPE_CHECKING, Any

from openpyxl.chart import LineChart, Reference
from openpyxl.chart.legend import Legend
from openpyxl.utils import get_column_letter

from kmtrack.i18n import current, say
from kmtrack.rules.status import expected_by
from kmtrack.views.xlsx import palette
from kmtrack.views.xlsx.cells import head_cells, styled
from kmtrack.views.xlsx.page import set_up_page

if TYPE_CHECKING:
    from kmtrack.rules.status import Status, TargetStatus
    from kmtrack.views.xlsx.cells import Sheet


def write_months(sheet: Sheet, status: Status) -> None:
    """Write the figures of each month, with a chart of contacts so far against the contract's line."""
    counted = [target for target in status.targets if target.target.is_counted]
    drawn = next((t for t in counted if t.target.counts == "contact" and t.target.minimum), None)
    _set_up(sheet, len(counted) + 3, on_one_page=True)  # with its chart
    heads = [say("grouping.month"), *(t.target.name.in_language(current()) for t in counted)]
    if drawn is not None:
        heads += [say("workbook.so_far"), say("workbook.contract_line")]
    _append_head(sheet, heads)
    last = _append_months(sheet, status, counted, drawn)
    if drawn is not None and last > 1:
        first = len(counted) + 2
        sheet.add_chart(_months_chart(sheet, (first, first + 1), last), f"A{last + 3}")


def _append_months(
    sheet: Sheet, status: Status, counted: list[TargetStatus], drawn: TargetStatus | None
) -> int:
    in_period = (
        status.contract.first_day.isoformat()[:7],
        status.contract.last_day.isoformat()[:7],
    )
    months = sorted({g.key for target in counted for g in target.groups if g.key})
    so_far = 0
    for month in months:
        numbers = {
            target.target.id: next((g.tally.counted for g in target.groups if g.key == month), 0)
            for target in counted
        }
        cells: list[Any] = [styled(sheet, month), *numbers.values()]
        if drawn is not None:
            so_far += numbers[drawn.target.id]
            inside = in_period[0] <= month <= in_period[1]
            expected = expected_by(drawn.target, status.contract, _end_of(month))
            cells += [so_far, expected if inside else None]
        sheet.append(cells)
    return len(months) + 1


def _end_of(month: str) -> date:
    year, number = int(month[:4]), int(month[5:])
    return date(year, number, monthrange(year, number)[1])


def _set_up(sheet: Sheet, columns: int, *, on_one_page: bool = False) -> None:
    sheet.column_dimensions["A"].width = 26
    for number in range(2, columns + 1):
        sheet.column_dimensions[get_column_letter(number)].width = 16
    set_up_page(sheet, repeated_rows="1:1", on_one_page=on_one_page)
    sheet.freeze_panes = "B2"


def _append_head(sheet: Sheet, heads: list[str]) -> None:
    sheet.row_dimensions[1].height = 32  # long names of targets take two lines
    sheet.append(head_cells(sheet, heads))


def _months_chart(sheet: Sheet, columns: tuple[int, int], last_row: int) -> LineChart:
    """Draw the contacts so far, month by month, against the contract's schedule."""
    chart = LineChart()
    chart.title = say("workbook.chart_months")
    chart.x_axis.delete = chart.y_axis.delete = False
    chart.y_axis.scaling.min = 0
    chart.legend = Legend(legendPos="b")
    chart.width, chart.height = 26, 11
    for number in columns:
        chart.add_data(
            Reference(sheet, min_col=number, min_row=1, max_row=last_row), titles_from_data=True
        )
    chart.set_categories(Reference(sheet, min_col=1, min_row=2, max_row=last_row))
    for series, colour in zip(chart.series, palette.LINES[:2], strict=True):
        series.graphicalProperties.line.solidFill = colour
        series.smooth = False
    return chart
