"""Who was at a company in the last three weeks, said before somebody calls there."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

import terminals
from terminals import Terminal

if TYPE_CHECKING:
    from cli_runner import Runner

SMEDJE = "13748136"  # JH was there on 1 March; today is 30 June 2011


@pytest.fixture
def visited(stocked: Runner) -> Runner:
    """A company where MK called nine days ago, and JH, who sits here, was five days ago."""
    stocked.done("broker", "add", "MK")
    called = ("--broker", "MK", "--channel", "phone", "--next", "2011-06-28")
    stocked.done("contact", "add", SMEDJE, "--date", "2011-06-21", *called)
    stocked.done("contact", "add", SMEDJE, "--date", "2011-06-25")
    return stocked


def recent(runner: Runner, *words: str) -> list[tuple[str, int]]:
    found: list[dict[str, Any]] = json.loads(runner.done(*words, "--json"))["recent"]
    return [(each["broker"], each["days_ago"]) for each in found]


@pytest.mark.parametrize("command", ["contact", "followup"])
def test_what_is_added_says_who_was_there(visited: Runner, command: str) -> None:
    outcome = visited(command, "add", SMEDJE)
    assert "The last three weeks: MK 9 days ago (phone); JH 5 days ago (visit)\n" in outcome.err
    assert "three weeks" not in outcome.out


def test_data_have_who_was_there(visited: Runner) -> None:
    assert recent(visited, "contact", "add", SMEDJE) == [("MK", 9), ("JH", 5)]
    assert recent(visited, "company", "show", SMEDJE) == [("MK", 9), ("JH", 0), ("JH", 5)]


def test_ones_own_of_today_is_said_but_not_by_its_own_confirmation(stocked: Runner) -> None:
    assert recent(stocked, "contact", "add", SMEDJE) == []
    for lang, said in (("da", "JH i dag (besøg)"), ("en", "JH today (visit)")):
        assert said in stocked.done("company", "show", SMEDJE, lang=lang)
    assert recent(stocked, "contact", "add", SMEDJE, "--channel", "phone", "--yes") == [("JH", 0)]


def test_somebody_elses_of_today_is_said(stocked: Runner) -> None:
    for initials in ("MK", "AB"):
        stocked.done("broker", "add", initials)
    stocked.done("contact", "add", SMEDJE, "--broker", "MK", "--with", "AB")
    assert "MK AB today (visit)" in stocked("contact", "add", SMEDJE, "--yes").err


def test_a_contact_of_long_ago_says_nothing(visited: Runner) -> None:
    assert recent(visited, "contact", "add", SMEDJE, "--date", "2011-06-08") == []
    assert recent(visited, "contact", "add", SMEDJE, "--date", "2011-06-09") == [
        ("MK", 9),
        ("JH", 5),
    ]


def test_what_was_before_three_weeks_ago_is_not_said(stocked: Runner) -> None:
    stocked.done("contact", "add", SMEDJE, "--date", "2011-06-08")
    assert recent(stocked, "company", "show", SMEDJE) == []
    stocked.done("contact", "add", SMEDJE, "--date", "2011-06-09")
    assert recent(stocked, "company", "show", SMEDJE) == [("JH", 21)]


def test_what_is_due_says_who_was_there_since(visited: Runner) -> None:
    (due,) = json.loads(visited.done("followup", "due", "--json"))
    assert [(each["broker"], each["days_ago"]) for each in due["recent"]] == [("JH", 5)]
    lines = visited.done("followup", "due").splitlines()
    assert lines[0].split("\t")[3] == "Last three weeks"
    assert lines[1].split("\t")[3] == "JH 5 days ago (visit)"
    assert "recent" not in visited.done("followup", "due", "--csv")


def test_history_of_a_company_that_was_taken_over_is_said(visited: Runner) -> None:
    visited.done("company", "add", "Ny Smedje", "--cvr", "24256790", "--municipality", "Aarhus")
    visited.done("company", "succeed", SMEDJE, "24256790", "--from", "2011-06-26")
    assert recent(visited, "contact", "add", "24256790") == [("MK", 9), ("JH", 5)]


@pytest.mark.parametrize(
    ("lang", "said"),
    [("da", "De sidste tre uger: MK for 9 dage siden (telefon)"), ("en", "MK 9 days ago (phone)")],
)
def test_a_page_says_it_before_anything_else(visited: Runner, lang: str, said: str) -> None:
    lines = visited.done("company", "show", SMEDJE, lang=lang).splitlines()
    assert said in lines[2]


@terminals.posix
def test_who_is_asked_hears_it_when_the_company_is_named(visited: Runner) -> None:
    with Terminal("contact", "add", KMTRACK_LEDGER=str(visited.ledger)) as terminal:
        terminal.answer("Virksomhed", SMEDJE)
        terminal.until("Dato").shows("De sidste tre uger: MK for 9 dage siden (telefon)")
    visited.done("contact", "add", "mols", "--channel", "phone")
    with Terminal("followup", "add", KMTRACK_LEDGER=str(visited.ledger)) as terminal:
        terminal.answer("Virksomhed", "mols")
        terminal.until("Dato").shows("De sidste tre uger: JH i dag (telefon)")
