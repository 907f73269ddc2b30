"""Lines on a screen: broken between words on a terminal, and left alone in a pipe."""

from __future__ import annotations

import io
import os
import shlex
from typing import TYPE_CHECKING

import pytest

from kmtrack.views.screen_lines import command_on_screen, on_screen

if TYPE_CHECKING:
    from cli_runner import Runner


class Screen(io.StringIO):
    """A stream that goes to a terminal."""

    def fileno(self) -> int:
        return 2


def broken(text: str, columns: int, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    monkeypatch.setattr(os, "get_terminal_size", lambda _: os.terminal_size((columns, 24)))
    return on_screen(text, Screen()).split("\n")


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("short", ["short"]),
        ("just as wide as the scrn", ["just as wide as the scrn"]),
        ("one word more than there is room", ["one word more than there", "is room"]),
        ("  an indent is kept on every line", ["  an indent is kept on", "  every line"]),
        ("one\nand two lines that are too long", ["one", "and two lines that are", "too long"]),
        ("a blank at the end stays [j/N] ", ["a blank at the end stays", "[j/N] "]),
        ("averyveryverylongwordthatfitsnowhere it is", ["averyveryverylongwordthatfitsnowhere", "it is"]),
        ("æøå take one column: å", ["æøå take one column: å"]),
        ("日本語日本 take two of them", ["日本語日本 take two of", "them"]),
        (
            "see them with: kmtrack company list --json, or not",
            ["see them with:", "kmtrack company list    --json,", "or not"],
        ),
    ],
)  # fmt: skip
def test_a_line_is_broken_between_words(
    text: str, lines: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert broken(text, 24, monkeypatch) == lines


@pytest.mark.parametrize(
    "command",
    [
        "kmtrack company edit 48013744 --municipality KOMMUNE",
        "/opt/programs/a-long-folder/bin/kmtrack status hires --as-of 2011-12-31",
        "kmtrack contact add Hede --note 'a, b; two  blanks'",
        "kmtrack contact add abcdefgh --note 'a, b; two  blanks'",
    ],
)
@pytest.mark.parametrize("indent", ["", "    "])
def test_a_command_is_one_line_that_the_terminal_breaks_between_words(
    command: str, indent: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "get_terminal_size", lambda _: os.terminal_size((24, 24)))
    shown = command_on_screen(command, indent, Screen())
    assert shlex.split(shown) == shlex.split(command)
    rows = [shown[at : at + 24] for at in range(0, len(shown), 24)]
    words = [word for word in shlex.split(command) if len(word) + len(indent) <= 24]
    assert all(any(word in row for row in rows) for word in words)
    assert all(row.startswith(indent) for row in rows if command.startswith("kmtrack"))
    in_a_text = "\n".join(broken(f"Missing: {command}", 24, monkeypatch))
    if command.startswith("kmtrack company"):
        assert in_a_text == f"Missing:\n{command_on_screen(command, '', Screen())}"


def test_nothing_is_broken_where_there_is_no_width(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "word " * 30
    assert broken(text, 0, monkeypatch) == [text]
    assert on_screen(text, io.StringIO()) == text


def test_a_refusal_in_a_pipe_is_one_line(stocked: Runner) -> None:
    outcome = stocked(
        "contact", "add", "nowhere at all and much longer than any screen is wide" * 2
    )
    assert (outcome.code, len(outcome.err.splitlines())) == (1, 1)
