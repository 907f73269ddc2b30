"""Which language a command line speaks, and where its global options may stand."""

from __future__ import annotations

import ctypes
import sys
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest
from typer import _completion_shared as shells

from builders import refuses
from kmtrack import i18n
from kmtrack.cli.command_line import choose_language, commands_in, hoist_globals, language_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cli_runner import Runner

posix = pytest.mark.skipif(sys.platform == "win32", reason="Windows asks its own settings")
DANISH = {"LANG": "da_DK.UTF-8"}


@posix
@pytest.mark.parametrize(
    ("arguments", "environment", "language"),
    [
        (["status", "--lang", "da"], {}, "da"),
        (["--lang=en", "status"], DANISH, "en"),
        (["status", "--lang=DA"], {"KMTRACK_LANG": "en"}, "da"),
        (["--lang", "da", "status", "--lang", "en"], DANISH, "en"),
        (["contact", "add", "--", "--lang", "en"], DANISH, "da"),
        (["status", "--lang"], DANISH, "da"),
        (["status", "--lang", "--", "en"], DANISH, "da"),
        ([], {"KMTRACK_LANG": "en", **DANISH}, "en"),
        ([], {"KMTRACK_LANG": "", **DANISH}, "da"),
        ([], {"KMTRACK_LANG": "da_DK", "LANG": "C"}, "da"),
        ([], {"KMTRACK_LANG": "da-DK", "LANG": "C"}, "da"),
        ([], {"KMTRACK_LANG": "da_DK.UTF-8", "LANG": "C"}, "da"),
        ([], {"KMTRACK_LANG": "en_GB.UTF-8", **DANISH}, "en"),
    ],
)
def test_the_command_line_goes_before_the_environment(
    arguments: Sequence[str], environment: Mapping[str, str], language: str
) -> None:
    assert language_of(arguments, environment) == language


@posix
@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({}, "en"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({"LANG": "POSIX"}, "en"),
        ({"LANG": "en_DK.UTF-8"}, "en"),
        ({"LANG": "da"}, "da"),
        ({"LANG": "da_DK"}, "da"),
        ({"LANG": "da.UTF-8"}, "da"),
        ({"LANG": "da_DK@euro"}, "da"),
        ({"LANG": "danish"}, "da"),
        ({"LANG": "dav_KE.UTF-8"}, "en"),  # Taita, of Kenya
        ({"LC_ALL": "C", "LC_MESSAGES": "da_DK", "LANG": "da_DK"}, "en"),
        ({"LC_ALL": "", "LC_MESSAGES": "da_DK", "LANG": "en_GB"}, "da"),
    ],
)
def test_the_locale(environment: Mapping[str, str], language: str) -> None:
    assert language_of([], environment) == language


@pytest.mark.parametrize(
    ("identifier", "language"), [(0x0406, "da"), (0x0409, "en"), (0x0006, "da"), (0x0414, "en")]
)
def test_windows_asks_for_the_language_of_the_screen(
    identifier: int, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    kernel = SimpleNamespace(GetUserDefaultUILanguage=lambda: identifier)
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr(ctypes, "windll", SimpleNamespace(kernel32=kernel), raising=False)
    assert language_of([], {"LANG": "ja_JP.UTF-8"}) == language


@pytest.mark.parametrize("value", ["xx", "", "dansk", "--json", "da_DK"])
def test_an_unknown_language_is_wrong_usage(value: str) -> None:
    with refuses("unknown_language") as refusal:
        language_of(["status", "--lang", value], {})
    assert refusal.value.exit_code == 2
    assert refusal.value.facts == {"value": value}


def test_an_unknown_language_in_the_environment_is_wrong_usage_too() -> None:
    with refuses("unknown_language"):
        language_of(["status"], {"KMTRACK_LANG": "sv"})


@posix
@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({"LANG": "da_DK"}, "da"),
        ({"LANG": "C"}, "en"),
        ({"LANG": "C", "KMTRACK_LANG": "da"}, "da"),
        ({"LANG": "da_DK", "KMTRACK_LANG": "en"}, "en"),
        ({"LANG": "da_DK", "KMTRACK_LANG": "sv"}, "da"),
    ],
)
def test_an_unknown_language_is_refused_in_the_one_spoken_without_it(
    environment: Mapping[str, str], language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(i18n, "_current", "en" if language == "da" else "da")
    with refuses("unknown_language"):
        choose_language(["--lang", "xx"], environment)
    assert i18n.current() == language


def test_the_language_that_is_chosen_is_spoken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(i18n, "_current", "da")
    choose_language(["status", "--lang", "en"], DANISH)
    assert i18n.current() == "en"


@pytest.mark.parametrize(
    ("typed", "hoisted"),
    [
        ([], []),
        (["status"], ["status"]),
        (["export", "x.xlsx", "--lang", "da"], ["--lang=da", "export", "x.xlsx"]),
        (["status", "--ledger", "a b=c.db"], ["--ledger=a b=c.db", "status"]),
        (["status", "--ledger=a.db", "--json"], ["--ledger=a.db", "status", "--json"]),
        (["--lang", "da", "why", "--ledger", "x"], ["--lang=da", "--ledger=x", "why"]),
        (["why", "--lang="], ["--lang=", "why"]),
        (["add", "--", "--lang", "da"], ["add", "--", "--lang", "da"]),
        (["--lang", "en", "add", "--", "--ledger=x"], ["--lang=en", "add", "--", "--ledger=x"]),
        (["add", "--language", "da"], ["add", "--language", "da"]),
        (["status", "--ledger"], ["--ledger"]),
        (["--lang=da", "status", "--ledger"], ["--lang=da", "--ledger"]),
        (["status", "--ledger", "--", "x"], ["--ledger"]),
        (["undo", "--no-input", "--lang", "da"], ["--lang=da", "--no-input", "undo"]),
        (["--no-input", "undo"], ["--no-input", "undo"]),
        (["add", "--", "--no-input"], ["add", "--", "--no-input"]),
    ],
)
def test_global_options_may_stand_anywhere(typed: list[str], hoisted: list[str]) -> None:
    assert hoist_globals(typed) == hoisted


def test_hoisting_twice_changes_nothing() -> None:
    once = hoist_globals(["why", "x", "--lang", "da", "--ledger", "l", "--", "--lang"])
    assert hoist_globals(once) == once


@pytest.mark.parametrize(
    ("hoisted", "words"),
    [
        ([], [None, None]),
        (["--lang=da"], [None, None]),
        (["status", "--json"], ["status", "--json"]),
        (["--lang=da", "--ledger=status", "contact", "add"], ["contact", "add"]),
        (["--help", "contact"], ["--help", "contact"]),
        (["--ledger"], [None, None]),
        (["--no-input", "undo"], ["undo", None]),
    ],
)
def test_the_command_is_the_first_word(hoisted: list[str], words: list[str | None]) -> None:
    assert commands_in(hoisted) == words


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("da", "Fuldførelse er installeret for bash i kmtrack.sh; åbn et nyt vindue\n"),
        ("en", "Completion for bash has been installed in kmtrack.sh; open a new terminal\n"),
    ],
)
def test_completion_is_installed_in_ones_language(
    empty_runner: Runner, monkeypatch: pytest.MonkeyPatch, lang: str, said: str
) -> None:
    monkeypatch.setattr(shells, "_get_shell_name", lambda: "bash")
    monkeypatch.setattr(shells, "install", lambda shell: (shell, "kmtrack.sh"))
    assert empty_runner("--install-completion", lang=lang) == (0, said, "")


def test_a_shell_without_completion_is_refused(
    empty_runner: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shells, "_get_shell_name", lambda: "tcsh")
    refused = empty_runner("--install-completion", lang="da")
    assert (refused.code, refused.out) == (2, "")
    assert refused.err.startswith("Fejl: fuldførelse findes ikke til »tcsh«; brug bash, zsh,")
