"""Who sits here, and whose records: initials are known, asked about, or refused."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import pytest

import servers
from builders import CVR

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from cli_runner import Outcome, Runner

ADD = ("contact", "add", CVR, "--date", "2011-03-02")


class Keyboard:
    """Somebody at a terminal who types these lines, and then nothing more."""

    def __init__(self, *lines: str) -> None:
        self._lines = iter(lines)

    def isatty(self) -> bool:
        return True

    def readline(self) -> str:
        return next(self._lines, "")


@pytest.fixture
def typing(stocked: Runner, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Outcome]:
    """Run a command at a terminal, where these lines are typed."""

    def run(lines: str, *words: str, lang: str = "en") -> Outcome:
        monkeypatch.setattr(sys, "stdin", Keyboard(*lines.splitlines(keepends=True)))
        monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
        return stocked(*words, lang=lang)

    return run


def _brokers(run: Runner) -> list[str]:
    return [broker["initials"] for broker in json.loads(run.done("broker", "list", "--json"))]


def _of_last(run: Runner) -> str:
    contacts = json.loads(run.done("contact", "list", "--json"))
    return str(next(c["broker"] for c in contacts if c["date"] == "2011-03-02"))


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("da", "Fejl: JHH er ikke kontaktmægler her; mente du JH? Er JHH ny, så skriv: "),
        ("en", "Error: JHH is not a broker here; did you mean JH? If JHH is new, type: "),
    ],
)
def test_a_slip_is_refused_in_a_pipe_with_the_command_to_type(
    stocked: Runner, lang: str, said: str
) -> None:
    for yes in ((), ("--yes",)):
        outcome = stocked(*ADD, "--broker", "jhh", *yes, lang=lang)
        assert (outcome.code, outcome.out) == (1, "")
        assert outcome.err == f"{said}kmtrack broker add JHH\n"
    stocked.done("broker", "add", "JHH")
    stocked.done(*ADD, "--broker", "jhh")


@pytest.mark.parametrize(
    ("lines", "broker", "known"),
    [("1\n", "JH", ["JH"]), ("2\n", "JHH", ["JH", "JHH"]), ("9\nx\n1\n", "JH", ["JH"])],
)
def test_a_slip_is_asked_about_at_a_terminal(
    stocked: Runner, typing: Callable[..., Outcome], lines: str, broker: str, known: list[str]
) -> None:
    outcome = typing(lines, *ADD, "--broker", "JHH")
    assert outcome.code == 0, outcome.err
    assert (
        "JHH is not a broker here. Who did you mean?\n  1  JH\n  2  JHH, a new broker"
        in outcome.err
    )
    assert (_of_last(stocked), _brokers(stocked)) == (broker, known)


@pytest.mark.parametrize("lines", ["\n", ""])
def test_nothing_is_stored_where_no_one_was_meant(
    stocked: Runner, typing: Callable[..., Outcome], lines: str
) -> None:
    outcome = typing(lines, *ADD, "--broker", "JHH")
    assert (outcome.code, outcome.err.endswith("Nothing was changed.\n")) == (1, True)
    assert len(json.loads(stocked.done("contact", "list", "--json"))) == 1


def test_a_new_broker_is_offered_to_be_registered(
    stocked: Runner, typing: Callable[..., Outcome]
) -> None:
    assert typing("n\n", *ADD, "--with", "XY").code == 1
    assert _brokers(stocked) == ["JH"]
    outcome = typing("y\n", *ADD, "--with", "XY")
    assert outcome.code == 0
    assert "XY is not a broker here. Add XY? [y/N]" in outcome.err
    assert _brokers(stocked) == ["JH", "XY"]


WRITING = {
    "contact add": ADD,
    "contact edit": ("contact", "edit", "k", "--note", "x"),
    "contact withdraw": ("contact", "withdraw", "k", "--reason", "x"),
    "company add": ("company", "add", "Ny"),
    "company edit": ("company", "edit", "mols", "--employees", "9"),
    "company withdraw": ("company", "withdraw", "mols", "--reason", "x"),
    "method add": ("method", "add", "Samtalen", "--kind", "method"),
    "deliverable log": ("deliverable", "log", "project-management", "--text", "x"),
    "contract amend": ("contract", "amend", "--minimum", "hires=75"),
}


@pytest.mark.everyday(3)
@pytest.mark.parametrize("command", WRITING)
def test_who_sits_here_is_registered_by_any_first_command(
    stocked: Runner, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    contact = json.loads(stocked.done("contact", "list", "--json"))[0]["id"]
    words = [contact if word == "k" else word for word in WRITING[command]]
    monkeypatch.setenv("KMTRACK_BROKER", "jhh")
    refused = stocked(*words)
    assert refused.code == 1
    assert "you are JHH, who is not a broker here; did you mean JH?" in refused.err
    assert _brokers(stocked) == ["JH"]
    done = stocked(*words, "--yes")
    assert done.code == 0, done.err
    assert done.err.count("JHH is now registered as a broker\n") == 1
    assert _brokers(stocked) == ["JH", "JHH"]
    monkeypatch.setenv("KMTRACK_BROKER", "mk")
    stocked.done("company", "add", "Endnu En")
    assert _brokers(stocked) == ["JH", "JHH", "MK"]


def test_who_sits_here_is_asked_at_a_terminal(
    stocked: Runner, typing: Callable[..., Outcome], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KMTRACK_BROKER", "JHH")
    assert typing("n\n", *ADD).code == 1
    assert _brokers(stocked) == ["JH"]
    outcome = typing("y\n", *ADD)
    assert outcome.code == 0, outcome.err
    assert _brokers(stocked) == ["JH", "JHH"]


def test_a_dry_run_asks_and_registers_nothing(
    stocked: Runner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "kontakter.csv"
    file.write_text(f"CVR-nr.;Dato\n{CVR};4.5.2011\n", encoding="utf-8")
    monkeypatch.setenv("KMTRACK_BROKER", "JHH")
    stocked.done("import", str(file), "--dry-run")
    assert _brokers(stocked) == ["JH"]
    assert stocked("import", str(file)).code == 1
    stocked.done("import", str(file), "--yes")
    assert _brokers(stocked) == ["JH", "JHH"]


@pytest.mark.files
def test_mistyped_initials_are_told_of(stocked: Runner, tmp_path: Path) -> None:
    stocked.done("broker", "add", "MK")
    outcome = stocked(*ADD, "--broker", "MKK")
    assert "MKK is not a broker here; did you mean MK?" in outcome.err
    file = tmp_path / "kontakter.csv"
    file.write_text(f"\ufeffVirksomhed;Dato;Mægler\n{CVR};5.5.2011;JHH\n", encoding="utf-8")
    outcome = stocked("import", str(file), lang="da")
    assert outcome.code == 1
    assert "JHH er ikke kontaktmægler her; mente du JH?" in outcome.err
    assert _brokers(stocked) == ["JH", "MK"]


@pytest.mark.skipif(servers.IN_USE, reason="a server knows its users")
def test_who_one_is_can_be_said_and_seen(stocked: Runner, monkeypatch: pytest.MonkeyPatch) -> None:
    assert stocked.done("broker", "me") == "You are JH (Viborg Erhvervsråd)\n"
    assert stocked.done("broker", "me", "MK", lang="da") == "Du er MK\n"
    assert json.loads(stocked.done("broker", "me", "--json")) == {
        "initials": "MK",
        "council": None,
        "registered": True,
        "said_by": "ledger",
    }
    stocked.done(*ADD)
    assert _of_last(stocked) == "MK"
    monkeypatch.setenv("KMTRACK_BROKER", "AB")
    assert stocked.done("broker", "me").splitlines() == [
        "You are AB",
        "That is what KMTRACK_BROKER says",
        "AB is registered as a broker when you record something",
    ]
    assert "takes precedence" in stocked.done("broker", "me", "JH")
    monkeypatch.delenv("KMTRACK_BROKER")
    assert stocked.done("broker", "me").startswith("You are JH")
    assert stocked("broker", "me", "J H").code != 0


@pytest.mark.skipif(servers.IN_USE, reason="a server knows its users")
def test_a_first_record_without_a_broker(
    empty_runner: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = empty_runner
    run.done("init", "--municipality", "Viborg")
    run.done("company", "add", "Smedjen", "--cvr", CVR)
    outcome = run(*ADD)
    assert (outcome.code, outcome.err) == (
        0,
        "Recorded without a broker; say who you are: kmtrack broker me INITIALS\n",
    )
    assert run.done("broker", "me").startswith("It is not known who you are")
    monkeypatch.setattr(sys, "stdin", Keyboard("j h\n", "jh\n"))
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    outcome = run("contact", "add", CVR, "--date", "2011-03-03")
    assert outcome.code == 0, outcome.err
    assert "Who are you?" in outcome.err
    assert "is not a set of initials" in outcome.err
    assert run.done("broker", "me") == "You are JH\n"
    assert "1 contact without a broker" in run.done("check")
