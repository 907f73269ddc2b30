"""The same record again, and a person of two companies, asked about at a terminal."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from terminals import Terminal, posix

if TYPE_CHECKING:
    from cli_runner import Runner

CVR = "13748136"
pytestmark = [pytest.mark.files, posix]


def number_of(runner: Runner, noun: str) -> int:
    """Return how many records of a noun there are."""
    return len(json.loads(runner.done(noun, "list", "--json")))


@pytest.mark.parametrize(("answer", "number", "code"), [("n", 1, 1), ("", 1, 1), ("j", 2, 0)])
def test_a_second_visit_on_one_day_is_asked_about_before_it_is_stored(
    stocked: Runner, monkeypatch: pytest.MonkeyPatch, answer: str, number: int, code: int
) -> None:
    monkeypatch.setenv("KMTRACK_LEDGER", str(stocked.ledger))
    with Terminal("contact", "add", CVR, "--date", "1.3.2011", columns=120) as terminal:
        terminal.answer("Århus Smedje ApS har allerede en kontakt tirsdag 01.03.2011", answer)
        assert terminal.ended() == code
        terminal.shows("Opfølgende kontakter" if code == 0 else "Intet er ændret")
    assert number_of(stocked, "contact") == number


def test_a_person_of_other_contacts_is_asked_about_when_one_is_moved(
    stocked: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    for day in ("2.3.2011", "3.3.2011"):
        added = stocked.done("contact", "add", CVR, "--date", day, "--person", "Bo Lund", "--json")
    contact = json.loads(added)["id"]
    monkeypatch.setenv("KMTRACK_LEDGER", str(stocked.ledger))
    with Terminal("contact", "edit", contact, "--company", "mols", columns=120) as terminal:
        terminal.shows("Bo Lund står også på andre kontakter", "også Bo Lund", "ingen bestemt")
        terminal.answer("1-2", "1")
        assert terminal.ended() == 0
    moved = json.loads(stocked.done("contact", "show", contact, "--json"))
    assert (moved["company"], moved["person"]) == ("Mols Bogtryk", "Bo Lund")
    piped = stocked("contact", "edit", contact, "--company", CVR)
    assert piped.code == 0  # for the company has a Bo Lund
