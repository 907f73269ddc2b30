"""A broker at a real terminal: keys are pressed and the screen is read."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

import pytest

from terminals import INTERRUPT, Terminal, posix

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [pytest.mark.files, posix]


@pytest.fixture
def ledger(stocked_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a ledger with two companies and a visit, which every command here is for."""
    copy = shutil.copy(stocked_folder / "ledger.db", tmp_path / "ledger.db")
    monkeypatch.setenv("KMTRACK_LEDGER", os.fspath(copy))
    return tmp_path / "ledger.db"


def test_a_day_of_visits(ledger: Path) -> None:
    with Terminal("contact", "add") as terminal:
        terminal.answer("Virksomhed:", "smedje").shows("Århus Smedje ApS, Viborg")
        terminal.answer("Dato [i dag]:", "1/6-2011").answer("Kanal [besøg]:", "telefn")
        terminal.shows("»telefn«", "besøg, møde, telefon").answer("Kanal [besøg]:", "telefon")
        terminal.answer("Hvem talte du med?", "Inger Bjørn").answer("Bemærkning:", "<")
        terminal.answer("Hvem talte du med? [Inger Bjørn]:").answer("Bemærkning:", "æøå")
        terminal.answer("Næste gang?", "1.7.2011").shows("Opfølgende kontakter: tæller som nr. 1")
        terminal.answer("Næste virksomhed", "mols").answer("Dato [01.06.2011]:")
        terminal.answer("Kanal [besøg]:").until("Hvem talte du med?").type(INTERRUPT)
        assert terminal.ended() == 130
        assert terminal.shows("1 registrering er gemt, og ikke andet")


@pytest.mark.parametrize(
    "settings",
    [{"TERM": "dumb"}, {"encoding": "cp850"}, {"encoding": "cp850", "TERM": "dumb"}],
    ids=str,
)
def test_a_terminal_that_shows_lines_only(ledger: Path, settings: dict[str, str]) -> None:
    with Terminal("contact", "add", columns=60, **settings) as terminal:  # type: ignore[arg-type]
        terminal.answer("Virksomhed:", "århus smedje").answer("Dato [i dag]:", "<")
        terminal.answer("Virksomhed [århus smedje]:").answer("Dato [i dag]:", "31.2.")
        terminal.answer("Dato [i dag]:").answer("Kanal [besøg]:", "møde")
        terminal.answer("Hvem talte du med?", "Ærø Åse").answer("Bemærkning:").answer("Næste gang?")
        terminal.shows("Kontakt").until("Næste virksomhed").type("\n")
        assert terminal.ended() == 0
        assert "\x1b" not in terminal.text
        assert "?" not in terminal.text.replace("med?", "").replace("gang?", "")
