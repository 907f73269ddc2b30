"""The charts of the front page, side by side, and the figures beside the page for the first of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from openpyxl.utils import column_index_from_string

from kmtrack.i18n import current, say
from kmtrack.views.xlsx.cells import BOLD, GREY, percent_format, styled
from kmtrack.views.xlsx.charts import CellArea, ChartRows, describe, place, targets_chart
from kmtrack.views.xlsx.formulas import Formula
from kmtrack.views.xlsx.front_texts import even_share, targets_described
from kmtrack.views.xlsx.target_formulas import EVEN, MINIMUM, NAME, SHARE, share_of
from kmtrack.views.xlsx.text_width import text_width

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kmtrack.rules.status import Status, TargetStatus
    from kmtrack.views.xlsx.cells import Sheet
    from kmtrack.views.xlsx.months import MonthRows

FIGURES: Final = ("N", "O", "P")
_COLUMNS: Final = 12  # of the page
_FIRST_FIGURE: Final = column_index_from_string(FIGURES[0])
_SPLIT: Final = 5  # the columns that the first of two charts covers
_LEAST_ROWS: Final = 12
_MOST_LINES: Final = 6  # in the second chart on this page, and how wide their names may be
_LONGEST_NAME: Final = 34


class FrontCharts:
    """The charts of the targets with a minimum, below row `above`; `rows` is the row of each target."""

    def __init__(
        self, sheet: Sheet, measured: Sequence[TargetStatus], above: int, rows: Mapping[str, int]
    ) -> None:
        self._sheet, self._measured, self._above, self._rows = sheet, measured, above, rows
        self._height = max(_LEAST_ROWS, 3 + 2 * len(measured))

    def figures(self) -> list[list[Any]]:
        """Return the rows that the charts cover, with the data of the first one, by name."""
        sheet = self._sheet
        empty: list[Any] = [None] * (_FIRST_FIGURE - 1)
        heads = (say("chart.figures"), say("chart.reached"), say("workbook.even"))
        made = [[*empty, *(styled(sheet, head, font=BOLD) for head in heads)]]
        for each in self._measured:
            row = self._rows[each.target.id]
            name = Formula(f"{NAME}{row}", each.target.name.in_language(current()))
            share = Formula(f"{SHARE}{row}", (each.percent or 0) / 100)
            even = Formula(share_of(f"{EVEN}{row}", f"{MINIMUM}{row}"), even_share(each))
            made.append(
                [
                    *empty,
                    styled(sheet, name, font=GREY),
                    styled(sheet, share, font=GREY, number_format=percent_format()),
                    styled(sheet, even, font=GREY, number_format=percent_format()),
                ]
            )
        return made + [[] for _ in range(self._height - len(made))]

    def draw(self, months: MonthRows | None, status: Status) -> None:
        """Draw them over these rows: the second one only if its lines and names have room."""
        names = [each.target.name.in_language(current()) for each in self._measured]
        has_room = len(names) <= _MOST_LINES and max(map(text_width, names)) <= _LONGEST_NAME
        middle = _SPLIT if months and has_room else _COLUMNS
        self._add(self._chart_of_targets(), 0, middle)
        if months and has_room:  # its sheet has it in any case
            self._add(months.chart(status), middle, _COLUMNS)

    def _chart_of_targets(self) -> Any:
        shares = (
            [(each.percent or 0) / 100 for each in self._measured],
            [even_share(each) for each in self._measured],
        )
        first, number = self._above + 1, len(self._measured)
        series = range(_FIRST_FIGURE + 1, _FIRST_FIGURE + 3)
        rows = ChartRows(self._sheet, _FIRST_FIGURE, series, first, first + number)
        chart = targets_chart(rows, shares)
        return describe(chart, say("chart.targets"), targets_described(self._measured))

    def _add(self, chart: Any, first_column: int, last_column: int) -> None:
        """Add a chart that covers these columns."""
        last_row = self._above + self._height
        area = CellArea(self._above, first_column, last_row, last_column)
        self._sheet.add_chart(place(chart, area))
