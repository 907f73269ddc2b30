"""The command `export`: where it writes, in which language, and texts that look like formulas."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import openpyxl
import pytest

from kmtrack.cli.main import main

if TYPE_CHECKING:
    from pathlib import Path

    from cli_runner import Runner

pytestmark = pytest.mark.files

LANGUAGES = pytest.mark.parametrize(("lang", "prefix"), [("da", "Fejl: "), ("en", "Error: ")])


@LANGUAGES
@pytest.mark.parametrize(
    "name", ["nowhere/region.xlsx", "region.csv", "folder.xlsx", "ledger.xlsx"]
)
def test_a_place_that_cannot_be_written_is_refused_in_one_line(
    stocked: Runner, tmp_path: Path, name: str, lang: str, prefix: str
) -> None:
    (tmp_path / "folder.xlsx").mkdir()
    (tmp_path / "ledger.xlsx").hardlink_to(stocked.ledger)
    before = stocked.ledger.read_bytes()
    outcome = stocked("export", str(tmp_path / name), lang=lang)
    assert outcome.code == 1
    assert outcome.out == ""
    assert outcome.err.startswith(prefix)
    assert outcome.err.count("\n") == 1
    assert stocked.ledger.read_bytes() == before


@pytest.mark.everyday(1)
@pytest.mark.parametrize("name", ["=1+1", "+45 12345678", "-5", "@SUM(A1)", "#N/A", "[red]", "a;b"])
def test_a_name_that_looks_like_a_formula_stays_text(
    stocked: Runner, tmp_path: Path, name: str
) -> None:
    place = ("--municipality", "Viborg", "--employees", "5")
    stocked.done("company", "add", "Navn", "--cvr", "13585628", *place)
    stocked.done("company", "edit", "13585628", f"--name={name}")
    stocked.done("contact", "add", "13585628")
    file = tmp_path / "region.xlsx"
    stocked.done("export", str(file))
    workbook = openpyxl.load_workbook(file)
    cells = [c for sheet in workbook for row in sheet.iter_rows() for c in row if c.value == name]
    assert cells
    assert {cell.data_type for cell in cells} == {"s"}


def test_a_workbook_as_known_then_has_the_figures_of_the_status(
    stocked: Runner, tmp_path: Path
) -> None:
    file = tmp_path / "region.xlsx"
    now = json.loads(stocked.done("export", str(file), "--json"))
    known = ("--as-of", "2011-06-29", "--known-at", now["known_at"], "--json")
    stocked.done("contact", "add", "13748136", "--date", "2011-01-03")
    told = json.loads(stocked.done("export", str(file), "--with-details", *known))
    status = json.loads(stocked.done("status", *known))
    assert told["targets"] == status["targets"]
    assert told["targets"] != json.loads(stocked.done("status", "--json"))["targets"]
    assert (now["known_at"], now["as_of"]) == (told["known_at"], "2011-06-30")
    assert (now["with_details"], told["with_details"]) == (False, True)
    assert "hours" in told["fields"]["hire"]
    assert "hours" not in now["fields"]["hire"]
    assert "note" not in told["fields"]["contact"]


def test_the_workbook_is_danish_unless_somebody_asks(
    stocked: Runner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "region.xlsx"
    ledger = ["--ledger", str(stocked.ledger)]
    assert main([*ledger, "export", str(file)]) == 0  # the machine speaks English
    assert openpyxl.load_workbook(file).sheetnames[0] == "Forside"
    assert main([*ledger, "export", str(file), "--lang", "en"]) == 0
    assert openpyxl.load_workbook(file).sheetnames[0] == "Front page"
    monkeypatch.setenv("KMTRACK_LANG", "en")
    assert main([*ledger, "export", str(file)]) == 0
    assert openpyxl.load_workbook(file).sheetnames[0] == "Front page"


def test_a_ledger_with_nothing_in_it_makes_a_whole_workbook(runner: Runner, tmp_path: Path) -> None:
    file = tmp_path / "region.xlsx"
    runner.done("export", str(file), lang="da")
    workbook = openpyxl.load_workbook(file)
    for sheet in workbook:
        for table in sheet.tables.values():
            heads = [cell.value for cell in sheet[table.ref][0]]
            assert heads == [column.name for column in table.tableColumns]
    for name in ("Kontakter", "Samarbejder", "Ansættelser", "Virksomheder", "Afventer"):
        [table] = workbook[name].tables.values()
        assert table.ref == workbook[name].dimensions
