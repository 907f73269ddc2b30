"""What a person asks of the contract and of a number: by any name of a target, with reasons and moments."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from cli_runner import Runner


@pytest.mark.parametrize(
    "name", ["new-contacts", "Nye kontakter", "NEW CONTACTS", " nye kontakter"]
)
def test_a_target_is_known_by_its_id_and_by_its_name(stocked: Runner, name: str) -> None:
    assert stocked.done("why", name).startswith("New contacts\n")


def test_a_mistake_in_the_day_is_said_of_a_record_too(stocked: Runner) -> None:
    visit = re.findall(r"^k\w{10}", stocked.done("contact", "list"), re.MULTILINE)[0]
    assert stocked("why", visit, "--as-of", "snart").code == 1


def test_an_amendment_says_what_it_did_and_is_shown_with_its_reason(stocked: Runner) -> None:
    amend = ("contract", "amend", "--first-day", "2011-04-01", "--reason", "brev fra regionen")
    done = stocked.done(*amend)
    assert "New contacts: 1 -> 0 counted, 0 waiting, 1 excluded" in done
    assert "First day: 2011-01-01 -> 2011-04-01" in done
    named = ("--municipality", "Skive", "--from", "1.9.2011", "--minimum", "hires=75")
    done = stocked.done("contract", "amend", *named, lang="da")
    hires = "Ansættelser af højtuddannede, minimum: 50 -> 75"
    skive = "Skive: deltager ikke -> deltager fra 01.09.2011"
    assert f"Kontrakten er ændret. {hires} · {skive}" in done
    stated = stocked.done("contract", "show", lang="da").splitlines()[-5:]
    assert re.fullmatch(
        r"30\.06\.2011 \d\d:\d\d:\d\d JH: contract amend \(brev fra regionen\)", stated[0]
    )
    assert stated[1] == "  Første dag: 01.01.2011 -> 01.04.2011"
    assert stated[3:] == [f"  {hires}", f"  {skive}"]


@pytest.mark.parametrize("lang", ["da", "en"])
def test_moments_are_shown_as_people_write_them(stocked: Runner, lang: str) -> None:
    shown = stocked.done("company", "show", "13748136", lang=lang)
    assert "company add" in shown
    assert not re.search(r"\dT\d", shown)


def test_help_for_an_edit_promises_no_day_of_its_own(stocked: Runner) -> None:
    assert "today" in stocked.done("contact", "add", "--help")
    assert "today" not in stocked.done("contact", "edit", "--help")


def test_a_confirmation_names_all_that_is_missing_and_one_command_for_it(runner: Runner) -> None:
    runner.done("company", "add", "Ny Smedje")
    line = runner.done("contact", "add", "ny smedje").splitlines()[1]
    assert "CVR number unknown, municipality unknown, headcount unknown; kmtrack" in line
    assert line.endswith("--cvr NUMBER --municipality MUNICIPALITY --employees N")
    assert line.count("kmtrack") == 1


@pytest.mark.parametrize("lang", ["da", "en"])
def test_a_confirmation_promises_nothing_where_several_reasons_exclude(
    stocked: Runner, lang: str
) -> None:
    hire = ("hire", "add", "13748136", "--level", "kvu", "--terms", "unpaid", "--agreed", "1.5.")
    line = stocked.done(*hire, lang=lang).splitlines()[1]
    assert ("niveauet" if lang == "da" else "level") in line
    assert ("vilkår" if lang == "da" else "terms") in line
    assert "kmtrack" not in line
    line = stocked.done(*hire[:5], *hire[7:], lang=lang).splitlines()[1]
    assert "kmtrack hire edit h" in line
    assert " --level " in line


def test_the_day_that_lies_outside_is_corrected_by_its_own_option(stocked: Runner) -> None:
    line = stocked.done("contact", "add", "13748136", "--date", "2010-12-31").splitlines()[1]
    assert line.endswith(" --date DATE")
    hire = ("hire", "add", "13748136", "--level", "phd", "--agreed", "2010-12-31")
    stocked.done("company", "edit", "13748136", "--visited-before", "2009-01-01")
    assert stocked.done(*hire).splitlines()[1].endswith(" --agreed DATE")


def test_an_id_of_another_noun_is_refused_with_a_command_that_works(stocked: Runner) -> None:
    visit = re.findall(r"^k\w{10}", stocked.done("contact", "list"), re.MULTILINE)[0]
    error = stocked("hire", "show", visit).err
    assert stocked.done(*error.strip().partition("type: kmtrack ")[2].split()).count(visit) == 1
    stocked.done("deliverable", "log", "project-management", "--text", "møde")
    (step,) = re.findall(r"\bd\w{10}\b", stocked.done("deliverable", "show", "project-management"))
    error = stocked("why", step).err
    assert step in stocked.done(*error.strip().partition("type: kmtrack ")[2].split())
