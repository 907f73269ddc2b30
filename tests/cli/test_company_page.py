"""`company show`: what one reads of a company before one goes in."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

import terminals

if TYPE_CHECKING:
    from cli_runner import Runner

SMEDJE = "13748136"  # met on 1 March; today is 30 June 2011
KEYS = {"people", "events", "next", "recent", "missing", "records", "succeeds", "stated"}


def data(runner: Runner, company: str = SMEDJE) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(runner.done("company", "show", company, "--json"))
    return found


def test_keys_are_there_where_nothing_is_known(stocked: Runner) -> None:
    found = data(stocked, "mols")
    assert found.keys() >= KEYS
    assert (found["events"], found["people"], found["next"]) == ([], [], None)
    assert found["missing"] == ["cvr", "employees"]


def test_what_happened_is_in_order_with_the_newest_last(stocked: Runner) -> None:
    stocked.done("hire", "add", SMEDJE, "--level", "master", "--agreed", "2011-05-02")
    stocked.done("contact", "add", SMEDJE, "--date", "2011-04-01", "--note", "second")
    stocked.done("collaboration", "add", SMEDJE, "--kind", "internship")
    events = data(stocked)["events"]
    assert [(each["noun"], each["kind"], each["day"]) for each in events] == [
        ("contact", "visit", "2011-03-01"),
        ("contact", "visit", "2011-04-01"),
        ("hire", "master", "2011-05-02"),
        ("collaboration", "internship", None),
    ]
    assert len({tuple(each) for each in events}) == 1  # the same keys
    assert events[2]["facts"]["terms"] == "ordinary"
    assert events[0]["verdicts"] == [
        {"target": "new-contacts", "outcome": "counted", "reasons": []}
    ]
    assert events[3]["verdicts"][0]["reasons"] == ["not_agreed"]
    shown = stocked.done("company", "show", SMEDJE)
    places = [
        shown.index(words) for words in ("2011-03-01", "“second”", "2011-05-02", "internship")
    ]
    assert places == sorted(places)


def test_verdicts_are_worded_with_what_makes_them_count(stocked: Runner) -> None:
    words = ("collaboration", "add", SMEDJE, "--kind", "internship", "--json")
    record = json.loads(stocked.done(*words))["id"]
    shown = stocked.done("company", "show", SMEDJE)
    assert "New contacts: counted" in shown
    assert "Binding collaborations: waiting, not agreed yet" in shown
    assert f"not agreed yet: kmtrack collaboration edit {record} --agreed DATE" in shown


def test_missing_facts_are_named_with_the_command(stocked: Runner) -> None:
    shown = stocked.done("company", "show", "mols")
    assert "Missing before everything can count: CVR number, Employees; type: kmtrack" in shown


@pytest.mark.parametrize(
    ("planned", "said", "days"),
    [
        ("2011-07-09", "Contact planned for 2011-07-09, in 9 days", 9),
        ("2011-06-30", "Contact planned for today, 2011-06-30", 0),
        ("2011-06-01", "Contact was planned for 2011-06-01, 29 days ago", -29),
    ],
)
def test_the_next_step_is_the_contact_that_was_planned(
    stocked: Runner, planned: str, said: str, days: int
) -> None:
    stocked.done("contact", "add", SMEDJE, "--date", "2011-05-02", "--next", planned)
    assert said in stocked.done("company", "show", SMEDJE)
    assert data(stocked)["next"]["days_left"] == days


def test_a_plan_that_was_carried_out_is_none(stocked: Runner) -> None:
    stocked.done("contact", "add", SMEDJE, "--date", "2011-05-02", "--next", "2011-06-01")
    stocked.done("contact", "add", SMEDJE, "--date", "2011-06-02")
    assert data(stocked)["next"] is None
    assert f"kmtrack contact add {SMEDJE}" in stocked.done("company", "show", SMEDJE)


def test_persons_are_named_with_their_last_contact_and_no_more_once_erased(
    stocked: Runner,
) -> None:
    stocked.done("contact", "add", SMEDJE, "--date", "2011-05-02", "--person", "Inger Holm")
    assert [(each["name"], each["last"]) for each in data(stocked)["people"]] == [
        ("Inger Holm", "2011-05-02")
    ]
    shown = stocked.done("company", "show", SMEDJE)
    assert "Contact persons: Inger Holm, last contact 2011-05-02" in shown
    assert "spoke with Inger Holm" in shown
    stocked.done("person", "erase", "Inger Holm", "--yes")
    assert data(stocked)["people"] == []
    assert "Inger" not in stocked.done("company", "show", SMEDJE)


def test_only_the_last_ones_are_shown_unless_all_are_asked_for(stocked: Runner) -> None:
    for number in range(1, 13):
        stocked.done("contact", "add", SMEDJE, "--date", f"2011-04-{number:02}")
    shown = stocked.done("company", "show", SMEDJE)
    assert "2011-03-01" not in shown
    assert f"5 earlier: kmtrack company show {SMEDJE} --all" in shown
    assert "2011-03-01" in stocked.done("company", "show", SMEDJE, "--all")
    assert len(data(stocked)["events"]) == 13


def test_a_withdrawn_record_is_not_told(stocked: Runner) -> None:
    words = ("contact", "add", SMEDJE, "--date", "2011-05-02", "--note", "never", "--json")
    record = json.loads(stocked.done(*words))["id"]
    stocked.done("contact", "withdraw", record, "--reason", "wrong company")
    assert "never" not in stocked.done("company", "show", SMEDJE)
    assert len(data(stocked)["events"]) == 1


def test_a_withdrawn_company_is_shown_as_such(stocked: Runner) -> None:
    stocked.done("company", "withdraw", "mols", "--reason", "closed down")
    assert "Withdrawn: closed down" in stocked.done("company", "show", "mols")


@terminals.posix
def test_no_line_is_broken_within_a_command(stocked: Runner) -> None:
    place = str(stocked.ledger)
    shown = terminals.seen("company", "show", "mols", KMTRACK_LEDGER=place, KMTRACK_LANG="en")
    lines = shown.plain.splitlines()
    assert sum(line.strip().startswith("kmtrack company edit") for line in lines) == 1
    assert all(len(line) <= 80 for line in lines if "kmtrack" not in line)


@pytest.mark.parametrize(
    ("first", "last"), [("2011-07-10", "2011-07-04"), ("2011-07-04", "2011-07-10")]
)
def test_of_two_plans_the_one_made_last_is_meant(stocked: Runner, first: str, last: str) -> None:
    """Both were entered on one day; a contact of an earlier day that is entered later changes nothing."""
    stocked.done("contact", "add", "mols", "--next", first, "--yes")
    stocked.done("contact", "add", "mols", "--channel", "phone", "--next", last, "--yes")
    stocked.done("contact", "add", "mols", "--date", "2011-06-01", "--next", "2011-07-05", "--yes")
    due = json.loads(stocked.done("followup", "due", "--until", "2011-08-01", "--json"))
    assert [(each["next"], each["company"]) for each in due] == [(last, "Mols Bogtryk")]
    assert data(stocked, "mols")["next"]["day"] == last


def test_what_is_due_is_next_at_the_company(stocked: Runner) -> None:
    stocked.done("contact", "add", SMEDJE, "--date", "2011-06-01", "--next", "2011-06-10")
    stocked.done("company", "add", "Ny Smedje", "--cvr", "24256790", "--municipality", "Aarhus")
    assert data(stocked)["next"]["day"] == "2011-06-10"
    stocked.done("company", "succeed", SMEDJE, "24256790", "--from", "2011-06-11")
    stocked.done("contact", "add", "24256790", "--date", "2011-06-12", "--yes")
    assert json.loads(stocked.done("followup", "due", "--json")) == []
    assert data(stocked)["next"] is None
