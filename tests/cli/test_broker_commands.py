"""Every group of commands on a server, by two brokers with the rights of docs/server.md and the operator."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import pytest

import servers
from builders import CVR, cvr_number

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from cli_runner import Runner

_ANSWERS: Final = ("employees=12", "highly-educated=1", "additionality=later", "product=3",
    "process=unknown", "business-method=0", "satisfaction=4", "students-again=yes")  # fmt: skip
_SECOND: Final = cvr_number(1)
_THIRD: Final = cvr_number(2)


class Office:
    """Runs commands as the logins `jh`, `an` (brokers) and `postgres` (who made the ledger)."""

    def __init__(self, runner: Runner, database: str) -> None:
        self._runner = runner
        self._database = database

    def run(self, user: str, *words: str, code: int = 0) -> str:
        """Run a command with that exit code, and return what it told, on stdout or in its refusal."""
        self._runner.ledger = servers.server().address(self._database, user)  # type: ignore[assignment]
        done = self._runner(*words)
        assert done.code == code, (user, words, done)
        return done.err if code else done.out

    def data(self, user: str, *words: str) -> Any:
        return json.loads(self.run(user, *words, "--json"))


@pytest.fixture
def office(
    served: Any, empty_runner: Runner, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Iterator[Office]:
    monkeypatch.delenv("KMTRACK_BROKER", raising=False)
    monkeypatch.chdir(tmp_path)
    running, database = servers.server(), served.settings["dbname"]
    running.admit(database, "jh", "an")
    yield Office(empty_runner, database)
    for role in ("jh", "an", "kmtrack_broker"):
        running.dismiss(role)


@pytest.mark.slow
def test_brokers_do_all_their_work_on_a_server(office: Office, tmp_path: Path) -> None:
    visit = _record_events(office)
    _record_methods_and_answers(office, visit, tmp_path)
    _exchange_files(office, tmp_path)
    _read_all(office, visit)
    _leave_to_the_operator(office)
    for user in ("jh", "an", "postgres"):
        office.run(user, "check")


def _record_events(office: Office) -> str:
    """Record, correct and undo companies and events; return the id of a visit."""
    run, data = office.run, office.data
    run("postgres", "broker", "add", "AN", "--council", "Silkeborg Erhvervsråd")
    assert "AN" in run("an", "broker", "me")
    _take_no_other_name(office)
    _take_no_login_of_another(office)
    where = ("--municipality", "Viborg", "--employees", "10")
    run("jh", "company", "add", "Hedelund", "--cvr", CVR, *where)
    run("an", "company", "add", "Mols Bogtryk", "--cvr", _SECOND, *where)
    run("an", "company", "add", "Mols Tryk", "--municipality", "Viborg", "--yes")
    visit = data("jh", "contact", "add", CVR, "--date", "2011-03-01", "--person", "Inger Holm",
                 "--note", "ringer", "--next", "2011-04-01")["id"]  # fmt: skip
    run("an", "contact", "edit", visit, "--note", "ringede")
    run("an", "contact", "add", _SECOND, "--date", "2011-03-02", "--with", "JH")
    run("jh", "followup", "add", CVR, "--date", "2011-04-02")
    run("an", "followup", "due")
    run("jh", "collaboration", "add", CVR, "--kind", "project", "--agreed", "2011-04-03",
        "--institution", "VIA")  # fmt: skip
    hire = data("an", "hire", "add", CVR, "--level", "master", "--agreed", "2011-04-04")["id"]
    run("jh", "hire", "edit", hire, "--level", "phd")
    run("an", "hire", "withdraw", hire, "--reason", "aflyst")
    run("jh", "undo", code=1)  # the last is another broker's
    run("an", "undo", "--yes")
    run("an", "redo", "--yes")
    run("an", "undo", "--yes")
    run("jh", "company", "edit", CVR, "--employees", "12", "--from", "2011-05-01")
    run("an", "company", "join", "Mols Tryk", _SECOND, "--yes")
    run("jh", "company", "add", "Ny Hedelund", "--cvr", _THIRD, *where, "--yes")
    run("jh", "company", "succeed", CVR, _THIRD, "--from", "2011-06-01")
    return str(visit)


def _take_no_other_name(office: Office) -> None:
    """Show that KMTRACK_BROKER is not said to be who a broker is where the server refuses it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KMTRACK_BROKER", "JH")
        assert office.run("an", "broker", "me").splitlines() == [
            "You are AN (Silkeborg Erhvervsråd)",
            "That is your user name on the server",
            "KMTRACK_BROKER says JH, and the server stores nothing under that: unset KMTRACK_BROKER",
        ]
        assert office.data("an", "broker", "me")["initials"] == "AN"
        assert office.run("postgres", "broker", "me").startswith("You are JH")
        told = office.run("an", "company", "add", "Ny", "--municipality", "Viborg", code=1)
        assert "KMTRACK_BROKER" in told


def _take_no_login_of_another(office: Office) -> None:
    """Show that a login that records as one broker is given to another only where that is agreed to."""
    run = office.run
    given = ("broker", "edit", "JH", "--login", "an")
    assert "the login an records as AN" in run("postgres", *given, code=1)
    assert run("an", "broker", "me").startswith("You are AN")
    run("postgres", *given, "--yes")
    assert run("an", "broker", "me").startswith("You are JH")
    run("postgres", "broker", "edit", "AN", "--login", "an", "--yes")
    run("postgres", "broker", "edit", "AN", "--login", "an")
    run("postgres", "broker", "edit", "AN", "--login", "ane")  # nobody's so far


def _record_methods_and_answers(office: Office, visit: str, folder: Path) -> None:
    run = office.run
    run("jh", "method", "add", "Opgavekataloget", "--kind", "tool", "--for", "both")
    run("an", "method", "assess", "opgave", "--verdict", "keep", "--text", "Bruges")
    run("an", "method", "disseminate", "opgave", "--to", "companies", "--how", "nyhedsbrev")
    run("an", "method", "used", "opgave", "--contact", visit)
    (folder / "model.pdf").write_bytes(b"%PDF-1.4 a model")
    run("jh", "deliverable", "log", "project-management", "--text", "Møde")
    run("an", "deliverable", "check", "continuation-model", "resources", "--date", "2011-06-01")
    run("an", "deliverable", "submit", "continuation-model", "--file", "model.pdf", "--yes")
    given = [word for answer in _ANSWERS for word in ("--answer", answer)]
    run("jh", "survey", "answer", CVR, *given)
    run("an", "survey", "form", CVR, "form.xlsx", "--with-answers")
    run("an", "survey", "import", "form.xlsx", "--yes")


def _exchange_files(office: Office, folder: Path) -> None:
    """Read and write files; a broker brings what they recorded themselves, and nothing else."""
    run = office.run
    (folder / "companies.csv").write_text(
        f"Navn;CVR;Kommune;Antal ansatte\nAlfa;{cvr_number(3)};Viborg;9\nHedelund;{CVR};Viborg;12\n", "utf-8"
    )  # fmt: skip
    (folder / "contacts.csv").write_text(
        f"CVR;Dato;Kanal;Mægler\n{CVR};4.6.2011;besøg;JH\n{cvr_number(3)};5.6.2011;besøg;AN\n",
        "utf-8",
    )
    run("an", "import", "companies.csv", "--as", "company", "--yes")
    run("jh", "import", "contacts.csv", "--as", "contact", "--yes")
    run("an", "import", "contacts.csv", "--as", "contact", "--yes")
    run("an", "template", "sheet.xlsx")
    run("jh", "export", "report.xlsx")
    run("an", "bundle", "news.db")
    run("jh", "backup")
    own, other = str(folder / "own.db"), str(folder / "other.db")
    for file, broker in ((own, "AN"), (other, "MK")):
        run("an", "--ledger", file, "init", "--broker", broker, "--municipality", "Viborg")
        run("an", "--ledger", file, "company", "add", f"Hos {broker}", "--municipality", "Viborg")
    assert "only the administrator can restore it" in run("an", "merge", own, "--yes")
    merged = office.data("an", "history")[-1]["number"]
    assert "only the administrator can" in run("an", "undo", str(merged), code=1)
    assert "MK" not in json.dumps(office.data("postgres", "company", "list"))
    assert run("an", "merge", other, "--yes", code=1).count("\n") == 1


def _read_all(office: Office, visit: str) -> None:
    run, data = office.run, office.data
    for words in (
        ("status",), ("status", "--details"), ("status", "--by", "broker"),
        ("status", "--known-at", "2011-06-30"), ("why", visit), ("why", "new-contacts"),
        ("history",), ("company", "list"), ("contact", "list", "--all"), ("hire", "list"),
        ("collaboration", "list"), ("followup", "list"), ("method", "list"), ("survey", "list"),
        ("survey", "due"), ("survey", "report"), ("deliverable", "list"), ("broker", "list"),
        ("contract", "show"), ("company", "show", CVR), ("contact", "show", visit),
        ("person", "show", "Inger Holm"), ("person", "stale", "--before", "2012-01-01"),
    ):  # fmt: skip
        assert data("jh", *words) == data("postgres", *words)
        assert run("an", *words)
    assert data("an", "today")["broker"] == "AN"
    run("an", "config", "channel", "email")


def _leave_to_the_operator(office: Office) -> None:
    """Show that what is the operator's is refused with one line, and that the operator can do it."""
    run = office.run
    amended = ("contract", "amend", "--minimum", "hires=75", "--yes")
    erased = ("person", "erase", "Inger Holm", "--yes")
    for only in (amended, erased):
        told = run("an", *only, code=1)
        assert told.count("\n") == 1
        assert "administrator" in told or "operator" in told or "may not" in told, told
        run("postgres", *only)
    assert run("jh", "person", "show", "Inger Holm", code=1)
