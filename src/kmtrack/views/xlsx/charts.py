"""The charts: each target against its minimum, and contacts by month against the contract's line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openpyxl.chart import BarChart, LineChart, Reference
from openpyxl.chart.legend import Legend

from kmtrack.i18n import say

if TYPE_CHECKING:
    from kmtrack.views.xlsx.cells import Sheet
    from kmtrack.views.xlsx.content import Content


def targets_chart(sheet: Sheet, content: Content, head_row: int, last_row: int) -> BarChart:
    """The counted targets against their minimums, in percent so that all can be seen."""
    del last_row
    measured = [t for t in content.status.targets if t.percent is not None]
    chart = BarChart()
    chart.type = "bar"
    chart.title = say("workbook.chart_targets")
    chart.legend = None
    chart.y_axis.title = say("workbook.percent_of_minimum")
    chart.y_axis.number_format = "0%"
    chart.y_axis.scaling.min = 0
    chart.x_axis.scaling.orientation = "maxMin"
    chart.x_axis.delete = chart.y_axis.delete = False
    chart.width, chart.height, chart.gapWidth = 26, 9, 60
    last = head_row + len(measured)
    chart.add_data(Reference(sheet, min_col=6, min_row=head_row + 1, max_row=last))
    chart.set_categories(Reference(sheet, min_col=1, min_row=head_row + 1, max_row=last))
    return chart


def months_chart(sheet: Sheet, columns: tuple[int, int], last_row: int) -> LineChart:
    """Contacts so far, month by month, against what the contract's schedule asks."""
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
    for series, colour in zip(chart.series, ("1F3864", "C55A11"), strict=True):
        series.graphicalProperties.line.solidFill = colour
        series.smooth = False
    return chart
