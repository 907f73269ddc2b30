"""Nothing that a ledger, a file's name or a contract holds is obeyed by the terminal that shows it."""

from __future__ import annotations

import json
import shutil
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Final

import pytest

import terminals
from cli_runner import A_RECORD

if TYPE_CHECKING:
    from pathlib import Path

    from cli_runner import Runner

pytestmark = pytest.mark.files

EVIL: Final = "\x1b[31m\x9b2J\u202e\x07[bold]\r"
# A hostile ledger: every text of its rows is altered.
SPOILED: Final = {
    "company": ("name",),
    "contact": ("note", "broker"),
    "person": ("name",),
    "collaboration": ("title", "institution"),
    "command": ("name", "reason", "recorded_by"),
    "broker": ("council",),
}
READING: Final = (
    ("status", "--by", "broker"),
    ("company", "list"),
    ("company", "show", "13748136"),
    ("contact", "list", "--all"),
    ("collaboration", "list"),
    ("followup", "due", "--until", "31.12.2011"),
    ("history", "--all"),
    ("why", "new-contacts"),
    ("person", "show", "Inger"),
    ("person", "stale", "--before", "1.1.2012"),
    ("broker", "list"),
    ("survey", "due"),
    ("undo", "--dry-run"),
    ("check",),
)


@pytest.fixture
def evil(stocked: Runner) -> Runner:
    visit = ("--date", "2011-03-02", "--person", "Inger", "--note", "x", "--next", "2.9.2011")
    stocked.done("contact", "add", "13748136", *visit)
    kind = ("--kind", "project", "--title", "t", "--institution", "i")
    stocked.done("collaboration", "add", "13748136", *kind, "--agreed", "2011-03-02")
    with closing(sqlite3.connect(stocked.ledger)) as bare:
        for table, columns in SPOILED.items():
            for column in columns:
                bare.execute(f"UPDATE {table} SET {column} = {column} || ?", (EVIL,))
        bare.commit()
    return stocked


def _harmless(shown: str) -> bool:
    """Return whether nothing but lines, and cells between tabs, would reach the terminal."""
    return shown.replace("\n", "").replace("\t", "").isprintable()


@pytest.mark.everyday(4)
@terminals.posix
@pytest.mark.parametrize("command", READING, ids="-".join)
def test_a_spoiled_ledger_is_drawn_and_not_obeyed(evil: Runner, command: tuple[str, ...]) -> None:
    shown = terminals.seen("--ledger", str(evil.ledger), *command)
    assert shown.code in {0, 1, 2}
    assert shown.plain.replace("\n", "").isprintable(), ascii(shown.text)


@pytest.mark.everyday(15)
@pytest.mark.parametrize("form", [(), ("--json",), ("--csv",)], ids=["lines", "json", "csv"])
@pytest.mark.parametrize("command", READING, ids="-".join)
def test_a_spoiled_ledger_is_shown_and_not_obeyed(
    evil: Runner, command: tuple[str, ...], form: tuple[str, ...]
) -> None:
    outcome = evil(*command, *form)
    assert outcome.code in {0, 1, 2}
    assert _harmless(outcome.out + outcome.err)
    if form == ("--json",) and outcome.out:
        json.loads(outcome.out)


def test_a_record_that_is_explained_is_not_obeyed(evil: Runner) -> None:
    listed = evil("contact", "list").out
    for id_ in sorted({found[0] for found in A_RECORD.finditer(listed)}):
        for command in (("why", id_), ("contact", "show", id_)):
            assert _harmless(evil(*command).out)


def test_the_name_of_a_file_is_not_obeyed(stocked: Runner, tmp_path: Path) -> None:
    file = tmp_path / f"{EVIL}.db"
    shutil.copy(stocked.ledger, file)
    for command in (("merge", str(file)), ("backup", str(tmp_path / f"{EVIL}-folder"))):
        outcome = stocked(*command)
        assert outcome.code == 0
        assert _harmless(outcome.out + outcome.err)
