"""What happens to a ledger while a question waits for its answer."""

from __future__ import annotations

import json
import os
import shutil
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest

import servers
from builders import CVR, add_contact, ledger_in, refuses, session_over
from kmtrack.ledger.open import open_store

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from cli_runner import Outcome, Runner

    Asking = Callable[..., Outcome]

ADD = ("contact", "add", CVR, "--date", "2011-03-02", "--person", "Inger Holm")
WHOLE = ["12", "1", "yes, but later", "3", "a new app", "do not know", "", "0", "", "2", "yes", "4"]
# Each command that asks, with what is typed.
QUESTIONS = {
    "undo": (("undo",), ["y"]),
    "merge": (("merge", "news.db"), ["y"]),
    "restore": (("restore", "backup.db"), ["y"]),
    "erase": (("person", "erase", "Inger Holm"), ["y"]),
    "company add": (("company", "add", "Mols Bogtrykk", "--municipality", "Silkeborg"), ["y"]),
    "company edit": (("company", "edit", CVR, "--name", "Mols Bogtryk A/S"), ["y"]),
    "survey": (("survey", "answer", CVR), WHOLE),
    "contact add": (("contact", "add"), ["smedje", "", "", "", "", "", ""]),
    "hire add": (("hire", "add", CVR), ["master", "", "", "", "", ""]),
    "method add": (("method", "add"), ["The talk", "concept", "", "", ""]),
    "withdraw": (("company", "withdraw", "mols"), ["a slip"]),
}


class Keyboard:
    """Somebody who types lines, before the first of which something happens."""

    def __init__(self, lines: list[str], happens: Callable[[], None]) -> None:
        self._lines = iter(lines)
        self._happens = [happens]

    def isatty(self) -> bool:
        return True

    def readline(self) -> str:
        while self._happens:
            self._happens.pop()()
        return f"{next(self._lines)}\n"


@pytest.fixture
def asking(stocked: Runner, monkeypatch: pytest.MonkeyPatch) -> Asking:
    """Run a command that asks a question, before whose answer something happens."""

    def run(name: str, happens: Callable[[], None]) -> Outcome:
        words, lines = QUESTIONS[name]
        monkeypatch.setattr("sys.stdin", Keyboard(lines, happens))
        monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
        return stocked(*words)

    return run


def _deleted(ledger: Path, _: Path) -> None:
    ledger.unlink()


def _moved(ledger: Path, _: Path) -> None:
    ledger.rename(ledger.with_name("elsewhere.db"))


def _by_another_file(ledger: Path, other: Path) -> None:
    other.replace(ledger)


def _by_a_copy_of_itself(ledger: Path, _: Path) -> None:
    copy = ledger.with_name("copy.db")
    shutil.copy(ledger, copy)
    copy.replace(ledger)


def _overwritten(ledger: Path, other: Path) -> None:
    ledger.write_bytes(other.read_bytes())


def _by_what_is_no_ledger(ledger: Path, _: Path) -> None:
    ledger.write_text("x" * 5000, encoding="utf-8")


WAYS = {
    _deleted: "was deleted or moved while the command waited, and nothing was changed",
    _moved: "was deleted or moved while the command waited, and nothing was changed",
    _by_another_file: "another ledger was put in the place of",
    _by_a_copy_of_itself: "another ledger was put in the place of",
    _overwritten: "another ledger was put in the place of",
    _by_what_is_no_ledger: "another ledger was put in the place of",
}


GONE_ON_SERVER = {
    "DROP SCHEMA kmtrack CASCADE": "was deleted or moved while the command waited",
    "TRUNCATE kmtrack.command CASCADE": "another ledger was put in the place of",
}


@pytest.fixture
def folder(stocked: Runner, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Return the folder of a ledger, with a backup of it and news of another broker's copy."""
    monkeypatch.chdir(tmp_path)
    shutil.copy(stocked.ledger, "backup.db")
    shutil.copy(stocked.ledger, "news.db")
    stocked.done("company", "edit", CVR, "--municipality", "Silkeborg")
    stocked.done("hire", "add", CVR, "--level", "master", "--agreed", "2011-06-01")
    stocked.done(*ADD)
    stocked.ledger, own = tmp_path / "news.db", stocked.ledger
    stocked.done("contact", "add", CVR, "--date", "2011-03-03")
    stocked.ledger = own
    return tmp_path


@pytest.mark.everyday(4)
@pytest.mark.files
@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
@pytest.mark.parametrize("command", QUESTIONS)
def test_a_ledger_that_is_gone_by_the_answer_is_reported_as_that(
    folder: Path, stocked: Runner, asking: Asking, command: str, way: Any
) -> None:
    if os.name == "nt" and way is not _overwritten:
        pytest.skip("Windows keeps an open file where it is")
    (folder / "other").mkdir()
    other = ledger_in(folder / "other")
    there: list[bytes] = []

    def happens() -> None:
        way(stocked.ledger, other)
        there.extend([stocked.ledger.read_bytes()] if stocked.ledger.exists() else [])

    outcome = asking(command, happens)
    assert (outcome.code, WAYS[way] in outcome.err) == (1, True), outcome.err
    assert there == ([stocked.ledger.read_bytes()] if stocked.ledger.exists() else [])


@pytest.mark.everyday(3)
@pytest.mark.files
@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("command", QUESTIONS)
def test_a_ledger_that_stays_is_worked_in(asking: Asking, command: str) -> None:
    outcome = asking(command, lambda: None)
    assert outcome.code == 0, outcome.err


@pytest.mark.files
@pytest.mark.usefixtures("folder")
def test_another_broker_may_work_on_while_a_question_waits(stocked: Runner, asking: Asking) -> None:
    def happens() -> None:
        with session_over(stocked.ledger, broker="MK") as session:
            add_contact(session, CVR, {"date": "2011-05-05"})

    assert asking("undo", happens).code == 0
    days = [each["date"] for each in json.loads(stocked.done("contact", "list", "--json"))]
    assert days == ["2011-05-05", "2011-03-01"]


@pytest.mark.everyday(1)
@pytest.mark.parametrize("statement", GONE_ON_SERVER)
def test_a_ledger_on_a_server_that_is_gone_by_the_answer(
    stocked: Runner,
    asking: Asking,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    statement: str,
) -> None:
    monkeypatch.setenv("KMTRACK_BROKER", "JH")
    place: Any = servers.place_in(tmp_path, servers.founded_template())
    name = place.settings["dbname"]
    stocked.ledger = servers.server().address(name)  # type: ignore[assignment]
    stocked.done("company", "add", "Mols Bogtryk", "--municipality", "Silkeborg")
    outcome = asking("company add", lambda: servers.server().run(statement, name))
    assert (outcome.code, GONE_ON_SERVER[statement] in outcome.err) == (1, True), outcome.err


@pytest.mark.files
@pytest.mark.skipif(os.name == "nt", reason="Windows keeps an open file where it is")
def test_a_write_into_a_file_that_was_moved_is_reported_as_that(
    stocked: Runner, tmp_path: Path
) -> None:
    with closing(open_store(stocked.ledger)) as store:
        stocked.ledger.rename(tmp_path / "elsewhere.db")
        with refuses("ledger_deleted"):
            store.run("INSERT INTO setting (name, value) VALUES ('a', 'b')")
