"""The command `config`, and what follows from what it sets."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

import pytest

from kmtrack import preferences
from kmtrack.cli.main import main
from terminals import ENTER, Terminal, posix, seen

if TYPE_CHECKING:
    from pathlib import Path

    from cli_runner import Runner

pytestmark = pytest.mark.files


def _set(name: str, value: str) -> None:
    preferences.store(os.environ, name, value)


def _config(*words: str) -> int:
    return main(["config", *words])


@pytest.mark.parametrize(
    ("words", "stored"),
    [
        (("language", "da"), {"language": "da"}),
        (("sprog", "dansk"), {"language": "da"}),
        (("sprog", "Engelsk"), {"language": "en"}),
        (("kanal", "telefon"), {"channel": "phone"}),
        (("channel", "email"), {"channel": "email"}),
        (("pager", "nej"), {"pager": "no"}),
        (("colors", "yes"), {"colours": "yes"}),
        (("farver", "nej"), {"colours": "no"}),
    ],
)
def test_a_preference_is_set_in_either_language(
    words: tuple[str, str], stored: dict[str, str]
) -> None:
    assert _config(*words) == 0
    assert preferences.stored(os.environ) == stored


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("tone", "x"), 1, "tone"),
        (("language", "sv"), 1, "Danish, English"),
        (("kanal", "brevdue"), 1, "visit"),
        (("--reset",), 2, "--reset"),
        (("pager", "no", "--reset"), 2, "--reset"),
    ],
)
def test_what_is_no_preference_is_refused(
    words: tuple[str, ...], code: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _config(*words) == code
    assert said in capsys.readouterr().err
    assert preferences.stored(os.environ) == {}


def test_a_preference_is_taken_back(capsys: pytest.CaptureFixture[str]) -> None:
    _set("channel", "phone")
    assert _config("kanal", "--reset") == 0
    assert "visit" in capsys.readouterr().out
    assert preferences.stored(os.environ) == {}


def test_the_answer_is_in_the_language_that_was_set(capsys: pytest.CaptureFixture[str]) -> None:
    assert _config("language", "da") == 0
    assert capsys.readouterr().out == "Sprog: dansk\n"
    assert _config("sprog", "--reset") == 0
    assert capsys.readouterr().out == "Language: English\n"


def test_what_says_so_is_shown(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    _set("channel", "phone")
    monkeypatch.setenv("PAGER", "more")
    monkeypatch.setenv("KMTRACK_LANG", "en")
    assert _config("--json") == 0
    found = json.loads(capsys.readouterr().out)
    assert found.pop("file") == str(preferences.file_of(os.environ))
    assert found == {
        "language": {"value": "en", "source": "KMTRACK_LANG"},
        "channel": {"value": "phone", "source": "file"},
        "pager": {"value": "more", "source": "PAGER"},
        "colours": {"value": "no", "source": "NO_COLOR"},
        "plain": {"value": "no", "source": "default"},
    }
    assert main(["--lang", "da", "config"]) == 0
    shown = capsys.readouterr().out
    assert "Kanal        telefon  kmtrack config" in shown
    assert "Sprog        dansk    --lang" in shown
    assert main(["config", "pager", "no"]) == 0
    assert "PAGER" in capsys.readouterr().err


def test_a_folder_that_is_not_ours_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("KMTRACK_HOME", str(tmp_path / "file" / "below"))
    assert _config("language", "da") == 1
    assert "could not be written" in capsys.readouterr().err


def test_the_language_holds_everywhere_but_in_csv(
    stocked: Runner, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("KMTRACK_LEDGER", str(stocked.ledger))
    _set("language", "da")
    assert main(["status"]) == 0
    assert "kontakter" in capsys.readouterr().out
    assert main(["company", "list", "--csv"]) == 0
    assert capsys.readouterr().out.startswith("id,")  # as the locale has it
    monkeypatch.setenv("LC_ALL", "da_DK.UTF-8")
    assert main(["company", "list", "--csv"]) == 0
    assert capsys.readouterr().out.startswith("id;")
    monkeypatch.setenv("KMTRACK_LANG", "en")
    assert main(["company", "list", "--csv"]) == 0
    assert capsys.readouterr().out.startswith("id,")
    assert main(["--lang", "da", "company", "list", "--csv"]) == 0
    assert capsys.readouterr().out.startswith("id;")


def test_a_choice_is_stored_though_the_environment_goes_before_it(
    stocked: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KMTRACK_LANG", "en")
    outcome = stocked("konfiguration", "language", "dansk", lang="en")
    assert outcome.out.startswith("Language: your choice is stored in ")
    assert "overrides your setting" in outcome.err


@posix
def test_a_bare_contact_says_on_a_terminal_how_to_add_more(stocked: Runner) -> None:
    add = ("contact", "add", "13748136", "--date")
    hint = "--note TEXT --person TEXT --next DATE"
    assert hint not in stocked(*add, "2011-04-01").err
    place = str(stocked.ledger)
    bare = seen("--lang", "en", *add, "2011-04-02", columns=120, KMTRACK_LEDGER=place)
    noted = seen(
        "--lang", "en", *add, "2011-04-03", "--note", "x", columns=120, KMTRACK_LEDGER=place
    )
    assert (bare.plain.count(hint), noted.plain.count(hint)) == (1, 0), bare.plain


def test_an_edit_without_a_change_names_what_can_be_changed(stocked: Runner) -> None:
    outcome = stocked("contact", "edit", "last")
    assert (outcome.code, "--date, --channel" in outcome.err) == (1, True)
    assert "--next" in outcome.err


def test_a_channel_of_ones_own_is_for_no_pipe(stocked: Runner) -> None:
    _set("channel", "phone")
    assert "visit" in stocked.done("contact", "add", "13748136", "--date", "2011-04-01").lower()


@posix
def test_a_channel_of_ones_own_holds_on_a_terminal_and_is_named(stocked: Runner) -> None:
    _set("channel", "phone")
    place = str(stocked.ledger)
    shown = seen(
        "--lang", "da", "contact", "add", "13748136", "--date", "2011-04-01", KMTRACK_LEDGER=place
    )
    assert shown.code == 0
    assert "telefonsamtale" in shown.plain
    assert "Kanalen telefon er dit faste valg" in shown.plain
    typed = ("--date", "2011-04-02", "--channel", "møde")
    shown = seen("--lang", "da", "contact", "add", "13748136", *typed, KMTRACK_LEDGER=place)
    assert "faste valg" not in shown.plain
    assert ": møde" in shown.plain


@posix
def test_a_channel_of_ones_own_is_proposed_where_it_is_asked_for(stocked: Runner) -> None:
    _set("channel", "phone")
    with Terminal("contact", "add", KMTRACK_LEDGER=str(stocked.ledger)) as at:
        at.answer("Virksomhed", "13748136").answer("Dato", "1.4.2011")
        at.until("Kanal [telefon]").type(ENTER)


@posix
def test_colours_of_ones_own(stocked: Runner) -> None:
    place = str(stocked.ledger)
    assert "\x1b[3" in seen("status", KMTRACK_LEDGER=place, NO_COLOR="").text
    _set("colours", "no")
    assert "\x1b[3" not in seen("status", KMTRACK_LEDGER=place, NO_COLOR="").text
