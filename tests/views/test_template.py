"""The import workbook: what a person sees in it, and that an import reads back what is typed."""

from __future__ import annotations

import datetime as dt
import re
import tempfile
import tomllib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
from python_calamine import CalamineWorkbook

from builders import refuses, register
from kmtrack import i18n
from kmtrack.cli.main import main
from kmtrack.clock import Clock
from kmtrack.resources import DATA_FOLDER
from kmtrack.usecases.imports.columns import COLUMNS, METHODS_USED, REQUIRED, field_of, heading
from kmtrack.usecases.imports.file import import_file
from kmtrack.usecases.init import NewLedger, create_ledger
from kmtrack.usecases.location import session_at
from kmtrack.views.xlsx.palette import BAND_BACK, HEAD_BACK
from kmtrack.views.xlsx.template import write_template
from kmtrack.views.xlsx.text_width import lines_in

if TYPE_CHECKING:
    from openpyxl import Workbook

TODAY = dt.date(2011, 6, 30)
SHEETS = {
    "da": [
        *("Hjælp", "Virksomheder", "Kontakter", "Samarbejder", "Ansættelser"),
        *("Metoder", "Vurderinger", "Formidling", "Ydelser", "Spørgeskemaer", "Lister"),
    ],
    "en": [
        *("Help", "Companies", "Contacts", "Collaborations", "Hires"),
        *("Methods", "Assessments", "Dissemination", "Deliverables", "Questionnaires", "Lists"),
    ],
}


@pytest.fixture(params=["da", "en"])
def language(request: pytest.FixtureRequest) -> str:
    chosen: str = request.param
    i18n.use("da" if chosen == "da" else "en")
    return chosen


@pytest.fixture
def file(language: str, tmp_path: Path) -> Path:
    path = tmp_path / "work.xlsx"
    path.write_bytes(_template(language))
    return path


@cache
def _template(language: str) -> bytes:
    """Return the bytes of the template in a language, which is the one in use."""
    assert i18n.current() == language
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "work.xlsx"
        write_template(path)
        return path.read_bytes()


@pytest.fixture
def workbook(file: Path) -> Workbook:
    return openpyxl.load_workbook(file)


def _lists(sheet: Any, workbook: Workbook) -> dict[str, list[str]]:
    """Return the words of each drop-down list, by the heading of its column."""
    found = {}
    for validation in sheet.data_validations.dataValidation:
        title, _, cells = validation.formula1.partition("!")
        words = [row[0].value for row in workbook[title.strip("'")][cells.replace("$", "")]]
        column = str(validation.sqref).split(":")[0].rstrip("0123456789")
        found[sheet[f"{column}1"].value] = words
    return found


@pytest.mark.everyday(1)
def test_there_is_a_sheet_for_each_noun_and_a_page_of_help(
    workbook: Workbook, language: str
) -> None:
    assert workbook.sheetnames == SHEETS[language]
    assert workbook[SHEETS[language][-1]].sheet_state == "hidden"
    lines = [row[0].value for row in workbook.worksheets[0].iter_rows(max_col=1) if row[0].value]
    assert any("kmtrack import" in str(line) for line in lines)


def test_headings_are_in_the_language_in_use(workbook: Workbook, language: str) -> None:
    asked = tomllib.loads((DATA_FOLDER / "questionnaire.toml").read_text(encoding="utf-8"))
    wordings = {question["id"]: question["wording"][language] for question in asked["question"]}
    for sheet, (noun, fields) in zip(workbook.worksheets[1:-1], COLUMNS.items(), strict=True):
        headings = [cell.value for cell in sheet[1]]
        assert len(headings) == len(set(headings)) == len(fields)
        own = i18n.texts_of("da" if language == "da" else "en")
        asked_for = wordings if noun == "survey" else {}
        expected = [
            asked_for.get(f) or own.get(f"field.{noun}.{f}", own.get(f"field.{f}")) for f in fields
        ]
        assert headings == expected
        assert sheet.freeze_panes == "B2"


def test_choices_drop_down_in_the_language_in_use(workbook: Workbook, language: str) -> None:
    companies, contacts, collaborations, hires = workbook.worksheets[1:5]
    own = i18n.texts_of("da" if language == "da" else "en")
    places = _lists(companies, workbook)[own["field.municipality"]]
    assert len(places) == 98
    assert {"Viborg", "Aarhus", "Ringkøbing-Skjern"} <= set(places)
    channels = _lists(contacts, workbook)[own["field.channel"]]
    assert channels[0] == own["choice.channel.visit"]
    assert len(_lists(collaborations, workbook)) == 2
    degrees = [
        words for words in _lists(workbook.worksheets[-2], workbook).values() if len(words) == 6
    ]
    assert len(degrees) == 6
    assert {words[0][:4] for words in degrees} == {"0 - "}
    chosen = {
        own[f"field.{name}"] for name in ("level", "terms", "permanent", "place_municipality")
    }
    assert set(_lists(hires, workbook)) == chosen


def test_numbers_that_are_no_sums_are_typed_as_text_and_days_as_days(
    workbook: Workbook, language: str
) -> None:
    companies, contacts = workbook.worksheets[1:3]
    formats = {
        sheet[f"{letter}1"].value: dimension.number_format
        for sheet in (companies, contacts)
        for letter, dimension in sheet.column_dimensions.items()
    }
    own = i18n.texts_of("da" if language == "da" else "en")
    assert formats[own["field.cvr"]] == formats[own["field.employees"]] == "@"
    day = "dd.mm.yyyy" if language == "da" else "yyyy-mm-dd"
    assert formats[own["field.date"]] == day


def test_an_independent_reader_sees_the_same(file: Path, language: str) -> None:
    other = CalamineWorkbook.from_path(str(file))
    assert other.sheet_names == SHEETS[language]
    help_page = other.get_sheet_by_index(0).to_python()
    assert any("Anne Hansen" in row for row in help_page)


def test_examples_are_on_the_page_of_help_and_in_no_sheet_to_fill_in(
    workbook: Workbook, language: str
) -> None:
    own = i18n.texts_of("da" if language == "da" else "en")
    rows = list(workbook.worksheets[0].iter_rows(values_only=True))
    [heads] = [row for row in rows if own["template.help.example"] in row]
    at = heads.index(own["template.help.example"])
    examples = {(row[0], row[1]): row[at] for row in rows}
    for sheet, noun in zip(workbook.worksheets[1:-1], COLUMNS, strict=True):
        assert sheet.max_row == 1
        for field in REQUIRED[noun]:
            asked = heading(noun, field, "da" if language == "da" else "en")
            assert examples[own[f"nouns.{noun}"], asked], (noun, field)


def test_an_example_is_a_row_that_can_be_stored(
    workbook: Workbook, file: Path, language: str, tmp_path: Path
) -> None:
    own = i18n.texts_of("da" if language == "da" else "en")
    rows = list(workbook.worksheets[0].iter_rows(values_only=True))
    [heads] = [row for row in rows if own["template.help.example"] in row]
    at = heads.index(own["template.help.example"])
    for sheet in workbook.worksheets[1:9]:
        typed = {row[1]: row[at] for row in rows if row[0] == sheet.title}
        for cell in sheet[1]:
            sheet.cell(2, cell.column or 1, typed[cell.value])
    workbook.save(file)
    ledger = tmp_path / "ledger.db"
    clock = Clock(TODAY, is_set=True)
    create_ledger(ledger, NewLedger(("Viborg",)), clock, {})
    with session_at(ledger, clock, {}) as session:
        register(session, "JH", "AB", "MK")
        found = {noun.noun: noun.added for noun in import_file(session, file).nouns if noun.added}
    assert found == dict.fromkeys((noun for noun in COLUMNS if noun != "survey"), 1)


@pytest.mark.everyday(1)
def test_an_example_row_of_an_earlier_version_is_not_read(
    file: Path, workbook: Workbook, tmp_path: Path, language: str
) -> None:
    own = i18n.texts_of("da" if language == "da" else "en")
    contacts = workbook.worksheets[2]
    contacts["A2"], contacts["B2"] = own["template.example"], dt.date(2011, 3, 4)
    workbook.save(file)
    ledger = tmp_path / "ledger.db"
    clock = Clock(TODAY, is_set=True)
    create_ledger(ledger, NewLedger(("Viborg",)), clock, {})
    with session_at(ledger, clock, {}) as session:
        assert import_file(session, file).rows == 0


def test_the_participating_municipalities_come_first(tmp_path: Path, language: str) -> None:
    file = tmp_path / "of_the_contract.xlsx"
    write_template(file, {"791", "740"})
    workbook = openpyxl.load_workbook(file)
    own = i18n.texts_of("da" if language == "da" else "en")
    places = _lists(workbook.worksheets[1], workbook)[own["field.municipality"]]
    assert places[:4] == ["Silkeborg", "Viborg", "Albertslund", "Allerød"]
    assert len(places) == len(set(places)) == 98


def test_it_imports_with_no_rows(file: Path, tmp_path: Path) -> None:
    ledger = tmp_path / "ledger.db"
    clock = Clock(TODAY, is_set=True)
    create_ledger(ledger, NewLedger(("Viborg",)), clock, {})
    with session_at(ledger, clock, {}) as session:
        result = import_file(session, file)
    assert [noun.noun for noun in result.nouns] == list(COLUMNS)
    assert result.rows == 0
    assert (result.ignored_columns, result.ignored_sheets) == ([], [])


def test_what_is_typed_is_read(file: Path, workbook: Workbook, tmp_path: Path) -> None:
    companies, contacts, collaborations, hires = workbook.worksheets[1:5]
    companies["A2"], companies["B2"] = "Møllers Maskiner", "DK 13 74 81 36"
    companies["A3"], companies["C3"] = "Næste", 740
    contacts["A3"], contacts["B3"] = "13748136", dt.date(2011, 4, 1)
    contacts["A5"], contacts["B5"], contacts["C5"] = "Næste", "4/3-2011", "telefon"
    collaborations["A2"], collaborations["B2"] = "Møllers Maskiner", "projekt"
    hires["A3"] = "næste"
    workbook.save(file)
    ledger = tmp_path / "ledger.db"
    clock = Clock(dt.date(2012, 12, 31), is_set=True)
    create_ledger(ledger, NewLedger(("Viborg",)), clock, {})
    for times in range(2):
        with session_at(ledger, clock, {}) as session:
            result = import_file(session, file)
            found = {noun.noun: noun.added for noun in result.nouns}
            rows = session.store.all("SELECT date, channel FROM contact ORDER BY date")
        expected = {"company": 2, "contact": 2, "collaboration": 1, "hire": 1}
        added = {noun: number for noun, number in found.items() if number}
        assert added == (expected if times == 0 else {})
        assert [tuple(row) for row in rows] == [("2011-03-04", "phone"), ("2011-04-01", "visit")]


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    file = tmp_path / "work.xlsx"
    file.write_bytes(b"x")
    with refuses("file_there"):
        write_template(file)
    assert file.read_bytes() == b"x"
    with refuses("file_not_xlsx"):
        write_template(tmp_path / "work.xls")
    with refuses("folder_missing"):
        write_template(tmp_path / "nowhere" / "work.xlsx")


def test_every_line_of_the_help_can_be_read(workbook: Workbook) -> None:
    help_page = workbook.worksheets[0]
    widths = [help_page.column_dimensions[letter].width for letter in "ABCDEF"]
    first = next(cell.row for cell in help_page["F"] if cell.value)
    for row in help_page.iter_rows(min_row=first):
        height = help_page.row_dimensions[row[0].row or 0].height or 15
        for cell, width in zip(row, widths, strict=True):
            lines = lines_in(str(cell.value or ""), width)
            assert height >= 15 * lines
            assert not str(cell.value or "").endswith("..")


@pytest.mark.parametrize("noun", ["company", "contact", "collaboration", "hire", "method"])
def test_there_is_a_column_for_every_option(noun: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--lang", "en", noun, "add", "--help"]) == 0
    options = set(re.findall(r"^ *--([a-z-]+)", capsys.readouterr().out, re.MULTILINE))
    fields = [field_of(noun, column) for column in COLUMNS[noun]]
    columns = {field.option for field in fields if field}
    if METHODS_USED in COLUMNS[noun]:
        columns.add("method")
    assert options - {"yes", "json", "help"} <= columns


def test_it_prints_readably_and_required_headings_differ_by_more_than_colour(
    workbook: Workbook, language: str
) -> None:
    assert workbook.properties.language == language
    for sheet in workbook.worksheets[:-1]:
        header: Any = sheet.oddHeader
        assert header.left.text == "&A"
        widths = [dimension.width for dimension in sheet.column_dimensions.values()]
        assert sum(widths) / (sheet.page_setup.fitToWidth or 1) <= 260, sheet.title
    for sheet in workbook.worksheets[1:-1]:
        backgrounds = {head.font.b: str(head.fill.fgColor.rgb)[2:] for head in sheet[1]}
        assert backgrounds in ({True: HEAD_BACK, False: BAND_BACK}, {True: HEAD_BACK})
