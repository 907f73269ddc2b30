"""Help: every command shows two examples that work, and the first page fits on a screen."""

from __future__ import annotations

import re
import shlex
import shutil
from typing import TYPE_CHECKING, Any, Final

import pytest
from typer.main import get_command

from builders import cvr_number, ledger_in
from cli_runner import run_in
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
    from kmtrack.usecases.demo import DemoFiles

pytestmark = pytest.mark.files

ROOT: Final[Any] = get_command(build_app(None))


def _paths() -> Iterator[str]:
    for name, command in ROOT.commands.items():
        yield from (f"{name}.{verb}" for verb in getattr(command, "commands", {}))
        if not hasattr(command, "commands"):
            yield name


PATHS: Final = list(_paths())
ANSWERS: Final = (
    *("employees=12", "highly-educated=1", "additionality=later", "product=2"),
    *("process=unknown", "business-method=0", "satisfaction=3", "students-again=yes"),
)
# What is in the ledger that the examples are run on, in the order in which it was entered.
PREPARED: Final = (
    "company add 'Hedelund Maskinfabrik ApS' --cvr 13748136 --municipality Viborg --employees 40",
    "company add 'Hede Maskiner ApS' --cvr 24256790 --municipality Viborg --employees 10",
    "company add 'Mols Bogtryk' --municipality Silkeborg",
    "company add 'Mols Bogtrykkeri' --municipality Silkeborg --yes",
    "company add 'Odder Tryk' --municipality Odder",
    "company add 'Odder Bogtryk' --municipality Odder --yes",
    "company add 'Stilling Smedje' --municipality Skanderborg",
    "company add 'Skive Smedje' --cvr {0} --municipality Skive",
    "company add 'Skive Stål' --cvr {1} --municipality Skive",
    "company succeed 'skive smedje' 'skive stål' --from 2011-03-01",
    "broker add MK",
    "hire add hedelund --level master --agreed 2011-04-02",
    "method add Opgavekatalog --kind tool --for both --date 2011-02-01",
    "collaboration add hedelund --kind project --agreed 2011-04-01",
    "contact add hedelund --date 2011-03-01 --person 'Inger Holm'",
    "contact add hedelund --date 2011-05-01 --next 2011-06-20",
    "deliverable log project-management --date 2011-01-15 --text Begyndt",
    "survey answer hedelund " + " ".join(f"--answer {each}" for each in ANSWERS),
    "survey form hedelund svar.xlsx",
    "backup",
    "broker add XX",
    "undo --yes",
)


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a ledger and files on which every example works, to be copied."""
    folder = tmp_path_factory.mktemp("examples")
    ledger_in(folder)
    numbers = (cvr_number(1), cvr_number(2))
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        run_in(folder, [shlex.split(line.format(*numbers)) for line in PREPARED])
    shutil.copy(folder / "ledger.db", folder / "kopi.db")
    other = folder / "other"
    other.mkdir()
    ledger_in(other)
    run_in(other, [("company", "add", "Thy Træ", "--municipality", "Viborg")])
    shutil.copy(other / "ledger.db", folder / "mk.db")
    (folder / "kontakter.csv").write_text(
        "CVR;Dato;Kanal\n13748136;4.6.2011;besøg\n", encoding="utf-8"
    )
    (folder / "model.pdf").write_bytes(b"%PDF-1.4 a model")
    return folder


def _copied_to(files: DemoFiles, _: object = None) -> None:
    """Put a ledger where the demonstration would be, which other tests make in seconds."""
    files.ledger.parent.mkdir()
    shutil.copy("ledger.db", files.ledger)


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
    monkeypatch.setattr(demo, "make_demonstration", _copied_to)
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
    "contact.list": {"--sort": "newest"},
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
