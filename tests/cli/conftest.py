"""A ledger with a broker and companies for the commands of a test, and the runner over it."""

from __future__ import annotations

import shutil
from contextlib import closing
from typing import TYPE_CHECKING, Final

import pytest

import servers
from builders import ledger_in
from cli_runner import Runner, run_in
from examples import prepare, work_done
from kmtrack.ledger.open import open_store
from kmtrack.ledger.settings import drop_setting, setting_names
from kmtrack.ledger.store.copies import FOLDER_PREFIX

if TYPE_CHECKING:
    from pathlib import Path

STOCK: Final = (
    ("company", "add", "Århus Smedje ApS", "--cvr", "13748136", "--municipality", "Viborg",
     "--employees", "40"),
    ("company", "add", "Mols Bogtryk", "--municipality", "Silkeborg"),
    ("contact", "add", "13748136", "--date", "2011-03-01"),
)  # fmt: skip


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


@pytest.fixture(scope="session")
def stocked_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a ledger of two companies and a visit, to be copied by each test."""
    folder = tmp_path_factory.mktemp("stocked")
    ledger = ledger_in(folder)
    run_in(folder, STOCK)
    if not servers.IN_USE:
        with closing(open_store(ledger)) as store:  # a copy of it is no duplicate of one in use
            for folder_noted in setting_names(store, FOLDER_PREFIX):
                drop_setting(store, f"{FOLDER_PREFIX}{folder_noted}")
    return folder


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a ledger and files on which every example works, to be copied."""
    folder = tmp_path_factory.mktemp("prepared")
    prepare(folder)
    return folder


@pytest.fixture(scope="session")
def worked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a ledger with something of everything, to be read only."""
    folder = tmp_path_factory.mktemp("worked")
    ledger = ledger_in(folder)
    run_in(folder, work_done())
    return ledger


@pytest.fixture
def stocked(empty_runner: Runner, tmp_path: Path, request: pytest.FixtureRequest) -> Runner:
    """Return a runner on a ledger with two companies and a visit to one of them."""
    if servers.IN_USE:
        empty_runner.ledger = ledger_in(tmp_path)
        for words in STOCK:
            empty_runner.done(*words)
    else:
        shutil.copytree(request.getfixturevalue("stocked_folder"), tmp_path, dirs_exist_ok=True)
    return empty_runner
