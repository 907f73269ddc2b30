"""No command does its work twice: how many statements, judgements and parsed contracts each takes."""

from __future__ import annotations

import json
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from builders import CVR, cvr_number
from kmtrack import i18n
from kmtrack.ledger import contract as contract_module
from kmtrack.ledger.store import sqlite as sqlite_module
from kmtrack.rules.contract_format import read_contract
from kmtrack.rules.judgement import Judge

if TYPE_CHECKING:
    import sqlite3
    from pathlib import Path

    from cli_runner import Runner
    from kmtrack.rules.contract import Contract
    from kmtrack.rules.dossier import Dossier
    from kmtrack.rules.judgement import Verdict

pytestmark = pytest.mark.files

# What opening a ledger takes, whatever is done in it: seven settings of the connection, its version
# once SQLite has undone what a crash left, a look for triggers, and one read of the ledger's own settings.
OPENING = 10


class Work(NamedTuple):
    """What a command did."""

    statements: list[str]
    judged: list[str]
    parsed: list[str]

    def reads_of(self, table: str) -> int:
        """How many queries read a table first."""
        return sum(f" FROM {table} " in f"{statement} " for statement in self.statements)


@pytest.fixture
def work(monkeypatch: pytest.MonkeyPatch) -> Work:
    """What is done from now on; to be emptied before a command by `start`."""
    done = Work([], [], [])
    connection_to = sqlite_module.connection_to
    verdicts = Judge.verdicts

    def traced(path: Path, mode: str) -> sqlite3.Connection:
        connection = connection_to(path, mode)
        connection.set_trace_callback(lambda text: done.statements.append(" ".join(text.split())))
        return connection

    def judged(self: Judge, dossier: Dossier) -> list[Verdict]:
        done.judged.append(dossier.company.id)
        return verdicts(self, dossier)

    def parsed(document: Any) -> Contract:
        contract = read_contract(document)
        done.parsed.append(contract.id)
        return contract

    monkeypatch.setattr(sqlite_module, "connection_to", traced)
    monkeypatch.setattr(Judge, "verdicts", judged)
    monkeypatch.setattr(contract_module, "read_contract", parsed)
    return done


def start(work: Work) -> None:
    """Forget what was done before, parsed contracts among it."""
    contract_module._parsed.cache_clear()
    for each in work:
        each.clear()


@pytest.fixture
def contact(runner: Runner) -> str:
    """Return the id of the first contact of a small company in Viborg."""
    company = ["company", "add", "Smedjen", "--cvr", CVR, "--municipality", "Viborg"]
    runner.done(*company, "--employees", "40")
    return str(json.loads(runner.done("contact", "add", CVR, "--date", "1.3.2011", "--json"))["id"])


def test_adding_a_contact_reads_and_judges_its_company_once(
    runner: Runner, contact: str, work: Work
) -> None:
    del contact
    start(work)
    runner.done("contact", "add", CVR, "--date", "2.3.2011")
    assert len(work.judged) == 1
    assert len(work.parsed) == 1
    assert work.reads_of("collaboration") == 1
    assert len(work.statements) == OPENING + 19


def test_finding_a_company_by_words_takes_two_statements(
    runner: Runner, contact: str, work: Work
) -> None:
    del contact
    start(work)
    runner.done("contact", "add", "smed", "--date", "2.3.2011")
    by_words = len(work.statements)
    start(work)
    runner.done("contact", "add", CVR, "--date", "3.3.2011")
    assert by_words - len(work.statements) == 1  # the number takes one
    assert work.reads_of("name_word") == 0


def test_adding_a_followup_reads_and_judges_its_company_once(
    runner: Runner, contact: str, work: Work
) -> None:
    del contact
    start(work)
    runner.done("followup", "add", CVR, "--date", "2.3.2011")
    assert len(work.judged) == 1
    assert len(work.parsed) == 1
    assert work.reads_of("collaboration") == 1
    assert len(work.statements) == OPENING + 20


def test_a_write_at_a_company_that_was_taken_over_judges_its_successor_once_too(
    runner: Runner, contact: str, work: Work
) -> None:
    del contact
    successors = [cvr_number(number) for number in (1, 2)]
    for cvr in successors:
        runner.done("company", "add", f"Smedjen {cvr}", "--cvr", cvr, "--municipality", "Viborg")
    for old, new in pairwise([CVR, *successors]):
        runner.done("company", "succeed", old, new, "--from", "2011-02-01")
    start(work)
    runner.done("contact", "add", CVR, "--date", "2.1.2011")
    assert len(work.judged) == len(set(work.judged)) == 3
    assert len(work.parsed) == 1


def test_why_reads_and_judges_the_company_of_a_record_once(
    runner: Runner, contact: str, work: Work
) -> None:
    start(work)
    runner.done("why", contact)
    assert len(work.judged) == 1
    assert len(work.parsed) == 1
    assert work.reads_of("collaboration") == 1
    assert len(work.statements) == OPENING + 11


@pytest.mark.usefixtures("contact")
def test_the_status_judges_nothing_and_parses_the_contract_once(runner: Runner, work: Work) -> None:
    start(work)
    runner.done("status")
    assert work.judged == []
    assert len(work.parsed) == 1
    assert len(work.statements) == OPENING + 11


@pytest.mark.usefixtures("contact")
def test_an_export_parses_the_contract_once(runner: Runner, work: Work, tmp_path: Path) -> None:
    start(work)
    runner.done("export", str(tmp_path / "status.xlsx"))
    assert len(work.parsed) == 1
    assert (
        len(work.statements) == OPENING + 137
    )  # one of them compares the schema, four widen a cache


class RecordingTexts(dict[str, str]):
    """Texts that remember which of them were looked up."""

    def __init__(self, texts: dict[str, str]) -> None:
        super().__init__(texts)
        self.asked: list[str] = []

    def __getitem__(self, key: str) -> str:
        self.asked.append(key)
        return super().__getitem__(key)


def test_texts_of_options_are_looked_up_only_where_help_is_shown(
    stocked: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = RecordingTexts(i18n.texts_of("en"))
    monkeypatch.setitem(i18n._loaded, "en", texts)
    help_keys = ("help.", "metavar.", "usage.")
    stocked.done("contact", "add", CVR, "--date", "2.3.2011")
    assert texts.asked
    assert [key for key in texts.asked if key.startswith(help_keys)] == []
    stocked.done("contact", "add", "--help")
    assert "help.field.channel" in texts.asked


@pytest.mark.parametrize(
    ("words", "statements"),
    # A company's next contact is found as `followup due` finds it, which is one statement.
    [(("today",), 27), (("company", "show", CVR), 19)],
    ids=["day", "company"],
)
def test_a_page_that_is_looked_at_every_day_judges_nothing(
    runner: Runner, contact: str, work: Work, words: tuple[str, ...], statements: int
) -> None:
    del contact
    start(work)
    runner.done(*words)
    assert work.judged == []
    assert len(work.parsed) == 1
    assert len(work.statements) <= OPENING + statements
