"""The front page: the parties, the day, and each target with a count that the reader can check."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from openpyxl.chart import BarChart, Reference

from kmtrack import __version__
from kmtrack.i18n import current, say
from kmtrack.rules.growth import GrowthStatus
from kmtrack.rules.methods import MethodsStatus
from kmtrack.views.contract import terms_in_words
from kmtrack.views.format import day_in_words
from kmtrack.views.target_status import sentence, target_status_in_words
from kmtrack.views.xlsx.cells import (
    BAD_TEXT,
    BOLD,
    GREY,
    LEFT_ALIGNED,
    TITLE,
    head_cells,
    styled,
)
from kmtrack.views.xlsx.controls import both, same
from kmtrack.views.xlsx.formulas import Formula
from kmtrack.views.xlsx.page import set_up_page
from kmtrack.views.xlsx.recounts import rows_of_sheet, rows_of_target, rows_with_hires

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kmtrack.rules.status import TargetStatus
    from kmtrack.usecases.export import ExportContent
    from kmtrack.views.xlsx.cells import Sheet
    from kmtrack.views.xlsx.controls import Controls
    from kmtrack.views.xlsx.data_sheets import SheetRange

FIRST_TARGET: Final = 11  # the row of the first
_HEADINGS: Final = (
    "target",
    "counted",
    "recount",
    "control",
    "minimum",
    "percent",
    "expected",
    "waiting",
    "excluded",
    "control_others",
    "state",
)
_WIDTHS: Final = (34, 12, 12, 14, 11, 10, 14, 11, 11, 14, 18)


def write_front_page(
    sheet: Sheet, content: ExportContent, ranges: Mapping[str, SheetRange], controls: Controls
) -> None:
    """Fill the front page; `ranges` has the place of each noun's records.

    It has the sentence about all controls, so all others are made before.
    """
    for letter, width in zip("ABCDEFGHIJK", _WIDTHS, strict=True):
        sheet.column_dimensions[letter].width = width
    set_up_page(sheet, on_one_page=True)  # with its chart
    first = _write_parties(sheet, content) + 1
    sheet.append(head_cells(sheet, (say(f"workbook.{key}") for key in _HEADINGS)))
    for row, target in enumerate(content.status.targets, start=first + 1):
        sheet.append(_target_row(sheet, row, target, ranges, controls))
    last = first + len(content.status.targets)
    last += _write_delivered(sheet, content.status.targets)
    sheet.append([])
    sheet.append([styled(sheet, controls.sentence(), font=BOLD)])
    for key in ("workbook.how_checked", "workbook.no_persons"):
        sheet.append([])
        sheet.append([styled(sheet, say(key), font=GREY)])
    sheet.add_chart(_targets_chart(sheet, content, first), f"A{last + 8}")


def _write_parties(sheet: Sheet, content: ExportContent) -> int:
    """Write what is above the table; return the number of rows used."""
    contract, language = content.status.contract, current()
    terms = terms_in_words(contract)
    made_at = f"{day_in_words(content.made_at.date())} {content.made_at:%H:%M}"
    lines: list[tuple[str, Any]] = [
        (say("contract.region"), terms["region"]),
        (say("contract.operator"), terms["operator"]),
        (say("contract.period"), terms["period"]),
        (say("workbook.as_of"), content.status.as_of),
        (say("contract.participation"), terms["participation"]),
        (say("workbook.made"), f"{made_at} UTC, kmtrack {__version__}"),
    ]
    sheet.append([styled(sheet, contract.name.in_language(language), font=TITLE)])
    sheet.append(
        [styled(sheet, say("workbook.damaged"), font=BAD_TEXT)] if content.is_damaged else []
    )
    for label, value in lines:
        sheet.append(
            [styled(sheet, label, font=BOLD), styled(sheet, value, alignment=LEFT_ALIGNED)]
        )
    sheet.append([])
    return len(lines) + 3


def _target_row(
    sheet: Sheet,
    row: int,
    status: TargetStatus,
    ranges: Mapping[str, SheetRange],
    controls: Controls,
) -> list[Any]:
    target = status.target
    name = styled(sheet, target.name.in_language(current()), font=BOLD)
    state = say(f"state.{status.state}")
    if status.delivered is not None:
        return [name, *_delivered_cells(sheet, row, status, ranges, controls), state]
    named, tally = controls.target(target.id), status.tally
    recount = rows_of_target(ranges[target.counts], named)
    waiting, excluded = (rows_of_target(ranges[name], named) for name in ("waiting", "excluded"))
    uncounted = both(
        same(Formula(f"H{row}", tally.waiting), waiting),
        same(Formula(f"I{row}", tally.excluded), excluded),
    )
    return [
        name,
        styled(sheet, tally.counted, font=BOLD),
        styled(sheet, recount),
        controls.cell(
            sheet,
            f"D{row}",
            same(Formula(f"B{row}", tally.counted), Formula(f"C{row}", recount.value)),
        ),
        target.minimum,
        _percent(sheet, status),
        status.expected,
        tally.waiting,
        tally.excluded,
        controls.cell(sheet, f"J{row}", uncounted),
        state,
    ]


def _delivered_cells(
    sheet: Sheet,
    row: int,
    status: TargetStatus,
    ranges: Mapping[str, SheetRange],
    controls: Controls,
) -> list[Any]:
    """Return the cells of a delivered target; methods, and companies that hired, are counted again."""
    delivered = status.delivered
    if isinstance(delivered, MethodsStatus):
        number, recount = delivered.collected, rows_of_sheet(ranges["method"])
    elif isinstance(delivered, GrowthStatus):
        number, recount = delivered.hired, rows_with_hires(ranges["company"])
    else:
        return [None] * 9
    return [
        styled(sheet, number, font=BOLD),
        styled(sheet, recount),
        controls.cell(
            sheet, f"D{row}", same(Formula(f"B{row}", number), Formula(f"C{row}", recount.value))
        ),
        status.target.minimum,
        _percent(sheet, status),
        *[None] * 4,
    ]


def _percent(sheet: Sheet, status: TargetStatus) -> Any:
    if status.percent is None:
        return None
    return styled(sheet, status.percent / 100, number_format="0%")


def _write_delivered(sheet: Sheet, targets: list[TargetStatus]) -> int:
    """Write the state of the delivered targets in words; return the number of rows used."""
    rows = 1
    sheet.append([])
    for status in targets:
        texts = target_status_in_words(status.delivered) if status.delivered is not None else []
        name = status.target.name.in_language(current())
        for number, text in enumerate(texts):
            label = styled(sheet, "" if number else name, font=BOLD)
            sheet.append([label, styled(sheet, sentence(text))])
        rows += len(texts)
    return rows


def _targets_chart(sheet: Sheet, content: ExportContent, head_row: int) -> BarChart:
    """Draw the targets against their minimums, in percent so that all can be seen.

    The chart shows the rows to the last target with a minimum; one without has no bar.
    """
    rows = enumerate(content.status.targets, start=1)
    measured = [row for row, target in rows if target.percent is not None]
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
    last = head_row + max(measured, default=0)
    chart.add_data(Reference(sheet, min_col=6, min_row=head_row + 1, max_row=last))
    chart.set_categories(Reference(sheet, min_col=1, min_row=head_row + 1, max_row=last))
    return chart
