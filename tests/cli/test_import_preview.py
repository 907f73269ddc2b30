"""The preview of an import at a terminal and in a pipe, in both languages."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from terminals import posix, seen

if TYPE_CHECKING:
    from pathlib import Path

    from cli_runner import Runner
    from terminals import Seen

CVR = "13748136"


@pytest.fixture
def run(runner: Runner) -> Runner:
    runner.done(
        "company", "add", "Maskiner", "--cvr", CVR, "--municipality", "791", "--employees", "9"
    )
    runner.done("broker", "add", "MK")
    return runner


def csv(folder: Path, *lines: str) -> str:
    file = folder / "kontakter.csv"
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return str(file)


@pytest.fixture
def unclear(tmp_path: Path) -> str:
    return csv(
        tmp_path,
        "CVR;Dato;Kontakttype;Xyz;Farve",
        f"{CVR};1.6.2011;mail;MK;rød",
        f"{CVR};2.6.2011;telefon;JH;blå",
    )


def at_terminal(run: Runner, *words: str, typed: str = "", lang: str = "en") -> Seen:
    return seen("--lang", lang, *words, typed=typed, KMTRACK_LEDGER=str(run.ledger))


def channels(run: Runner) -> list[str]:
    return sorted(each["channel"] for each in json.loads(run.done("contact", "list", "--json")))


@pytest.mark.parametrize("lang", ["da", "en"])
@pytest.mark.parametrize("more", [[], ["--yes"], ["--json"], ["--yes", "--json"]])
def test_a_pipe_stops_until_an_option_tells_what_a_column_holds(
    run: Runner, unclear: str, lang: str, more: list[str]
) -> None:
    outcome = run("import", unclear, *more, lang=lang)
    assert outcome.code == 1
    assert channels(run) == []
    if "--json" in more:
        assert [each["field"] for each in json.loads(outcome.out)["questions"]] == [
            "channel",
            "broker",
        ]
    else:
        assert outcome.out == ""
        assert "--column channel=Kontakttype" in outcome.err
        assert "--column broker=Xyz" in outcome.err
    outcome = run("import", unclear, "--channel", "telefon", "--broker", "JH", lang=lang)
    assert outcome.code == 0
    assert channels(run) == ["phone", "phone"]


def test_one_question_alone_is_the_error(run: Runner, tmp_path: Path) -> None:
    file = csv(tmp_path, "CVR;Dato;Kontakttype;Mægler", f"{CVR};1.6.2011;mail;JH")
    outcome = run("import", file, lang="da")
    assert outcome.code == 1
    assert outcome.err.splitlines()[-1] == (
        "Fejl: kolonnen »Kontakttype« (mail) er ikke læst, men ser ud til at indeholde »Kanal«; "
        "skriv --column channel=Kontakttype, --channel KANAL, hvis det er det samme i alle rækker, "
        "eller --column -=Kontakttype, hvis det er noget andet"
    )
    assert outcome.err.count("--column channel") == 1


@pytest.mark.parametrize("lang", ["da", "en"])
def test_a_dry_run_shows_every_question_and_ends_well(run: Runner, unclear: str, lang: str) -> None:
    outcome = run("import", unclear, "--dry-run", lang=lang)
    assert outcome.code == 0
    assert outcome.err.count("--column -=") == 2
    assert channels(run) == []


@posix
@pytest.mark.parametrize("lang", ["da", "en"])
def test_a_terminal_asks_what_a_column_holds(run: Runner, unclear: str, lang: str) -> None:
    shown = at_terminal(run, "import", unclear, typed="1\n1\nj\n", lang=lang)
    assert shown.code == 0, shown.plain
    assert channels(run) == ["email", "phone"]
    assert "Farve" in shown.plain


@posix
def test_a_no_stores_nothing(run: Runner, unclear: str) -> None:
    for typed in ("1\n1\nn\n", "2\n2\nn\n", "\n"):
        shown = at_terminal(run, "import", unclear, typed=typed)
        assert shown.code == 1, shown.plain
        assert channels(run) == []


@posix
def test_the_preview_fits_one_screen(run: Runner, unclear: str) -> None:
    shown = at_terminal(run, "import", unclear, typed="2\n2\ny\n")
    assert shown.plain.count("\n") <= 2 * 24
    assert channels(run) == ["visit", "visit"]


@posix
def test_a_long_list_of_findings_leaves_the_question_on_the_screen(
    run: Runner, tmp_path: Path
) -> None:
    names = ("Møbel", "Træ", "Beton", "Kaffe", "Fisk", "Glas", "Papir", "Sten", "Uld", "Vin")
    rows = [f"{name}fabrikken{letter};;Viborg" for name in names for letter in ("", "s")]
    file = csv(tmp_path, "Navn;CVR;Kommune", *rows)
    shown = at_terminal(run, "import", file, "--as", "company", typed="n\n")
    assert shown.code == 1
    # What is typed ahead is echoed above; the lines are as the screen has them, broken ones too.
    assert shown.plain.removeprefix("n\n").count("\n") <= 24
    shown_in_all = run("import", file, "--as", "company", "--dry-run").err.count("looks like")
    assert shown_in_all >= len(names)
    assert f"and {shown_in_all - 5} more, not shown" in shown.plain


@posix
def test_a_clean_import_is_not_asked_about(run: Runner, tmp_path: Path) -> None:
    file = csv(tmp_path, "CVR;Dato;Kanal;Mægler", f"{CVR};1.6.2011;mail;JH")
    shown = at_terminal(run, "import", file)
    assert shown.code == 0, shown.plain
    assert "?" not in shown.plain
    assert channels(run) == ["email"]


def test_what_was_assumed_is_said_with_the_way_back(run: Runner, tmp_path: Path) -> None:
    file = csv(tmp_path, "CVR;Dato", f"{CVR};1.6.2011")
    outcome = run("import", file)
    assert outcome.code == 0
    assert outcome.err.splitlines()[-1].endswith("kmtrack undo")
    assert run("undo", "--yes").code == 0
    assert channels(run) == []
