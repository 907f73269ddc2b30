"""Days without a year, as they are typed: stored as what they are for says, and shown in full."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from cli_runner import A_RECORD

if TYPE_CHECKING:
    from cli_runner import Runner

CVR = "13748136"


def on(day: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Set the day today."""
    monkeypatch.setenv("KMTRACK_TODAY", day)


def stored(runner: Runner, *command: str) -> dict[str, Any]:
    """Return the record that a command stored."""
    record: dict[str, Any] = json.loads(runner.done(*command, "--json"))
    return record


def test_days_at_the_turn_of_the_year_are_those_that_were_meant(
    stocked: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    on("2011-12-20", monkeypatch)
    contact = stored(stocked, "contact", "add", CVR, "--date", "2.12.", "--next", "10.1.")
    assert (contact["date"], contact["next"]) == ("2011-12-02", "2012-01-10")
    due = stocked("followup", "due", "--until", "15.1.", "--json")
    assert due.err == "--until: Sunday 2012-01-15\n"
    assert [each["id"] for each in json.loads(due.out)] == [contact["id"]]
    days = ("--agreed", "15.12.", "--start", "1.2.", "--end", "30.6.")
    internship = stored(stocked, "collaboration", "add", CVR, "--kind", "praktik", *days)
    assert [internship[name] for name in ("agreed", "start", "end")] == [
        *("2011-12-15", "2012-02-01", "2012-06-30"),
    ]


def test_an_edit_reads_a_day_by_the_new_or_the_stored_day_of_the_record(
    stocked: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    on("2011-12-20", monkeypatch)
    hire = stored(stocked, "hire", "add", CVR, "--level", "cand.", "--agreed", "1.8.")["id"]
    assert stored(stocked, "hire", "edit", hire, "--start", "1.9.")["start"] == "2011-09-01"
    edited = stored(stocked, "hire", "edit", hire, "--agreed", "15.12.", "--start", "1.9.")
    assert (edited["agreed"], edited["start"]) == ("2011-12-15", "2012-09-01")
    # An end that precedes the start on the first such day is the one after the start.
    assert stored(stocked, "hire", "edit", hire, "--end", "31.8.")["end"] == "2013-08-31"


def test_a_day_that_follows_a_wrong_one_is_not_refused_as_well(stocked: Runner) -> None:
    outcome = stocked("contact", "add", CVR, "--date", "snart", "--next", "1.8.")
    assert (outcome.code, outcome.err.count("\n")) == (1, 1)
    assert "--date" in outcome.err


def test_what_happened_before_the_contract_needs_its_year(
    stocked: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    on("2011-02-10", monkeypatch)
    outcome = stocked("contact", "add", CVR, "--date", "20.12.")
    assert (outcome.code, "write 2010-12-20, as 2011-12-20 has not come yet" in outcome.err) == (
        1,
        True,
    )
    assert stored(stocked, "contact", "add", CVR, "--date", "20.12.2010")["date"] == "2010-12-20"


@pytest.mark.parametrize(
    ("command", "day"),
    [
        (("history", "--since", "uge 12"), "--since: Monday 2011-03-21"),
        (("status", "--as-of", "uge 12"), "--as-of: Sunday 2011-03-27"),
        (("status", "--as-of", "4.7."), "--as-of: Sunday 2010-07-04"),
        (("person", "stale", "--before", "i mandags"), "--before: Monday 2011-06-27"),
        (("followup", "due", "--until", "om 14 dage"), "--until: Thursday 2011-07-14"),
        (("history", "--since", "forrige uge"), "--since: Monday 2011-06-20"),
        (("contact", "list", "--since", "juni"), "--since: Wednesday 2011-06-01"),
        (("contact", "list", "--until", "May"), "--until: Tuesday 2011-05-31"),
        (("contact", "list", "--since", "2011-06"), "--since: Wednesday 2011-06-01"),
        (("contact", "list", "--fra", "sidste måned"), "--since: Sunday 2011-05-01"),
        (("contact", "list", "--until", "2010"), "--until: Friday 2010-12-31"),
        (("company", "list", "--fra", "juli"), "--since: Thursday 2010-07-01"),
        (("status", "--as-of", "1. kvartal"), "--as-of: Thursday 2011-03-31"),
        (("followup", "due", "--until", "august"), "--until: Wednesday 2011-08-31"),
        (("followup", "due", "--until", "næste måned"), "--until: Sunday 2011-07-31"),
        (("person", "stale", "--before", "juni"), "--before: Wednesday 2011-06-01"),
    ],
)
def test_a_filter_says_which_day_it_understood(
    stocked: Runner, command: tuple[str, ...], day: str
) -> None:
    outcome = stocked(*command)
    assert outcome.code == 0, outcome.err
    assert day in outcome.err


def test_only_a_filter_takes_a_month(stocked: Runner) -> None:
    for command in (
        ("contact", "add", CVR, "--date", "juni"),
        ("contact", "add", CVR, "--next", "juli"),
        ("company", "edit", CVR, "--employees", "12", "--from", "2011-06"),
    ):
        outcome = stocked(*command)
        assert (outcome.code, "cannot be read as a date" in outcome.err) == (1, True), outcome.err
    outcome = stocked("contact", "list", "--since", "2011-13")
    assert (outcome.code, "13 is not a month" in outcome.err) == (1, True)


def test_a_moment_may_be_the_end_of_a_month(stocked: Runner) -> None:
    outcome = stocked("status", "--known-at", "juni", "--json")
    assert (outcome.code, '"as_of": "2011-06-30"' in outcome.out) == (0, True), outcome.err


def test_a_day_of_a_method_and_of_a_deliverable_is_reported_too(stocked: Runner) -> None:
    method = ("method", "add", "Besøg", "--kind", "method", "--for", "companies", "--date")
    assert stocked(*method, "i mandags").err == "--date: Monday 2011-06-27\n"
    assess = ("method", "assess", "Besøg", "--verdict", "keep", "--text", "x", "--date")
    assert stocked(*assess, "27.6.").err == "--date: Monday 2011-06-27\n"
    assert stocked(*assess, "2011-06-27").err == ""
    log = ("deliverable", "log", "project-management", "--text", "x", "--date")
    assert stocked(*log, "tirsdag").err == "--date: Tuesday 2011-06-28\n"
    outcome = stocked(*log, "29.12.")
    assert (outcome.code, "write 2010-12-29, as 2011-12-29" in outcome.err) == (1, True)


def test_a_day_written_in_full_needs_no_explanation(stocked: Runner) -> None:
    assert stocked("status", "--as-of", "4.3.2011").err == ""


@pytest.mark.parametrize(
    ("command", "lines"),
    [
        (
            ("contact", "add", CVR, "--date", "i mandags", "--channel", "tlf", "--with", "JH"),
            "Kontakt ID: telefonsamtale med Århus Smedje ApS, mandag 27.06.2011, JH",
        ),
        (
            ("contact", "add", CVR, "--date", "2.3.", "--next", "uge 30", "--broker", ""),
            (
                "Kontakt ID: besøg hos Århus Smedje ApS, onsdag 02.03.2011, uden kontaktmægler, "
                "næste kontakt mandag 25.07.2011"
            ),
        ),
        (
            ("hire", "add", CVR, "--agreed", "4.3.", "--start", "1.8.", "--terms", "løntilskud"),
            (
                "Ansættelse ID: niveau ikke oplyst hos Århus Smedje ApS, med tilskud, "
                "aftalt fredag 04.03.2011, begynder mandag 01.08.2011, JH"
            ),
        ),
        (
            ("collaboration", "add", CVR, "--kind", "praktik"),
            "Samarbejde ID: praktik hos Århus Smedje ApS, ikke aftalt, JH",
        ),
        (
            ("company", "edit", CVR, "--employees", "60", "--from", "1.6."),
            "Virksomhed ID er rettet: Århus Smedje ApS (CVR 13748136), fra onsdag 01.06.2011",
        ),
        (
            ("company", "edit", CVR, "--visited-before", "1.10.2009"),
            (
                "Virksomhed ID er rettet: Århus Smedje ApS (CVR 13748136), "
                "besøgt før (torsdag 01.10.2009)"
            ),
        ),
    ],
)
def test_a_confirmation_shows_what_was_stored_with_weekdays_and_defaults(
    stocked: Runner, command: tuple[str, ...], lines: str
) -> None:
    first = stocked.done(*command, lang="da").split("\n")[0]
    assert A_RECORD.sub("ID", first) == lines


@pytest.mark.parametrize("lang", ["da", "en"])
def test_the_same_hire_again_is_reported_with_the_command_that_takes_it_back(
    stocked: Runner, lang: str
) -> None:
    hire = ("hire", "add", CVR, "--level", "kandidat", "--agreed", "4.3.2011")
    first = stored(stocked, *hire)["id"]
    again = stocked(*hire, lang=lang)
    assert (again.code, again.err.count("\n")) == (0, 1)
    assert first in again.err
    assert again.err.rstrip().endswith("undo")
    in_data = stocked(*hire, "--json", lang=lang)
    assert json.loads(in_data.out)["noun"] == "hire"
    assert "undo" in in_data.err
