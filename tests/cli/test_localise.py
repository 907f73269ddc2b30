"""Help in Danish and English, on an application small enough to read."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Annotated

import pytest
import typer
from typer._click.exceptions import BadOptionUsage
from typer.core import TyperGroup
from typer.main import get_command

from kmtrack import i18n
from kmtrack.cli.typer_patches.localise import localise
from kmtrack.texts.da.usage import USAGE as DANISH
from kmtrack.texts.en.usage import USAGE as ENGLISH

KEYS = {
    "help.app": ("Tæller kontakter.", "Counts contacts."),
    "help.contact": ("Kontakterne.", "The contacts."),
    "help.contact.add": ("Registrér en kontakt.", "Record a contact."),
    "help.argument.company": ("Navn eller nummer.", "Name or number."),
    "help.option.note": ("En bemærkning [valgfri].", "A note [optional]."),
    "help.option.reason": ("Årsagen.", "The reason."),
    "help.option.limit": ("Så mange.", "So many."),
    "help.option.json": ("Skriv som JSON.", "Print JSON."),
    "metavar.company": ("VIRKSOMHED", "COMPANY"),
    "metavar.text": ("TEKST", "TEXT"),
}
# Words that Typer, click or Python would put into the help of their own accord.
FOREIGN = re.compile(
    r"(?i)\b(usage|options?|commands?|arguments?|args|show|this|message|exit|default|required|"
    r"install|completion|current|shell|copy|customize|str|bool|text|env|var|list|try|for|the)\b"
)


def _app() -> TyperGroup:
    app = typer.Typer(help="help.app", no_args_is_help=True, rich_markup_mode=None)
    contact = typer.Typer(help="help.contact", no_args_is_help=True)
    app.add_typer(contact, name="contact")

    @app.callback()
    def root(lang: Annotated[str | None, typer.Option("--lang")] = None) -> None:
        del lang

    @contact.command("add", help="help.contact.add")
    def add(
        company: Annotated[
            str, typer.Argument(metavar="metavar.company", help="help.argument.company")
        ],
        reason: Annotated[
            str, typer.Option("--reason", metavar="metavar.text", help="help.option.reason")
        ],
        note: Annotated[
            list[str] | None,
            typer.Option("--note", metavar="metavar.text", help="help.option.note"),
        ] = None,
        limit: Annotated[
            str, typer.Option("--limit", envvar="KM_LIMIT", help="help.option.limit")
        ] = "20",
        json: Annotated[bool, typer.Option("--json", help="help.option.json")] = False,
    ) -> None:
        typer.echo((company, reason, note, limit, json))

    command = get_command(app)
    assert isinstance(command, TyperGroup)
    return command


@pytest.fixture(autouse=True)
def _texts(monkeypatch: pytest.MonkeyPatch) -> None:
    danish = {key: words[0] for key, words in KEYS.items()}
    english = {key: words[1] for key, words in KEYS.items()}
    monkeypatch.setattr(i18n, "_current", "da")
    monkeypatch.setattr(i18n, "_loaded", {"da": {**DANISH, **danish}, "en": {**ENGLISH, **english}})
    monkeypatch.setenv("COLUMNS", "80")
    for name in ("FORCE_COLOR", "GITHUB_ACTIONS", "PY_COLORS", "TERMINAL_WIDTH"):
        monkeypatch.delenv(name, raising=False)


def _help(*path: str, capsys: pytest.CaptureFixture[str]) -> str:
    command = _app()
    localise(command)
    assert command.main(args=[*path, "--help"], prog_name="km", standalone_mode=False) == 0
    return capsys.readouterr().out


PATHS = pytest.mark.parametrize("path", [(), ("contact",), ("contact", "add")], ids=" ".join)


@PATHS
def test_danish_help_has_no_word_of_typers(
    path: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    shown = _help(*path, capsys=capsys)
    words = re.sub(r"--?[\w-]+|\b(?:add|list)\b|KM_LIMIT", "", shown)
    assert not FOREIGN.findall(words), shown
    assert "help." not in words
    assert "metavar." not in words


@PATHS
def test_help_fits_80_columns(path: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    lines = _help(*path, capsys=capsys).splitlines()
    assert max(len(line) for line in lines) <= 80
    assert not any("…" in line for line in lines)


def test_danish_help_says_it_all(capsys: pytest.CaptureFixture[str]) -> None:
    shown = _help("contact", "add", capsys=capsys)
    for expected in (
        "Brug: km contact add [TILVALG] {VIRKSOMHED}",
        "Registrér en kontakt.",
        "Argumenter",
        "Navn eller nummer.  [skal angives]",
        "Tilvalg",
        "En bemærkning [valgfri].",
        "standard: 20]",
        "VÆRDI",
        "Vis denne hjælp.",
    ):
        assert expected in shown


def test_english_help(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(i18n, "_current", "en")
    shown = _help("contact", "add", capsys=capsys)
    for expected in ("Usage: km contact add [OPTIONS] {COMPANY}", "A note [optional].", "VALUE"):
        assert expected in shown


def test_the_language_of_help_can_change_between_runs(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "Kommandoer" in _help(capsys=capsys)
    monkeypatch.setattr(i18n, "_current", "en")
    assert "Commands" in _help(capsys=capsys)
    monkeypatch.setattr(i18n, "_current", "da")
    assert "Kommandoer" in _help(capsys=capsys)


def test_localising_twice_changes_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    once = _help("contact", "add", capsys=capsys)
    command = _app()
    localise(command)
    localise(command)
    command.main(args=["contact", "add", "--help"], prog_name="km", standalone_mode=False)
    assert capsys.readouterr().out == once


def test_a_key_without_a_text_is_a_fault() -> None:
    app = typer.Typer(help="help.nowhere")
    app.callback()(lambda: None)
    with pytest.raises(KeyError, match=r"help\.nowhere"):
        localise(get_command(app))


def test_a_text_that_is_no_key_stays() -> None:
    app = typer.Typer(help="Helped by nobody.")
    app.callback()(lambda: None)
    command = get_command(app)
    localise(command)
    assert command.help == "Helped by nobody."


def test_a_refusal_names_its_command() -> None:
    command = _app()
    localise(command)
    with pytest.raises(BadOptionUsage) as refusal:
        command.main(args=["contact", "add", "x", "--note"], prog_name="km", standalone_mode=False)
    assert refusal.value.ctx is not None
    assert refusal.value.ctx.command_path == "km contact add"


def test_both_languages_have_the_same_texts() -> None:
    def facts(text: str) -> set[str]:
        return set(re.findall(r"\{\w*\}", text))

    assert DANISH.keys() == ENGLISH.keys()
    assert {key: facts(text) for key, text in DANISH.items()} == {
        key: facts(text) for key, text in ENGLISH.items()
    }


def test_a_command_that_shows_no_help_does_not_load_rich(tmp_path: Path) -> None:
    script = tmp_path / "quiet.py"
    script.write_text(
        "import sys, typer\n"
        "from typer.main import get_command\n"
        "from kmtrack.cli.typer_patches.localise import localise\n"
        "app = typer.Typer()\n"
        "@app.callback()\n"
        "def root() -> None: ...\n"
        "@app.command()\n"
        "def go() -> None: ...\n"
        "command = get_command(app)\n"
        "localise(command)\n"
        "command.main(args=['go'], prog_name='km', standalone_mode=False)\n"
        "loaded = [name for name in sys.modules if name.split('.')[0] == 'rich']\n"
        "assert not loaded, loaded\n",
        encoding="utf-8",
    )
    source = str(Path(i18n.__file__).parents[1])
    environment = {**os.environ, "PYTHONPATH": source}
    subprocess.run([sys.executable, script], check=True, timeout=60, env=environment)
