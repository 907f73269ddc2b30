"""What is said of what to type next: whole commands, one word for one thing, for the right ledger."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import openpyxl
import pytest
from typer.main import get_command

from kmtrack.cli.app import build_app
from kmtrack.cli.main import main
from kmtrack.ledger.schema.fields import fields_of
from kmtrack.ledger.schema.nouns import NOUNS
from kmtrack.views.format import to_fill_in

if TYPE_CHECKING:
    from pathlib import Path

    from cli_runner import Runner


def test_a_placeholder_in_a_hint_is_that_of_the_help() -> None:
    command = get_command(build_app(None))
    for noun in ("company", "contact", "collaboration", "hire"):
        facts = NOUNS[noun].facts
        assert facts is not None
        fields = {field.option: field for field in fields_of(facts)}
        for parameter in command.commands[noun].commands["edit"].params:  # type: ignore[attr-defined]
            name = parameter.opts[0].removeprefix("--")
            if parameter.metavar and name not in {"from", "company", "id", "reference", "id_"}:
                assert parameter.metavar == fields[name].metavar, (noun, name)


def test_the_options_of_a_method_have_names_of_their_own() -> None:
    filled = to_fill_in("method", "audience", "broker", "description")
    assert filled == "--for AUDIENCE --by INITIALS --description TEXT"


def test_no_hint_leaves_its_value_open(stocked: Runner) -> None:
    stocked.done("company", "add", "Hede Lys")
    stocked.done("contact", "add", "hede")
    for line in (stocked.done("check"), stocked.done("company", "show", "hede")):
        assert "…" not in line


@pytest.mark.files
def test_the_ledger_that_was_named_is_named_in_the_hints(
    runner: Runner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    named = ("--ledger", "min fil{0}.db")
    begun = "kmtrack --ledger 'min fil{0}.db'"
    assert runner("status", *named).err.endswith(f"type: {begun} init\n")
    runner.done("init", "--broker", "JH", *named)
    assert f"{begun} company add NAME" in runner("company", "list", *named).err
    runner.done("company", "add", "Hede Lys", *named)
    out = runner.done("contact", "add", "hede", *named)
    assert out.count("kmtrack ") == out.count(begun) == 3
    runner.done("contract", "amend", "--municipality", "Viborg", *named)
    out = runner.done("contact", "add", "hede", "--date", "2011-05-01", *named)
    lacking = "--cvr NUMBER --municipality MUNICIPALITY --employees N"
    assert out.splitlines()[1].endswith(lacking)
    assert out.count(begun) == 1
    assert f"{begun} company edit" in runner.done("check", *named)
    runner.done("export", "region.xlsx", *named)
    for sheet in openpyxl.load_workbook("region.xlsx").worksheets:
        assert not any("--ledger" in str(cell.value) for row in sheet.iter_rows() for cell in row)
    made = runner.done("bundle", "nyt.db", *named)
    assert made.splitlines()[0].endswith("kmtrack merge FILE")
    assert f"{begun} bundle nyt.db --since " in made
    assert "--ledger" not in runner("company", "list").err


def test_a_password_is_not_repeated(capsys: pytest.CaptureFixture[str]) -> None:
    main(["--ledger", "postgresql+psycopg://jh:hemmelig@127.0.0.1:1/x", "status"])
    assert "hemmelig" not in capsys.readouterr().err


@pytest.mark.files
def test_an_import_that_is_unclear_is_typed_again_with_its_folder(
    runner: Runner, tmp_path: Path
) -> None:
    folder = tmp_path / "mine filer"
    folder.mkdir()
    file = folder / "liste.csv"
    file.write_text("Virksomhed;Bemærkning\nX;y\n", encoding="utf-8")
    said = runner("import", str(file)).err
    assert f"kmtrack import '{file}' --as NOUN (one of: " in said


def test_what_an_import_says_of_days_and_doubles(stocked: Runner, tmp_path: Path) -> None:
    contacts = tmp_path / "kontakter.csv"
    contacts.write_text("CVR-nr.;Dato\n13748136;snart\n", encoding="utf-8")
    said = stocked("import", str(contacts), lang="da").err
    assert "skriv dag, måned og år som 4.3.2011" in said
    assert "i går" not in said
    companies = tmp_path / "virksomheder.csv"
    companies.write_text("Navn;Kommune\nMols Bogtrykk;Silkeborg\n", encoding="utf-8")
    outcome = stocked("import", str(companies), lang="da")
    assert "Virksomheder: 1 tilføjet, 0 fandtes i forvejen" in outcome.out
    found = {
        one["name"]: one["id"] for one in json.loads(stocked.done("company", "list", "--json"))
    }
    assert f"kmtrack company join {found['Mols Bogtryk']} {found['Mols Bogtrykk']}" in outcome.err


def test_an_import_tells_nothing_of_sheets_that_hold_nothing(
    stocked: Runner, tmp_path: Path
) -> None:
    file = tmp_path / "skabelon.xlsx"
    stocked.done("template", str(file), lang="da")
    book = openpyxl.load_workbook(file)
    book["Virksomheder"].append(["Hede Lys"])
    book.save(file)
    lines = stocked.done("import", str(file), lang="da").splitlines()
    assert lines == ["Virksomheder: 1 tilføjet, 0 fandtes i forvejen"]


def test_the_broker_is_not_one_of_the_others(stocked: Runner, tmp_path: Path) -> None:
    for initials in ("MK", "AB"):
        stocked.done("broker", "add", initials)
    told = json.loads(
        stocked.done("contact", "add", "13748136", "--with", "JH", "--with", "MK", "--json")
    )
    assert (told["broker"], told["others"]) == ("JH", "MK")
    told = json.loads(stocked.done("contact", "edit", told["id"], "--broker", "MK", "--json"))
    assert (told["broker"], told["others"]) == ("MK", None)
    file = tmp_path / "kontakter.csv"
    file.write_text("CVR-nr.;Dato;Med\n13748136;4.5.2011;JH AB\n", encoding="utf-8")
    stocked.done("import", str(file))
    contacts = json.loads(stocked.done("contact", "list", "--json"))
    assert [c["others"] for c in contacts if c["date"] == "2011-05-04"] == ["AB"]
    assert stocked.done("import", str(file)).startswith("Contacts: 0 added, 1 already here")


def test_a_withdrawal_says_what_becomes_of_the_counts(stocked: Runner) -> None:
    visit = json.loads(stocked.done("contact", "list", "--json"))[0]["id"]
    second = json.loads(stocked.done("contact", "add", "13748136", "--json"))["id"]
    told = json.loads(stocked.done("contact", "withdraw", second, "--reason", "x", "--json"))
    counts = {"counted": 1, "waiting": 0, "excluded": 0}
    assert told["targets"]["follow-ups"] == {"before": counts, "after": {**counts, "counted": 0}}
    told_in_lines = stocked.done("contact", "withdraw", visit, "--reason", "x", lang="da")
    assert "Nye kontakter: 1 -> 0 tæller, 0 afventer, 0 tæller ikke" in told_in_lines
    assert stocked.done("company", "withdraw", "mols", "--reason", "x").count("\n") == 1


@pytest.mark.files
def test_hints_for_whichever_noun_name_the_ledger_too(
    runner: Runner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    named = ("--ledger", "min.db")
    runner.done("init", "--municipality", "Viborg", "--broker", "JH", *named)
    alfa = ("Alfa", "--cvr", "13748136", "--municipality", "Viborg", "--employees", "9")
    runner.done("company", "add", *alfa, *named)
    hired = runner.done("hire", "add", "alfa", *named)
    checked = runner.done("check", *named)
    runner.done("contact", "add", "alfa", "--date", "2011-03-01", *named)
    again = runner.done("contact", "add", "alfa", "--date", "2011-03-01", *named)
    for said in (hired, checked, again):
        assert "kmtrack " in said
        assert said.count("kmtrack ") == said.count("kmtrack --ledger min.db ")
