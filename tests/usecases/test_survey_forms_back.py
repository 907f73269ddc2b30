"""Forms that come back: from LibreOffice, from Google Sheets, and from earlier versions of kmtrack."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape
from zipfile import ZipFile

import openpyxl
import pytest
from openpyxl.utils import get_column_letter

from builders import CVR, add_contact, refuses
from kmtrack import i18n
from kmtrack.usecases.companies import add_company
from kmtrack.usecases.contract import amend_contract
from kmtrack.usecases.events import add_event
from kmtrack.usecases.surveys.answers import (
    company_respondent,
    municipality_respondent,
    survey_record,
    surveys,
)
from kmtrack.usecases.surveys.forms import BadForms, FormsRead, import_forms, survey_forms
from kmtrack.views.xlsx.survey_form import write_survey_forms
from office import converted, with_office

if TYPE_CHECKING:
    from collections.abc import Mapping

    from openpyxl.worksheet.worksheet import Worksheet

    from kmtrack.usecases.session import Session

OLDER = Path(__file__).parent / "spreadsheets" / "older_form.xlsx"

ANSWERS: dict[str, object] = {
    "answered-on": date(2011, 6, 20),
    "employees": 1200,
    "highly-educated": 1,
    "additionality": "ja, den samme og lige så hurtigt",
    "product": "3 - i høj grad",
    "product-example": "En ny <ost> & en & anden",
    "process": "ved ikke",
    "business-method": "0 - slet ikke",
    "students-again": "ja",
    "satisfaction": "4 - i meget høj grad",
}
STORED = {
    "employees": 1200,
    "highly-educated": 1,
    "additionality": "same",
    "product": 3,
    "product-example": "En ny <ost> & en & anden",
    "process": "unknown",
    "business-method": 0,
    "students-again": True,
    "satisfaction": 4,
}


@pytest.fixture
def hired(session: Session) -> Session:
    """Return a session over a ledger with a company that has a hire that counts."""
    i18n.use("da")
    facts = {"name": "Smedjen", "cvr": CVR, "municipality": "791", "employees": "40"}
    add_company(session, facts)
    add_contact(session, CVR, {"date": "2011-01-05", "channel": "visit"})
    add_event(session, "hire", CVR, {"agreed": "2011-01-10", "level": "master"})
    return session


@pytest.fixture
def file(hired: Session, tmp_path: Path) -> Path:
    """Return a form that the company has filled in."""
    file = tmp_path / "form.xlsx"
    respondents = [company_respondent(hired, CVR)]
    write_survey_forms(survey_forms(hired, respondents, "after", date(2011, 7, 21)), file)
    fill(file, ANSWERS)
    return file


def fill(file: Path, answers: Mapping[str, object], ids: int = 4) -> None:
    workbook = openpyxl.load_workbook(file)
    for row in workbook.worksheets[0].iter_rows():
        id_ = str(row[ids - 1].value)
        if id_ in answers:
            row[2].value = answers[id_]  # type: ignore[assignment]
    workbook.save(file)


def stored(session: Session) -> tuple[dict[str, object], str]:
    record = survey_record(session, surveys(session)[0]["id"])
    return record["answers"], record["date"]


def as_google_exports(file: Path, leaving_out: tuple[str, ...] = ()) -> Path:
    """Write what is visible of a form anew, as a program does that keeps nothing else of it.

    Texts are inside the sheet, dates are bare numbers, and numbers have decimals; there are no hidden
    sheets or columns, styles, names, validations or properties.
    """
    workbook = openpyxl.load_workbook(file)
    rows = [
        "".join(_plain_cell(sheet, cell) for cell in row if cell.value not in leaving_out)
        for sheet in workbook.worksheets[:1]
        for row in sheet.iter_rows(max_col=3)
    ]
    numbered = enumerate(rows, start=1)
    sheet = "".join(f'<row r="{number}">{cells}</row>' for number, cells in numbered)
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    types = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override '
        f'PartName="/xl/workbook.xml" ContentType="{types}.sheet.main+xml"/><Override '
        f'PartName="/xl/worksheets/sheet1.xml" ContentType="{types}.worksheet+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="rId1" '
        f'Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets><sheet '
        'name="Ark1" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships">'
        f'<Relationship Id="rId1" Type="{office}/worksheet" Target="worksheets/sheet1.xml"/>'
        "</Relationships>",
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}"><sheetData>{sheet}</sheetData>'
        "</worksheet>",
    }
    exported = file.with_name("exported.xlsx")
    with ZipFile(exported, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, f'<?xml version="1.0" encoding="UTF-8"?>{content}')
    return exported


def _plain_cell(sheet: Worksheet, cell: Any) -> str:
    hidden = sheet.column_dimensions[get_column_letter(cell.column)].hidden
    if cell.value is None or hidden:
        return ""
    if isinstance(cell.value, str):
        text = escape(cell.value)
        return f'<c r="{cell.coordinate}" t="inlineStr"><is><t>{text}</t></is></c>'
    number = (cell.value.date() - date(1899, 12, 30)).days if cell.is_date else cell.value
    return f'<c r="{cell.coordinate}"><v>{float(number)}</v></c>'


def test_what_is_left_by_google_sheets_is_enough(hired: Session, file: Path) -> None:
    assert import_forms(hired, [as_google_exports(file)]) == FormsRead(1, 0, 0)
    assert stored(hired) == (STORED, "2011-06-20")
    assert import_forms(hired, [file]) == FormsRead(0, 0, 1)


@pytest.mark.parametrize("read_in", ["da", "en"])
@pytest.mark.parametrize("wave", ["before", "after"])
def test_a_municipality_is_known_by_what_can_be_seen(
    session: Session, tmp_path: Path, wave: str, read_in: str
) -> None:
    file = tmp_path / "form.xlsx"
    respondents = [municipality_respondent("Viborg")]
    i18n.use("en" if read_in == "da" else "da")
    write_survey_forms(survey_forms(session, respondents, wave), file)
    fill(file, {"anchoring": 2, "co-financing": "nej", "companies-reached": 1})
    i18n.use("da" if read_in == "da" else "en")
    assert import_forms(session, [as_google_exports(file)]) == FormsRead(1, 0, 0)
    (found,) = surveys(session)
    assert (found["respondent"], found["wave"]) == ("Viborg", wave)


def test_a_company_without_cvr_number_is_known_by_its_whole_name(
    hired: Session, tmp_path: Path
) -> None:
    for name in ("Mols", "Mols Bogtryk"):
        add_company(hired, {"name": name, "municipality": "706"})
    file = tmp_path / "mols.xlsx"
    respondents = [company_respondent(hired, "Mols")]
    write_survey_forms(survey_forms(hired, respondents, "before"), file)
    fill(file, {"employees": 3, "highly-educated": 0})
    exported = as_google_exports(file)
    assert import_forms(hired, [exported]) == FormsRead(1, 0, 0)
    assert surveys(hired)[0]["respondent"] == "Mols"
    workbook = openpyxl.load_workbook(exported)
    cells = [cell for row in workbook.worksheets[0].iter_rows() for cell in row]
    next(cell for cell in cells if cell.value == "Mols").value = "Mols Bog"
    workbook.save(exported)
    with pytest.raises(BadForms) as bad:
        import_forms(hired, [exported])
    assert "Mols Bog" in str(bad.value.errors[0].reason)


@pytest.mark.parametrize(
    ("left_out", "expected"),
    [
        ("Smedjen", "hvem der har svaret"),
        ("tiden efter ansættelsen", "hvem der har svaret"),
        ("Vil virksomheden samarbejde med studerende igen?", "spørgsmålet mangler"),
    ],
)
def test_what_cannot_be_told_by_what_is_left_is_refused(
    hired: Session, file: Path, left_out: str, expected: str
) -> None:
    with pytest.raises(BadForms) as bad:
        import_forms(hired, [as_google_exports(file, (left_out,))])
    assert expected in " ".join(str(one.reason) for one in bad.value.errors)
    assert surveys(hired) == []


def test_a_changed_question_is_refused_without_its_id_too(hired: Session, file: Path) -> None:
    exported = as_google_exports(file)
    workbook = openpyxl.load_workbook(exported)
    cells = [cell for row in workbook.worksheets[0].iter_rows() for cell in row]
    question = next(cell for cell in cells if str(cell.value).startswith("I hvor høj grad"))
    question.value = f"{question.value} Vær positiv."
    workbook.save(exported)
    with pytest.raises(BadForms):
        import_forms(hired, [exported])
    assert surveys(hired) == []


def test_a_form_of_an_earlier_version_still_comes_back(hired: Session, tmp_path: Path) -> None:
    file = tmp_path / "older.xlsx"
    workbook = openpyxl.load_workbook(OLDER)
    key = company_respondent(hired, CVR).key
    for row in workbook.worksheets[0].iter_rows():
        for cell in row:
            if str(cell.value).startswith("kmtrack-form:"):
                cell.value = str(cell.value).replace("cvvjqscgcpq", key)
    workbook.save(file)
    fill(file, {**ANSWERS, "students": None, "business-method-example": None}, ids=1)
    assert import_forms(hired, [file]) == FormsRead(1, 0, 0)
    assert stored(hired) == (STORED, "2011-06-30")
    workbook = openpyxl.load_workbook(file)
    sheet = workbook.worksheets[0]
    row = next(row for row in sheet.iter_rows() if row[0].value == "product")
    row[1].value = "Noget andet?"
    workbook.save(file)
    with pytest.raises(BadForms):
        import_forms(hired, [file])


@with_office
@pytest.mark.parametrize("kind", ["xlsx", "ods", "xls"])
def test_a_form_comes_back_from_libreoffice(
    hired: Session, file: Path, tmp_path: Path, kind: str
) -> None:
    saved = converted(file, kind, tmp_path / "saved")
    assert import_forms(hired, [saved]) == FormsRead(1, 0, 0)
    assert stored(hired) == (STORED, "2011-06-20")


def test_a_form_is_a_letter_of_one_page_without_an_id_in_view(file: Path) -> None:
    sheet = openpyxl.load_workbook(file).worksheets[0]
    assert str(sheet.freeze_panes) == "A3"
    assert "A1:C1" in {str(merged) for merged in sheet.merged_cells.ranges}
    assert (sheet.page_setup.orientation, sheet.page_setup.fitToHeight) == ("portrait", 1)
    assert sheet.column_dimensions["D"].hidden
    seen = [str(cell.value) for row in sheet.iter_rows(max_col=3) for cell in row if cell.value]
    assert not {text for text in seen if text.startswith("kmtrack") or text in STORED}
    told = " ".join(seen)
    assert "fordi I har ansat en højtuddannet medarbejder" in told
    assert "senest 21.07.2011" in told
    assert {"Ansatte *", "Højtuddannede *", "Studerende igen"} <= set(seen)


def test_a_form_says_to_whom_it_goes_back(hired: Session, tmp_path: Path) -> None:
    respondents = [company_respondent(hired, CVR)]
    for changes, recipient in (
        ({}, "den, I har fået det fra"),
        ({"operator": "Erhvervsrådet"}, "Erhvervsrådet"),
        ({"questions_to": "skema@example.org"}, "Erhvervsrådet, skema@example.org"),
    ):
        if changes:
            amend_contract(hired, changes, None)
        file = tmp_path / f"{len(recipient)}.xlsx"
        write_survey_forms(survey_forms(hired, respondents, "before"), file)
        texts = {cell.value for row in openpyxl.load_workbook(file).worksheets[0] for cell in row}
        assert f"Send skemaet tilbage til {recipient}." in texts


def test_what_is_no_answer_is_refused_while_it_is_typed(file: Path) -> None:
    sheet = openpyxl.load_workbook(file).worksheets[0]
    rows = {row[3].value: row[0].row for row in sheet.iter_rows() if row[3].value}
    rules = {str(rule.sqref): rule for rule in sheet.data_validations.dataValidation if rule.error}
    kinds = {id_: rules[f"C{row}"].type for id_, row in rows.items() if f"C{row}" in rules}
    assert kinds["answered-on"] == "date"
    assert kinds["employees"] == "whole"
    assert kinds["product"] == kinds["additionality"] == "list"
    assert kinds["product-example"] == "textLength"
    assert rules[f"C{rows['employees']}"].formula2 == "100000"


def test_a_workbook_of_other_texts_is_no_form(hired: Session, tmp_path: Path) -> None:
    file = tmp_path / "other.xlsx"
    workbook = openpyxl.Workbook()
    workbook.worksheets[0]["A1"] = "Virksomhed"
    workbook.worksheets[0]["B1"] = "Smedjen"
    workbook.save(file)
    with refuses("no_form_in_file"):
        import_forms(hired, [file])
