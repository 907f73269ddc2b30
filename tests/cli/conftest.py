"""A ledger with a broker and companies for the commands of a test, and the runner over it."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from cli_runner import Runner
from kmtrack.clock import clock_from
from kmtrack.usecases.founding import NewLedger, create_ledger

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="session")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new ledger of broker JH, made once and copied: making one loads all of SQLModel."""
    ledger = tmp_path_factory.mktemp("founded") / "ledger.db"
    environment = {"KMTRACK_TODAY": "2011-06-30"}
    new = NewLedger(("Viborg", "740"), None, "JH", "Viborg Erhvervsråd")
    create_ledger(ledger, new, clock_from(environment), environment)
    return ledger


@pytest.fixture
def empty_runner(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Runner:
    """A runner whose ledger is not made yet."""
    return Runner(tmp_path, capsys)


@pytest.fixture
def runner(empty_runner: Runner, founded: Path) -> Runner:
    """A runner on a ledger of broker JH, with nothing in it."""
    shutil.copy(founded, empty_runner.ledger)
    return empty_runner


@pytest.fixture
def stocked(runner: Runner) -> Runner:
    """A runner on a ledger with two companies and a visit to one of them."""
    smith = ("Århus Smedje ApS", "--cvr", "13748136", "--municipality", "Viborg")
    runner.done("company", "add", *smith, "--employees", "40")
    runner.done("company", "add", "Mols Bogtryk", "--municipality", "Silkeborg")
    runner.done("contact", "add", "13748136", "--date", "2011-03-01")
    return runner
