"""A record may state the municipality of its place: a plant that is not where the company is."""

from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest

from builders import CVR

if TYPE_CHECKING:
    from pathlib import Path

    from cli_runner import Runner

PLACE = ("--municipality", "Silkeborg")
SILKEBORG, VIBORG, COPENHAGEN = "740", "791", "101"
ADDED = {
    "contact": ("contact", "add", CVR, "--date", "2011-05-02"),
    "collaboration": ("collaboration", "add", CVR, "--kind", "project", "--agreed", "2011-05-02"),
    "hire": ("hire", "add", CVR, "--level", "master", "--agreed", "2011-05-02"),
}


def data(runner: Runner, *arguments: str) -> Any:
    """Return what a command says as JSON."""
    return json.loads(runner.done(*arguments, "--json"))


def company(runner: Runner, municipality: str = "København") -> None:
    """Add a company of a head office in a municipality, visited before the records began."""
    runner.done("company", "add", "Hedelund", "--cvr", CVR, "--municipality", municipality)
    runner.done("company", "edit", CVR, "--employees", "40", "--visited-before", "2009-10-01")


def groups(runner: Runner, target: str) -> dict[str, int]:
    """Return how many records of each municipality count for a target."""
    targets = data(runner, "status", "--by", "municipality")["targets"]
    found = next(each for each in targets if each["id"] == target)["groups"]
    return {group["group"]: group["counted"] for group in found if group["counted"]}


def test_a_hire_at_a_plant_that_takes_part_counts(runner: Runner) -> None:
    company(runner)
    away = data(runner, *ADDED["hire"])
    at_plant = data(runner, *ADDED["hire"], *PLACE)
    assert (away["municipality"], at_plant["municipality"]) == (None, SILKEBORG)
    assert [verdict["outcome"] for verdict in away["verdicts"]] == ["excluded"]
    assert [verdict["outcome"] for verdict in at_plant["verdicts"]] == ["counted"]
    assert groups(runner, "hires") == {"Silkeborg": 1}
    runner.done("check")


def test_a_first_contact_at_a_plant_elsewhere_does_not_count(runner: Runner) -> None:
    runner.done("company", "add", "Hedelund", "--cvr", CVR, "--municipality", "Viborg")
    runner.done("company", "edit", CVR, "--employees", "40")
    contact = data(runner, *ADDED["contact"], "--municipality", "København")
    assert [verdict["outcome"] for verdict in contact["verdicts"]] == ["excluded"]
    why = " ".join(runner.done("why", contact["id"]).split())
    assert "Municipality of the place: København" in why
    assert f"kmtrack contact edit {contact['id']} --municipality" in why
    edited = data(runner, "contact", "edit", contact["id"], "--municipality", "")
    assert edited["municipality"] is None
    assert [verdict["outcome"] for verdict in edited["verdicts"]] == ["counted"]
    runner.done("check")


def test_a_hire_without_a_day_at_a_place_that_never_takes_part_is_excluded(runner: Runner) -> None:
    company(runner, "Viborg")
    hire = data(runner, *ADDED["hire"][:-2], "--municipality", "København")
    assert [verdict["outcome"] for verdict in hire["verdicts"]] == ["excluded"]
    (verdict,) = data(runner, "why", hire["id"])["verdicts"]
    assert f"kmtrack hire edit {hire['id']} --municipality MUNICIPALITY" in verdict["remedies"][0]


@pytest.mark.parametrize("noun", ADDED)
def test_it_is_a_field_like_any_other(runner: Runner, noun: str) -> None:
    company(runner, "Viborg")
    id_ = data(runner, *ADDED[noun], *PLACE)["id"]
    assert data(runner, noun, "show", id_)["municipality"] == SILKEBORG
    assert [row["municipality"] for row in data(runner, noun, "list")] == [SILKEBORG]
    assert "Municipality of the place: Silkeborg" in runner.done(noun, "show", id_)
    assert "Stedets kommune: Silkeborg" in runner.done(noun, "show", id_, lang="da")
    assert "Silkeborg" in runner.done(noun, "list")
    runner.done(noun, "edit", id_, "--municipality", "Viborg")
    history = " ".join(runner.done("history", lang="da").split())
    assert "Stedets kommune: Silkeborg → Viborg" in history.replace("->", "→")
    outcome = runner(noun, "edit", id_, "--municipality", "Viborgg")
    assert (outcome.code, "--municipality" in outcome.err) == (1, True)
    assert "--municipality" in runner.done(noun, "add", "--help")


def test_a_remedy_of_the_place_names_no_day_of_the_company(runner: Runner) -> None:
    company(runner, "Viborg")
    runner.done("company", "edit", CVR, "--municipality", "Silkeborg", "--from", "2011-03-01")
    hire = data(runner, *ADDED["hire"], "--municipality", "København")
    (verdict,) = data(runner, "why", hire["id"])["verdicts"]
    (remedy,) = verdict["remedies"]
    assert remedy.endswith(f"kmtrack hire edit {hire['id']} --municipality MUNICIPALITY")


def test_a_list_of_contacts_keeps_its_column_of_the_companys_municipality(
    runner: Runner, tmp_path: Path
) -> None:
    company(runner, "Viborg")
    for number, heading in enumerate(("Kommune", "municipality", "Municipality")):
        file = tmp_path / "kontakter.csv"
        text = f"CVR-nr.;Dato;{heading}\n{CVR};{number + 3}.5.2011;København\n"
        file.write_text(text, encoding="utf-8")
        outcome = runner("import", str(file))
        assert outcome.code == 0
        assert heading in outcome.err  # it is not read, as before
    assert {row["municipality"] for row in data(runner, "contact", "list")} == {None}


@pytest.mark.parametrize(
    "heading", ["Stedets kommune", "Municipality of the place", "place-municipality"]
)
def test_it_is_imported_by_a_heading_of_its_own(
    runner: Runner, tmp_path: Path, heading: str
) -> None:
    company(runner, "Viborg")
    file = tmp_path / "kontakter.csv"
    file.write_text(f"CVR-nr.;Dato;{heading}\n{CVR};3.5.2011;740\n", encoding="utf-8")
    runner.done("import", str(file))
    assert "1 already here" in runner.done("import", str(file))
    assert [row["municipality"] for row in data(runner, "contact", "list")] == [SILKEBORG]
    file.write_text(f"CVR-nr.;Dato;{heading}\n{CVR};3.6.2011;Sikleborg\n", encoding="utf-8")
    outcome = runner("import", str(file))
    assert outcome.code == 1
    assert f"{heading} “Sikleborg”" in outcome.err


def test_a_list_has_the_municipality_that_decided(runner: Runner) -> None:
    company(runner, "Viborg")
    runner.done(*ADDED["contact"])
    assert "Kommune" not in runner.done("contact", "list", lang="da")
    runner.done("contact", "add", CVR, "--date", "2011-05-03", *PLACE)
    heading, there, here = runner.done("contact", "list", lang="da").splitlines()
    assert "Kommune" in heading
    assert ("Silkeborg" in there, "Viborg" in here) == (True, True)
    listed = data(runner, "contact", "list")
    assert [each["deciding_municipality"] for each in listed] == [SILKEBORG, VIBORG]
    assert [each["municipality"] for each in listed] == [SILKEBORG, None]


@pytest.mark.parametrize("noun", ADDED)
def test_a_list_is_read_back_with_it(runner: Runner, tmp_path: Path, noun: str) -> None:
    company(runner, "Viborg")
    runner.done(*ADDED[noun], *PLACE)
    listed = runner.done(noun, "list", "--csv")
    assert [row["place_municipality"] for row in csv.DictReader(listed.splitlines())] == [SILKEBORG]
    id_ = data(runner, noun, "list")[0]["id"]
    file = tmp_path / f"{noun}.csv"
    file.write_text(listed.replace(id_, ""), encoding="utf-8")
    runner.done("import", str(file))
    places = [row["municipality"] for row in data(runner, noun, "list")]
    assert places == [SILKEBORG, SILKEBORG]


def test_the_template_has_a_column_for_it(runner: Runner, tmp_path: Path) -> None:
    file = tmp_path / "skabelon.xlsx"
    runner.done("template", str(file), lang="da")
    book = openpyxl.load_workbook(file)
    for sheet in ("Kontakter", "Samarbejder", "Ansættelser"):
        assert "Stedets kommune" in [cell.value for cell in book[sheet][1]]
        assert "Kommune" not in [cell.value for cell in book[sheet][1]]


def test_the_workbook_has_the_municipality_that_decided(runner: Runner, tmp_path: Path) -> None:
    company(runner)
    runner.done(*ADDED["hire"], *PLACE)
    file = tmp_path / "region.xlsx"
    runner.done("export", str(file))
    book = openpyxl.load_workbook(file)
    headings, row = book["Hires"].iter_rows(values_only=True)
    assert row[headings.index("Municipality that day")] == "Silkeborg"
    assert row[headings.index("Municipality code")] == SILKEBORG


def test_the_groups_of_the_questionnaires_are_by_it(runner: Runner) -> None:
    company(runner)
    runner.done(*ADDED["hire"], *PLACE)
    reported = data(runner, "survey", "report", "--by", "municipality", "--as-of", "2012-12-31")
    assert SILKEBORG in json.dumps(reported)
    assert COPENHAGEN not in json.dumps(reported)
