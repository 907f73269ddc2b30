"""What a person waits for loads no library that only bulk work needs, seen in a fresh interpreter."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

import kmtrack
from builders import ledger_in

pytestmark = pytest.mark.files

HEAVY: Final = ("pydantic", "sqlmodel", "sqlalchemy", "openpyxl", "psycopg")
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
_COMPLETION: Final = {
    "_KMTRACK_COMPLETE": "complete_bash",
    "COMP_WORDS": "kmtrack con",
    "COMP_CWORD": "1",
}


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
        return done.stdout, {name.partition(".")[0] for name in loaded}


@pytest.fixture(scope="module")
def stocked_ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("lean")
    ledger_in(folder)
    probe = Probe(folder)
    today = {"KMTRACK_TODAY": "2011-06-30", "KMTRACK_LANG": "en"}
    company = ("Århus Smedje ApS", "--cvr", COMPANY, "--municipality", "Viborg")
    probe("company", "add", *company, "--employees", "40", **today)
    probe("contact", "add", COMPANY, "--date", "2011-03-01", **today)
    return folder / "ledger.db"


@pytest.fixture
def probe(stocked_ledger: Path, tmp_path: Path) -> Probe:
    shutil.copy(stocked_ledger, tmp_path / "ledger.db")
    return Probe(tmp_path)


@pytest.mark.parametrize(
    ("words", "printed"),
    [
        (("contact", "add", COMPANY, "--date", "2011-06-01", "--note", "igen"), "Follow-up"),
        (("followup", "add", COMPANY, "--date", "2011-06-01"), "Follow-up"),
        (("status",), "New contacts"),
        (("status", "--by", "broker", "--json"), '"groups"'),
        (("contact", "list"), "visit"),
        (("company", "show", COMPANY), "Smedje"),
        (("method", "list"), ""),
        (("deliverable", "list"), "continuation-model"),
        (("survey", "due"), ""),
        (("why", "growth"), "More highly educated"),
        (("history",), "contact add"),
        (("undo", "--yes"), "has been undone"),
        (("status", "--known-at", "2011-06-30"), "New contacts"),
        (("backup",), "Backup"),
        (("person", "stale", "--before", "2011-03-01"), ""),
        (("--help",), "followup"),
        (("contact", "add", "--help"), "--channel"),
    ],
    ids=lambda value: " ".join(value[:2]) if isinstance(value, tuple) else "",
)
def test_an_everyday_command_is_lean(probe: Probe, words: tuple[str, ...], printed: str) -> None:
    out, loaded = probe(*words, KMTRACK_LANG="en")
    assert printed in out
    assert loaded.isdisjoint(HEAVY)


def test_completion_is_lean(probe: Probe) -> None:
    out, loaded = probe(**_COMPLETION)
    assert out.split() == ["contact", "contract"]
    assert loaded.isdisjoint(HEAVY)


def test_the_probe_sees_what_is_loaded(probe: Probe, tmp_path: Path) -> None:
    _, loaded = probe("init", "--municipality", "Viborg", KMTRACK_LEDGER=str(tmp_path / "new.db"))
    assert {"sqlmodel", "sqlalchemy"} <= loaded
