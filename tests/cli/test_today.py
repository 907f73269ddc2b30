"""The day at a glance: `kmtrack today`, and `kmtrack` alone on a terminal."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

import terminals
from builders import contract

if TYPE_CHECKING:
    from cli_runner import Runner
    from kmtrack.usecases.demo import DemoFiles

LANGUAGES = pytest.mark.parametrize("lang", ["da", "en"])
SMEDJE = "13748136"


def day(runner: Runner) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(runner.done("today", "--json"))
    return found


@LANGUAGES
def test_every_target_has_a_line(stocked: Runner, lang: str) -> None:
    lines = stocked.done("today", lang=lang).splitlines()
    for target in contract().targets:
        assert sum(line.startswith(target.name.in_language(lang)) for line in lines) == 1
    assert len(lines) <= 20


def test_the_targets_are_those_of_the_status(stocked: Runner) -> None:
    status = json.loads(stocked.done("status", "--json"))
    assert {key: day(stocked)[key] for key in status} == status


def test_what_was_entered_last_is_named(stocked: Runner) -> None:
    stocked.done("contact", "add", SMEDJE, "--channel", "phone", "--date", "2011-06-29")
    assert day(stocked)["last"]["date"] == "2011-06-29"
    assert "You entered last: phone call with Århus Smedje ApS, 2011-06-29" in stocked.done("today")
    stocked.done("undo", "--yes")
    assert day(stocked)["last"]["date"] == "2011-03-01"


def test_nothing_entered_yet_says_how_to_begin(runner: Runner) -> None:
    found = day(runner)
    assert (found["last"], found["waiting"]["fact"]) == (None, None)
    assert "kmtrack contact add" in runner.done("today")


def test_what_is_due_is_told_with_ones_own_first(stocked: Runner) -> None:
    stocked.done("broker", "add", "MK")
    for broker, date, planned in (("MK", "2011-05-02", "2011-06-01"),):
        words = ("--broker", broker, "--date", date, "--next", planned)
        stocked.done("contact", "add", SMEDJE, *words)
    stocked.done("contact", "add", "mols", "--date", "2011-05-03", "--next", "2011-06-20")
    due = day(stocked)["due"]
    assert (due["number"], due["own"]) == (2, 1)
    assert [each["next"] for each in due["records"]] == ["2011-06-20", "2011-06-01"]
    shown = stocked.done("today")
    assert "Follow-ups due: 2, of which 1 is yours; see: kmtrack followup due\n" in shown
    assert "Mols Bogtryk (2011-06-20), Århus Smedje ApS (2011-06-01)" in shown


def test_what_ends_within_a_month_is_told(stocked: Runner) -> None:
    for end in ("2011-07-30", "2011-07-31", "2011-06-29"):
        words = ("--kind", "internship", "--agreed", "2011-05-02", "--end", end, "--title", end)
        stocked.done("collaboration", "add", SMEDJE, *words)
    ending = day(stocked)["ending"]
    assert [(each["day"], each["what"]) for each in ending] == [
        ("2011-06-30", "deliverable"),
        ("2011-07-30", "collaboration"),
    ]
    assert "2011-07-30: internship at Århus Smedje ApS" in stocked.done("today")


def test_what_waits_is_told_with_the_one_fact_that_would_make_it_count(stocked: Runner) -> None:
    stocked.done("company", "add", "Uden Tal", "--cvr", "24256790", "--municipality", "Viborg")
    stocked.done("contact", "add", "uden", "--date", "2011-05-02")
    waiting = day(stocked)["waiting"]
    assert waiting["number"] == 1
    assert waiting["fact"]["reason"] == "no_headcount"
    command = waiting["fact"]["command"]
    assert command == "kmtrack company edit 24256790 --employees N"
    assert f"Uden Tal: {command}" in stocked.done("today")
    stocked.done(*command.replace("--employees N", "--employees 12").split()[1:])
    assert day(stocked)["waiting"] == {"number": 0, "fact": None}


def test_what_waits_for_the_contract_names_no_company(empty_runner: Runner) -> None:
    empty_runner.done("init", "--broker", "JH")
    place = ("--municipality", "Viborg", "--employees", "10")
    empty_runner.done("company", "add", "Smedjen", "--cvr", SMEDJE, *place)
    empty_runner.done("contact", "add", SMEDJE)
    command = "kmtrack contract amend --municipality MUNICIPALITY"
    assert empty_runner.done("today").splitlines()[-1] == f"  {command}"


def test_what_lacks_several_facts_is_told_by_its_number(stocked: Runner) -> None:
    stocked.done("contact", "add", "mols", "--date", "2011-05-02")  # neither number nor headcount
    assert day(stocked)["waiting"] == {"number": 1, "fact": None}
    assert stocked.done("today").splitlines()[-1] == "Waiting: 1"


def test_alone_in_a_pipe_it_is_help_and_wrong_usage(stocked: Runner) -> None:
    assert stocked().code == 2
    assert stocked("--no-input").code == 2


def test_without_a_ledger_it_is_refused_by_name(empty_runner: Runner) -> None:
    assert empty_runner("today").code == 1


@terminals.posix
@LANGUAGES
def test_alone_on_a_terminal_it_is_the_day(stocked: Runner, lang: str) -> None:
    place = str(stocked.ledger)
    shown = terminals.seen(KMTRACK_LEDGER=place, KMTRACK_LANG=lang, NO_COLOR="")
    typed = terminals.seen("today", KMTRACK_LEDGER=place, KMTRACK_LANG=lang, NO_COLOR="")
    assert shown == typed
    assert shown.code == 0
    lines = shown.plain.splitlines()
    assert len(lines) <= 20
    assert all(len(line) <= 80 for line in lines)
    assert "[38;5;130m" in shown.text  # behind, which is said as well
    assert {"da": "bagud", "en": "behind"}[lang] in shown.text


@terminals.posix
@pytest.mark.files
@pytest.mark.parametrize("words", [(), ("--no-input",), ("--plain",)])
def test_alone_without_a_ledger_three_lines_say_how_to_begin(
    empty_runner: Runner, words: tuple[str, ...]
) -> None:
    shown = terminals.seen(*words, KMTRACK_LEDGER=str(empty_runner.ledger), KMTRACK_LANG="da")
    assert shown.code == 0
    assert len(shown.text.splitlines()) == 3
    assert "kmtrack init" in shown.text
    assert "kmtrack demo" in shown.text
    assert not empty_runner.ledger.exists()


@terminals.posix
@pytest.mark.files
def test_how_to_begin_repeats_the_ledger_that_was_typed(empty_runner: Runner) -> None:
    shown = terminals.seen("--ledger", str(empty_runner.ledger), columns=200, KMTRACK_LANG="en")
    assert f"kmtrack --ledger {empty_runner.ledger} init\n" in shown.text
    assert ": kmtrack demo\n" in shown.text


@terminals.posix
@pytest.mark.parametrize("words", [(), ("company", "show", SMEDJE)])
def test_nothing_that_draws_is_loaded_for_lines(stocked: Runner, words: tuple[str, ...]) -> None:
    place = str(stocked.ledger)
    shown = terminals.seen(*words, KMTRACK_LEDGER=place, PYTHONPROFILEIMPORTTIME="1")
    loaded = {line.rpartition("|")[2].strip() for line in shown.text.splitlines()}
    assert "kmtrack.views.line_screen" in loaded
    assert not {"rich", "sqlmodel", "pydantic", "prompt_toolkit"} & loaded


@terminals.posix
def test_an_option_without_its_value_is_not_a_day(stocked: Runner) -> None:
    shown = terminals.seen("--ledger", KMTRACK_LEDGER=str(stocked.ledger))
    assert shown.code == 2


@pytest.mark.parametrize(
    ("today", "said"),
    [
        ("2010-12-31", "begins 2011-01-01"),
        ("2012-12-30", "1 day left"),
        ("2012-12-31", "the contract’s last day"),
        ("2013-01-01", "the contract is over"),
    ],
)
def test_how_long_the_contract_runs_is_in_the_headline(
    runner: Runner, today: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KMTRACK_TODAY", today)
    assert runner.done("today").splitlines()[0].endswith(said)
    assert runner.done("status").splitlines()[1].endswith(said)


@terminals.posix
def test_a_narrow_window_breaks_between_words(stocked: Runner) -> None:
    place = str(stocked.ledger)
    shown = terminals.seen("today", columns=40, KMTRACK_LEDGER=place, KMTRACK_LANG="en").plain
    assert all(len(line) <= 40 for line in shown.splitlines())
    assert shown.split() == stocked.done("today").split()


@terminals.posix
@pytest.mark.files
@pytest.mark.parametrize(
    ("today", "lang"), [("2011-06-15", "da"), ("2012-06-30", "en"), ("2012-12-20", "da")]
)
def test_a_day_with_much_to_tell_is_20_lines(
    demonstration: DemoFiles, today: str, lang: str
) -> None:
    shown = terminals.seen(
        KMTRACK_LEDGER=str(demonstration.ledger),
        KMTRACK_LANG=lang,
        KMTRACK_TODAY=today,
        KMTRACK_BROKER="TBE",
    )
    lines = shown.plain.splitlines()
    assert len(lines) <= 20
    assert max(map(len, lines)) <= 80
