"""The region's workbook, sheet by sheet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kmtrack import __version__
from kmtrack.i18n import current, say
from kmtrack.views.xlsx.data_sheets import write_data_sheet
from kmtrack.views.xlsx.definitions import write_definitions
from kmtrack.views.xlsx.file import discarded_on_error, save_workbook
from kmtrack.views.xlsx.fingerprint import CREATOR
from kmtrack.views.xlsx.formulas import streamed_workbook
from kmtrack.views.xlsx.front import write_front_page
from kmtrack.views.xlsx.groups import write_groups, write_months
from kmtrack.views.xlsx.outcome import write_outcome
from kmtrack.views.xlsx.page import mark_pages

if TYPE_CHECKING:
    from pathlib import Path

    from openpyxl import Workbook

    from kmtrack.usecases.export import ExportContent


def write_workbook(content: ExportContent, file: Path) -> None:
    """Write the workbook to `file`, in the language in use.

    Raises Refusal `too_many_records` and OSError; nothing stays open or in a temporary folder then.
    """
    workbook = streamed_workbook()
    with discarded_on_error(workbook):
        _fill(workbook, content)
    save_workbook(workbook, file)


def _fill(workbook: Workbook, content: ExportContent) -> None:
    contract = content.status.contract
    # The first sheet is filled last: its formulas refer to the cells of the others.
    front = workbook.create_sheet(say("workbook.front"))
    sheets = (*content.counted, content.waiting, content.excluded, *content.delivered)
    ranges = {
        data.noun: write_data_sheet(workbook, data, contract, number)
        for number, data in enumerate(sheets, start=1)
    }
    write_outcome(workbook, content.questionnaire, content.outcome)
    write_front_page(front, content, ranges)
    for status in (content.by_municipality, content.by_broker):
        write_groups(workbook, status, ranges)
    write_months(workbook, content.by_month)
    write_definitions(workbook, content)
    mark_pages(workbook, contract, content.status.as_of)
    workbook.properties.title = contract.name.in_language(current())
    workbook.properties.subject = f"{contract.id}, {content.status.as_of.isoformat()}"
    workbook.properties.language = current()
    workbook.properties.creator = f"{CREATOR} {__version__}"
    workbook.properties.created = workbook.properties.modified = content.made_at
    workbook.calculation.fullCalcOnLoad = True
