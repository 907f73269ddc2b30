"""A field is written once: a line in the facts of a hire, a contact or a collaboration is enough.

In a copy of the package these lines, the texts and the version of the schema are added, and nothing
else; what a person may do with any other field may then be done with this one.
"""

from __future__ import annotations

import csv
import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import openpyxl
import pytest

import kmtrack
import servers
from kmtrack.ledger.store.sqlite import SCHEMA_VERSION
from kmtrack.resources import DATA_FOLDER

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.files

SOURCE: Final = Path(kmtrack.__file__).parents[1]
CVR: Final = "13748136"
EVENTS: Final = "kmtrack/ledger/schema/events.py"
# What is added: after which line of which file.
ADDED: Final = (
    (EVENTS, r"\n    hours: .*", "    sector: Annotated[Line, Details(exported=6)] = None"),
    (EVENTS, r"\n    next: Annotated[^\n]*", "    sector: Line = None"),
    (
        EVENTS,
        r"\n    students: Annotated[^\n]*",
        '    sector: Annotated[Line, Details(exported=6, detail_of=("collaboration",))] = None',
    ),
    ("kmtrack/texts/da/words.py", '\n    "field.hours": .*', '    "field.sector": "Branche",'),
    ("kmtrack/texts/en/words.py", '\n    "field.hours": .*', '    "field.sector": "Sector",'),
    (
        "kmtrack/texts/da/help.py",
        '\n    "help.field.hours": .*',
        '    "help.field.sector": "Branchen.",',
    ),
    (
        "kmtrack/texts/en/help.py",
        '\n    "help.field.hours": .*',
        '    "help.field.sector": "The sector.",',
    ),
    ("kmtrack/texts/aliases.py", '\n    "hours": .*', '    "sector": "branche",'),
)
VERSION: Final = f"SCHEMA_VERSION: Final = {SCHEMA_VERSION}"


# Runs each command that it reads in one process, because loading the program takes most of the time.
SERVING: Final = """
import io, json, os, sys
from kmtrack.cli.main import main
answers = sys.stdout
for line in sys.stdin:
    words, settings = json.loads(line)
    os.environ.update(settings)
    out, err = (io.TextIOWrapper(io.BytesIO(), "utf-8", newline="") for _ in range(2))
    sys.stdout, sys.stderr = out, err
    code = main(words)
    sys.stdout, sys.stderr = sys.__stdout__, sys.__stderr__
    for each in (out, err):
        each.flush()
    printed = [each.buffer.getvalue().decode() for each in (out, err)]
    print(json.dumps([code, *printed]), file=answers, flush=True)
"""


class Installed:
    """A kmtrack that is installed somewhere, run in a process of its own."""

    def __init__(self, source: Path, folder: Path) -> None:
        self.folder = folder
        environment = {
            **os.environ,
            "PYTHONPATH": str(source),
            "PYTHONIOENCODING": "utf-8",
            "KMTRACK_HOME": str(folder),
            "KMTRACK_BROKER": "JH",
            "KMTRACK_TODAY": "2011-06-30",
            "COLUMNS": "200",
        }
        self._process = subprocess.Popen(
            [sys.executable, "-c", SERVING],
            env=environment,
            cwd=folder,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
        )

    def close(self) -> None:
        """End the process."""
        self._process.communicate()
        assert self._process.returncode == 0

    def run(self, ledger: Path | str, *arguments: str, lang: str = "en") -> tuple[int, str, str]:
        """Run one command; its exit code and what it printed."""
        assert self._process.stdin
        assert self._process.stdout
        settings = {"KMTRACK_LEDGER": str(ledger), "KMTRACK_LANG": lang}
        print(json.dumps([arguments, settings]), file=self._process.stdin, flush=True)
        code, out, err = json.loads(self._process.stdout.readline())
        return code, out, err

    def done(self, ledger: Path | str, *arguments: str, lang: str = "en") -> str:
        """Run a command that must succeed; what it printed."""
        code, out, err = self.run(ledger, *arguments, lang=lang)
        assert code == 0, err
        return out

    def data(self, ledger: Path | str, *arguments: str) -> Any:
        """Run a command that must succeed; its JSON."""
        return json.loads(self.done(ledger, *arguments, "--json"))


@pytest.fixture(scope="module")
def older(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installed]:
    """Yield this kmtrack, which knows nothing of the field."""
    with closing(Installed(SOURCE, tmp_path_factory.mktemp("older"))) as installed:
        yield installed


@pytest.fixture(scope="module")
def newer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installed]:
    """Yield a kmtrack to which the field was added."""
    folder = tmp_path_factory.mktemp("newer")
    source = folder / "src"
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(SOURCE / "kmtrack", source / "kmtrack", ignore=ignored)
    shutil.copytree(DATA_FOLDER, folder / "data", dirs_exist_ok=True)
    for name, before, line in ADDED:
        _add_line(source / name, before, line)
    (versioned,) = (
        file for file in source.rglob("*.py") if VERSION in file.read_text(encoding="utf-8")
    )
    text = versioned.read_text(encoding="utf-8")
    grown = VERSION.replace(str(SCHEMA_VERSION), str(SCHEMA_VERSION + 1))
    versioned.write_text(text.replace(VERSION, grown), encoding="utf-8")
    with closing(Installed(source, folder)) as installed:
        yield installed


def _add_line(file: Path, before: str, line: str) -> None:
    text = file.read_text(encoding="utf-8")
    found = list(re.finditer(before, text))
    assert len(found) == 1, (file, before)
    at = found[0].end()
    file.write_text(f"{text[:at]}\n{line}{text[at:]}", encoding="utf-8")


def _fill(kmtrack: Installed, ledger: Path | str) -> None:
    kmtrack.done(ledger, "init", "--municipality", "Viborg", "--broker", "JH")
    company = ("--cvr", CVR, "--municipality", "Viborg", "--employees", "40")
    kmtrack.done(ledger, "company", "add", "Hedelund", *company)
    kmtrack.done(ledger, "contact", "add", CVR, "--date", "2011-03-01", "--person", "Ane Holm")
    kmtrack.done(ledger, "hire", "add", CVR, "--level", "master", "--agreed", "2011-05-02")


@pytest.fixture(scope="module")
def older_ledger(older: Installed) -> Path:
    """Return a ledger with a contact and a hire, made before the field was there."""
    ledger = older.folder / "older.db"
    _fill(older, ledger)
    return ledger


@pytest.fixture
def ledger(older_ledger: Path, tmp_path: Path) -> Path:
    """That ledger, to be opened by the newer kmtrack."""
    return Path(shutil.copyfile(older_ledger, tmp_path / "ledger.db"))


def _id(kmtrack: Installed, ledger: Path | str, noun: str) -> str:
    return str(kmtrack.data(ledger, noun, "list")[0]["id"])


@pytest.mark.parametrize(("noun", "day"), [("hire", "--agreed"), ("contact", "--date")])
def test_it_is_added_edited_listed_and_told(
    newer: Installed, ledger: Path, noun: str, day: str
) -> None:
    stated = (noun, "add", CVR, day, "2011-06-01", "--branche", 'energi & "vind"')
    id_ = newer.data(ledger, *stated)["id"]
    newer.done(ledger, noun, "edit", id_, "--branche", "vind")
    rows = list(csv.DictReader(newer.done(ledger, noun, "list", "--csv").splitlines()))
    assert sorted(row["sector"] for row in rows) == ["", "vind"]
    listed = newer.data(ledger, noun, "list")
    assert {row["id"]: row["sector"] for row in listed}[id_] == "vind"
    assert newer.data(ledger, noun, "show", id_)["sector"] == "vind"
    assert "Branche: vind" in newer.done(ledger, noun, "show", id_, lang="da")
    assert 'Sector: energi & "vind" -> vind' in newer.done(ledger, "history")
    assert "--sector" in newer.done(ledger, noun, "add", "--help")
    assert "--sector: " in newer.run(ledger, noun, "edit", id_, "--sector", "v" * 300)[2]
    newer.done(ledger, "check")


def test_it_is_imported(newer: Installed, ledger: Path, tmp_path: Path) -> None:
    hires, contacts = tmp_path / "hires.csv", tmp_path / "kontakter.csv"
    hires.write_text(f"cvr,level,agreed,sector\n{CVR},phd,2011-06-02,wind\n", encoding="utf-8")
    contacts.write_text(f"CVR-nr.;Dato;Branche\n{CVR};3.6.2011;vind\n", encoding="utf-8")
    for file in (hires, contacts):
        newer.done(ledger, "import", str(file))
        assert "0 added, 1 already here" in newer.done(ledger, "import", str(file))
    assert "wind" in [row["sector"] for row in newer.data(ledger, "hire", "list")]
    assert "vind" in [row["sector"] for row in newer.data(ledger, "contact", "list")]


def test_the_template_has_a_column_for_it(newer: Installed, ledger: Path, tmp_path: Path) -> None:
    file = tmp_path / "skabelon.xlsx"
    newer.done(ledger, "template", str(file), lang="da")
    book = openpyxl.load_workbook(file)
    for sheet in ("Kontakter", "Ansættelser"):
        assert "Branche" in [cell.value for cell in book[sheet][1]]


def test_the_region_gets_it_where_the_field_says_so(
    newer: Installed, ledger: Path, tmp_path: Path
) -> None:
    for noun in ("hire", "contact"):
        newer.done(ledger, noun, "edit", _id(newer, ledger, noun), "--sector", "=vind")
    file = tmp_path / "region.xlsx"
    newer.done(ledger, "export", str(file))
    book = openpyxl.load_workbook(file)
    headings, *rows = book["Hires"].iter_rows(values_only=True)
    assert [row[headings.index("Sector")] for row in rows] == ["=vind"]
    assert book["Hires"].cell(2, headings.index("Sector") + 1).data_type == "s"
    assert "Sector" not in [cell.value for cell in book["Contacts"][1]]
    assert "Sector" not in [cell.value for cell in book["Collaborations"][1]]
    newer.done(ledger, "export", str(file), "--with-details")
    book = openpyxl.load_workbook(file)
    assert "Sector" not in [cell.value for cell in book["Contacts"][1]]
    assert "Sector" in [cell.value for cell in book["Collaborations"][1]]


def test_an_older_ledger_gets_the_column(newer: Installed, older: Installed, ledger: Path) -> None:
    before = older.data(ledger, "status")
    assert newer.data(ledger, "status") == before
    with closing(sqlite3.connect(ledger)) as connection:
        for noun in ("hire", "contact", "collaboration"):
            columns = [row[1] for row in connection.execute(f"PRAGMA table_info({noun})")]
            assert "sector" in columns
    newer.done(ledger, "check")
    code, _, err = older.run(ledger, "status")
    assert code == 1
    assert "newer version of kmtrack" in err


def test_an_older_ledger_is_merged_and_restored(
    newer: Installed, older: Installed, older_ledger: Path, ledger: Path, tmp_path: Path
) -> None:
    theirs = Path(shutil.copyfile(older_ledger, tmp_path / "theirs.db"))
    older.done(theirs, "contact", "add", CVR, "--date", "2011-06-04", "--note", "theirs")
    newer.done(ledger, "hire", "edit", _id(newer, ledger, "hire"), "--sector", "vind")
    newer.done(ledger, "merge", str(theirs), "--yes")
    assert len(newer.data(ledger, "contact", "list")) == 2
    newer.done(ledger, "restore", str(older_ledger), "--yes")
    assert [row["sector"] for row in newer.data(ledger, "hire", "list")] == [None]
    newer.done(ledger, "check")


@pytest.mark.slow
def test_an_older_ledger_on_a_server_gets_the_column(older: Installed, newer: Installed) -> None:
    running = servers.server()
    database = running.new_database()
    address = running.address(database)
    _fill(older, address)
    id_ = _id(newer, address, "hire")
    newer.done(address, "hire", "edit", id_, "--sector", "vind")
    assert [row["sector"] for row in newer.data(address, "hire", "list")] == ["vind"]
    columns = "SELECT 1 FROM information_schema.columns WHERE column_name = 'sector'"
    assert len(running.run(columns, database)) == 6  # of three tables, and of their views
    newer.done(address, "check")
    newer.done(address, "backup")
    assert "newer version of kmtrack" in older.run(address, "status")[2]
