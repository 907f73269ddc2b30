"""Disputed readings of the note as options of the contract: earlier visits, lasting hires, growth."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import pytest
from openpyxl import load_workbook

from builders import CVR, cvr_number
from kmtrack.resources import DATA_FOLDER

if TYPE_CHECKING:
    from pathlib import Path

    from cli_runner import Runner

SMALL: Final = ("--municipality", "Viborg", "--employees", "40")
VISITED: Final = 'visited_earlier = { da = "til tidligere besøgte", en = "to previously visited" }'
LASTING: Final = 'lasting = { da = "ansættelser", en = "hires" }'
LENGTH: Final = "[lasting]\nweeks = 26\nhours = 30\n\n[sme]"
HIRE: Final = ("hire", "add", "hedelund", "--level", "master", "--agreed", "2011-06-01")


def _required(document: str, target: str, requirement: str) -> str:
    before, after = document.split(f'id = "{target}"')
    after = after.replace("[target.requires]", f"[target.requires]\n{requirement}", 1)
    return f'{before}id = "{target}"{after}'


def _stocked(run: Runner, folder: Path, contract: str | None = None) -> Runner:
    """Return a runner over a ledger with the company Hedelund that was only ever called."""
    options: tuple[str, ...] = ()
    if contract:
        file = folder / "contract.toml"
        file.write_text(contract, encoding="utf-8")
        options = ("--contract", str(file))
    run.done("init", "--municipality", "Viborg", *options)
    run.done("company", "add", "Hedelund", "--cvr", CVR, *SMALL)
    for day in ("2011-03-01", "2011-04-01"):
        run.done("contact", "add", "hedelund", "--date", day, "--channel", "phone")
    return run


def _shipped() -> str:
    return (DATA_FOLDER / "contract.toml").read_text(encoding="utf-8")


@pytest.fixture
def shipped(empty_runner: Runner, tmp_path: Path) -> Runner:
    """Return a runner under the shipped contract."""
    return _stocked(empty_runner, tmp_path)


@pytest.fixture
def strict(empty_runner: Runner, tmp_path: Path) -> Runner:
    """Return a runner under a contract that asks for earlier visits and lasting hires."""
    contract = _required(_required(_shipped(), "follow-ups", VISITED), "hires", LASTING)
    return _stocked(empty_runner, tmp_path, contract.replace("[sme]", LENGTH, 1))


def _figures(run: Runner, target: str) -> tuple[int, int, int]:
    [found] = [t for t in json.loads(run.done("status", "--json"))["targets"] if t["id"] == target]
    return found["counted"], found["waiting"], found["excluded"]


def _unmet(run: Runner, target: str) -> dict[str, Any]:
    [found] = json.loads(run.done("why", target, "--json"))["unmet"]
    return {key: found[key] for key in ("rule", "number", "counted")}


def _facts(run: Runner, record: str, lang: str) -> list[str]:
    [verdict] = json.loads(run.done("why", record, "--json", lang=lang))["verdicts"]
    return [requirement["fact"] for requirement in verdict["requirements"]]


def _newest(run: Runner, noun: str) -> str:
    return str(json.loads(run.done(noun, "list", "--json"))[0]["id"])


def test_the_shipped_contract_counts_a_follow_up_of_a_call_and_tells_of_it(shipped: Runner) -> None:
    assert _figures(shipped, "follow-ups") == (1, 0, 0)
    assert _unmet(shipped, "follow-ups") == {"rule": "visited_earlier", "number": 1, "counted": 1}
    told = shipped.done("why", "follow-ups")
    assert "No earlier visit: 1 follow-up contact, of which 1 counts\n" in told
    told = shipped.done("why", "follow-ups", lang="da")
    assert "Uden et tidligere besøg: 1 opfølgende kontakt, hvoraf 1 tæller\n" in told
    shipped.done("contact", "add", "hedelund", "--date", "2011-02-01", "--channel", "visit")
    assert _figures(shipped, "follow-ups") == (2, 0, 0)
    assert _unmet(shipped, "follow-ups") == {"rule": "visited_earlier", "number": 0, "counted": 0}
    assert "Every follow-up contact has an earlier visit" in shipped.done("why", "follow-ups")


def test_what_is_told_is_of_the_day_asked_and_of_every_company(shipped: Runner) -> None:
    for number, before in enumerate([(), ("--visited-before", "2009-10-01")]):
        name = f"Firma {number}"
        shipped.done("company", "add", name, "--cvr", cvr_number(number), *SMALL, *before)
        for day, channel in (
            ("2011-05-01", "online"),
            ("2011-05-02", "visit"),
            ("2011-05-03", "phone"),
        ):
            shipped.done("contact", "add", name, "--date", day, "--channel", channel)
    # Of the first one the visit has none before it; of the other every contact has.
    assert _unmet(shipped, "follow-ups") == {"rule": "visited_earlier", "number": 2, "counted": 2}
    told = json.loads(shipped.done("why", "follow-ups", "--as-of", "2011-03-31", "--json"))
    assert told["unmet"] == []
    told = json.loads(shipped.done("why", "follow-ups", "--as-of", "2011-05-01", "--json"))
    assert [unmet["number"] for unmet in told["unmet"]] == [1]


def test_a_contract_that_asks_for_a_visit_takes_no_call_for_one(
    strict: Runner, tmp_path: Path
) -> None:
    assert _figures(strict, "follow-ups") == (0, 0, 1)
    assert _unmet(strict, "follow-ups") == {"rule": "visited_earlier", "number": 1, "counted": 0}
    follow_up = _newest(strict, "contact")
    for lang, reason, remedy in (
        ("en", "no visit before this contact", "--visited-before DATE, if it was visited before"),
        ("da", "intet besøg før denne kontakt", "--visited-before DATO, hvis den er besøgt før"),
    ):
        assert reason in _facts(strict, follow_up, lang)
        assert remedy in " ".join(strict.done("why", follow_up, lang=lang).split())
    assert "visited before" in strict.done("contract", "show")
    strict.done("export", str(tmp_path / "r.xlsx"))
    texts = {
        cell
        for row in load_workbook(tmp_path / "r.xlsx")["Definitions"].iter_rows(values_only=True)
        for cell in row
    }
    assert any("through one of the channels: visit;" in str(text) for text in texts)
    assert any("at least 26 weeks" in str(text) and "30 hours" in str(text) for text in texts)
    strict.done("company", "edit", "hedelund", "--visited-before", "2010-11-01")
    assert _figures(strict, "follow-ups") == (2, 0, 0)
    assert "Ledger intact, all verdicts consistent" in strict.done("check")


def test_a_later_visit_backs_only_what_comes_after_it(strict: Runner) -> None:
    strict.done("contact", "add", "hedelund", "--date", "2011-03-15", "--channel", "visit")
    # The call of 1 March is the first contact, the visit itself has no visit before it.
    assert _figures(strict, "follow-ups") == (1, 0, 1)
    strict.done("contact", "withdraw", _newest(strict, "contact"), "--reason", "fejl")
    assert _figures(strict, "follow-ups") == (0, 0, 1)


@pytest.mark.parametrize(
    ("facts", "figures"),
    [
        pytest.param(("--permanent", "--hours", "30"), (1, 0, 0), id="permanent"),
        pytest.param(("--permanent", "--hours", "29"), (0, 0, 1), id="too few hours"),
        pytest.param(("--permanent",), (0, 1, 0), id="no hours"),
        pytest.param(("--hours", "37"), (0, 1, 0), id="no end"),
        pytest.param(("--no-permanent", "--hours", "37"), (0, 1, 0), id="not permanent, no end"),
        pytest.param(
            ("--start", "2011-06-06", "--end", "2011-12-04", "--hours", "30"),
            (1, 0, 0),
            id="26 weeks",
        ),
        pytest.param(
            ("--start", "2011-06-06", "--end", "2011-12-03", "--hours", "30"),
            (0, 0, 1),
            id="a day less",
        ),
    ],
)
def test_a_hire_is_to_last(
    strict: Runner, facts: tuple[str, ...], figures: tuple[int, int, int]
) -> None:
    strict.done(*HIRE, *facts)
    assert _figures(strict, "hires") == figures
    assert "Ledger intact, all verdicts consistent" in strict.done("check")


def test_a_hire_waits_for_its_length_and_says_what_to_type(strict: Runner) -> None:
    told = strict.done(*HIRE)
    assert "waiting, neither an end date nor permanent" in told
    hire = _newest(strict, "hire")
    for word in ("--permanent", "--hours N"):
        assert word in " ".join(strict.done("why", hire).split())
        assert word in " ".join(strict.done("check").split())
        strict.done("hire", "edit", hire, word.removesuffix(" N"), *(["37"] if "N" in word else []))
    assert _figures(strict, "hires") == (1, 0, 0)
    assert "permanent, 37 hours a week" in _facts(strict, hire, "en")
    assert "fastansættelse, 37 timer om ugen" in _facts(strict, hire, "da")


def test_the_contract_shows_what_it_asks_of_length_and_visits(strict: Runner) -> None:
    assert "Channels regarded as visits: visit\n" in strict.done("contract", "show")
    shown = " ".join(strict.done("contract", "show", lang="da").split())
    assert "Varighed og timetal: fastansættelse eller mindst 26 uger, og mindst 30 timer" in shown


def test_permanent_is_a_field_like_any_other(shipped: Runner, tmp_path: Path) -> None:
    run = shipped.done
    id_ = json.loads(run(*HIRE, "--permanent", "--json"))["id"]
    assert json.loads(run("hire", "show", id_, "--json"))["permanent"] is True
    assert json.loads(run("hire", "list", "--json"))[0]["permanent"] is True
    assert "Fastansættelse: ja" in run("hire", "show", id_, lang="da")
    run("hire", "edit", id_, "--no-permanent")
    assert json.loads(run("hire", "list", "--json"))[0]["permanent"] is False
    assert "Permanent: yes -> no" in run("history")
    hires = tmp_path / "ansaettelser.csv"
    rows = [f"{CVR};phd;{day}-06-2011;{word}" for day, word in ((2, "ja"), (3, "nej"), (6, ""))]
    hires.write_text("\n".join(["CVR-nr.;Niveau;Aftalt;Fastansat", *rows]), encoding="utf-8")
    run("import", str(hires))
    listed = json.loads(run("hire", "list", "--json"))
    assert sorted(str(one["permanent"]) for one in listed) == ["False", "False", "None", "True"]
    exported = tmp_path / "hires.csv"
    exported.write_text(run("hire", "list", "--csv"), encoding="utf-8")
    assert "0 added, 4 already here" in run("import", str(exported))


def test_hires_without_an_earlier_contact_have_a_line_of_their_own(shipped: Runner) -> None:
    run = shipped.done
    run(*HIRE)
    assert "Every agreed hire has an earlier contact behind it\n" in run("why", "hires")
    run("company", "add", "Mols", "--cvr", cvr_number(1), *SMALL)
    hire = ("hire", "add", "mols", "--agreed", "2011-06-01")
    run(*hire, "--level", "phd")
    run(*hire, "--level", "bachelor", "--terms", "unpaid")  # more than one reason
    run("hire", "add", "mols", "--level", "phd")  # not agreed yet
    assert _unmet(shipped, "hires") == {"rule": "brokered", "number": 2, "counted": 0}
    assert "No earlier contact: 2 hires, of which 0 count\n" in run("why", "hires")
    told = run("why", "hires", lang="da")
    assert "Uden en tidligere kontakt: 2 ansættelser, hvoraf 0 tæller\n" in told


def test_they_are_told_of_where_the_contract_takes_them(
    empty_runner: Runner, tmp_path: Path
) -> None:
    before, hires = _shipped().split('id = "hires"')
    lines = [line for line in hires.splitlines() if not line.startswith("brokered")]
    contract = before + 'id = "hires"' + "\n".join(lines)
    run = _stocked(empty_runner, tmp_path, contract)
    run.done("company", "add", "Mols", "--cvr", cvr_number(1), *SMALL)
    run.done("hire", "add", "mols", "--agreed", "2011-06-01", "--level", "phd")
    run.done(*HIRE)
    assert _figures(run, "hires") == (2, 0, 0)
    assert _unmet(run, "hires") == {"rule": "brokered", "number": 1, "counted": 1}


def test_a_region_may_set_a_minimum_for_growth(shipped: Runner, tmp_path: Path) -> None:
    run = shipped.done
    run(*HIRE)
    run(*HIRE[:-1], "2011-06-02")  # the same company
    assert _growth(shipped)["minimum"] is None
    assert "does not set a figure" in " ".join(run("contract", "show").split())
    assert "More highly educated staff, minimum: - -> 3" in run(
        "contract", "amend", "--minimum", "growth=3", "--reason", "letter from the region"
    )
    found = _growth(shipped)
    assert (found["hired"], found["minimum"], found["percent"]) == (1, 3, 33)
    assert found["state"] == "under-way"
    assert [line for line in run("status").splitlines() if "33%" in line]
    assert "Minimum 3 (33%)" in run("why", "growth")
    assert "Minimum 3 (33 %)" in run("why", "growth", lang="da")
    assert json.loads(run("why", "growth", "--json"))["minimum"] == 3
    shown = " ".join(run("contract", "show").split())
    assert "Min. 3" in shown
    assert "at least 3" in shown
    assert "does not set a figure" not in shown
    run("export", str(tmp_path / "region.xlsx"))
    front = load_workbook(tmp_path / "region.xlsx").worksheets[0]
    rows = front.iter_rows(values_only=True)
    [row] = [row for row in rows if row[0] == "More highly educated staff"]
    assert "1 company has hired highly educated staff; minimum 3 (33%)" in str(row[1])
    run("contract", "amend", "--minimum", "growth=1")
    assert _growth(shipped)["state"] == "met"
    run("undo", "--yes")
    assert _growth(shipped)["minimum"] == 3


def _growth(run: Runner, *options: str) -> dict[str, Any]:
    targets = json.loads(run.done("status", "--json", *options))["targets"]
    [found] = [target for target in targets if target["id"] == "growth"]
    return dict(found)


def test_a_minimum_for_growth_may_stand_in_the_contract_file(
    empty_runner: Runner, tmp_path: Path
) -> None:
    contract = _shipped().replace('id = "growth"\n', 'id = "growth"\nminimum = 2\n')
    run = _stocked(empty_runner, tmp_path, contract)
    found = _growth(run)
    assert (found["hired"], found["minimum"], found["percent"]) == (0, 2, 0)
    assert _growth(run, "--as-of", "2013-01-01")["state"] == "late"


def test_hires_that_wait_for_one_day_are_one_group_whichever_rules_ask_for_it(
    strict: Runner,
) -> None:
    permanent = ("--permanent", "--hours", "37")
    for more in (permanent, ("--end", "2011-12-31", "--hours", "37")):
        strict.done("hire", "add", "hedelund", "--level", "master", *more)
    assert strict.done("why", "hires").count("Waiting: ") == 1
    assert "Waiting: 2 · not agreed yet\n" in strict.done("why", "hires")
