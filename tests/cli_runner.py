"""Run commands through the real entry point, and compare their output with golden files."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from unittest.mock import patch

import servers
from kmtrack.cli.main import main
from terminals import Terminal, seen

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import pytest

GOLDEN = Path(__file__).parent / "cli" / "golden"
# The Danish words "samarbejder" and "medarbejder" have the form of an id.
A_RECORD = re.compile(r"\b(?!(?:sam|med)arbejder\b)[cpkshmvfbdqt][0-9abcdefghjkmnpqrstvwxyz]{10}\b")
_STAMP = re.compile(r"(-\d{4}-\d\d-\d\d)-\d{12}\b")
_TIME = re.compile(r"\b\d\d:\d\d:\d\d\b(?!\.)")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")


class Outcome(NamedTuple):
    """Exit code and output of a command."""

    code: int
    out: str
    err: str


class Runner:
    """Runs commands in this process, on the ledger of this test."""

    def __init__(self, folder: Path, capture: pytest.CaptureFixture[str]) -> None:
        self.ledger = servers.place_in(folder) if servers.IN_USE else folder / "ledger.db"
        self._capture = capture

    def __call__(self, *arguments: str, lang: str = "en") -> Outcome:
        """Run a command in `lang` and return its outcome."""
        self._capture.readouterr()
        # Set in the environment: `--ledger` would appear in every command that a message suggests.
        with patch.dict(os.environ, {"KMTRACK_LEDGER": str(self.ledger)}):
            code = main(["--lang", lang, *arguments])
        captured = self._capture.readouterr()
        return Outcome(code, captured.out, captured.err)

    def done(self, *arguments: str, lang: str = "en") -> str:
        """Run a command that must succeed, and return its stdout."""
        outcome = self(*arguments, lang=lang)
        assert outcome.code == 0, outcome.err
        return outcome.out


def run_in(folder: Path, commands: Iterable[Sequence[str]]) -> None:
    """Run commands that must succeed on the ledger file of a folder, outside of any one test."""
    with patch.dict(os.environ, {"KMTRACK_LEDGER": str(folder / "ledger.db")}):
        for words in commands:
            assert main(["--lang", "en", *words]) == 0, words


class Transcript:
    """Commands with their output, with ids and timestamps normalised."""

    def __init__(self, runner: Runner, lang: str, folder: Path) -> None:
        self.runner = runner
        self.lang = lang
        self._folder = str(folder)
        self._lines: list[str] = []
        self._ids: dict[str, str] = {}

    def run(self, *arguments: str, code: int = 0) -> Outcome:
        """Run a command, assert its exit code, and add it to the transcript."""
        outcome = self.runner(*arguments, lang=self.lang)
        assert outcome.code == code, outcome.out + outcome.err
        typed = " ".join(f'"{word}"' if " " in word or not word else word for word in arguments)
        self._lines.append(f"$ kmtrack {typed}")
        if outcome.out:
            self._lines.append(outcome.out.rstrip("\n"))
        if outcome.err:
            self._lines.extend(f"! {line}" for line in outcome.err.rstrip("\n").split("\n"))
        if code:
            self._lines.append(f"[{code}]")
        self._lines.append("")
        return outcome

    def see(self, *arguments: str, typed: str = "") -> None:
        """Add what a command shows on a terminal of 80 columns, without its colours."""
        place = str(self.runner.ledger)
        shown = seen("--lang", self.lang, *arguments, typed=typed, KMTRACK_LEDGER=place)
        assert shown.code == 0, shown.text
        self._lines.extend((f"$ kmtrack {' '.join(arguments)}", shown.plain.rstrip("\n"), ""))

    def glance(self, *arguments: str) -> int:
        """Add what is on a window of 80 by 24 after a command; return how many lines it printed."""
        place = str(self.runner.ledger)
        with Terminal(*arguments, KMTRACK_LEDGER=place, KMTRACK_LANG=self.lang) as terminal:
            assert terminal.ended() == 0, terminal.text
            self._lines.extend((f"$ kmtrack {' '.join(arguments)}".rstrip(), terminal.text, ""))
            return terminal.lines

    def text(self) -> str:
        """Return the transcript with ids numbered in order of appearance."""
        text = "\n".join(line.rstrip() for line in "\n".join(self._lines).split("\n"))
        # The output for a ledger on a server must equal that for a file.
        text = text.replace(str(self.runner.ledger), "FOLDER/ledger.db")
        text = text.replace(self._folder, "FOLDER")
        text = _MOMENT.sub("2011-06-30T12:00:00.000000Z", text)
        text = _STAMP.sub(r"\1-120000000000", text)
        text = _TIME.sub("12:00:00", text)
        return A_RECORD.sub(self._numbered, text)

    def _numbered(self, match: re.Match[str]) -> str:
        found = match.group(0)
        number = self._ids.setdefault(found, f"{len(self._ids) + 1:0>10}")
        return found[0] + number


def assert_golden(name: str, text: str) -> None:
    """Compare a text with the golden file of that name, which must exist.

    KMTRACK_WRITE_GOLDEN=1 writes it first.
    """
    file = GOLDEN / f"{name}.txt"
    if os.environ.get("KMTRACK_WRITE_GOLDEN"):
        file.write_text(text, encoding="utf-8", newline="\n")
    assert file.is_file(), f"{file} is missing; KMTRACK_WRITE_GOLDEN=1 writes it, to be read"
    assert text == file.read_text(encoding="utf-8")
