"""The charts of a workbook: how far each target is, and how it got there month by month.

They use only what both programs draw: bars with a line across them are two charts in one, which
LibreOffice does not draw where the bars are. So the line of 100 % is a line of the grid.
"""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from openpyxl.chart import BarChart, LineChart, Reference, Series
from openpyxl.chart.axis import ChartLines, DateAxis
from openpyxl.chart.data_source import AxDataSource, NumRef, StrRef
from openpyxl.chart.label import DataLabel, DataLabelList
from openpyxl.chart.legend import Legend
from openpyxl.chart.series import SeriesLabel
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.chart.text import RichText, Text
from openpyxl.chart.title import Title
from openpyxl.drawing.line import LineProperties
from openpyxl.drawing.spreadsheet_drawing import AnchorMarker, TwoCellAnchor
from openpyxl.drawing.text import (
    CharacterProperties,
    Font,
    Paragraph,
    ParagraphProperties,
    RegularTextRun,
)

from kmtrack.i18n import say
from kmtrack.views.xlsx.cells import month_format, percent_format
from kmtrack.views.xlsx.palette import EVEN, FULL, GRID, INK, LINES, NAVY, QUIET, REACHED, WHITE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kmtrack.views.xlsx.cells import Sheet

_POINT: Final = 12_700  # in the unit of drawings
_DASHES: Final = ("solid", "dash", "sysDot", "dashDot", "lgDash", "lgDashDot")
_TITLE_SIZE: Final = 1200  # hundredths of a point
_TEXT_SIZE: Final = 900
_MOST_MONTHS_NAMED: Final = 4  # more would be written askew
_ROUND: Final = 0.2  # an axis ends at a multiple of this
_MOST_FINE: Final = 2  # longer axes have no finer lines
_LONG: Final = 0.2  # of the axis: such a bar has room for its number
_LABEL: Final = 0.1  # of the axis, that a number takes
_HEADROOM: Final = 1.12  # for the number at the end of the longest bar


class CellArea(NamedTuple):
    """The area that a chart covers: from one row and column to another, counted from 0."""

    first_row: int
    first_column: int
    last_row: int
    last_column: int


class ChartRows(NamedTuple):
    """A table to be drawn: its columns with names, and with each series under its heading.

    `titles` are references to other cells with the titles of the first series.
    """

    sheet: Sheet
    names: int
    series: Sequence[int]
    head_row: int
    last_row: int
    titles: Sequence[str] = ()


def place(chart: Any, area: CellArea) -> Any:
    """Let a chart cover an area of its sheet, whatever the widths of the columns."""
    chart.anchor = TwoCellAnchor(
        editAs="oneCell",
        _from=AnchorMarker(col=area.first_column, row=area.first_row),
        to=AnchorMarker(col=area.last_column, row=area.last_row),
    )
    return chart


def describe(chart: Any, name: str, text: str) -> Any:
    """Give a chart its name and a description for those who cannot see it."""
    chart.described = (name, text)
    return chart


def write_descriptions(drawing: Any) -> None:
    """Write the drawing of a sheet with the descriptions of its charts."""
    frame_of = drawing._chart_frame  # noqa: SLF001 - openpyxl writes no descriptions

    def described_frame(number: int) -> Any:
        frame = frame_of(number)
        properties = frame.nvGraphicFramePr.cNvPr
        name, text = getattr(drawing.charts[number - 1], "described", ("", ""))
        properties.name, properties.descr = name or properties.name, text or None
        return frame

    drawing._chart_frame = described_frame  # noqa: SLF001


def targets_chart(rows: ChartRows, shares: Sequence[Sequence[float]]) -> BarChart:
    """Draw two bars for each target: the share reached, and the even distribution.

    `shares` has the values of both series, as shares of the minimum. The axis goes from 0 to beyond
    100 %, and the line of 100 % stands out.
    """
    chart = BarChart()
    chart.type, chart.gapWidth, chart.overlap = "bar", 55, -5
    _fill(chart, rows)
    end = axis_end(max(max(values) for values in shares))
    styles = zip(chart.series, shares, (REACHED, EVEN), (WHITE, INK), strict=True)
    for series, values, colour, inside in styles:
        series.graphicalProperties = GraphicalProperties(solidFill=colour)
        series.graphicalProperties.line.noFill = True
        series.dLbls = _number_labels([has_room_inside(value, end) for value in values], inside)
    chart.title = _title(say("chart.targets"))
    chart.x_axis.scaling.orientation = "maxMin"  # the first target on top
    _set_up_axes(chart)
    axis = chart.y_axis
    axis.crosses = "max"  # below, though the first target is on top
    axis.scaling.min, axis.scaling.max = 0, end
    axis.majorUnit, axis.minorUnit = 1, _ROUND if end <= _MOST_FINE else 1
    axis.number_format = _full_format()
    axis.majorGridlines = ChartLines(spPr=_line(FULL, 1.75))
    axis.minorGridlines = ChartLines(spPr=_line(GRID, 0.5))
    return chart


def has_room_inside(value: float, end: float) -> bool:
    """Return whether a bar has room for its number, which must not lie across the line of 100 %."""
    return value >= _LONG * end and not 1 <= value < 1 + _LABEL * end


def axis_end(highest: float) -> float:
    """Return where an axis of shares ends: beyond 100 % and beyond the highest of them."""
    return round(ceil(max(1.0, highest) * _HEADROOM / _ROUND - 1e-9) * _ROUND, 1)


def months_chart(rows: ChartRows, targets: int, highest: float) -> LineChart:
    """Draw a line for each of so many targets by month, followed by lines of the even distribution."""
    chart = LineChart()
    chart.x_axis = DateAxis(crossAx=100)
    chart.y_axis.crossAx = chart.x_axis.axId
    _fill(chart, rows)
    for number, series in enumerate(chart.series):
        series.smooth = False
        series.marker.symbol = "none"
        is_even = number >= targets
        colour = EVEN if is_even else LINES[number % len(LINES)]
        dash = "solid" if is_even else _DASHES[number % len(_DASHES)]
        series.graphicalProperties = _line(colour, 2.25, dash)
    chart.title = _title(say("chart.months"))
    _set_up_axes(chart)
    legend: Any = chart.legend
    legend.position = "r"  # below, the names of four targets take half of the chart
    axis = chart.y_axis
    axis.scaling.min, axis.scaling.max = 0, axis_end(highest)
    axis.majorUnit, axis.minorUnit = 1, _ROUND if axis.scaling.max <= _MOST_FINE else 1
    axis.number_format = percent_format()
    axis.majorGridlines = ChartLines(spPr=_line(FULL, 1.75))
    axis.minorGridlines = ChartLines(spPr=_line(GRID, 0.5))
    chart.x_axis.number_format = month_format()
    chart.x_axis.majorUnit = ceil((rows.last_row - rows.head_row) / _MOST_MONTHS_NAMED)
    chart.x_axis.majorTimeUnit = chart.x_axis.baseTimeUnit = "months"
    chart.display_blanks = "gap"  # what is yet to come is no zero
    return chart


def _full_format() -> str:
    """Return the format of an axis of shares that explains what 100 % is."""
    return f'[=1]"{say("chart.full")}";{percent_format()}'


def _fill(chart: Any, rows: ChartRows) -> None:
    for number, column in enumerate(rows.series):
        values = Reference(
            rows.sheet, min_col=column, min_row=rows.head_row + 1, max_row=rows.last_row
        )
        head = str(Reference(rows.sheet, min_col=column, min_row=rows.head_row))
        series = Series(values)
        title = rows.titles[number] if number < len(rows.titles) else head
        series.tx = SeriesLabel(strRef=StrRef(title))
        chart.series.append(series)
    names = Reference(
        rows.sheet, min_col=rows.names, min_row=rows.head_row + 1, max_row=rows.last_row
    )
    for series in chart.series:
        series.cat = (
            AxDataSource(numRef=NumRef(str(names)))
            if isinstance(chart, LineChart)
            else AxDataSource(strRef=StrRef(str(names)))
        )
    chart.roundedCorners = False
    chart.graphical_properties = GraphicalProperties(solidFill="FFFFFF")
    chart.graphical_properties.line.solidFill = GRID


def _set_up_axes(chart: Any) -> None:
    chart.legend = Legend(legendPos="b")
    chart.legend.txPr = _font(_TEXT_SIZE, INK)
    for axis in (chart.x_axis, chart.y_axis):
        axis.delete = False
        axis.title = None
        axis.majorTickMark = axis.minorTickMark = None
        axis.txPr = _font(_TEXT_SIZE, INK)
        axis.graphicalProperties = _line(QUIET, 1.75)  # it covers the line of 0 %
    chart.y_axis.graphicalProperties = GraphicalProperties()
    chart.y_axis.graphicalProperties.line.noFill = True


def _number_labels(are_long: Sequence[bool], inside: str) -> DataLabelList:
    """Return the numbers of bars: at their ends, or inside long bars in the colour `inside`.

    Outside they would be on the line of 100 % if a target is nearly reached.
    """
    labels = DataLabelList(txPr=_font(_TEXT_SIZE, INK), **_label_parts("outEnd"))
    labels.dLbl = [
        DataLabel(idx=number, txPr=_font(_TEXT_SIZE, inside), **_label_parts("inEnd"))
        for number, is_long in enumerate(are_long)
        if is_long
    ]
    return labels


def _label_parts(place_of_it: str) -> dict[str, Any]:
    hidden = ("showSerName", "showCatName", "showLegendKey", "showPercent", "showBubbleSize")
    shown = {"numFmt": percent_format(), "dLblPos": place_of_it, "showVal": True}
    return shown | dict.fromkeys(hidden, False)


def _line(colour: str, points: float, dash: Any = "solid") -> GraphicalProperties:
    properties = GraphicalProperties()
    properties.line = LineProperties(
        solidFill=colour, w=round(points * _POINT), prstDash=dash, cap="flat"
    )
    return properties


def _font(size: int, colour: str) -> RichText:
    properties = _characters(size, colour)
    paragraph = Paragraph(pPr=ParagraphProperties(defRPr=properties), endParaRPr=properties)
    return RichText(p=[paragraph])


def _characters(size: int, colour: str, *, bold: bool = False) -> CharacterProperties:
    return CharacterProperties(sz=size, b=bold, solidFill=colour, latin=Font(typeface="Calibri"))


def _title(text: str) -> Title:
    run = RegularTextRun(rPr=_characters(_TITLE_SIZE, NAVY, bold=True), t=text)
    title = Title(tx=Text(rich=RichText(p=[Paragraph(r=[run])])))
    title.overlay = False
    return title
