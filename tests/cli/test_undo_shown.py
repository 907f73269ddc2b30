"""What an undo or redo shows before it asks: the records, what changes in them, and the counts."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import pytest

from builders import CVR

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from cli_runner import Outcome, Runner


def _add(run: Runner, *words: str) -> str:
    return str(json.loads(run.done(*words, "--json"))["id"])


VISIT = ("--date", "2011-03-14", "--note", "vil høre mere", "--person", "Inger Holm")


@pytest.mark.parametrize(
    ("lang", "shown", "count"),
    [
        ("da", "besøg hos Århus Smedje ApS, mandag 14.03.2011, JH", "1 -> 0 tæller"),
        ("en", "visit to Århus Smedje ApS, Monday 2011-03-14, JH", "1 -> 0 counted"),
    ],
)
def test_an_undo_shows_the_record_and_what_the_counts_become(
    stocked: Runner, lang: str, shown: str, count: str
) -> None:
    contact = _add(stocked, "contact", "add", CVR, *VISIT)
    lines = stocked.done("undo", "--dry-run", lang=lang).splitlines()
    (line,) = [line for line in lines if contact in line]
    assert f"{contact}: {shown}" in line
    assert line[:-1].endswith(("Inger Holm, »vil høre mere", "Inger Holm, “vil høre mere"))
    assert any(
        "Inger Holm" in line and contact not in line for line in lines
    )  # the person goes too
    assert any(count in line for line in lines)


def test_an_undo_of_an_edit_shows_before_and_after(stocked: Runner) -> None:
    contact = _add(stocked, "contact", "add", CVR, *VISIT)
    stocked.done("contact", "edit", contact, "--channel", "e-mail", "--note", "kort")
    expected = (
        f"    Contact {contact} (Århus Smedje ApS, 2011-03-14): Channel: email -> visit · Note: "
    )
    assert f"{expected}kort -> vil høre mere\n" in stocked.done("undo", "--yes")
    again = stocked.done("redo", "--yes")
    assert "1 contact changed again" in again
    assert "Channel: visit -> email · Note: vil høre mere -> kort\n" in again
    assert "1 -> 0 counted" in again


def test_an_undo_of_an_amendment_shows_the_terms(stocked: Runner) -> None:
    stocked.done("contract", "amend", "--minimum", "hires=75")
    assert "Hires of highly educated staff, minimum: 75 -> 50" in stocked.done("undo", "--yes")


def test_records_of_every_kind_are_named(stocked: Runner) -> None:
    stocked.done("method", "add", "Behovssamtalen", "--kind", "method")
    assert "Behovssamtalen" in stocked.done("undo", "--yes")
    stocked.done("company", "edit", CVR, "--employees", "300", "--from", "2011-05-01")
    out = stocked.done("undo", "--yes")
    assert "(Århus Smedje ApS): from 2011-05-01: " in out
    stocked.done("hire", "add", CVR, "--level", "phd", "--agreed", "2011-05-02")
    assert "PhD at Århus Smedje ApS" in stocked.done("undo", "--yes")
    stocked.done("broker", "add", "XY")
    assert "Contact broker XY" in stocked.done("undo", "--yes")


@pytest.mark.slow
def test_of_many_records_the_first_are_shown(stocked: Runner, tmp_path: Path) -> None:
    file = tmp_path / "liste.csv"
    rows = "".join(f"Firma {number};Viborg\n" for number in range(1200))
    file.write_text(f"Navn;Kommune\n{rows}", encoding="utf-8")
    stocked.done("import", str(file), "--yes")
    out = stocked.done("undo", "--dry-run")
    assert out.count(": Firma ") == 10
    assert "1190 more" in out
    data = json.loads(stocked.done("undo", "--dry-run", "--json"))
    assert len(data["records"]) == 1200
    assert data["records"][0]["facts"]["name"].startswith("Firma ")
    assert data["records"][-1]["facts"] is None


def test_as_data_the_changes_are_given(stocked: Runner) -> None:
    contact = _add(stocked, "contact", "add", CVR, *VISIT)
    stocked.done("contact", "edit", contact, "--channel", "e-mail")
    data = json.loads(stocked.done("undo", "--yes", "--json"))
    (record,) = data["records"]
    assert record["changes"] == {"channel": ["email", "visit"]}
    assert record["facts"]["note"] == "vil høre mere"


@pytest.fixture
def answering(stocked: Runner, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Outcome]:
    """Run a command at a terminal where every question is answered with one line."""

    class Keyboard:
        def __init__(self, line: str) -> None:
            self.line = line

        def isatty(self) -> bool:
            return True

        def readline(self) -> str:
            return self.line

    def run(line: str, *words: str, lang: str = "en") -> Outcome:
        monkeypatch.setattr(sys, "stdin", Keyboard(line))
        monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
        return stocked(*words, lang=lang)

    return run


@pytest.mark.parametrize("line", ["n\n", "\n", "nej\n", ""])
@pytest.mark.parametrize(
    ("lang", "said"), [("da", "Intet er ændret."), ("en", "Nothing was changed.")]
)
def test_a_plain_no_is_no_error(
    answering: Callable[..., Outcome], line: str, lang: str, said: str
) -> None:
    outcome = answering(line, "undo", lang=lang)
    assert (outcome.code, outcome.out) == (1, "")
    assert outcome.err.endswith(f"{said}\n")
    assert "Fejl" not in outcome.err
    assert "Error" not in outcome.err


def test_a_no_to_a_doubt_is_no_error_either(answering: Callable[..., Outcome]) -> None:
    words = ("company", "add", "Mols Bogtrykk", "--municipality", "Silkeborg")
    outcome = answering("n\n", *words)
    assert (outcome.code, outcome.err.endswith("Nothing was changed.\n")) == (1, True)
    assert "Error" not in outcome.err


def test_where_nobody_can_be_asked_it_is_an_error(stocked: Runner) -> None:
    outcome = stocked("undo")
    assert outcome.code == 1
    assert outcome.err.endswith("Error: nothing was changed; answer yes, or add --yes\n")
