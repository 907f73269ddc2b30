"""Several records are withdrawn by one command, all or none of them, and one undo brings them back."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from builders import CVR

if TYPE_CHECKING:
    from cli_runner import Runner

WHY = ("--reason", "tastet to gange")


def _added(run: Runner, *words: str) -> str:
    return str(json.loads(run.done(*words, "--json"))["id"])


def _ids(run: Runner, noun: str) -> set[str]:
    return {record["id"] for record in json.loads(run.done(noun, "list", "--json"))}


@pytest.fixture
def contacts(stocked: Runner) -> list[str]:
    """Return the ids of three contacts, two of them at one company."""
    stocked.done("company", "edit", "mols", "--cvr", "13585628", "--employees", "9")
    visits = ((CVR, "2011-03-02"), (CVR, "2011-03-03"), ("13585628", "2011-03-04"))
    return [_added(stocked, "contact", "add", cvr, "--date", day) for cvr, day in visits]


@pytest.mark.parametrize("between", [" ", ",", ", "])
def test_several_contacts_are_withdrawn_by_one_command(
    stocked: Runner, contacts: list[str], between: str
) -> None:
    before = stocked.done("status", "--json"), _ids(stocked, "contact")
    typed = between.join(contacts).split(" ")
    out = stocked.done("contact", "withdraw", *typed, *WHY)
    for contact in contacts:
        assert f"Contact {contact} withdrawn: " in out
    assert out.count("New contacts: ") == 1
    assert _ids(stocked, "contact") == before[1] - set(contacts)
    stocked.done("undo", "--yes")
    assert (stocked.done("status", "--json"), _ids(stocked, "contact")) == before


@pytest.mark.parametrize("wrong", ["kzzzzzzzzzz", "first"])
def test_all_are_withdrawn_or_none(stocked: Runner, contacts: list[str], wrong: str) -> None:
    before = stocked.done("history", "--json"), _ids(stocked, "contact")
    if wrong == "first":
        wrong = _added(stocked, "hire", "add", CVR, "--level", "phd")
        before = stocked.done("history", "--json"), before[1]
    outcome = stocked("contact", "withdraw", *contacts, wrong, *WHY)
    assert outcome.code == 1
    assert wrong in outcome.err
    assert (stocked.done("history", "--json"), _ids(stocked, "contact")) == before


def test_an_id_that_is_typed_twice_or_shortened_is_withdrawn_once(
    stocked: Runner, contacts: list[str]
) -> None:
    first, second, _ = contacts
    data = json.loads(
        stocked.done("contact", "withdraw", first, first, first[:8], second, *WHY, "--json")
    )
    assert [record["id"] for record in data["records"]] == [first, second]
    assert data["targets"]["follow-ups"]["after"]["counted"] == 0
    one = json.loads(stocked.done("contact", "withdraw", contacts[2], *WHY, "--json"))
    assert (one["id"], one["withdrawn"]) == (contacts[2], WHY[1])


def test_several_steps_towards_deliverables(stocked: Runner) -> None:
    for text in ("møde", "rapport"):
        stocked.done("deliverable", "log", "project-management", "--text", text)
    record = json.loads(stocked.done("deliverable", "show", "project-management", "--json"))
    steps = [step["id"] for step in record["steps"]]
    data = json.loads(stocked.done("deliverable", "withdraw", *steps, *WHY, "--json"))
    assert [record["id"] for record in data["records"]] == steps
    assert set(data["targets"]) == {"project-management"}


def test_words_that_are_no_ids_are_one_reference(stocked: Runner) -> None:
    outcome = stocked("contact", "withdraw", "Mols", "Bogtryk", *WHY)
    assert outcome.code == 1
    assert "Mols Bogtryk" in outcome.err


@pytest.mark.parametrize("slip", ["zzz", "4u2"])
def test_a_slip_beside_ids_is_refused_by_itself(
    stocked: Runner, contacts: list[str], slip: str
) -> None:
    outcome = stocked("contact", "withdraw", *contacts, slip, *WHY)
    assert (outcome.code, f"“{slip}”" in outcome.err) == (1, True)
