"""The region's workbook on paper: every page says what it is, and nothing on it is cut."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest

from builders import TODAY, add_contact, cvr_number, ledger_in, session_over, shipped_document
from kmtrack import i18n
from kmtrack.cli.export import export_workbook
from kmtrack.rules.contract_format import read_contract
from kmtrack.usecases.companies import add_company
from kmtrack.views.xlsx.page import mark_pages, printed
from office import printed_pages, with_office
from workbooks import cut_texts

if TYPE_CHECKING:
    from pathlib import Path

_COMPANIES = ("Vestjydsk Maskin- og Stålkonstruktionsfabrik A/S", "Smedjen & Søn", "=HYPERLINK(1)")
_LONGEST = 255  # characters of a header, its codes included


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the workbook of a ledger with a few records, in Danish."""
    folder = tmp_path_factory.mktemp("printed")
    i18n.use("da")
    with session_over(ledger_in(folder)) as session:
        for number, name in enumerate(_COMPANIES):
            company = add_company(
                session,
                {
                    "name": name,
                    "cvr": cvr_number(number),
                    "municipality": "Viborg",
                    "employees": "40",
                },
            )
            add_contact(
                session, company["id"], {"date": f"{number + 1}.3.2011", "channel": "visit"}
            )
        export_workbook(session, folder / "region.xlsx", TODAY)
    return folder / "region.xlsx"


@pytest.mark.everyday(1)
@pytest.mark.parametrize("language", ["da", "en"])
def test_no_text_is_cut_before_anything_is_recorded(
    tmp_path: Path, language: i18n.Language
) -> None:
    i18n.use(language)
    with session_over(ledger_in(tmp_path)) as session:
        export_workbook(session, tmp_path / "region.xlsx", TODAY)
    assert cut_texts(openpyxl.load_workbook(tmp_path / "region.xlsx", data_only=True)) == []


def _codes(part: str) -> str:
    """Return the text of a header without its font, size and colour."""
    return re.sub(r'&"[^"]*"|&K[0-9A-F]{6}|&\d+ ', "", part)


def test_every_sheet_is_marked_with_itself_the_contract_the_day_and_the_page(
    exported: Path,
) -> None:
    for sheet in openpyxl.load_workbook(exported).worksheets:
        header, footer = sheet.oddHeader, sheet.oddFooter
        assert header is not None
        assert footer is not None
        assert _codes(str(header)) == "&L&A&ROpgjort pr. 30.06.2011"
        assert _codes(str(footer)) == (
            "&LUdstationering af kontaktmæglere ved lokale erhvervsråd&RSide &P af &N"
        )
        assert sheet.page_setup.orientation == "landscape"
        assert sheet.page_setup.fitToWidth == 1


def test_what_a_contract_is_called_is_no_code_of_a_header() -> None:
    assert printed("Fisk & Vind &P") == "Fisk && Vind &&P"
    assert printed("&[Tab]") == "&& [Tab]"
    assert printed("en\n linje") == "en linje"


@pytest.mark.parametrize("name", ["Aftale & Co. " * 60, "&" * 600, "2011 & frem"])
def test_no_name_makes_a_header_too_long(name: str) -> None:
    document = shipped_document()
    document["name"] = {"da": name, "en": name}
    workbook: Any = openpyxl.Workbook()
    mark_pages(workbook, read_contract(document), TODAY)
    for item in (workbook.active.oddHeader, workbook.active.oddFooter):
        assert len(str(item)) <= _LONGEST


@with_office
def test_each_printed_page_says_what_it_is_and_no_figure_is_hidden(
    exported: Path, tmp_path: Path
) -> None:
    pages = printed_pages(exported, tmp_path)
    names = openpyxl.load_workbook(exported).sheetnames
    assert len(pages) >= len(names)
    for page in pages:
        assert "Udstationering af kontaktmæglere ved lokale erhvervsråd" in page
        assert "Opgjort pr. 30.06.2011" in page
        assert any(name in page for name in names)
        assert "###" not in page
    for name in names:
        assert any(name in page for page in pages)
