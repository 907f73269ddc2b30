"""The commands `import` and `template` as they are typed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import openpyxl
import pytest

from kmtrack.cli.main import main

if TYPE_CHECKING:
    from pathlib import Path

CVR = "13748136"


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    path = tmp_path / "ledger.db"
    assert main(["--ledger", str(path), "init", "--municipality", "Viborg", "--broker", "JH"]) == 0
    company = ["company", "add", "Maskiner", "--cvr", CVR, "--municipality", "791"]
    assert main(["--ledger", str(path), *company, "--employees", "12"]) == 0
    return path


def run(ledger: Path, *arguments: str, lang: str = "en") -> int:
    return main(["--ledger", str(ledger), "--lang", lang, *arguments])


def test_an_import_says_what_it_did(
    ledger: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "contacts.csv"
    file.write_text(f"company,date,own\n{CVR},2011-03-04,x\n", encoding="utf-8")
    capsys.readouterr()
    assert run(ledger, "import", str(file), "--dry-run") == 0
    shown = capsys.readouterr()
    assert shown.out.splitlines() == [
        "Contacts: 1 added, 0 already here",
        "New contacts: 0 -> 1 counted, 0 waiting, 0 excluded",
        "Nothing was stored (dry run). Without --dry-run it is stored",
    ]
    assert shown.err.splitlines() == [
        "Read: contacts.csv, 1 row (Contacts)",
        "Columns: company · date",
        "Assumed, as the file does not say: Channel = visit (Contacts: 1 row)",
        "Assumed, as the file does not say: Broker = JH (Contacts: 1 row)",
        "Columns not read, as their headings are unknown: own",
    ]
    assert run(ledger, "import", str(file), lang="da") == 0
    assert capsys.readouterr().out.splitlines()[0] == "Kontakter: 1 tilføjet, 0 fandtes i forvejen"
    assert run(ledger, "import", str(file), "--json") == 0
    data = json.loads(capsys.readouterr().out)
    assert data["nouns"] == {
        "contact": {"added": 0, "already_here": 1, "filled_in": 0, "updated": 0}
    }
    assert data["ignored_columns"] == ["own"]


def test_every_bad_row_is_shown_and_the_exit_code_is_one(
    ledger: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "contacts.csv"
    file.write_text(f"company,date\n{CVR},31.2.2011\n{CVR},\n", encoding="utf-8")
    capsys.readouterr()
    assert run(ledger, "import", str(file)) == 1
    shown = capsys.readouterr()
    assert shown.out == ""
    lines = shown.err.splitlines()
    assert lines[0].startswith("Line 2, date “31.2.2011”: ")
    assert lines[1] == "Line 3, date: required; give a value"
    assert lines[2].startswith("Error: nothing was stored: 2 mistakes in contacts.csv")
    assert run(ledger, "import", str(file), "--json") == 1
    shown = capsys.readouterr()
    data = json.loads(shown.out)
    assert data["number"] == 2
    assert data["mistakes"][0] | {"sentence": ""} == {
        "sheet": None,
        "row": 2,
        "column": "date",
        "value": "31.2.2011",
        "sentence": "",
    }
    assert shown.err.count("\n") == 1


def test_differences_and_doubts_are_told(
    ledger: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    workbook = openpyxl.Workbook()
    sheet = workbook.worksheets[0]
    sheet.title = "Companies"
    for row in (
        ["name", "cvr", "municipality", "turnover"],
        ["Other name", CVR, "Skive", 12.5],
        ["Maskinner ApS", None, "Viborg", None],
    ):
        sheet.append(row)
    file = tmp_path / "companies.xlsx"
    workbook.save(file)
    capsys.readouterr()
    assert run(ledger, "import", str(file)) == 0
    shown = capsys.readouterr()
    assert shown.out.splitlines()[0] == (
        "Companies: 1 added, 0 already here, 1 given missing facts"
    )
    assert "Companies, row 2, Maskiner (" in shown.err
    assert "Municipality is “Viborg” here but “Skive” in the file" in shown.err
    assert "Companies, row 3: Maskinner ApS looks like Maskiner (" in shown.err
    assert run(ledger, "import", str(file), "--json") == 0
    data = json.loads(capsys.readouterr().out)
    assert [difference["field"] for difference in data["differences"]] == ["name", "municipality"]


@pytest.mark.parametrize("lang", ["da", "en"])
def test_a_template_goes_in_again(
    ledger: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], lang: str
) -> None:
    file = tmp_path / "work.xlsx"
    capsys.readouterr()
    assert run(ledger, "template", str(file), lang=lang) == 0
    assert str(file) in capsys.readouterr().out
    assert run(ledger, "import", str(file), lang=lang) == 0
    shown = capsys.readouterr()
    assert shown.err == ""
    expected = "Der er ikke noget at indlæse" if lang == "da" else "There is nothing to import"
    assert shown.out.startswith(expected)


def test_a_template_overwrites_nothing(
    ledger: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "work.xlsx"
    file.write_bytes(b"somebody's work")
    capsys.readouterr()
    assert run(ledger, "template", str(file)) == 1
    assert file.read_bytes() == b"somebody's work"
    assert run(ledger, "template", str(tmp_path / "work.csv")) == 1
    assert run(ledger, "template", str(tmp_path / "nowhere" / "work.xlsx")) == 1
    assert capsys.readouterr().err.count("\n") == 3


def test_the_template_of_a_ledger_has_its_municipalities_first(
    ledger: Path, tmp_path: Path
) -> None:
    for name, at, first in (
        ("here", ledger, "Viborg"),
        ("none", tmp_path / "no.db", "Albertslund"),
    ):
        file = tmp_path / f"{name}.xlsx"
        assert run(at, "template", str(file)) == 0
        lists = openpyxl.load_workbook(file)["Lists"]
        assert [cell.value for cell in lists["A"][:2]] == ["municipality", first]


@pytest.mark.parametrize(
    ("lang", "refused", "remembered"),
    [
        (
            "da",
            (
                "Fejl: liste.csv mangler kolonnen »Navn«; står den i en anden kolonne, så tilføj: "
                "--column 'name=Hvem det er' (fundet: Hvem det er, CVR)"
            ),
            "husket fra en tidligere fil",
        ),
        (
            "en",
            (
                "Error: liste.csv is missing the column “Name”; if another column holds it, add: "
                "--column 'name=Hvem det er' (found: Hvem det er, CVR)"
            ),
            "remembered from an earlier file",
        ),
    ],
)
def test_what_a_refusal_offers_can_be_typed_and_is_remembered(  # noqa: PLR0917
    ledger: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    lang: str,
    refused: str,
    remembered: str,
) -> None:
    file = tmp_path / "liste.csv"
    file.write_text("Hvem det er;CVR\nAlfa;13585628\n", encoding="utf-8")
    capsys.readouterr()
    assert run(ledger, "import", str(file), "--as", "company", lang=lang) == 1
    assert capsys.readouterr().err.splitlines() == [refused]
    chosen = ("--as", "company", "--column", "name=Hvem det er")
    assert run(ledger, "import", str(file), *chosen, "--dry-run", lang=lang) == 0
    assert run(ledger, "import", str(file), "--as", "company", lang=lang) == 1
    assert run(ledger, "import", str(file), *chosen, lang=lang) == 0
    capsys.readouterr()
    file.write_text("Hvem det er;CVR\nBeta;24256790\n", encoding="utf-8")
    assert run(ledger, "import", str(file), lang=lang) == 0
    said = capsys.readouterr().err
    assert remembered in said
    assert "--column '-=Hvem det er'" in said
    assert run(ledger, "import", str(file), "--json", lang=lang) == 0
    columns = json.loads(capsys.readouterr().out)["sheets"][0]["columns"]
    assert columns[0] == {"heading": "Hvem det er", "field": "name", "source": "remembered"}


def test_companies_come_along_as_the_refusal_says(
    ledger: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "kontakter.csv"
    file.write_text("Firma;CVR;Dato\nAlfa;13585628;4.3.2011\n", encoding="utf-8")
    capsys.readouterr()
    assert run(ledger, "import", str(file), lang="da") == 1
    said = capsys.readouterr().err
    assert "Linje 2, CVR »13585628«" in said
    assert "--with-companies" in said
    assert run(ledger, "import", str(file), "--with-companies", lang="da") == 0
    assert capsys.readouterr().out.splitlines()[:2] == [
        "Virksomheder: 1 tilføjet, 0 fandtes i forvejen",
        "Kontakter: 1 tilføjet, 0 fandtes i forvejen",
    ]
