"""The region's workbook, sheet by sheet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kmtrack import __version__
from kmtrack.i18n import current, say
from kmtrack.ledger.schema.nouns import EVENTS, NOUNS
from kmtrack.views.xlsx import palette
from kmtrack.views.xlsx.controls import Controls
from kmtrack.views.xlsx.data_sheets import write_data_sheet
from kmtrack.views.xlsx.definitions import write_definitions
from kmtrack.views.xlsx.file import discarded_on_error, save_workbook
from kmtrack.views.xlsx.fingerprint import CREATOR
from kmtrack.views.xlsx.formulas import streamed_workbook
from kmtrack.views.xlsx.front import FrontPage, target_rows
from kmtrack.views.xlsx.groups import write_brokers, write_councils, write_municipalities
from kmtrack.views.xlsx.months import write_months
from kmtrack.views.xlsx.origin import WorkbookOrigin, mark_origin
from kmtrack.views.xlsx.outcome import write_answers, write_degrees, write_response
from kmtrack.views.xlsx.page import mark_pages
from kmtrack.views.xlsx.target_formulas import NAME

# The order of the sheets, and what they are about: figures, what was delivered, the terms, records.
_SHEETS: Final = (
    (palette.TAB_FIGURES, ("front", "by_month", "by_municipality", "by_council", "by_broker")),
    (palette.TAB_DELIVERED, ("outcome", "outcome_degrees", "outcome_answers")),
    (palette.TAB_DELIVERED, ("delivery", "method")),
    (palette.TAB_TERMS, ("definitions",)),
    (palette.TAB_RECORDS, (*EVENTS, "company")),
    (palette.TAB_UNCOUNTED, ("waiting", "excluded")),
    (palette.TAB_TERMS, ("controls",)),
)

if TYPE_CHECKING:
    from pathlib import Path

    from openpyxl import Workbook

    from kmtrack.usecases.export import ExportContent
    from kmtrack.views.xlsx.cells import Sheet


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
    sheets = {key: _new_sheet(workbook, key, color) for color, keys in _SHEETS for key in keys}
    # The records first, the front page last: formulas have the values of what they refer to.
    records = (*content.counted, content.waiting, content.excluded, *content.delivered)
    as_of = content.status.as_of
    ranges = {
        data.noun: write_data_sheet(sheets[data.noun], data, contract, as_of) for data in records
    }
    write_response(sheets["outcome"], content.outcome, content.sent)
    write_degrees(sheets["outcome_degrees"], content.questionnaire, content.outcome, content.sent)
    write_answers(sheets["outcome_answers"], content.outcome, content.sent)
    controls = Controls()
    controls.place_targets(sheets["front"], NAME, target_rows(contract), contract)
    months = write_months(sheets["by_month"], content.by_month, ranges, controls)
    write_municipalities(sheets["by_municipality"], content.by_municipality, ranges, controls)
    write_councils(sheets["by_council"], content.by_council, ranges, controls)
    write_brokers(sheets["by_broker"], content.by_broker, ranges, controls, content.councils)
    write_definitions(sheets["definitions"], content, controls)
    controls.check_rows(sheets["controls"], ranges, contract, as_of)
    FrontPage(sheets["front"], content, ranges, controls, months).write()
    controls.write(workbook, sheets["controls"])
    mark_pages(workbook, contract, content.status.as_of)
    mark_origin(workbook, WorkbookOrigin.of(content))
    workbook.properties.title = contract.name.in_language(current())
    workbook.properties.subject = f"{contract.id}, {content.status.as_of.isoformat()}"
    workbook.properties.language = current()
    workbook.properties.creator = f"{CREATOR} {__version__}"
    workbook.properties.created = workbook.properties.modified = content.made_at
    workbook.calculation.fullCalcOnLoad = True


def _new_sheet(workbook: Workbook, key: str, color: str) -> Sheet:
    """Add an empty sheet, for a noun or with a name among the texts of workbooks."""
    sheet = workbook.create_sheet(say(f"nouns.{key}" if key in NOUNS else f"workbook.{key}"))
    sheet.sheet_properties.tabColor = color
    return sheet
