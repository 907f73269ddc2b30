"""A company that was taken over under a new CVR number: its history goes with it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest

from builders import CVR, behind, cvr_number

if TYPE_CHECKING:
    from pathlib import Path

    from cli_runner import Runner

OLD, NEW, NEWER = CVR, cvr_number(1), cvr_number(2)
FROM = ("--from", "2011-04-01")


def data(runner: Runner, *arguments: str) -> Any:
    """Return what a command says as JSON."""
    return json.loads(runner.done(*arguments, "--json"))


def counted(runner: Runner) -> dict[str, tuple[int, int, int]]:
    """Return how many records count, wait and are excluded for each counted target."""
    return {
        target["id"]: (target["counted"], target["waiting"], target["excluded"])
        for target in data(runner, "status")["targets"]
        if "counted" in target
    }


def contact(runner: Runner, company: str, day: str, *more: str) -> str:
    """Add a contact, and return its id."""
    return str(data(runner, "contact", "add", company, "--date", day, *more)["id"])


def whole(runner: Runner) -> list[str]:
    """Return what a check finds to look at in a ledger without damage, by kinds."""
    found = data(runner, "check")
    assert found["damage"] == []
    return [doubt["kind"] for doubt in found["doubts"]]


@pytest.fixture
def taken(runner: Runner) -> Runner:
    """Return a ledger with three small companies in Viborg, of which none is taken over yet."""
    for name, cvr in (("Hedelund", OLD), ("Hedelund 2011", NEW), ("Hedelund Nord", NEWER)):
        company = ("company", "add", name, "--cvr", cvr, "--municipality", "Viborg")
        runner.done(*company, "--employees", "40", "--yes")
    return runner


def test_a_contact_with_the_successor_is_a_follow_up(taken: Runner) -> None:
    contact(taken, OLD, "2011-03-01")
    contact(taken, NEW, "2011-05-02")
    assert counted(taken)["new-contacts"] == (2, 0, 0)
    said = taken.done("company", "succeed", OLD, NEW, *FROM)
    assert "Hedelund (CVR number 13748136) was taken over by Hedelund 2011" in said
    assert "Also changed: contact" in said
    assert counted(taken)["new-contacts"] == (1, 0, 0)
    assert counted(taken)["follow-ups"] == (1, 0, 0)
    assert whole(taken) == []
    taken.done("undo", "--yes")
    assert counted(taken)["new-contacts"] == (2, 0, 0)
    assert counted(taken)["follow-ups"] == (0, 0, 0)
    assert whole(taken) == []
    assert data(taken, "company", "show", NEW)["succeeds"] == []
    assert data(taken, "company", "show", OLD)["succeeded_by"] is None


def test_before_the_takeover_the_successor_has_its_own_history_only(taken: Runner) -> None:
    contact(taken, OLD, "2011-03-01")
    contact(taken, NEW, "2011-03-31")
    taken.done("company", "succeed", OLD, NEW, *FROM)
    assert counted(taken)["new-contacts"] == (2, 0, 0)
    taken.done("company", "succeed", OLD, NEW, "--from", "2011-03-31")
    assert counted(taken)["new-contacts"] == (1, 0, 0)
    assert whole(taken) == []


def test_a_followup_and_a_hire_rest_on_the_history_of_the_old_company(taken: Runner) -> None:
    taken.done("company", "edit", OLD, "--visited-before", "2009-10-01")
    assert taken("followup", "add", NEW, "--date", "2011-05-02").code == 1
    taken.done("company", "succeed", OLD, NEW, *FROM)
    added = data(taken, "followup", "add", NEW, "--date", "2011-05-02")
    assert [verdict["target"] for verdict in added["verdicts"]] == ["follow-ups"]
    hire = ("hire", "add", NEW, "--level", "master", "--agreed")
    outcomes = [
        data(taken, *hire, day)["verdicts"][0]["outcome"] for day in ("1.4.2011", "31.3.2011")
    ]
    assert outcomes == ["counted", "excluded"]
    assert whole(taken) == []


def test_a_write_at_the_old_company_judges_its_successors_too(taken: Runner) -> None:
    taken.done("company", "succeed", OLD, NEW, *FROM)
    taken.done("company", "succeed", NEW, NEWER, "--from", "2011-05-01")
    contact(taken, NEW, "2011-04-15")
    contact(taken, NEWER, "2011-05-15")
    assert counted(taken)["follow-ups"] == (1, 0, 0)
    outcome = taken("contact", "add", OLD, "--date", "2011-03-01")
    assert outcome.out.count("Also changed") == 1
    assert counted(taken)["new-contacts"] == (1, 0, 0)
    assert counted(taken)["follow-ups"] == (2, 0, 0)
    id_ = data(taken, "contact", "list", "--company", OLD)[0]["id"]
    taken.done("contact", "withdraw", id_, "--reason", "aflyst")
    assert counted(taken)["follow-ups"] == (1, 0, 0)
    taken.done("company", "edit", OLD, "--visited-before", "yes")
    assert counted(taken)["follow-ups"] == (2, 0, 0)
    assert whole(taken) == []


def test_a_contact_with_the_old_company_after_the_takeover_is_reported(taken: Runner) -> None:
    contact(taken, OLD, "2011-03-31")
    late = contact(taken, OLD, "2011-04-01")
    stated = taken("company", "succeed", OLD, NEW, *FROM)
    assert f"Contact {late}" in stated.err.capitalize() or late in stated.err
    outcome = taken("contact", "add", OLD, "--date", "2011-05-02")
    assert "kmtrack contact withdraw" in outcome.err
    assert "taken over" in taken("check").out or "took the company over" in taken("check").out
    assert whole(taken) == ["late_event", "late_event"]
    before = taken("contact", "add", OLD, "--date", "2011-03-15")
    assert before.err == ""


def test_a_circle_or_a_second_successor_is_refused(taken: Runner) -> None:
    taken.done("company", "succeed", OLD, NEW, *FROM)
    again = taken("company", "succeed", OLD, NEWER, *FROM)
    assert again.code == 1
    assert f"kmtrack company succeed {OLD} {NEW} --withdraw TEXT" in again.err
    assert taken("company", "succeed", NEW, OLD, *FROM).code == 1
    taken.done("company", "succeed", NEW, NEWER, *FROM)
    circle = taken("company", "succeed", NEWER, OLD, *FROM)
    assert (circle.code, f"see: kmtrack company show {OLD}\n" in circle.err) == (1, True)
    assert taken("company", "succeed", OLD, OLD, *FROM).code == 1
    assert taken("company", "succeed", OLD, NEW, *FROM).code == 1
    assert taken("company", "succeed", OLD, NEW).code == 2
    assert taken("company", "succeed", OLD, NEW, "--from", "31.2.2011").code == 1
    taken.done("company", "succeed", OLD, NEW, "--withdraw", "forkert")
    taken.done("company", "succeed", OLD, NEWER, *FROM)
    assert data(taken, "company", "show", OLD)["succeeded_by"]["cvr"] == NEWER
    assert whole(taken) == []


def test_the_usage_tells_which_company_is_the_old_one(taken: Runner) -> None:
    lacking = taken("company", "succeed", OLD)
    assert (lacking.code, "kmtrack company succeed OLD NEW\n" in lacking.err) == (2, True)


def test_two_companies_may_have_one_successor(taken: Runner) -> None:
    contact(taken, NEW, "2011-03-01")
    taken.done("company", "succeed", OLD, NEWER, *FROM)
    taken.done("company", "succeed", NEW, NEWER, *FROM)
    contact(taken, NEWER, "2011-05-02")
    assert counted(taken)["follow-ups"] == (1, 0, 0)
    succeeded = data(taken, "company", "show", NEWER)["succeeds"]
    assert [each["cvr"] for each in succeeded] == [OLD, NEW]


def test_show_history_and_why_tell_of_it(taken: Runner) -> None:
    first = contact(taken, OLD, "2011-03-01")
    later = contact(taken, NEW, "2011-05-02")
    taken.done("company", "succeed", OLD, NEW, *FROM)
    assert "Taken over by Hedelund 2011" in taken.done("company", "show", OLD)
    assert f"Har overtaget Hedelund (CVR-nr. {OLD}) fra 01.04.2011" in taken.done(
        "company", "show", NEW, lang="da"
    )
    for about in (OLD, NEW):
        history = " ".join(taken.done("history", about, lang="da").split())
        assert "company succeed" in history
        assert "Overtaget af: Hedelund 2011 · Fra: 01.04.2011" in history
    why = " ".join(taken.done("why", later).split())
    assert f"first contacted on 2011-03-01 ({first})" in why
    assert f"The history of Hedelund (CVR number {OLD}), which was taken over, counts too" in why
    told = data(taken, "why", later)
    assert [each["cvr"] for each in told["predecessors"]] == [OLD]
    assert told["verdicts"][0]["history"]["met_before"]["id"] == first
    assert (
        told["verdicts"][0]["history"]["met_before"]["predecessor"]
        == data(taken, "company", "show", OLD)["id"]
    )
    assert data(taken, "why", first)["predecessors"] == []


def test_of_a_chain_nobody_is_said_to_have_taken_over_the_first_company(taken: Runner) -> None:
    contact(taken, OLD, "2011-02-01")
    taken.done("company", "succeed", OLD, NEW, "--from", "2011-03-01")
    taken.done("company", "succeed", NEW, NEWER, *FROM)
    why = " ".join(taken.done("why", contact(taken, NEWER, "2011-05-02")).split())
    assert f"(CVR number {OLD}), which was taken over, counts too from 2011-04-01" in why
    assert "has taken over" not in why


def test_companies_of_a_takeover_are_not_joined_nor_withdrawn(taken: Runner) -> None:
    taken.done("company", "add", "Hedelund gl.", "--municipality", "Viborg", "--yes")
    taken.done("company", "add", "Hedelund ny", "--municipality", "Viborg", "--yes")
    ids = {each["name"]: each["id"] for each in data(taken, "company", "list")}
    taken.done("company", "succeed", ids["Hedelund gl."], NEW, *FROM)
    joined = taken("company", "join", NEW, ids["Hedelund gl."])
    assert (joined.code, "--withdraw TEXT" in joined.err) == (1, True)
    assert "the takeover of Hedelund gl. by Hedelund 2011 would" in joined.err
    assert taken("company", "withdraw", ids["Hedelund gl."], "--reason", "x").code == 1
    contact(taken, OLD, "2011-03-01")
    contact(taken, NEW, "2011-05-02")
    taken.done("company", "join", OLD, ids["Hedelund gl."])
    assert data(taken, "company", "show", OLD)["succeeded_by"]["cvr"] == NEW
    assert counted(taken)["follow-ups"] == (1, 0, 0)
    taken.done("company", "succeed", ids["Hedelund ny"], NEWER, *FROM)
    second = taken("company", "join", OLD, ids["Hedelund ny"])
    assert (second.code, "would no longer hold" in second.err) == (1, True)
    assert whole(taken) == []


def test_what_is_known_is_known_from_when_it_was_stated(taken: Runner) -> None:
    contact(taken, OLD, "2011-03-01")
    contact(taken, NEW, "2011-05-02")
    moment = data(taken, "history")[-1]["recorded_at"]
    taken.done("company", "succeed", OLD, NEW, *FROM)
    then = data(taken, "status", "--known-at", moment)["targets"]
    assert next(each["counted"] for each in then if each["id"] == "new-contacts") == 2
    assert counted(taken)["new-contacts"] == (1, 0, 0)


def test_an_import_at_the_old_company_judges_its_successor_too(
    taken: Runner, tmp_path: Path
) -> None:
    contact(taken, NEW, "2011-05-02")
    taken.done("company", "succeed", OLD, NEW, *FROM)
    companies, contacts = tmp_path / "virksomheder.csv", tmp_path / "kontakter.csv"
    numbers = [cvr_number(number) for number in range(10, 70)]
    rows = [f"Firma {number};{number};Viborg;40" for number in numbers]
    companies.write_text("\n".join(["Navn;CVR-nr.;Kommune;Ansatte", *rows]), encoding="utf-8")
    taken.done("import", str(companies))
    rows = [f"{number};1.3.2011" for number in (OLD, *numbers)]
    contacts.write_text("\n".join(["CVR-nr.;Dato", *rows]), encoding="utf-8")
    taken.done("import", str(contacts))
    assert counted(taken)["new-contacts"] == (61, 0, 0)
    assert counted(taken)["follow-ups"] == (1, 0, 0)
    assert whole(taken) == []


def test_a_company_that_is_in_a_takeover_is_not_undone(taken: Runner) -> None:
    number = data(taken, "history", NEW)[0]["number"]
    taken.done("company", "succeed", OLD, NEW, *FROM)
    refused = taken("undo", str(number), "--yes")
    assert (refused.code, "company succeed" in refused.err) == (1, True)
    taken.done("undo", "--yes")
    taken.done("redo", "--yes")
    assert data(taken, "company", "show", OLD)["succeeded_by"]["cvr"] == NEW
    taken.done("undo", "--yes")
    taken.done("undo", str(number), "--yes")
    assert whole(taken) == []


def test_a_join_of_which_a_takeover_was_stated_is_not_undone(taken: Runner) -> None:
    taken.done("company", "add", "Hedelund ny", "--municipality", "Viborg", "--yes")
    taken.done("company", "join", NEW, "Hedelund ny")
    number = data(taken, "history")[-1]["number"]
    taken.done("company", "succeed", OLD, NEW, *FROM)
    refused = taken("undo", str(number), "--yes")
    assert (refused.code, "company succeed" in refused.err) == (1, True)
    taken.done("undo", "--yes")
    taken.done("undo", str(number), "--yes")
    assert whole(taken) in ([], ["alike_companies"])


def test_a_planned_contact_is_made_with_the_successor(taken: Runner) -> None:
    planned = contact(taken, OLD, "2011-03-01", "--next", "2011-06-01")
    due = ("followup", "due", "--until", "2011-06-30")
    contact(taken, NEWER, "2011-06-02")
    taken.done("company", "succeed", OLD, NEW, *FROM)
    assert [each["id"] for each in data(taken, *due)] == [planned]
    taken.done("company", "succeed", NEW, NEWER, "--from", "2011-06-03")
    assert [each["id"] for each in data(taken, *due)] == [planned]
    contact(taken, NEWER, "2011-06-03")
    assert data(taken, *due) == []


def test_the_workbook_lists_the_takeovers(taken: Runner, tmp_path: Path) -> None:
    def definitions(name: str, as_of: str) -> list[str]:
        taken.done("export", str(tmp_path / name), "--as-of", as_of)
        sheet = openpyxl.load_workbook(tmp_path / name)["Definitions"]
        return [str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value]

    taken.done("company", "succeed", OLD, NEW, *FROM)
    assert "Takeovers" not in definitions("before.xlsx", "2011-03-31")
    found = definitions("after.xlsx", "2011-04-01")
    assert "Takeovers" in found
    names = f"Hedelund (CVR number {OLD}) was taken over by Hedelund 2011 (CVR number {NEW})"
    assert found[found.index(names) - 1] == "2011-04-01"


def test_a_lost_table_of_takeovers_is_rebuilt_from_the_entries(taken: Runner) -> None:
    contact(taken, OLD, "2011-03-01")
    taken.done("company", "succeed", OLD, NEW, *FROM)
    with behind(taken.ledger) as bare:
        bare.execute("DROP TABLE succession")
    found = taken("check")
    assert (found.code, "check --mend" in found.out) == (1, True)
    assert taken("contact", "add", NEW, "--date", "2011-05-02").code == 1
    taken.done("check", "--mend")
    assert data(taken, "company", "show", OLD)["succeeded_by"]["cvr"] == NEW
    assert whole(taken) == []
