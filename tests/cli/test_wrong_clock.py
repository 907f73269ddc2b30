"""A clock that is wrong: doubted before anything is stored by it, and reported afterwards."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

import servers
from keyboard import typing_at
from kmtrack.clock import Clock, latest_believed

if TYPE_CHECKING:
    from collections.abc import Callable

    from cli_runner import Runner

CVR: Final = "13748136"


@pytest.fixture
def set_clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Return what sets the clock of this computer, without saying so to the program."""

    def to(moment: str) -> None:
        now = datetime.fromisoformat(moment).replace(tzinfo=UTC)
        clock = Clock(now.date(), moment=now)
        monkeypatch.setattr("kmtrack.cli.globals.clock_from", lambda _: clock)

    to("2026-11-27T10:00:00")
    return to


def _contact(runner: Runner, day: str, *more: str, lang: str = "en") -> tuple[int, str]:
    outcome = runner("contact", "add", CVR, "--date", day, *more, lang=lang)
    return outcome.code, outcome.err


def test_a_clock_far_ahead_is_refused_where_nobody_can_be_asked(
    stocked: Runner, set_clock: Callable[[str], None], tmp_path: Path
) -> None:
    assert _contact(stocked, "2011-06-01", "--yes")[0] == 0
    set_clock("2099-05-05T12:00:00")
    before = stocked.done("history", "--json")
    for lang, said in (("en", "the clock of this computer says 2099"), ("da", "uret på denne")):
        code, told = _contact(stocked, "2011-06-02", lang=lang)
        assert (code, told.count("\n")) == (1, 1)
        assert said in told
        assert "--yes" in told
    assert stocked.done("history", "--json") == before
    assert not list(tmp_path.rglob("*2099*"))  # nor a copy of a day that is none
    assert _contact(stocked, "2011-06-02", "--yes")[0] == 0


WRITING: Final = (
    ("contact", "add", CVR, "--date", "2011-06-02"),
    ("company", "add", "Ny", "--municipality", "Viborg"),
    ("company", "edit", CVR, "--employees", "41"),
    ("broker", "add", "AB"),
    ("broker", "edit", "JH", "--council", "Skive Erhvervsråd"),
    ("broker", "me", "AB"),
    ("contract", "amend", "--minimum", "hires=60", "--reason", "x"),
    ("deliverable", "log", "project-management", "--text", "x"),
    ("method", "add", "Ny metode", "--kind", "method"),
    ("import", "rows.csv"),
    ("undo", "--yes"),
)


@pytest.mark.parametrize("words", WRITING, ids=lambda words: " ".join(words[:2]))
def test_every_command_that_writes_takes_yes(
    stocked: Runner,
    set_clock: Callable[[str], None],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    words: tuple[str, ...],
) -> None:
    if servers.IN_USE and words[:2] == ("broker", "me"):
        pytest.skip("who one is, is known by the login")
    monkeypatch.chdir(tmp_path)
    Path("rows.csv").write_text(f"company,date\n{CVR},2011-06-03\n", encoding="utf-8")
    set_clock("2099-05-05T12:00:00")
    plain = tuple(word for word in words if word != "--yes")
    if plain != ("undo",):
        outcome = stocked(*plain)
        assert outcome.code == 1, outcome
        assert "the clock of this computer says 2099" in outcome.err
    assert stocked(*plain, "--yes").code == 0


@pytest.mark.parametrize(("answer", "code"), [("n", 1), ("y", 0)])
def test_a_clock_far_ahead_is_asked_about_at_a_terminal(
    stocked: Runner,
    set_clock: Callable[[str], None],
    monkeypatch: pytest.MonkeyPatch,
    answer: str,
    code: int,
) -> None:
    set_clock("2027-05-05T12:00:00")
    typing_at(monkeypatch)(answer)
    outcome = stocked("contact", "add", CVR, "--date", "2011-06-02")
    assert outcome.code == code
    assert "Is that right?" in outcome.err
    contacts = json.loads(stocked.done("contact", "list", "--json"))
    assert len(contacts) == 1 + (code == 0)


def test_a_ledger_that_was_left_alone_for_a_year_is_not_doubted(
    stocked: Runner, set_clock: Callable[[str], None]
) -> None:
    set_clock("2012-07-30T12:00:00")
    assert _contact(stocked, "2011-06-02")[0] == 0


def test_a_day_that_is_set_is_not_doubted(stocked: Runner, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KMTRACK_TODAY", "2099-05-05")
    assert _contact(stocked, "2011-06-02") == (0, "")
    monkeypatch.setenv("KMTRACK_TODAY", "2011-06-30")
    assert _contact(stocked, "2011-06-03") == (0, "")


def test_a_last_command_in_the_future_is_reported_by_each_write_and_by_check(
    stocked: Runner, set_clock: Callable[[str], None]
) -> None:
    set_clock("2099-05-05T12:00:00")
    _contact(stocked, "2011-06-01", "--yes")
    set_clock("2026-11-27T10:00:00")
    for day, lang, said in (
        ("2011-06-02", "en", "which is in the future"),
        ("2011-06-03", "da", "som ligger i fremtiden"),
    ):
        code, told = _contact(stocked, day, lang=lang)
        assert (code, told.count("\n")) == (0, 1), told
        assert said in told
        assert "kmtrack history correct-time" in told
    assert "2099" not in stocked("status").err  # which writes nothing
    for lang, said in (("en", "Commands by JH are dated up to"), ("da", "er dateret helt til")):
        found = stocked("check", lang=lang)
        assert found.code == 0
        assert said in found.out
    [issue] = [
        each
        for each in json.loads(stocked.done("check", "--json"))["doubts"]
        if each["kind"] == "ahead_of_clock"
    ]
    first, last = map(int, issue["facts"]["numbers"].split("-"))
    assert last - first == 2
    # Each entry stays after the one before.
    moments = [each["recorded_at"] for each in json.loads(stocked.done("history", "--json"))]
    assert moments == sorted(moments)
    assert len(set(moments)) == len(moments)


def test_a_clock_that_is_set_back_loses_nothing(
    stocked: Runner, set_clock: Callable[[str], None]
) -> None:
    """Back and forth: each command is after the one before, and is reported where that is ahead."""
    for now, day in (
        ("2026-11-27T10:00:00", 1),
        ("2012-01-01T00:00:00", 2),
        ("2026-11-27T11:00:00", 3),
    ):
        set_clock(now)
        code, told = _contact(stocked, f"2011-06-0{day}", "--yes")
        assert (code, "is in the future" in told) == (0, now < "2020"), told
    moments = [each["recorded_at"] for each in json.loads(stocked.done("history", "--json"))]
    assert moments == sorted(moments)
    assert servers.IN_USE or moments[-1] == "2026-11-27T11:00:00.000000Z"


def _corrected(runner: Runner, set_clock: Callable[[str], None], *more: str) -> str:
    """Give a command with a wrong clock and two after it, and put them right; return what is said."""
    set_clock("2099-05-05T12:00:00")
    _contact(runner, "2011-06-01", "--yes")
    set_clock("2026-11-27T10:00:00")
    for day in ("2011-06-02", "2011-06-03"):
        _contact(runner, day)
    [issue] = [
        each
        for each in json.loads(runner.done("check", "--json"))["doubts"]
        if each["kind"] == "ahead_of_clock"
    ]
    numbers = issue["facts"]["numbers"]
    words = ("history", "correct-time", numbers, "--to", "2026-11-27 09:00", "--reason", "ur")
    return runner.done(*words, *more)


def test_a_wrong_time_is_put_right_and_new_commands_get_ordinary_ones(
    stocked: Runner, set_clock: Callable[[str], None]
) -> None:
    said = _corrected(stocked, set_clock)
    assert said.count("2099-05-05") == 3
    assert said.count(" -> 2026-11-27 09:00") == 3
    assert "take it back with: kmtrack undo" in said
    set_clock("2026-11-27T11:00:00")
    assert _contact(stocked, "2011-06-04") == (0, "")
    history = json.loads(stocked.done("history", "--json"))
    assert history[-1]["recorded_at"] == "2026-11-27T11:00:00.000000Z"
    assert [each["stated_at"] is not None for each in history].count(True) == 3
    assert "(the clock said 2099-05-05" in stocked.done("history")
    assert "in the future" not in stocked.done("check")
    before = stocked.done("status", "--known-at", "2026-11-27 08:59", "--json")
    after = stocked.done("status", "--known-at", "2026-11-27 09:30", "--json")
    assert before != after  # what is known at a moment goes by the corrected times
    undone = stocked.done("undo", str(history[-2]["number"]), "--yes")
    assert undone.count(" -> 2099-05-05") == 3
    assert stocked("redo", "--yes").code == 0
    assert "in the future" not in stocked.done("check")


def test_a_correction_in_danish_and_as_data(
    stocked: Runner, set_clock: Callable[[str], None]
) -> None:
    found = json.loads(_corrected(stocked, set_clock, "--json"))
    assert [each["after"][:16] for each in found["commands"]] == ["2026-11-27T09:00"] * 3
    first = str(found["commands"][0]["number"])
    for words in (("historik", "ret-tid"), ("history", "ret-tid"), ("historik", "correct-time")):
        outcome = stocked(*words, first, "--til", "2.1.2100", "--reason", "x", lang="da")
        assert outcome.code == 1
        assert "er ikke nået endnu" in outcome.err
    for typed, said in (
        ("x", "number"),
        ("7-4", "NUMBER[-NUMBER]"),
        ("0", "NUMBER[-NUMBER]"),
        ("4-", "NUMBER[-NUMBER]"),
        ("999999", "999999"),
    ):
        outcome = stocked("history", "correct-time", typed, "--to", "2026-11-27", "--reason", "x")
        assert (outcome.code, outcome.err.count("\n")) == (1, 1)
        assert said in outcome.err


def test_what_is_missing_is_told_with_whole_placeholders(stocked: Runner) -> None:
    for words, example in (
        (
            ("history", "correct-time", "3"),
            "correct-time NUMBER[-NUMBER] --to DATE [TIME] --reason TEXT",
        ),
        (("merge",), "kmtrack merge FILE"),
    ):
        assert stocked(*words).err.endswith(f"{example}\n")


def test_history_of_something_is_no_correction(stocked: Runner) -> None:
    assert stocked("history", "mols").code == 0
    assert stocked("historik", "mols").code == 0
    assert "Usage: kmtrack history correct-time" in stocked.done("help", "history", "correct-time")
    assert "kmtrack historik" not in stocked("history", "--help").out


def test_the_last_minute_of_all_is_believed() -> None:
    assert latest_believed("9999-12-31T23:59:59.000000Z") == "9999-12-31T23:59:59.999999Z"
    assert latest_believed("2011-06-30T12:00:00.000000Z") == "2011-06-30T12:10:00.000000Z"


@pytest.mark.parametrize(
    "day", ["0001-01-01", "1899-12-31", "2101-01-01", "9999-12-31", "x" * 9000]
)
def test_a_day_set_to_no_year_of_ours_is_refused(
    stocked: Runner, monkeypatch: pytest.MonkeyPatch, day: str
) -> None:
    """From the last day of the calendar on, "today" found no week ahead, and each entry was later still."""
    monkeypatch.setenv("KMTRACK_TODAY", day)
    for lang, said in (("en", "of the years 1900-2100"), ("da", "i årene 1900-2100")):
        outcome = stocked("today", lang=lang)
        assert outcome.code == 2
        assert said in outcome.err
        assert len(outcome.err) < 200
