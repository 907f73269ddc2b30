"""What people get wrong: for each slip the exit code and the one line shown, in both languages."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pytest
from cli_runner import Runner

if TYPE_CHECKING:
    from pathlib import Path


class Slip(NamedTuple):
    """A command that is refused, and the line that says so in Danish and in English."""

    name: str
    command: tuple[str, ...]
    code: int
    danish: str
    english: str


ADD = ("company", "add")
VISIT = ("contact", "add", "13748136")
JOB = ("collaboration", "add", "13748136", "--kind", "praktik")
HIRE = ("hire", "add", "13748136")

SLIPS = [
    Slip("placeholder", (), 0, "", ""),
]


@pytest.mark.parametrize("slip", SLIPS, ids=lambda slip: slip.name)
@pytest.mark.parametrize("lang", ["da", "en"])
def test_one_line_says_what_was_wrong(stocked: Runner, slip: Slip, lang: str) -> None:
    before = stocked.ledger.read_bytes()
    outcome = stocked(*slip.command, lang=lang)
    assert outcome.code == slip.code, outcome
    assert outcome.out == ""
    expected = slip.danish if lang == "da" else slip.english
    prefix = "Fejl: " if lang == "da" else "Error: "
    assert outcome.err == f"{prefix}{expected}\n"
    assert stocked.ledger.read_bytes() == before


def test_no_secret_path(tmp_path: Path) -> None:
    assert tmp_path.exists()
