"""Help: every command shows two examples that work, and the first page fits on a screen."""

from __future__ import annotations

import re
import shlex
import shutil
from typing import TYPE_CHECKING, Any, Final

import pytest
from typer.main import get_command

from examples import demonstration_like
from kmtrack import i18n
from kmtrack.cli.app import build_app
from kmtrack.cli.main import main
from kmtrack.cli.typer_patches.help_page import GROUPS
from kmtrack.texts.da.examples import EXAMPLES as DANISH
from kmtrack.texts.en.examples import EXAMPLES as ENGLISH
from kmtrack.usecases import demo

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from cli_runner import Runner

pytestmark = pytest.mark.files

ROOT: Final[Any] = get_command(build_app(None))


def _paths() -> Iterator[str]:
    for name, command in ROOT.commands.items():
        yield from (f"{name}.{verb}" for verb in getattr(command, "commands", {}))
        if not hasattr(command, "commands"):
            yield name.replace(" ", ".")


PATHS: Final = list(_paths())


def _examples() -> list[tuple[str, str]]:
    """Return each example with the language that it is run in; those in both are run once."""
    found: dict[str, str] = {}
    for language, texts in (("da", DANISH), ("en", ENGLISH)):
        for example in "\n".join(texts.values()).split("\n"):
            found.setdefault(example, language)
    return list(found.items())


@pytest.mark.parametrize("texts", [DANISH, ENGLISH])
def test_every_command_has_two_examples(texts: dict[str, str]) -> None:
    assert sorted(texts) == sorted(PATHS)
    for path, examples in texts.items():
        both = examples.split("\n")
        assert len(set(both)) == 2, path
        for example in both:
            assert example.split()[: path.count(".") + 1] == path.split(".")
            assert len(f"  kmtrack {example}") <= 80


@pytest.fixture
def here(prepared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a copy of the prepared folder, in which commands run."""
    folder = tmp_path / "here"
    shutil.copytree(prepared, folder)
    monkeypatch.chdir(folder)
    monkeypatch.setenv("KMTRACK_LEDGER", str(folder / "ledger.db"))
    monkeypatch.setattr(demo, "make_demonstration", demonstration_like)
    return folder


@pytest.mark.parametrize(("example", "language"), _examples())
def test_every_example_works(
    example: str, language: str, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    if example.startswith("init"):
        (here / "ledger.db").unlink()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KMTRACK_LANG", language)
        assert main(shlex.split(example)) == 0, capsys.readouterr().err
    if "--dry-run" not in example and example.rsplit(maxsplit=1)[-1].endswith((".xlsx", ".db")):
        assert (here / example.rsplit(maxsplit=1)[-1]).exists()


# What holds where an option of any command is not given, and where one of a single command is not.
OF_ANY: Final = {"--as-of": "today", "--limit": "50", "--keep": "10"}
OF_ONE: Final = {
    "contact.add": {"--date": "today", "--channel": "visit", "--broker": "yourself"},
    "contact.list": {"--sort": "date"},
    "company.list": {"--sort": "name"},
    "company.add": {"--kind": "company"},
    "hire.add": {"--terms": "ordinary", "--municipality": "the company’s"},
    "method.add": {"--date": "today", "--by": "yourself"},
    "deliverable.log": {"--date": "today"},
    "survey.due": {"--wave": "after"},
    "survey.form": {"--wave": "after", "--return-by": "in three weeks"},
    "survey.answer": {"--wave": "after", "--date": "today"},
    "followup.due": {"--until": "today"},
    "bundle": {"--since": "since the last time"},
    "init": {"--contract": "the region’s"},
    "undo": {"NUMBER": "your last"},
    "backup": {"FOLDER": "the folder beside the ledger"},
    "demo": {"FOLDER": "kmtrack-demo"},
}


@pytest.mark.parametrize("path", PATHS)
def test_every_default_is_shown(path: str, runner: Runner) -> None:
    shown = " ".join(runner.done(*path.split("."), "--help").split())
    for option, default in {**OF_ANY, **OF_ONE.get(path, {})}.items():
        if option in OF_ANY and f" {option} " not in shown:
            continue
        _, _, behind = shown.partition(f" {option} ")
        own = re.split(r" --[a-z]", behind)[0]
        assert f"[default: {default}]" in own, option
    if path.endswith(".edit"):
        assert "default:" not in shown  # what is not given stays as it is


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_a_command_shows_its_examples_and_a_noun_some(
    runner: Runner, language: i18n.Language
) -> None:
    texts = DANISH if language == "da" else ENGLISH
    shown = runner.done("contact", "add", "--help", lang=language)
    assert all(f"kmtrack {each}\n" in shown for each in texts["contact.add"].split("\n"))
    shown = runner.done("contact", "--help", lang=language)
    assert shown.count("  kmtrack contact ") == 2


def test_every_command_is_in_one_group() -> None:
    grouped = [name for rows in GROUPS.values() for row in rows for name in row]
    assert len(grouped) == len(set(grouped))
    assert set(grouped) >= {*ROOT.commands, "help"}
    assert next(iter(GROUPS)) == "daily"


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_the_first_page_fits_on_a_screen(runner: Runner, language: i18n.Language) -> None:
    lines = runner.done("--help", lang=language).split("\n")
    assert len(lines) <= 24
    assert max(map(len, lines)) <= 79


def test_the_first_page_on_a_narrow_screen(runner: Runner, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "52")
    lines = runner.done("--help", lang="da").split("\n")
    assert "Hver dag:" in lines
    assert max(map(len, lines[3:])) <= 52


@pytest.mark.parametrize(("language", "topic"), [("da", "tilvalg"), ("en", "options")])
def test_the_options_of_all_commands_have_a_page(
    runner: Runner, language: i18n.Language, topic: str
) -> None:
    shown = runner.done("help", topic, lang=language)
    assert "--ledger" in shown
    assert "KMTRACK_LANG" in shown
    assert "status" not in shown


@pytest.mark.parametrize("width", ["60", "80"])
@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_a_default_of_few_words_stays_on_one_line(
    runner: Runner, monkeypatch: pytest.MonkeyPatch, language: i18n.Language, width: str
) -> None:
    monkeypatch.setenv("COLUMNS", width)
    for path in ("contact add", "survey form", "contact list"):
        page = runner.done(*path.split(), "--help", lang=language)
        begun = [line for line in page.splitlines() if re.search(r"\[(standard|default):?", line)]
        assert begun
        assert [line for line in begun if not line.endswith("]")] == []
        assert "\u00a0" not in page
