"""At a terminal a person is asked which company or record is meant; in a pipe it is refused."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING, Final

import pytest

from cli_runner import run_in
from terminals import Terminal, posix

if TYPE_CHECKING:
    from pathlib import Path

    from cli_runner import Runner

pytestmark = [pytest.mark.files, posix]

# The other companies are Århus Smedje ApS (CVR 13748136, Viborg) and Mols Bogtryk.
ANOTHER: Final = ("company", "add", "Mols", "Vaskeri", "--municipality", "Syddjurs")


@pytest.fixture
def ledger(stocked_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a ledger with a few companies, which every command here is for."""
    copy = shutil.copy(stocked_folder / "ledger.db", tmp_path / "ledger.db")
    monkeypatch.setenv("KMTRACK_LEDGER", os.fspath(copy))
    run_in(tmp_path, [ANOTHER])
    return tmp_path / "ledger.db"


@pytest.mark.parametrize("typed", ["medje", "smejde", "arhus smedjr"])
def test_what_is_nearly_right_is_asked_about(ledger: Path, typed: str) -> None:
    del ledger
    with Terminal("contact", "add", *typed.split(), "--channel", "telefon") as terminal:
        terminal.answer("Mente du Århus Smedje ApS, Viborg? [j/N]", "j")
        assert terminal.ended() == 0
        terminal.shows("Kontakt", "Århus Smedje ApS")


@pytest.mark.parametrize("answer", ["n", "", "nej"])
def test_a_no_stores_nothing(ledger: Path, answer: str) -> None:
    before = ledger.read_bytes()
    with Terminal("contact", "add", "medje") as terminal:
        terminal.answer("Mente du", answer)
        assert terminal.ended() == 1
        terminal.shows("Intet er ændret")
    assert ledger.read_bytes() == before


def test_one_of_several_is_chosen_by_its_number(ledger: Path) -> None:
    del ledger
    with Terminal("company", "show", "mols") as terminal:
        terminal.shows("Flere virksomheder passer til »mols«. Hvilken?", "1 Mols", "2 Mols")
        terminal.answer("1-2:", "3").shows("Skriv et tal fra 1 til 2").answer("1-2:", "2")
        assert terminal.ended() == 0
        terminal.shows("Mols Vaskeri")


def test_an_empty_line_chooses_none(ledger: Path) -> None:
    before = ledger.read_bytes()
    with Terminal("contact", "add", "mols") as terminal:
        terminal.answer("1-2:")
        assert terminal.ended() == 1
    assert ledger.read_bytes() == before


@pytest.mark.parametrize(
    ("typed", "begins"),
    [
        (
            "medje",
            "ingen virksomhed passer til »medje«; mente du Århus Smedje ApS, Viborg? Skriv i så",
        ),
        ("mols", "flere virksomheder passer til »mols«: Mols Bogtryk ("),
        ("k", "ingen virksomhed passer til »k«"),
    ],
)
@pytest.mark.parametrize("option", [[], ["--json"], ["--no-input"]])
def test_in_a_pipe_it_is_refused(
    stocked: Runner, typed: str, begins: str, option: list[str]
) -> None:
    stocked.done(*ANOTHER)
    refused = stocked("contact", "add", typed, *option, lang="da")
    assert (refused.code, refused.out) == (1, "")
    assert refused.err.startswith(f"Fejl: {begins}")
    assert refused.err.count("\n") == 1
