"""What a person waits for loads no library that only bulk work needs, seen in a fresh interpreter."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Final

import pytest

import kmtrack
from builders import ledger_in

pytestmark = pytest.mark.files

HEAVY: Final = {
    "pydantic",
    "sqlmodel",
    "sqlalchemy",
    "openpyxl",
    "psycopg",
    "prompt_toolkit",
    "rapidfuzz",
}
# What draws on a terminal: these commands print into a pipe.
DRAWING: Final = {"rich", "markdown_it", "pygments"}
COMPANY: Final = "13748136"

# The real entry point; what it loaded is told at its end, whichever way it ends.
_PROBE: Final = """
import atexit, json, sys
told = sys.argv.pop(1)
sys.argv[0] = "kmtrack"
atexit.register(lambda: open(told, "w").write(json.dumps(sorted(sys.modules))))
from kmtrack.cli.process import run
run()
"""


class Probe:
    """Runs commands in interpreters of their own and tells what they loaded."""

    def __init__(self, folder: Path) -> None:
        self._told = folder / "loaded.json"
        self._environment = {
            "KMTRACK_LEDGER": str(folder / "ledger.db"),
            "PYTHONPATH": str(Path(kmtrack.__file__).parents[1]),
        }

    def __call__(self, *words: str, **environment: str) -> tuple[str, set[str]]:
        done = subprocess.run(
            [sys.executable, "-c", _PROBE, str(self._told), *words],
            env={**os.environ, **self._environment, **environment},
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        assert done.returncode == 0, done.stderr
        loaded = json.loads(self._told.read_text(encoding="utf-8"))
        return done.stdout, {*loaded, *(name.partition(".")[0] for name in loaded)}

    def contact_id(self) -> str:
        """Return the id of the one contact in the ledger."""
        with closing(sqlite3.connect(self._environment["KMTRACK_LEDGER"])) as connection:
            found: str = connection.execute("SELECT id FROM contact").fetchone()[0]
            return found


@pytest.fixture(scope="module")
def stocked_ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("lean")
    ledger_in(folder)
    probe = Probe(folder)
    today = {"KMTRACK_TODAY": "2011-06-30", "KMTRACK_LANG": "en"}
    company = ("Århus Smedje ApS", "--cvr", COMPANY, "--municipality", "Viborg")
    probe("company", "add", *company, "--employees", "40", **today)
    probe("contact", "add", COMPANY, "--date", "2011-03-01", "--person", "Inger Holm", **today)
    return folder / "ledger.db"


@pytest.fixture
def probe(stocked_ledger: Path, tmp_path: Path) -> Probe:
    shutil.copy(stocked_ledger, tmp_path / "ledger.db")
    return Probe(tmp_path)


@pytest.mark.everyday(3)
@pytest.mark.parametrize(
    ("words", "printed"),
    [
        (("contact", "add", COMPANY, "--date", "2011-06-01", "--note", "igen"), "Follow-up"),
        (("contact", "add", COMPANY, "--date", "2011-06-01", "--json"), '"id"'),
        (("contact", "edit", "CONTACT", "--note", "ny"), "corrected"),
        (("contact", "withdraw", "CONTACT", "--reason", "fejl"), "withdrawn"),
        (("followup", "add", COMPANY, "--date", "2011-06-01"), "Follow-up"),
        (("followup", "due"), ""),
        (("hire", "add", COMPANY, "--level", "master"), "Hires"),
        (("collaboration", "add", COMPANY, "--kind", "project"), "Binding"),
        (("company", "add", "Mols Bogtryk", "--municipality", "Syddjurs"), "Mols"),
        (("company", "edit", COMPANY, "--employees", "50"), "Smedje"),
        (("company", "show", COMPANY), "Smedje"),
        (("company", "list"), "Smedje"),
        (("contact", "list"), "visit"),
        (("contact", "list", "--csv"), "visit"),
        (("contact", "list", "--json"), '"channel"'),
        (("contact", "show", "CONTACT"), "Smedje"),
        (("status",), "New contacts"),
        (("status", "--json"), '"targets"'),
        (("status", "--by", "broker"), "JH"),
        (("status", "--by", "broker", "--json"), '"groups"'),
        (("status", "--known-at", "2011-06-30"), "New contacts"),
        (("why", "CONTACT"), "Smedje"),
        (("why", "CONTACT", "--json"), '"verdicts"'),
        (("why", "new-contacts"), "Smedje"),
        (("why", "growth"), "More highly educated"),
        (("history",), "contact add"),
        (("undo", "--yes"), "has been undone"),
        (("backup",), "Backup"),
        (("person", "show", "Inger Holm"), "Smedje"),
        (("person", "stale", "--before", "2011-03-01"), ""),
        (("contract", "show"), "Viborg"),
        (("contract", "amend", "--minimum", "hires=75"), "75"),
        (("broker", "list"), "JH"),
        (("method", "list"), ""),
        (("deliverable", "list"), "continuation-model"),
        (("survey", "due"), ""),
        (("--help",), "followup"),
        (("contact", "--help"), "withdraw"),
        (("contact", "add", "--help"), "--channel"),
    ],
    ids=lambda value: " ".join(value[:3]) if isinstance(value, tuple) else "",
)
def test_an_everyday_command_is_lean(probe: Probe, words: tuple[str, ...], printed: str) -> None:
    contact = probe.contact_id()
    typed = [contact if word == "CONTACT" else word for word in words]
    out, loaded = probe(*typed, KMTRACK_LANG="en")
    assert printed in out
    assert loaded & (HEAVY | DRAWING) == set()


@pytest.mark.everyday(1)
@pytest.mark.parametrize(
    "words",
    [
        ("contact", "add", COMPANY, "--date", "2011-06-01"),
        ("status",),
        ("company", "show", COMPANY),
    ],
)
def test_filters_of_lists_are_loaded_for_lists_only(probe: Probe, words: tuple[str, ...]) -> None:
    filters = {"kmtrack.ledger.schema.filters", "kmtrack.ledger.queries.record_filters"}
    assert probe(*words, KMTRACK_LANG="en")[1] & filters == set()
    assert probe("company", "list", KMTRACK_LANG="en")[1] >= filters


# What an event that is added needs nothing of. Each module costs as much as a statement and its
# classes far more: half of the time of such a command goes into making them.
NOT_TO_ADD: Final = {
    *("csv", "secrets", "string", "tempfile"),
    "kmtrack.ledger.queries.commands",
    "kmtrack.ledger.queries.methods",
    "kmtrack.ledger.store.objects",
    "kmtrack.ledger.stored_entries",
    "kmtrack.ledger.voids",
    "kmtrack.municipalities",
    "kmtrack.rules.amendments",
    "kmtrack.rules.confidentiality",
    "kmtrack.rules.deliverables",
    "kmtrack.rules.growth",
    "kmtrack.rules.methods",
    "kmtrack.rules.status",
    "kmtrack.usecases.lookup",
    "kmtrack.views.target_status",
    "kmtrack.views.withdrawal",
}
# What is told of whole targets.
NOT_OF_A_RECORD: Final = {
    "kmtrack.ledger.queries.methods",
    "kmtrack.rules.confidentiality",
    "kmtrack.rules.deliverables",
    "kmtrack.rules.growth",
    "kmtrack.rules.methods",
    "kmtrack.rules.proofs",
    "kmtrack.rules.status",
    "kmtrack.usecases.why_target",
    "kmtrack.views.target_status",
    "kmtrack.views.why_target",
}
# A page that is only looked at computes no digest either; OpenSSL alone is a fortieth of its time.
NOT_TO_LOOK: Final = {
    *("hashlib", "hmac", "secrets", "tempfile"),
    "kmtrack.ledger.entries",
    "kmtrack.ledger.stored_entries",
    "kmtrack.ledger.voids",
}


@pytest.mark.everyday(3)
@pytest.mark.parametrize(
    ("words", "spared"),
    [
        (("contact", "add", COMPANY, "--date", "2011-06-01"), NOT_TO_ADD),
        (("why", "CONTACT"), NOT_OF_A_RECORD),
        (("company", "show", COMPANY), NOT_OF_A_RECORD),
        (("followup", "add", COMPANY, "--date", "2011-06-01"), NOT_TO_ADD),
        (("status",), NOT_TO_LOOK),
        (("contact", "list"), NOT_TO_LOOK),
    ],
    ids=lambda value: " ".join(value[:2]) if isinstance(value, tuple) else "",
)
def test_an_everyday_command_loads_no_module_of_another_one(
    probe: Probe, words: tuple[str, ...], spared: set[str]
) -> None:
    contact = probe.contact_id()
    probe("contact", "add", COMPANY, "--date", "2011-05-02")  # which makes the copy of the day
    typed = [contact if word == "CONTACT" else word for word in words]
    assert probe(*typed, KMTRACK_LANG="en")[1] & spared == set()


@pytest.mark.everyday(1)
@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("cont", ["contact", "contract"]),
        ("contact a", ["add"]),
        ("contact add --ch", ["--channel"]),
        ("contact add --channel v", ["visit"]),
        ("contact add 1374", [COMPANY]),
        ("export x", []),
    ],
)
def test_completion_is_lean(probe: Probe, typed: str, offered: list[str]) -> None:
    line = f"kmtrack {typed}"
    asked = {"COMP_LINE": line, "COMP_POINT": str(len(line)), "KMTRACK_LANG": "en"}
    out, loaded = probe(_KMTRACK_COMPLETE="complete_bash", **asked)
    assert out.split() == ["words" if offered else "files", *offered]
    assert loaded & (HEAVY | DRAWING) == set()


def test_the_probe_sees_what_is_loaded(probe: Probe, tmp_path: Path) -> None:
    _, loaded = probe("init", "--municipality", "Viborg", KMTRACK_LEDGER=str(tmp_path / "new.db"))
    assert {"sqlmodel", "sqlalchemy"} <= loaded


@pytest.mark.everyday(1)
@pytest.mark.parametrize("shell", ["zsh", "fish", "powershell"])
def test_completion_is_lean_in_every_shell(probe: Probe, shell: str) -> None:
    asked = {"_TYPER_COMPLETE_ARGS": "kmtrack con", "_TYPER_COMPLETE_FISH_ACTION": "get-args"}
    asked |= {"_KMTRACK_WORDS": "kmtrack", "_KMTRACK_CURRENT": "con"}
    out, loaded = probe(_KMTRACK_COMPLETE=f"complete_{shell}", **asked)
    assert "contract" in out
    assert loaded & (HEAVY | DRAWING) == set()
