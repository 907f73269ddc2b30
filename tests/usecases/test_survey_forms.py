"""Forms out and back: what a company filled in is stored once, and what cannot be is named."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest

from builders import CVR, add_contact, cvr_number, ledger_with, refuses, session_over
from kmtrack import i18n
from kmtrack.usecases.companies import add_company
from kmtrack.usecases.events import add_event
from kmtrack.usecases.surveys.answers import (
    company_respondent,
    municipality_respondent,
    survey_id,
    surveys,
    withdraw_surveys,
)
from kmtrack.usecases.surveys.forms import BadForms, FormsRead, import_forms, survey_forms
from kmtrack.views.xlsx.survey_form import write_survey_forms

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from kmtrack.usecases.session import Session

WHOLE = {
    "employees": 12,
    "highly-educated": 1,
    "additionality": "yes, but later",
    "product": "3 - to a high degree",
    "product-example": "=2+2",
    "process": "do not know",
    "business-method": "0 - not at all",
    "students-again": "yes",
    "satisfaction": "4 - to a very high degree",
}
STORED = {
    "employees": 12,
    "highly-educated": 1,
    "additionality": "later",
    "product": 3,
    "product-example": "=2+2",
    "process": "unknown",
    "business-method": 0,
    "students-again": True,
    "satisfaction": 4,
}


def _hired(session: Session) -> None:
    for name, cvr in (("Smedjen", CVR), ("Væveriet", cvr_number(7))):
        facts = {"name": name, "cvr": cvr, "municipality": "791", "employees": "40"}
        add_company(session, facts)
        add_contact(session, cvr, {"date": "2011-01-05", "channel": "visit"})
        add_event(session, "hire", cvr, {"agreed": "2011-01-10", "level": "master"})


@pytest.fixture
def hired(tmp_path: Path) -> Iterator[Session]:
    """Yield a session over a ledger with two companies that each have a hire that counts."""
    with session_over(ledger_with(tmp_path, _hired)) as session:
        yield session


def form(
    session: Session, folder: Path, *names: str, wave: str = "after", with_answers: bool = False
) -> Path:
    """Return a workbook with a form for each company of `names`."""
    file = folder / "form.xlsx"
    respondents = [company_respondent(session, n) for n in names]
    forms = survey_forms(session, respondents, wave, with_answers=with_answers)
    write_survey_forms(forms, file)
    return file


def places(sheet: Any) -> dict[str, int]:
    """Return the row of each question, and of the day, by the hidden column."""
    return {str(row[3].value): row[3].row for row in sheet.iter_rows() if row[3].value}


def fill(file: Path, answers: Mapping[str, object], sheet: int = 0) -> None:
    """Answer questions of a form as somebody does in a spreadsheet."""
    workbook = openpyxl.load_workbook(file)
    chosen = workbook.worksheets[sheet]
    for question, row in places(chosen).items():
        if question in answers:
            cell = chosen.cell(row, 3)
            cell.value = answers[question]  # type: ignore[assignment]
            if str(answers[question]).startswith("="):
                cell.data_type = "s"
    workbook.save(file)


def answers_in(session: Session) -> dict[str, Any]:
    rows = session.store.all("SELECT * FROM survey WHERE withdrawn IS NULL")
    return {f"{row['company_id']}": json.loads(row["answers"]) for row in rows}


def entries(session: Session) -> list[str]:
    rows = session.store.all("SELECT action FROM entry WHERE noun = 'survey' ORDER BY number")
    return [row["action"] for row in rows]


def mistakes(bad: pytest.ExceptionInfo[BadForms]) -> list[str]:
    return [f"{one.cell}: {one.reason}" for one in bad.value.errors]


@pytest.mark.parametrize("language", ["da", "en"])
def test_a_form_shows_what_is_asked_and_known_and_locks_it(
    hired: Session, tmp_path: Path, language: str
) -> None:
    i18n.use("da" if language == "da" else "en")
    workbook = openpyxl.load_workbook(form(hired, tmp_path, "Smedjen", "Væveriet"))
    assert [sheet.title for sheet in workbook] == ["1 Smedjen", "2 Væveriet", "kmtrack"]
    assert workbook.worksheets[2].sheet_state == "veryHidden"
    for sheet in workbook.worksheets[:2]:
        assert sheet.protection.sheet
        asked = places(sheet)
        assert {"employees", "product", "satisfaction"} <= set(asked)
        assert sheet.cell(asked["product"], 3).protection.locked is False
        assert sheet.cell(asked["product"], 2).protection.locked is True
        known = {str(cell.value) for row in sheet.iter_rows() for cell in row}
        assert sheet.title[2:] in known
        assert "Viborg" in known
    first = workbook.worksheets[0]
    lists = [str(one.formula1) for one in first.data_validations.dataValidation]
    assert len(lists) >= 4
    known = {str(cell.value) for row in first.iter_rows() for cell in row}
    assert CVR in known
    assert ("Hvor mange ansatte har virksomheden i dag?" in known) == (language == "da")


@pytest.mark.parametrize("read_in", ["da", "en"])
def test_a_filled_form_comes_back_in_whichever_language(
    hired: Session, tmp_path: Path, read_in: str
) -> None:
    file = form(hired, tmp_path, "Smedjen")
    fill(file, WHOLE)
    i18n.use("da" if read_in == "da" else "en")
    assert import_forms(hired, [file]) == FormsRead(1, 0, 0)
    (answers,) = answers_in(hired).values()
    assert answers == STORED
    row = hired.store.get("SELECT hire_id, date FROM survey")
    hire = hired.store.get(
        "SELECT hire.id FROM hire JOIN company ON company.id = company_id WHERE cvr = :cvr", cvr=CVR
    )
    assert (row["hire_id"], row["date"]) == (hire["id"], "2011-06-30")


def test_read_twice_changes_nothing_and_a_changed_form_amends(
    hired: Session, tmp_path: Path
) -> None:
    file = form(hired, tmp_path, "Smedjen")
    fill(file, WHOLE)
    import_forms(hired, [file])
    assert import_forms(hired, [file]) == FormsRead(0, 0, 1)
    assert entries(hired) == ["add"]
    fill(file, {"product": "1 - to a small degree", "product-example": None})
    assert import_forms(hired, [file]) == FormsRead(0, 1, 0)
    assert entries(hired) == ["add", "edit"]
    (answers,) = answers_in(hired).values()
    assert answers["product"] == 1
    assert "product-example" not in answers


@pytest.mark.parametrize("with_answers", [False, True])
def test_a_form_made_anew_is_empty_unless_the_answers_are_asked_for(
    hired: Session, tmp_path: Path, *, with_answers: bool
) -> None:
    file = form(hired, tmp_path, "Smedjen")
    fill(file, {**WHOLE, "answered-on": date(2011, 6, 20)})
    import_forms(hired, [file])
    with refuses("file_there"):  # what is filled in there may not be read yet
        form(hired, tmp_path, "Smedjen")
    file.unlink()
    told: list[str] = []
    session = hired._replace(tell=lambda what: told.append(str(what)))
    file = form(session, tmp_path, "Smedjen", "Væveriet", with_answers=with_answers)
    (sentence,) = told  # the other one has not answered
    assert sentence.startswith("Smedjen")
    assert "2011-06-20" in sentence
    assert ("--with-answers" in sentence) == (not with_answers)
    sheet = openpyxl.load_workbook(file).worksheets[0]
    answers = [sheet.cell(row, 3).value for row in places(sheet).values()]
    assert any(answers[1:]) == with_answers
    if with_answers:
        openpyxl_file = openpyxl.load_workbook(file)
        openpyxl_file.remove(openpyxl_file.worksheets[1])
        openpyxl_file.save(file)
        assert import_forms(hired, [file]) == FormsRead(0, 0, 1)


def test_what_is_answered_after_a_withdrawal_is_new(hired: Session, tmp_path: Path) -> None:
    file = form(hired, tmp_path, "Smedjen")
    fill(file, WHOLE)
    import_forms(hired, [file])
    (first,) = surveys(hired)
    assert withdraw_surveys(hired, first["id"], "en anden svarede")[0]["name"] == "Smedjen"
    assert import_forms(hired, [file]) == FormsRead(1, 0, 0)
    (second,) = surveys(hired)
    assert second["id"] != first["id"]


def test_the_id_of_a_filled_form_is_the_same_on_every_laptop(
    hired: Session, tmp_path: Path
) -> None:
    file = form(hired, tmp_path, "Smedjen")
    fill(file, WHOLE)
    import_forms(hired, [file])
    (found,) = surveys(hired)
    assert found["id"] == survey_id(company_respondent(hired, CVR), "after")


def test_many_forms_are_all_stored_or_none(hired: Session, tmp_path: Path) -> None:
    file = form(hired, tmp_path, "Smedjen", "Væveriet")
    fill(file, WHOLE)
    fill(file, {**WHOLE, "product": 7}, sheet=1)
    with pytest.raises(BadForms) as bad:
        import_forms(hired, [file])
    (mistake,) = bad.value.errors
    assert (mistake.file, mistake.sheet, mistake.value) == ("form.xlsx", "2 Væveriet", "7")
    assert surveys(hired) == []
    fill(file, {"product": 2}, sheet=1)
    assert import_forms(hired, [file]) == FormsRead(2, 0, 0)


@pytest.mark.everyday(4)
@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({"product": 7}, "is not an answer here; write 0 - not at all, 1 - to a small degree"),
        ({"product": -1}, "is not an answer here; write 0 - not at all"),
        ({"product": 2.5}, "is not an answer here; write 0 - not at all"),
        ({"employees": "many"}, "is not an answer here; write a whole number from 0"),
        ({"employees": 10**9}, "is not an answer here"),
        ({"employees": None}, "must be answered"),
        ({"employees": "  "}, "must be answered"),
        ({"product": "\u00a0"}, "must be answered"),
        ({"product": "\u200b\n"}, "must be answered"),
        (
            {"additionality": "perhaps"},
            "is not an answer here; write yes, the same person and just as soon",
        ),
        ({"students-again": 3}, "is not an answer here; write yes, no"),
        ({"product-example": "Ring til 010190-1234"}, "CPR"),
        ({"highly-educated": 13}, "13 highly educated staff are more than 12 employees"),
    ],
)
def test_a_bad_answer_is_named_by_its_cell(
    hired: Session, tmp_path: Path, answers: dict[str, object], expected: str
) -> None:
    file = form(hired, tmp_path, "Smedjen")
    fill(file, {**WHOLE, **answers})
    with pytest.raises(BadForms) as bad:
        import_forms(hired, [file])
    (found,) = mistakes(bad)
    assert expected in found
    (question,) = answers
    sheet = openpyxl.load_workbook(file).worksheets[0]
    assert found.startswith(f"C{places(sheet)[question]}: ")
    assert surveys(hired) == []


@pytest.mark.everyday(3)
@pytest.mark.parametrize(
    ("written", "day"),
    [
        (date(2011, 6, 20), "2011-06-20"),
        (datetime(2011, 6, 20, 14, 30), "2011-06-20"),  # noqa: DTZ001 - as a spreadsheet has it
        ("20.6.2011", "2011-06-20"),
        ("20/6-2011", "2011-06-20"),
        (40714, "2011-06-20"),
        (40714.0, "2011-06-20"),
        (None, "2011-06-30"),
        ("  ", "2011-06-30"),
    ],
)
def test_the_date_of_a_form_is_the_day_of_the_answer(
    hired: Session, tmp_path: Path, written: object, day: str
) -> None:
    file = form(hired, tmp_path, "Smedjen")
    fill(file, {**WHOLE, "answered-on": written})
    told: list[str] = []
    import_forms(hired._replace(tell=lambda what: told.append(str(what))), [file])
    assert surveys(hired)[0]["date"] == day
    assert [("does not say when" in each) for each in told] == [True] * (day == "2011-06-30")


@pytest.mark.everyday(2)
@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (date(2011, 7, 1), "in the future"),
        ("31.6.2011", "June has 30 days"),
        ("20.6.", "20.6."),
        ("i går", "i går"),
        ("Birthe", "Birthe"),
    ],
)
def test_a_bad_date_is_named_by_its_cell(
    hired: Session, tmp_path: Path, written: object, expected: str
) -> None:
    file = form(hired, tmp_path, "Smedjen")
    fill(file, {**WHOLE, "answered-on": written})
    with pytest.raises(BadForms) as bad:
        import_forms(hired, [file])
    (found,) = mistakes(bad)
    row = places(openpyxl.load_workbook(file).worksheets[0])["answered-on"]
    assert found.startswith(f"C{row}: ")
    assert expected in found + bad.value.errors[0].value
    assert surveys(hired) == []


def test_a_form_answered_anew_has_its_new_date(hired: Session, tmp_path: Path) -> None:
    file = form(hired, tmp_path, "Smedjen")
    fill(file, {**WHOLE, "answered-on": date(2011, 6, 1)})
    import_forms(hired, [file])
    fill(file, {"answered-on": date(2011, 6, 29)})
    assert import_forms(hired, [file]) == FormsRead(0, 1, 0)
    fill(file, {"answered-on": None})
    assert import_forms(hired, [file]) == FormsRead(0, 0, 1)
    assert surveys(hired)[0]["date"] == "2011-06-29"


def test_required_answers_may_be_missing_where_that_is_said(hired: Session, tmp_path: Path) -> None:
    file = form(hired, tmp_path, "Smedjen")
    fill(file, {"employees": 3})
    with pytest.raises(BadForms):
        import_forms(hired, [file])
    assert import_forms(hired, [file], incomplete=True) == FormsRead(1, 0, 0)
    (answers,) = answers_in(hired).values()
    assert answers == {"employees": 3}


_REWORDED = {
    "a changed question": ("product", 0, "Er produkterne gode?"),
    "a question without its words": ("product", 0, None),
    "a changed hint": ("highly-educated", 1, "Also a bachelor's degree."),
}
_REMARKED = {"another edition": ("/1:", "/2:"), "another wave": (":after", ":later")}


def spoil(file: Path, how: str) -> None:
    """Do to a form what people and programs do to forms."""
    workbook = openpyxl.load_workbook(file)
    sheet = workbook.worksheets[0]
    sheet.protection.sheet = False
    rows = places(sheet)
    mark = next(
        cell for row in sheet.iter_rows() for cell in row if str(cell.value).startswith("kmtrack-")
    )
    if how == "moved down":
        sheet.insert_rows(2, 3)
    elif how == "an answer beside its place":
        sheet.cell(rows["product"], 5).value = 3
    elif how == "an answer in a row of nobody's":
        sheet.cell(rows["satisfaction"] + 2, 3).value = 3
    elif how == "a question twice":
        sheet.cell(rows["satisfaction"] + 2, 4).value = "product"
    elif how == "a question gone":
        sheet.delete_rows(rows["product"])
    elif how in _REWORDED:
        question, below, words = _REWORDED[how]
        sheet.cell(rows[question] + below, 2).value = words
    elif how in _REMARKED:
        mark.value = str(mark.value).replace(*_REMARKED[how])
    elif how == "half an id":
        mark.value = str(mark.value)[:20]
    elif how == "another company":
        mark.value = str(mark.value).replace(str(mark.value).split(":")[3], "c0000000000")
    workbook.save(file)


def test_a_form_whose_rows_moved_together_is_read(hired: Session, tmp_path: Path) -> None:
    file = form(hired, tmp_path, "Smedjen")
    fill(file, WHOLE)
    spoil(file, "moved down")
    assert import_forms(hired, [file]) == FormsRead(1, 0, 0)
    (answers,) = answers_in(hired).values()
    assert answers == STORED


@pytest.mark.everyday(4)
@pytest.mark.parametrize(
    ("how", "expected"),
    [
        ("an answer beside its place", "there should be no answer here"),
        ("an answer in a row of nobody's", "there should be no answer here"),
        ("a question twice", "there should be no answer here"),
        ("a question gone", "the question is missing from the form"),
        ("a changed question", "the wording of the question has been changed"),
        ("a question without its words", "the wording of the question has been changed"),
        ("a changed hint", "the wording of the question has been changed"),
        ("another edition", "the form is from another edition"),
        ("half an id", "the form's id has been changed"),
        ("another company", "no company matches"),
        ("another wave", "the form's id has been changed"),
    ],
)
def test_a_spoiled_form_is_refused(hired: Session, tmp_path: Path, how: str, expected: str) -> None:
    file = form(hired, tmp_path, "Smedjen")
    fill(file, WHOLE)
    spoil(file, how)
    with pytest.raises(BadForms) as bad:
        import_forms(hired, [file])
    assert expected in " ".join(mistakes(bad))
    assert surveys(hired) == []


def test_two_forms_of_one_company_must_agree(hired: Session, tmp_path: Path) -> None:
    file, other = form(hired, tmp_path, "Smedjen"), tmp_path / "other.xlsx"
    fill(file, WHOLE)
    other.write_bytes(file.read_bytes())
    assert import_forms(hired, [file, other]) == FormsRead(1, 0, 1)
    fill(other, {"product": 1})
    with pytest.raises(BadForms) as bad:
        import_forms(hired, [file, other])
    assert [one.file for one in bad.value.errors] == ["other.xlsx"]


def test_a_workbook_without_a_form_is_refused(hired: Session, tmp_path: Path) -> None:
    file = tmp_path / "other.xlsx"
    openpyxl.Workbook().save(file)
    with refuses("no_form_in_file"):
        import_forms(hired, [file])


def test_before_a_hire_nobody_answers_for_afterwards(session: Session, tmp_path: Path) -> None:
    add_company(session, {"name": "Smedjen", "cvr": CVR, "municipality": "791", "employees": "40"})
    file = form(session, tmp_path, "Smedjen")
    fill(file, WHOLE)
    with refuses("before_hire"):
        import_forms(session, [file])
    assert surveys(session) == []


def test_a_municipality_has_its_own_form(session: Session, tmp_path: Path) -> None:
    file = tmp_path / "viborg.xlsx"
    respondents = [municipality_respondent("Viborg")]
    write_survey_forms(survey_forms(session, respondents, "after"), file)
    fill(
        file,
        {
            "companies-reached": "2 - to some degree",
            "anchoring": "do not know",
            "co-financing": "no",
        },
    )
    assert import_forms(session, [file]) == FormsRead(1, 0, 0)
    (found,) = surveys(session)
    assert (found["asks"], found["respondent"], found["answered"]) == ("municipality", "Viborg", 3)


def test_a_form_keeps_names_that_would_be_formulas_as_text(
    session: Session, tmp_path: Path
) -> None:
    name = "=1+1 [ApS] / 'Co'"
    add_company(session, {"name": name, "cvr": CVR, "municipality": "791", "employees": "40"})
    workbook = openpyxl.load_workbook(form(session, tmp_path, CVR, wave="before"))
    cells = [cell for row in workbook.worksheets[0].iter_rows() for cell in row if cell.value]
    assert [cell for cell in cells if cell.data_type == "f"] == []
    assert name in {cell.value for cell in cells}
