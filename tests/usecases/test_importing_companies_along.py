"""Companies that contacts, collaborations and hires bring along with --with-companies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from builders import CVR, refuses
from kmtrack.usecases.companies import add_company
from kmtrack.usecases.imports.file import import_file
from kmtrack.usecases.imports.options import ImportOptions
from kmtrack.usecases.imports.result import BadRows

if TYPE_CHECKING:
    from pathlib import Path

    from kmtrack.usecases.imports.result import ImportResult
    from kmtrack.usecases.session import Session

OTHER_CVR = "13585628"
ALONG = ImportOptions(with_companies=True)


def read(
    session: Session, folder: Path, text: str, options: ImportOptions = ALONG, **more: Any
) -> ImportResult:
    file = folder / "liste.csv"
    file.write_text(text, encoding="utf-8")
    return import_file(session, file, "contact", options, **more)


def rows_of(session: Session, noun: str) -> list[dict[str, Any]]:
    return [dict(row) for row in session.store.all(f"SELECT * FROM {noun} ORDER BY id")]


_LIST = f"""CVR;Virksomhed;Kommune;Antal ansatte;Dato;Note
{CVR};Alfa ApS;Viborg;5-9;1.3.2011;a
{CVR};Alfa ApS;Viborg;5-9;2.3.2011;b
{OTHER_CVR};Beta;Skive;;3.3.2011;c
"""


def test_unknown_companies_come_along(session: Session, tmp_path: Path) -> None:
    with pytest.raises(BadRows) as refused:
        read(session, tmp_path, _LIST, ImportOptions())
    assert all("--with-companies" in error.error.sentence() for error in refused.value.errors)
    assert {error.column for error in refused.value.errors} == {"CVR"}
    result = read(session, tmp_path, _LIST)
    found = {row["name"]: row for row in rows_of(session, "company")}
    alfa, beta = found["Alfa ApS"], found["Beta"]
    assert (alfa["cvr"], alfa["municipality"], alfa["employees"]) == (CVR, "791", "5-9")
    assert (beta["cvr"], beta["municipality"], beta["employees"]) == (OTHER_CVR, "779", None)
    assert len(rows_of(session, "contact")) == 3
    assert {noun.noun: noun.added for noun in result.nouns} == {"company": 2, "contact": 3}
    (companies,) = [sheet for sheet in result.sheets if sheet.noun == "company"]
    assert {column.field for column in companies.columns} == {
        "name", "cvr", "municipality", "employees"
    }  # fmt: skip
    assert not result.ignored_columns


def test_a_second_reading_adds_nothing(session: Session, tmp_path: Path) -> None:
    read(session, tmp_path, _LIST)
    result = read(session, tmp_path, _LIST)
    assert [noun.added for noun in result.nouns] == [0, 0]


def test_a_dry_run_adds_none(session: Session, tmp_path: Path) -> None:
    result = read(session, tmp_path, _LIST, dry_run=True)
    assert {noun.noun: noun.added for noun in result.nouns} == {"company": 2, "contact": 3}
    assert rows_of(session, "company") == []


def test_a_known_company_stays_as_it_is(session: Session, tmp_path: Path) -> None:
    add_company(session, {"name": "Hedelund", "cvr": CVR})
    read(session, tmp_path, _LIST)
    found = {row["cvr"]: row for row in rows_of(session, "company")}
    assert (found[CVR]["name"], found[CVR]["municipality"]) == ("Hedelund", None)
    assert found[OTHER_CVR]["name"] == "Beta"


@pytest.mark.parametrize(
    ("row", "columns"),
    [
        (";Gamma;Viborg;;1.3.2011;", ["Virksomhed"]),
        (f"{OTHER_CVR};;Viborg;;1.3.2011;", ["CVR"]),
        ("12345678;Gamma;Viborg;;1.3.2011;", ["CVR"]),
        (f"{OTHER_CVR};Gamma;Nirgendwo;;1.3.2011;", ["Kommune"]),
        (f"{OTHER_CVR};Gamma;Viborg;mange;1.3.2011;", ["Antal ansatte"]),
        (f"{OTHER_CVR};Gamma;Viborg;5;32.1.2011;", ["Dato"]),
    ],
)
def test_a_bad_row_is_refused_by_its_column(
    session: Session, tmp_path: Path, row: str, columns: list[str]
) -> None:
    with pytest.raises(BadRows) as refused:
        read(session, tmp_path, f"CVR;Virksomhed;Kommune;Antal ansatte;Dato;Note\n{row}\n")
    assert [error.column for error in refused.value.errors] == columns
    assert rows_of(session, "company") == []


def test_total_rows_are_counted_once(session: Session, tmp_path: Path) -> None:
    result = read(session, tmp_path, f"{_LIST}I alt;;;12;;\n;I alt;-;12;;\n")
    assert result.totals.number == 2
    assert sum(result.empty_words.values()) <= 1


def test_people_do_not_come_along_as_companies(session: Session, tmp_path: Path) -> None:
    text = f"CVR;Navn;Dato;Note\n{CVR};Inger Holm;1.3.2011;a\n"
    with refuses("no_companies_along"):
        read(session, tmp_path, text)
    chosen = ImportOptions(columns=("name=Navn",), with_companies=True)
    read(session, tmp_path, text, chosen)
    assert [row["name"] for row in rows_of(session, "company")] == ["Inger Holm"]


def test_a_column_of_the_company_is_chosen_and_remembered(session: Session, tmp_path: Path) -> None:
    text = "CVR;Virksomhed;Hvor;Dato;Note\n{cvr};Alfa {cvr};Viborg;1.3.2011;a\n"
    chosen = ImportOptions(columns=("municipality=Hvor",), with_companies=True)
    read(session, tmp_path, text.format(cvr=CVR), chosen)
    read(session, tmp_path, text.format(cvr=OTHER_CVR))
    assert [row["municipality"] for row in rows_of(session, "company")] == ["791", "791"]
    contacts = rows_of(session, "contact")
    assert [row["municipality"] for row in contacts] == [None, None]
    with refuses("no_such_field"):
        read(session, tmp_path, text.format(cvr=CVR), ImportOptions(columns=("municipality=Hvor",)))


def test_only_events_bring_companies_along(session: Session, tmp_path: Path) -> None:
    file = tmp_path / "liste.csv"
    file.write_text(f"Navn;CVR\nAlfa;{CVR}\n", encoding="utf-8")
    with refuses("option_fits_nothing"):
        import_file(session, file, "company", ALONG)


def test_a_workbook_with_both_sheets_brings_the_rest_along(
    session: Session, tmp_path: Path
) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    book.worksheets[0].title = "Virksomheder"
    for row in (["Navn", "CVR-nr."], ["Alfa", CVR]):
        book.worksheets[0].append(row)
    for row in (["CVR", "Virksomhed", "Dato", "Note"], [CVR, "Alfa", "1.3.2011", "a"],
                [OTHER_CVR, "Beta", "1.3.2011", "b"]):  # fmt: skip
        (
            book["Kontakter"] if "Kontakter" in book.sheetnames else book.create_sheet("Kontakter")
        ).append(row)
    book.save(tmp_path / "begge.xlsx")
    result = import_file(session, tmp_path / "begge.xlsx", None, ALONG)
    assert {noun.noun: noun.added for noun in result.nouns} == {"company": 2, "contact": 2}
