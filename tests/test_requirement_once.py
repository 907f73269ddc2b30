"""A requirement is written once: in a copy of the package one is added, and all that shows it works."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

import pytest
from openpyxl import load_workbook

import kmtrack
from kmtrack.resources import DATA_FOLDER

pytestmark = pytest.mark.files

_FUNCTION: Final = '''

@requirement(nouns=["contact"])
def has_broker(subject: Subject) -> Answer:
    """A broker is named; without one nobody can be asked about the contact (ours)."""
    brokers = subject.record.brokers
    return Answer("yes", "broker", (brokers,)) if brokers else Answer("unknown", "no_broker")
'''
_ASKED: Final = 'has_broker = { da = "kontaktmægler", en = "contact broker" }'
_TEXTS: Final = """
TEXTS |= {
    "rule.has_broker": "broker named",
    "definition.has_broker": "The contact names its broker.",
    "why.broker": "broker {0}",
    "why.no_broker": "no broker named",
    "reason.no_broker": "no broker named",
    "remedy.no_broker": "kmtrack contact edit {id} --broker INITIALS",
    "check.missing_no_broker": "{name}: {id} names no broker",
}
"""
# Each command by itself as the program runs it; what came of it goes to the test.
_PROGRAM: Final = """
import contextlib, io, json, sys
from kmtrack.cli.main import main

def run(*words):
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = main(["--lang", "en", *words])
    return [code, out.getvalue(), err.getvalue()]

def shown(*words):
    code, out, err = run(*words)
    assert code == 0, err
    return out

found = {"refused": run("init", "--contract", sys.argv[2], "--municipality", "Viborg")}
shown("init", "--municipality", "Viborg")
company = json.loads(shown("company", "add", "Ny A/S", "--cvr", "13748136",
    "--municipality", "Viborg", "--employees", "40", "--json"))["id"]
found["added"] = shown("contact", "add", company, "--date", "2011-03-01", "--channel", "visit")
found["waiting"] = json.loads(shown("status", "--json"))
contact = json.loads(shown("contact", "list", "--json"))[0]["id"]
found["contact"] = contact
found["record"] = json.loads(shown("why", contact, "--json"))
found["page"] = shown("why", contact)
found["target"] = shown("why", "new-contacts")
found["check"] = shown("check")
found["contract"] = shown("contract", "show")
shown("broker", "add", "HB")
shown("contact", "edit", contact, "--broker", "HB")
found["counted"] = json.loads(shown("status", "--json"))
shown("export", sys.argv[1])
json.dump(found, sys.stdout)
"""


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("copy")
    package = folder / "src" / "kmtrack"
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(Path(kmtrack.__file__).parent, package, ignore=ignored)
    shutil.copytree(DATA_FOLDER, folder / "data", dirs_exist_ok=True)
    with (package / "rules" / "requirements.py").open("a", encoding="utf-8") as file:
        file.write(_FUNCTION)
    with (package / "texts" / "en" / "__init__.py").open("a", encoding="utf-8") as file:
        file.write(_TEXTS)
    shipped = (DATA_FOLDER / "contract.toml").read_text(encoding="utf-8")
    contract = shipped.replace("[target.requires]", f"[target.requires]\n{_ASKED}", 1)
    (folder / "data" / "contract.toml").write_text(contract, encoding="utf-8")
    before, hires = shipped.split('id = "hires"')
    wrong = folder / "wrong.toml"
    asked = hires.replace("[target.requires]", f"[target.requires]\n{_ASKED}", 1)
    wrong.write_text(before + 'id = "hires"' + asked, encoding="utf-8")
    kept = {key: value for key, value in os.environ.items() if not key.startswith("KMTRACK_")}
    done = subprocess.run(
        [sys.executable, "-c", _PROGRAM, str(folder / "report.xlsx"), str(wrong)],
        env={
            **kept,
            "PYTHONPATH": str(package.parent),
            "KMTRACK_LEDGER": str(folder / "ledger.db"),
            "KMTRACK_TODAY": "2011-12-31",
        },
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    result: dict[str, Any] = {"folder": folder, **json.loads(done.stdout)}
    return result


def _new_contacts(status: dict[str, Any]) -> tuple[int, int, int]:
    [target] = [each for each in status["targets"] if each["id"] == "new-contacts"]
    return target["counted"], target["waiting"], target["excluded"]


def test_a_record_waits_for_it_and_counts_once_it_is_met(found: dict[str, Any]) -> None:
    assert "no broker named" in found["added"]
    assert _new_contacts(found["waiting"]) == (0, 1, 0)
    assert _new_contacts(found["counted"]) == (1, 0, 0)


def test_it_is_explained_with_its_remedy(found: dict[str, Any]) -> None:
    remedy = f"kmtrack contact edit {found['contact']} --broker INITIALS"
    [verdict] = found["record"]["verdicts"]
    assert verdict["outcome"] == "waiting"
    assert verdict["remedies"] == [remedy]
    assert {
        "rule": "has_broker",
        "answer": "unknown",
        "reason": "no_broker",
        "looked_at": [],
        "fact": "no broker named",
        "words": "kontaktmægler",
    } in verdict["requirements"]
    assert remedy in found["page"]
    assert "contact broker" in found["page"]
    assert "no broker named" in found["target"]


def test_the_check_and_the_contract_show_it(found: dict[str, Any]) -> None:
    assert f"Ny A/S: {found['contact']} names no broker" in found["check"]
    assert "broker named" in found["contract"]


def test_the_workbook_defines_it(found: dict[str, Any]) -> None:
    workbook = load_workbook(found["folder"] / "report.xlsx")
    texts = {
        cell for sheet in workbook for row in sheet.iter_rows(values_only=True) for cell in row
    }
    assert {"kontaktmægler", "contact broker"} & texts
    assert "The contact names its broker." in texts


def test_a_contract_cannot_ask_it_of_records_without_the_fact(found: dict[str, Any]) -> None:
    code, _, said = found["refused"]
    assert code == 1
    assert "has_broker" in said
