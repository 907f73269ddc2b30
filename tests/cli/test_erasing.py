"""What the commands say of an erasure that did not reach everything."""

from __future__ import annotations

import json
import os
import signal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from builders import ledger_in, session_over
from kmtrack.errors import Refusal
from kmtrack.ledger import copy_origin
from kmtrack.ledger.store.sqlite_file import FileStore
from kmtrack.usecases import clean_up
from kmtrack.usecases.merge import merge_ledgers
from kmtrack.usecases.people import erase_persons, find_persons
from kmtrack.views.xlsx import survey_form

if TYPE_CHECKING:
    from cli_runner import Runner

pytestmark = pytest.mark.files
NAME = "Inger Holm"
TOLD = {
    "da": [
        (
            "Navnet kan stadig stå i {spoiled} (beskadiget eller kan ikke læses som et register; "
            "slet filen)"
        ),
        (
            "Navnet kan stadig stå i kopier i {away}, som ikke er på denne maskine nu eller ikke kan "
            "læses; kmtrack rydder op ved første ændring, når mappen er der igen"
        ),
    ],
    "en": [
        "The name may still be in {spoiled} (damaged or not readable as a ledger; delete that file)",
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
def named_company(stocked: Runner) -> str:
    """Return the id of a company whose name is that of a person."""
    company = ["company", "add", f"Firmaet v/ {NAME}", "--municipality", "Viborg", "--yes"]
    return str(json.loads(stocked.done(*company, "--employees", "4", "--json"))["id"])


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
        "why": ["damaged"],
        "away": [str(tmp_path / "usb")],
        "compacted": True,
    }
    again = json.loads(stocked.done("merge", str(erased_elsewhere), "--yes", "--json"))
    assert again["erased"] is None


INTERRUPTED = {
    "da": (
        "Afbrudt. Sletningen er gemt. Navnet kan stadig stå 2 steder; kmtrack rydder op ved næste "
        "ændring\n"
    ),
    "en": (
        "Interrupted. The erasure is stored. The name may still be in 2 places, which kmtrack cleans "
        "with the next change\n"
    ),
}


def _holding(folder: Path) -> list[Path]:
    files = [path for path in folder.rglob("*") if path.is_file()]
    return [path for path in files if NAME.encode() in path.read_bytes()]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no signal of that kind")
@pytest.mark.parametrize("lang", ["da", "en"])
def test_an_interrupt_waits_until_the_copy_is_clean(
    stocked: Runner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lang: str
) -> None:
    stocked.done("contact", "add", "13748136", "--date", "2011-03-02", "--person", NAME)
    for folder in ("one", "two", "three"):
        stocked.done("backup", str(tmp_path / folder))
    write, written = copy_origin.keep_copy, []

    def interrupted_while_it_writes(*named: Any) -> None:
        os.kill(os.getpid(), signal.SIGINT)
        os.kill(os.getpid(), signal.SIGINT)
        write(*named)
        written.append(named[1])

    with monkeypatch.context() as patched:
        patched.setattr(clean_up, "keep_copy", interrupted_while_it_writes)
        outcome = stocked("person", "erase", NAME, "--yes", lang=lang)
    assert (outcome.code, outcome.out, outcome.err) == (130, "", INTERRUPTED[lang])
    assert len(written) == 1
    listed = stocked.done("check", lang=lang)
    assert len(_holding(tmp_path)) == 2
    assert all(str(path) in listed for path in _holding(tmp_path))
    said = stocked("company", "edit", "13748136", "--employees", "41", lang=lang)
    assert (said.code, said.err) == (0, "")
    assert _holding(tmp_path) == []


@pytest.mark.skipif(os.name == "nt", reason="Windows has no signal of that kind")
def test_an_interrupt_while_an_earlier_erasure_is_finished_stores_nothing_else(
    stocked: Runner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stocked.done("contact", "add", "13748136", "--date", "2011-03-02", "--person", NAME)
    for folder in ("one", "two"):
        stocked.done("backup", str(tmp_path / folder))
    write = copy_origin.keep_copy

    def interrupted_while_it_writes(*named: Any) -> None:
        os.kill(os.getpid(), signal.SIGINT)
        write(*named)

    with monkeypatch.context() as patched:
        patched.setattr(clean_up, "keep_copy", interrupted_while_it_writes)
        stocked("person", "erase", NAME, "--yes")
        outcome = stocked("company", "edit", "13748136", "--employees", "41")
    assert outcome.code == 130
    assert outcome.err == "Interrupted. No change was stored in the ledger\n"
    assert '"41"' not in stocked.done("company", "show", "13748136", "--json")
    stocked.done("company", "edit", "13748136", "--employees", "41")
    assert _holding(tmp_path) == []


LISTED = {
    "da": [
        (
            "Et slettet navn kan stadig stå i kopier i {away} (ikke på denne maskine nu); kmtrack "
            "rydder op ved første ændring, når mappen er der igen. Er den tabt for altid, så skriv: "
            "kmtrack backup --forget {away}"
        ),
        (
            "Et slettet navn kan stadig stå i {spoiled} (beskadiget eller kan ikke læses som et "
            "register; slet filen)"
        ),
    ],
    "en": [
        (
            "An erased name may still be in copies in {away} (not on this machine now); kmtrack cleans "
            "them with the first change once the folder is there again. If it is lost for good: "
            "kmtrack backup --forget {away}"
        ),
        (
            "An erased name may still be in {spoiled} (damaged or not readable as a ledger; delete "
            "that file)"
        ),
    ],
}


@pytest.mark.parametrize("lang", ["da", "en"])
def test_a_check_lists_what_is_left(
    stocked: Runner, spoiled: Path, tmp_path: Path, lang: str
) -> None:
    stocked.done("person", "erase", NAME, "--yes", lang=lang)
    lines = stocked.done("check", lang=lang).splitlines()
    expected = [line.format(spoiled=spoiled, away=tmp_path / "usb") for line in LISTED[lang]]
    assert sorted(set(lines) & set(expected)) == sorted(expected)


@pytest.mark.usefixtures("spoiled")
@pytest.mark.parametrize(
    ("lang", "told"), [("da", "{away} er glemt"), ("en", "{away} is forgotten")]
)
def test_a_folder_lost_for_good_is_forgotten(
    stocked: Runner, tmp_path: Path, lang: str, told: str
) -> None:
    stocked.done("person", "erase", NAME, "--yes")
    away = str(tmp_path / "usb")
    assert told.format(away=away) in stocked.done("backup", "--forget", away, lang=lang)
    assert away not in stocked.done("check")
    again = stocked("backup", "--forget", away)
    assert (again.code, "kmtrack check" in again.err) == (1, True)


@pytest.mark.parametrize(
    ("lang", "told"),
    [
        ("da", "kan navne stadig stå 1 sted; gør den færdig med: kmtrack person erase {id}"),
        ("en", "may have left names in 1 place; finish it with: kmtrack person erase {id}"),
    ],
)
def test_the_same_command_again_tells_how_an_erasure_is_finished(
    stocked: Runner, monkeypatch: pytest.MonkeyPatch, lang: str, told: str
) -> None:
    stocked.done("contact", "add", "13748136", "--date", "2011-03-02", "--person", NAME)
    with monkeypatch.context() as patched:
        patched.setattr(clean_up._CleanUp, "_clean", lambda _, place: (place, []))
        [person] = json.loads(stocked.done("person", "erase", NAME, "--yes", "--json"))["ids"]
    again = stocked("person", "erase", NAME, "--yes", lang=lang)
    assert again.err.strip().endswith(told.format(id=person))
    stocked.done("person", "erase", person)
    assert "finish" not in stocked("person", "erase", NAME, "--yes").err


@pytest.mark.usefixtures("spoiled")
@pytest.mark.parametrize(
    ("lang", "told"),
    [
        ("da", "{id} hos {company} er slettet tidligere. Der er nu ryddet op i 1 kopi"),
        ("en", "{id} at {company} was erased earlier. 1 copy has been cleaned now"),
    ],
)
def test_whoever_is_erased_is_gone_on_with_by_their_id(
    stocked: Runner, tmp_path: Path, lang: str, told: str
) -> None:
    [person] = json.loads(stocked.done("person", "erase", NAME, "--yes", "--json"))["ids"]
    (tmp_path / "unplugged").rename(tmp_path / "usb")
    out = stocked.done("person", "erase", person, lang=lang).splitlines()
    company = json.loads(stocked.done("company", "show", "13748136", "--json"))["name"]
    assert out[0] == told.format(id=person, company=company)
    assert len(_holding(tmp_path)) == 1  # what is spoiled


@pytest.mark.parametrize(
    ("lang", "told"),
    [
        ("da", "et spørgeskema; slet det, og lav det igen med kmtrack survey form VIRKSOMHED FIL"),
        (
            "en",
            "a survey form; delete it, and write it again with kmtrack survey form COMPANY FILE",
        ),
    ],
)
def test_a_survey_form_that_has_the_name_is_listed_until_it_is_written_again(
    stocked: Runner, named_company: str, tmp_path: Path, lang: str, told: str
) -> None:
    forms = tmp_path / "forms"
    forms.mkdir()
    form, other = str(forms / "form.xlsx"), str(forms / "other.xlsx")
    stocked.done("survey", "form", named_company, form)
    stocked.done("survey", "form", "13748136", other)
    out = stocked.done("person", "erase", "--text", NAME, "--yes", lang=lang)
    assert f"{form} ({told})" in out
    assert other not in out
    assert told in stocked.done("check", lang=lang)
    stocked.done("company", "edit", "13748136", "--employees", "41")
    assert told in stocked.done("check", lang=lang)
    Path(form).unlink()
    stocked.done("survey", "form", named_company, form)
    assert told not in stocked.done("check", lang=lang)


def test_a_survey_form_that_was_broken_off_once_it_was_written_is_listed(
    stocked: Runner, named_company: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    form, write = tmp_path / "forms" / "form.xlsx", survey_form.write_survey_forms
    form.parent.mkdir()

    def write_and_break_off(*of: Any, **more: Any) -> None:
        write(*of, **more)
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(survey_form, "write_survey_forms", write_and_break_off)
        assert stocked("survey", "form", named_company, str(form)).code == 130
    assert str(form) in stocked.done("person", "erase", "--text", NAME, "--yes")


def test_what_is_no_copy_in_a_folder_that_was_away_is_listed_once_it_is_back(
    stocked: Runner, named_company: str, tmp_path: Path
) -> None:
    """A survey form, and a ledger of its own, which nothing but their owner can clean."""
    usb, unplugged = tmp_path / "usb", tmp_path / "unplugged"
    stocked.done("backup", str(usb))
    form, ledger = usb / "form.xlsx", usb / "mine.db"
    stocked.done("survey", "form", named_company, str(form))
    ledger.write_bytes(stocked.ledger.read_bytes())
    usb.rename(unplugged)
    out = stocked.done("person", "erase", "--text", NAME, "--yes")
    assert str(form) not in out
    unplugged.rename(usb)
    stocked.done("company", "edit", "13748136", "--employees", "41")
    told = stocked.done("check")
    assert f"{form} (a survey form" in told
    assert f"{ledger} (a ledger of its own" in told
    ledger.unlink()
    form.unlink()
    stocked.done("survey", "form", named_company, str(form))
    stocked.done("company", "edit", "13748136", "--employees", "42")
    assert str(usb) not in stocked.done("check")


@pytest.mark.usefixtures("spoiled", "busy")
def test_an_erasure_whose_file_cannot_be_compacted_is_told_as_stored(stocked: Runner) -> None:
    outcome = stocked("person", "erase", NAME, "--yes", "--json")
    assert outcome.code == 1
    assert json.loads(outcome.out)["compacted"] is False
    assert "the erasure is stored, but" in outcome.err
    assert "Nothing was stored" not in outcome.err


def test_a_merge_whose_file_cannot_be_compacted_is_told_as_stored(
    stocked: Runner, erased_elsewhere: Path, request: pytest.FixtureRequest
) -> None:
    request.getfixturevalue("busy")
    outcome = stocked("merge", str(erased_elsewhere), "--yes")
    assert outcome.code == 1
    assert "Merged." in outcome.out
    assert "the erasure is stored, but" in outcome.err
    assert "Nothing was stored" not in outcome.err
