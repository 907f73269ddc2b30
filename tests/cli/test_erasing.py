"""What the commands say of an erasure that did not reach everything."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from builders import ledger_in, session_over
from kmtrack.errors import Refusal
from kmtrack.ledger.store.sqlite_file import FileStore
from kmtrack.usecases.merge import merge_ledgers
from kmtrack.usecases.people import erase_persons, find_persons

if TYPE_CHECKING:
    from pathlib import Path

    from cli_runner import Runner

pytestmark = pytest.mark.files
NAME = "Inger Holm"
TOLD = {
    "da": [
        (
            "Navnet kan stadig stå i {spoiled} (beskadiget eller kan ikke læses som et register); "
            "slet filen"
        ),
        (
            "Navnet kan stadig stå i kopier i {away}, som ikke er på denne maskine nu eller ikke kan "
            "læses; kmtrack rydder op ved første ændring, når mappen er der igen"
        ),
    ],
    "en": [
        "The name may still be in {spoiled} (damaged or not readable as a ledger); delete that file",
        (
            "The name may still be in copies in {away}, which is not on this machine now or cannot be "
            "read; kmtrack cleans them with the first change once the folder is there again"
        ),
    ],
}


@pytest.fixture
def spoiled(stocked: Runner, tmp_path: Path) -> Path:
    """Return a copy of a ledger with a person that cannot be read; another folder of copies is away."""
    stocked.done("contact", "add", "13748136", "--date", "2011-03-02", "--person", NAME)
    stocked.done("backup", str(tmp_path / "usb"))
    (tmp_path / "usb").rename(tmp_path / "unplugged")
    stocked.done("backup", str(tmp_path / "stick"))
    [copy] = (tmp_path / "stick").iterdir()
    copy.write_bytes(NAME.encode())
    return copy


@pytest.fixture
def busy(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever compacts a file is told that it is in use."""

    def compact(store: FileStore) -> None:
        raise Refusal("ledger_busy", path=store.path)

    monkeypatch.setattr(FileStore, "compact", compact)


@pytest.fixture
def erased_elsewhere(stocked: Runner, spoiled: Path, tmp_path: Path) -> Path:
    """Return the ledger of another broker, who took in all of the first one and erased a person."""
    (tmp_path / "other").mkdir()
    other = ledger_in(tmp_path / "other")
    with session_over(other, broker="MK") as session:
        merge_ledgers(session, [stocked.ledger])
        erase_persons(session, find_persons(session, NAME)[0])
    return other


def _lines(lang: str, spoiled: Path, tmp_path: Path) -> list[str]:
    return [line.format(spoiled=spoiled, away=tmp_path / "usb") for line in TOLD[lang]]


@pytest.mark.parametrize("lang", ["da", "en"])
def test_an_erasure_tells_what_remains(
    stocked: Runner, spoiled: Path, tmp_path: Path, lang: str
) -> None:
    out = stocked.done("person", "erase", NAME, "--yes", lang=lang).splitlines()
    assert out[1:3] == _lines(lang, spoiled, tmp_path)


@pytest.mark.parametrize("lang", ["da", "en"])
def test_a_merge_that_brings_an_erasure_tells_what_remains(
    stocked: Runner, spoiled: Path, erased_elsewhere: Path, tmp_path: Path, lang: str
) -> None:
    out = stocked.done("merge", str(erased_elsewhere), "--yes", lang=lang).splitlines()
    assert out[-2:] == _lines(lang, spoiled, tmp_path)


def test_a_merge_tells_as_data_what_remains(
    stocked: Runner, spoiled: Path, erased_elsewhere: Path, tmp_path: Path
) -> None:
    told = json.loads(stocked.done("merge", str(erased_elsewhere), "--yes", "--json"))
    assert told["backup"] in told["erased"].pop("cleaned")
    assert told["erased"] == {
        "remaining": [str(spoiled)],
        "why": {str(spoiled): "damaged"},
        "away": [str(tmp_path / "usb")],
        "compacted": True,
    }
    again = json.loads(stocked.done("merge", str(erased_elsewhere), "--yes", "--json"))
    assert again["erased"] is None


@pytest.mark.usefixtures("spoiled", "busy")
def test_an_erasure_whose_file_cannot_be_compacted_is_told_as_stored(stocked: Runner) -> None:
    outcome = stocked("person", "erase", NAME, "--yes", "--json")
    assert outcome.code == 1
    assert json.loads(outcome.out)["compacted"] is False
    assert "the person has been erased, but" in outcome.err
    assert "Nothing was stored" not in outcome.err


def test_a_merge_whose_file_cannot_be_compacted_is_told_as_stored(
    stocked: Runner, erased_elsewhere: Path, request: pytest.FixtureRequest
) -> None:
    request.getfixturevalue("busy")
    outcome = stocked("merge", str(erased_elsewhere), "--yes")
    assert outcome.code == 1
    assert "Merged." in outcome.out
    assert "the person has been erased, but" in outcome.err
    assert "Nothing was stored" not in outcome.err
