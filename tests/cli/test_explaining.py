"""What a person asks of the contract and of a number: by any name of a target, with reasons and moments."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from cli_runner import Runner


@pytest.mark.parametrize(
    "name", ["new-contacts", "Nye kontakter", "NEW CONTACTS", " nye kontakter", "nye", "new"]
)
def test_a_target_is_known_by_its_id_and_by_its_name(stocked: Runner, name: str) -> None:
    assert stocked.done("why", name).startswith("New contacts\n")


def test_a_company_is_no_target_but_has_commands_of_its_own(stocked: Runner) -> None:
    for words, typed in ((["århus"], "'århus'"), (["Århus", "Smedje"], "'Århus Smedje'")):
        outcome = stocked("why", *words)
        assert outcome.code == 1
        assert f"kmtrack company show {typed}" in outcome.err
        assert f"kmtrack contact list --status waiting --company {typed}" in outcome.err
    assert "neither an id nor a target" in stocked("why", "Slagelse").err


def test_a_mistake_in_the_day_is_said_of_a_record_too(stocked: Runner) -> None:
    visit = re.findall(r"^k\w{10}", stocked.done("contact", "list"), re.MULTILINE)[0]
    assert stocked("why", visit, "--as-of", "snart").code == 1


def test_an_amendment_says_what_it_did_and_is_shown_with_its_reason(stocked: Runner) -> None:
    amend = ("contract", "amend", "--first-day", "2011-04-01", "--reason", "brev fra regionen")
    done = stocked.done(*amend)
    assert "New contacts: 1 -> 0 counted, 0 waiting, 0 -> 1 excluded" in done
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
    assert "CVR number unknown, municipality unknown, number of employees unknown; kmtrack" in line
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


def _id_in(text: str, noun: str = "k") -> str:
    """Return the first id of that noun in what was printed."""
    ids: list[str] = re.findall(rf"\b{noun}\w{{10}}\b", text)
    return ids[0]


def _explained(runner: Runner, record: str, lang: str = "en") -> dict[str, Any]:
    """What `why` says of a record as data: the one verdict on it."""
    (verdict,) = json.loads(runner.done("why", record, "--json", lang=lang))["verdicts"]
    found: dict[str, Any] = verdict
    return found


def _contact_to(runner: Runner, *facts: str) -> str:
    """Return the id of the only contact to a company of which these facts are known."""
    company = ("Vester Støbegods A/S", "--cvr", "13585628", "--municipality", "Viborg")
    runner.done("company", "add", *company, *facts)
    return _id_in(runner.done("contact", "add", "13585628", "--date", "2011-05-02"))


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("da", "omsætning 74 og balance 48,5 mio. EUR er begge over grænsen"),
        ("en", "turnover EUR 74 m and balance EUR 48.5 m are both over the limit"),
    ],
)
def test_an_amount_is_written_as_the_language_writes_it(
    stocked: Runner, lang: str, said: str
) -> None:
    contact = _contact_to(stocked, "--employees", "40", "--turnover", "74", "--balance", "48,5")
    requirements = _explained(stocked, contact, lang)["requirements"]
    assert [each["fact"] for each in requirements if each["rule"] == "sme"] == [said]


@pytest.mark.parametrize(
    ("facts", "options"),
    [
        (("--turnover", "74", "--balance", "48,5"), " --turnover MEUR --balance MEUR"),
        (("--employees", "250"), " --employees N"),
        (("--employees", "4", "--turnover", "51"), " --balance MEUR"),
    ],
)
def test_where_the_limits_exclude_or_wait_the_command_that_corrects_a_figure_is_named(
    stocked: Runner, facts: tuple[str, ...], options: str
) -> None:
    contact = _contact_to(stocked, *facts)
    (remedy,) = _explained(stocked, contact)["remedies"]
    assert remedy.endswith(f"kmtrack company edit 13585628{options}")
    stocked.done("contact", "withdraw", contact, "--reason", "aflyst")
    again = stocked.done("contact", "add", "13585628", "--date", "2011-05-03")
    assert again.rstrip().endswith(remedy)


@pytest.mark.parametrize("lang", ["da", "en"])
def test_a_second_contact_on_a_day_is_excluded_with_the_command_that_moves_it(
    stocked: Runner, lang: str
) -> None:
    day = "DATO" if lang == "da" else "DATE"
    done = stocked.done("contact", "add", "13748136", "--date", "2011-03-01", lang=lang)
    (remedy,) = _explained(stocked, _id_in(done), lang)["remedies"]
    assert remedy.endswith(f"kmtrack contact edit {_id_in(done)} --date {day}")
    assert done.rstrip().endswith(remedy)


def test_a_contact_on_the_day_of_the_visit_before_the_ledger_can_be_moved_and_so_can_that_visit(
    stocked: Runner,
) -> None:
    contact = _contact_to(stocked, "--employees", "40", "--visited-before", "2011-05-02")
    (remedy,) = _explained(stocked, contact)["remedies"]
    assert f"kmtrack contact edit {contact} --date DATE" in remedy
    assert "kmtrack company edit 13585628 --visited-before DATE" in remedy


@pytest.mark.parametrize(
    "record", [("hire", "--level", "master"), ("collaboration", "--kind", "project")]
)
def test_each_remedy_is_named_once(stocked: Runner, record: tuple[str, ...]) -> None:
    noun, *facts = record
    done = stocked.done(noun, "add", "mols", *facts)
    id_ = _id_in(done, "h" if noun == "hire" else "s")
    remedies = _explained(stocked, id_)["remedies"]
    assert len(remedies) == len(set(remedies))
    assert f"kmtrack {noun} edit {id_} --agreed DATE" in remedies
    shown = stocked.done("why", id_)
    assert shown.count("--agreed DATE") == 1


@pytest.mark.parametrize("lang", ["da", "en"])
def test_a_contact_is_told_why_it_is_a_first_one_or_a_follow_up(stocked: Runner, lang: str) -> None:
    first = _id_in(stocked.done("contact", "list"))
    later = _id_in(stocked.done("contact", "add", "13748136", "--date", "2011-05-01"))
    day = "01.03.2011" if lang == "da" else "2011-03-01"
    words = {
        "da": ("Første kontakt: ingen tidligere kontakt", "Opfølgende kontakt: "),
        "en": ("First contact: no earlier contact", "Follow-up contact: "),
    }[lang]
    assert f"\n{words[0]}" in stocked.done("why", first, lang=lang)
    (line,) = re.findall(f"^{words[1]}.*", stocked.done("why", later, lang=lang), re.MULTILINE)
    assert line.endswith(f"{day} ({first})")
    history = _explained(stocked, later, lang)["history"]
    assert history["contact"] == "later"
    assert history["met_before"] == {"id": first, "date": "2011-03-01"}
    assert history["fact"] == line
    assert "tidligere besøgte virksomheder" in history["words"]
    history = _explained(stocked, first, lang)["history"]
    assert (history["contact"], history["met_before"]) == ("first", None)
    assert "nye kontakter" in history["words"]


@pytest.mark.parametrize(
    ("visited", "told"), [("2009-10-01", "(2009-10-01)"), ("yes", "(date unknown)")]
)
def test_a_follow_up_of_a_visit_before_the_ledger_names_its_day(
    stocked: Runner, visited: str, told: str
) -> None:
    contact = _contact_to(stocked, "--employees", "40", "--visited-before", visited)
    history = _explained(stocked, contact)["history"]
    assert history["fact"].endswith(told)
    assert history["met_before"]["id"] is None


def test_a_hire_is_told_nothing_of_first_contacts(stocked: Runner) -> None:
    hire = _id_in(stocked.done("hire", "add", "13748136", "--level", "phd"), "h")
    assert _explained(stocked, hire)["history"] is None


def test_a_target_goes_by_its_name_wherever_one_is_named(stocked: Runner) -> None:
    named = ("--minimum", "Nye kontakter=75", "--due", "ansættelser=2013-06-30")
    done = stocked.done("contract", "amend", *named)
    assert "New contacts, minimum: 1000 -> 75" in done
    assert "Hires of highly educated staff, due: 2012-12-31 -> 2013-06-30" in done
    assert "Project management" in stocked.done(
        "deliverable", "log", "projektledelse", "--text", "x"
    )
    point = ("deliverable", "check", "model for", "større kommunal")
    assert "Continuation model" in stocked.done(*point)
    assert stocked.done("why", "meth").startswith("Methods and tools")


@pytest.mark.parametrize("target", ["methods", "projektledelse", "model"])
def test_no_minimum_is_taken_against_which_nothing_is_counted(stocked: Runner, target: str) -> None:
    before = stocked.done("contract", "show", "--json")
    refused = stocked("contract", "amend", "--minimum", f"{target}=10")
    assert refused.code == 1
    assert refused.err.count("\n") == 1
    assert "hires (Hires of highly educated staff)" in refused.err
    assert stocked.done("contract", "show", "--json") == before
