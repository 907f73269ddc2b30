"""Rows that changed since they were read, at a terminal and in a pipe, in both languages."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from terminals import posix, seen

if TYPE_CHECKING:
    from pathlib import Path

    from cli_runner import Runner

CVR = "13748136"


@pytest.fixture
def run(runner: Runner) -> Runner:
    runner.done(
        "company", "add", "Hedelund", "--cvr", CVR, "--municipality", "791", "--employees", "9"
    )
    runner.done("contact", "add", "hedelund", "--date", "1.3.2011")
    return runner


def hires(folder: Path, start: str = "", note: str = "") -> str:
    file = folder / "ansættelser.csv"
    heading = "Virksomhed;Uddannelsesniveau;Aftalt;Begynder;Bemærkning"
    file.write_text(f"{heading}\n{CVR};kandidat;4.3.2011;{start};{note}\n", "utf-8")
    return str(file)


def stored(run: Runner) -> list[tuple[str | None, str | None]]:
    records = json.loads(run.done("hire", "list", "--json"))
    return sorted(((each["start"], each["note"]) for each in records), key=str)


@pytest.mark.parametrize("lang", ["da", "en"])
@pytest.mark.parametrize("more", [[], ["--yes"], ["--json"]])
def test_a_pipe_stops_until_an_option_says_what_they_are(
    run: Runner, tmp_path: Path, lang: str, more: list[str]
) -> None:
    run.done("import", hires(tmp_path))
    outcome = run("import", hires(tmp_path, "1.4.2011"), *more, lang=lang)
    assert outcome.code == 1
    assert "--update" in outcome.err
    assert "--add-similar" in outcome.err
    assert stored(run) == [(None, None)]
    run.done("import", hires(tmp_path, "1.4.2011"), "--update")
    assert stored(run) == [("2011-04-01", None)]
    run.done("import", hires(tmp_path, "1.4.2011", "fuldtid"), "--add-similar")
    assert len(stored(run)) == 2


@pytest.mark.everyday(2)
@posix
@pytest.mark.parametrize(
    "words",
    [("da", "Begynder »-« → »01.04.2011«"), ("en", "Start “-” → “2011-04-01”")],
)
@pytest.mark.parametrize(
    ("typed", "left"),
    [
        ("1\ny\n", [("2011-04-01", None)]),
        ("2\ny\n", [("2011-04-01", None), (None, None)]),
        ("\n", [(None, None)]),
    ],
)
def test_a_terminal_shows_old_and_new_and_asks(
    run: Runner,
    tmp_path: Path,
    words: tuple[str, str],
    typed: str,
    left: list[tuple[str | None, str | None]],
) -> None:
    lang, change = words
    run.done("import", hires(tmp_path))
    file = hires(tmp_path, "1.4.2011")
    shown = seen("--lang", lang, "import", file, typed=typed, KMTRACK_LEDGER=str(run.ledger))
    assert change in " ".join(shown.text.split())
    assert stored(run) == left


def test_a_dry_run_shows_it_and_exits_without_an_error(run: Runner, tmp_path: Path) -> None:
    run.done("import", hires(tmp_path))
    outcome = run("import", hires(tmp_path, "1.4.2011"), "--dry-run")
    assert outcome.code == 0
    assert "“2011-04-01”" in outcome.err
    data = json.loads(run.done("import", hires(tmp_path, "1.4.2011"), "--dry-run", "--json"))
    assert data["nouns"]["hire"]["updated"] == data["number_of_changed"] == 1
    assert data["changed"][0]["facts"][0]["field"] == "start"
    assert [question["question"] for question in data["questions"]] == ["changed_rows"]


def test_a_row_is_not_both_a_correction_and_a_new_record(run: Runner, tmp_path: Path) -> None:
    outcome = run("import", hires(tmp_path), "--update", "--add-similar", lang="en")
    assert outcome.code != 0
    assert "--update and --add-similar" in outcome.err
    assert stored(run) == []
