"""A ledger with a broker and companies for the commands of a test, and the runner over it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import servers
from builders import ledger_in
from cli_runner import Runner

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def empty_runner(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Runner:
    """Return a runner whose ledger is not made yet."""
    if servers.IN_USE:
        monkeypatch.setenv("KMTRACK_BROKER", "JH")  # a server is nobody's own
    return Runner(tmp_path, capsys)


@pytest.fixture
def runner(empty_runner: Runner, tmp_path: Path) -> Runner:
    """Return a runner on a ledger of broker JH, with nothing in it."""
    empty_runner.ledger = ledger_in(tmp_path)
    return empty_runner


@pytest.fixture
def stocked(runner: Runner) -> Runner:
    """Return a runner on a ledger with two companies and a visit to one of them."""
    smith = ("Århus Smedje ApS", "--cvr", "13748136", "--municipality", "Viborg")
    runner.done("company", "add", *smith, "--employees", "40")
    runner.done("company", "add", "Mols Bogtryk", "--municipality", "Silkeborg")
    runner.done("contact", "add", "13748136", "--date", "2011-03-01")
    return runner
