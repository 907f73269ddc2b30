"""The layout of the sheets of records: widths and heights from what is in them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import openpyxl
import pytest

from builders import TODAY, add_contact, cvr_number, ledger_in, session_over
from kmtrack import i18n
from kmtrack.cli.export import export_workbook
from kmtrack.usecases.companies import add_company
from kmtrack.views.xlsx import data_sheets
from kmtrack.views.xlsx.text_width import lines_in

if TYPE_CHECKING:
    from openpyxl import Workbook

_LONG = "Det Vestjyske Andelsselskab for Fremme af Landbrugets Maskinanvendelse og Byggeri A.m.b.a."
_WIDE = "WWWWMMMM WWWWMMMM WWWWMMMM WWWWMMMM"


@pytest.fixture(scope="module")
def workbook(tmp_path_factory: pytest.TempPathFactory) -> Workbook:
    """Return a workbook whose columns were fitted before the longest texts were met."""
    folder = tmp_path_factory.mktemp("records")
    i18n.use("da")
    with pytest.MonkeyPatch.context() as patch, session_over(ledger_in(folder)) as session:
        patch.setattr(data_sheets, "_FITTED", 1)
        names = ("Kort A/S", _LONG, _WIDE)
        for number, (name, employees) in enumerate(zip(names, ("9", "10-19", "249"), strict=True)):
            facts = {"name": name, "cvr": cvr_number(number), "municipality": "Viborg"}
            company = add_company(session, facts | {"employees": employees})
            add_contact(session, company["id"], {"date": f"{number + 1}.3.2011"})
        export_workbook(session, folder / "region.xlsx", TODAY)
    return openpyxl.load_workbook(folder / "region.xlsx")


def _cells(workbook: Workbook, name: str, head: str) -> list[Any]:
    sheet: Any = workbook[name]
    [column] = [cell.column for cell in sheet[1] if cell.value == head]
    return [sheet.cell(row, column) for row in range(1, sheet.max_row + 1)]


def test_a_text_longer_than_its_column_is_wrapped_in_a_row_high_enough(workbook: Workbook) -> None:
    sheet: Any = workbook["Kontakter"]
    wrapped = 0
    for cell in _cells(workbook, "Kontakter", "Virksomhed")[1:]:
        lines = lines_in(cell.value, sheet.column_dimensions[cell.column_letter].width)
        if lines > 1:
            wrapped += 1
            assert cell.alignment.wrap_text
            assert sheet.row_dimensions[cell.row].height >= 15 * lines
            for beside in sheet[cell.row]:
                assert beside.value is None or beside.alignment.vertical == "top"
    assert wrapped == 2


def test_days_and_numbers_keep_their_form_in_a_wrapped_row(workbook: Workbook) -> None:
    days = _cells(workbook, "Kontakter", "Dato")
    assert {cell.number_format for cell in days[1:]} == {"dd.mm.yyyy"}
    headcounts = _cells(workbook, "Kontakter", "Ansatte den dag")
    assert [cell.value for cell in headcounts[1:]] == [9, "10-19", 249]
    assert {cell.alignment.horizontal for cell in headcounts} == {"right"}


def test_every_sheet_of_records_is_a_table_named_for_it(workbook: Workbook) -> None:
    for name in ("Kontakter", "Ansættelser", "Tæller ikke"):
        sheet: Any = workbook[name]
        [table] = sheet.tables.values()
        assert table.displayName == name.replace(" ", "_")
        assert [cell.value for cell in sheet[1]] == [c.name for c in table.tableColumns]


def test_numbers_have_separators_of_thousands(workbook: Workbook) -> None:
    cells = _cells(workbook, "Virksomheder", "Tællende registreringer")
    assert {cell.number_format for cell in cells[1:]} == {"[$-406]#,##0"}


def test_the_councils_of_a_record_stand_beside_its_brokers(workbook: Workbook) -> None:
    values = [cell.value for cell in _cells(workbook, "Kontakter", "Erhvervsråd")]
    assert values[1:] == ["Viborg Erhvervsråd"] * 3
