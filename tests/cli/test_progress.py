"""A bar while a command works for more than a second: on a terminal only, and gone at its end."""

from __future__ import annotations

import os
import re
import sys
import time
from contextlib import closing, contextmanager, suppress
from typing import TYPE_CHECKING, Any

import pytest

from kmtrack.cli import progress
from kmtrack.ledger.open import open_store
from kmtrack.usecases.check import check_ledger
from kmtrack.usecases.percentage import Percentage
from terminals import posix

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from cli_runner import Runner

pytestmark = pytest.mark.files


class _AtOnce:
    """A timer for which the second is over at once."""

    daemon = False

    def __init__(self, seconds: float, show: Callable[[], None]) -> None:
        assert seconds == 1.0
        self.start = show

    def cancel(self) -> None:
        """Do nothing."""


class Watched:
    """A terminal in the place of stderr, and what was drawn on it."""

    def __init__(self) -> None:
        import pty

        self._ours, theirs = pty.openpty()
        os.set_blocking(self._ours, False)
        self.stream = os.fdopen(theirs, "w", encoding="utf-8")

    def drawn(self) -> str:
        """Return what was drawn since the last time."""
        parts = []
        with suppress(OSError):
            while True:
                parts.append(os.read(self._ours, 1 << 16))
        return b"".join(parts).decode()

    def close(self) -> None:
        """Close both ends."""
        self.stream.close()
        os.close(self._ours)


@contextmanager
def watched() -> Iterator[Watched]:
    """Make stderr a terminal while the block lasts; a fixture would be too early."""
    terminal = Watched()
    with closing(terminal), pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "stderr", terminal.stream)
        patch.setenv("TERM", "xterm-256color")
        yield terminal


def _plain(text: str) -> str:
    return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", text)


@posix
@pytest.mark.parametrize(
    ("command", "lang", "work"),
    [
        ("import", "da", "Indlæser"),
        ("export", "da", "Laver Excel-filen"),
        ("merge", "en", "Merging ledgers"),
        ("check", "da", "Kontrollerer registret"),
        ("restore", "en", "Restoring"),
    ],
)
def test_each_long_command_shows_a_bar(
    stocked: Runner, tmp_path: Path, command: str, lang: str, work: str
) -> None:
    words = _words(stocked, tmp_path, command)
    with watched() as terminal, pytest.MonkeyPatch.context() as patch:
        patch.setattr(progress, "Timer", _AtOnce)
        outcome = stocked(*words, lang=lang)
        shown = _plain(terminal.drawn())
    assert outcome.code == 0
    assert work in shown
    assert "0:00:00" in shown
    assert work not in outcome.out


def _words(stocked: Runner, folder: Path, command: str) -> list[str]:
    if command == "import":
        file = folder / "more.csv"
        file.write_text("company;date;channel\n13748136;2011-03-09;visit\n", encoding="utf-8")
        return ["import", str(file), "--as", "contact"]
    if command == "export":
        return ["export", str(folder / "region.xlsx")]
    if command == "merge":
        stocked.done("bundle", str(folder / "news.db"), "--since", "2011-01-01")
        return ["merge", str(folder / "news.db"), "--yes"]
    if command == "restore":
        stocked.done("backup", str(folder / "kept"))
        (copy,) = (folder / "kept").glob("*.db")
        return ["restore", str(copy), "--yes"]
    return ["check"]


@posix
def test_the_bar_tells_how_much_is_done_and_goes_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "_PATIENCE", 0.01)
    shown, deadline = "", time.monotonic() + 120
    with watched() as terminal:
        with progress.progress("export") as advance:
            advance(42)
            while "42%" not in shown and time.monotonic() < deadline:
                time.sleep(0.02)
                shown += terminal.drawn()
        shown += terminal.drawn()
    assert "42%" in shown
    assert shown.endswith("\x1b[2K")  # its line is wiped


@posix
def test_what_is_done_at_once_shows_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "_PATIENCE", 3600)  # a loaded machine does nothing at once
    with watched() as terminal:
        with progress.progress("check") as advance:
            advance(50)
        assert terminal.drawn() == ""


@posix
def test_whoever_has_the_screen_read_aloud_hears_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "Timer", _AtOnce)
    monkeypatch.setenv("KMTRACK_PLAIN", "1")
    with watched() as terminal:
        with progress.progress("check") as advance:
            advance(50)
        assert terminal.drawn() == ""


def test_a_share_is_told_once_over_several_parts() -> None:
    told: list[int] = []
    share = Percentage(4, told.append, 90)
    assert [*share.over("ab"), *share.over("cdef")] == list("abcdef")
    assert told == [22, 45, 67, 90]


@pytest.mark.parametrize("command", ["import", "export", "merge", "check", "restore"])
def test_in_a_pipe_there_is_none(
    stocked: Runner, tmp_path: Path, command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = _words(stocked, tmp_path, command)

    def no_timer(*_: Any) -> None:
        raise AssertionError

    monkeypatch.setattr(progress, "Timer", no_timer)
    outcome = stocked(*words)
    assert outcome.code == 0
    assert "\x1b" not in outcome.err


def test_a_check_tells_how_far_it_is(stocked: Runner) -> None:
    told: list[int] = []
    with closing(open_store(stocked.ledger)) as store:
        check_ledger(store, (), told.append)
    assert told == sorted(told)
    assert (len(told), told[-1]) == (10, 90)
