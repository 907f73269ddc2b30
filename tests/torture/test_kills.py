"""Kill kmtrack at random moments, and check what is left."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import time
from contextlib import closing
from typing import TYPE_CHECKING, Final

import pytest
from laid_out import COMMANDS, MAKING, lay_out, restored
from program import command_line, environment, run

from builders import CVR
from kmtrack.ledger.open import open_store
from kmtrack.usecases.check import check_ledger

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = [
    pytest.mark.torture,
    pytest.mark.skipif(os.name == "nt", reason="Windows ends processes in another way"),
]

DONE: Final = {
    "contact add": "SELECT count(*) = 3 FROM contact",
    "company edit": "SELECT employees = '77' FROM company",
    "import": "SELECT count(*) > 20 FROM contact",
    "undo": "SELECT count(*) = 1 FROM contact WHERE withdrawn IS NULL",
    "merge": "SELECT count(*) = 21 FROM contact",
    "person erase": "SELECT withdrawn = 'erased' FROM person",
    "restore": "SELECT count(*) = 0 FROM contact",
    "erase text": "SELECT count(*) = 0 FROM contact WHERE note LIKE '%Bo Lund%'",
    "erasing merge": "SELECT withdrawn = 'erased' FROM person",
}
# What is in no file of the ledger once its erasure is done, and another command was given.
ERASED: Final = {
    "person erase": b"Inger Holm",
    "erase text": b"Bo Lund",
    "erasing merge": b"Inger Holm",
}


def _killed(folder: Path, words: tuple[str, ...], after: float) -> str:
    """Run a command, kill it after that many seconds, and return its output so far."""
    process = subprocess.Popen(
        command_line(*words),
        env=environment(folder, PYTHONUNBUFFERED="1"),
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        encoding="utf-8",
    )
    time.sleep(after)
    process.send_signal(signal.SIGKILL)
    out, _ = process.communicate()
    return str(out)


def _how_long(folder: Path, kept: Path, words: tuple[str, ...]) -> float:
    restored(folder, kept)
    began = time.perf_counter()
    ended = run(folder, command_line(*words))
    assert ended.code == 0, ended.err
    return time.perf_counter() - began


def test_what_was_confirmed_before_a_kill_is_there_and_nothing_is_half_done(
    tmp_path: Path,
    times: Callable[[int, int], int],
    told: Callable[[str, str], None],
) -> None:
    folder, kept = tmp_path / "work", tmp_path / "kept"
    lay_out(kept)
    chance = random.Random(3)
    commands = {**COMMANDS, **MAKING}
    each = times(440, 22) // len(commands)
    kills = confirmed = 0
    for name, words in commands.items():
        lasts = _how_long(folder, kept, words)
        for _ in range(each):
            ledger = restored(folder, kept)
            # Imports take the first half of a run; the writes come after.
            said = _killed(folder, words, lasts * chance.uniform(0.4, 1.05))
            kills += 1
            with closing(open_store(ledger)) as store:
                assert check_ledger(store).damage == []
                done = bool(store.get(DONE[name])[0]) if name in DONE else _is_made(folder, name)
                people = store.get("SELECT count(*) FROM contact")[0]
            if said.strip():
                confirmed += 1
                assert done, (name, said)
            assert people in {0, 2, 3, 21, 202}, name
            is_whole_or_absent(folder, kept)
            ended = run(folder, command_line("company", "edit", CVR, "--employees", "78"))
            assert ended.code == 0, ended.err
            if done and name in ERASED:
                assert files_holding(folder, ERASED[name]) == [], name
    told("kill -9", f"{kills} kills ({confirmed} after it was confirmed): 0 lost, 0 half-done")


def files_holding(folder: Path, erased: bytes) -> list[str]:
    """Return the files of the ledger and of its copies that hold what was erased."""
    files = (path for path in folder.glob("ledger*/**/*") if path.is_file())
    beside = (path for path in folder.glob(".ledger*") if path.is_file())
    found = [folder / "ledger.db", *folder.glob("ledger.db-*"), *files, *beside]
    return [path.name for path in found if erased in path.read_bytes()]


def _is_made(folder: Path, name: str) -> bool:
    """Return whether the file that a command of MAKING writes exists."""
    if name == "migration":
        with closing(open_store(folder / "old.db")) as store:
            return store.one("SELECT 1 FROM company WHERE name = 'Nyt Firma'") is not None
    # The folder has one backup from the start.
    least = {"region.xlsx": 1, "news.db": 1, "*-backups/*.db": 2}
    form = {"export": "region.xlsx", "bundle": "news.db", "backup": "*-backups/*.db"}[name]
    return len(list(folder.glob(form))) >= least[form]


def _changed(file: Path, kept: Path) -> list[Path]:
    """Return the file if it or its journal has changed, since opening it would migrate it."""
    is_same = file.read_bytes() == (kept / file.name).read_bytes()
    return [] if is_same and not file.with_name(f"{file.name}-journal").exists() else [file]


def is_whole_or_absent(folder: Path, kept: Path) -> None:
    """Assert that a file which a command writes besides the ledger is complete or absent."""
    workbook = folder / "region.xlsx"
    if workbook.exists():
        shutil.unpack_archive(workbook, folder / "unpacked", "zip")
    copies = (folder / "ledger-backups").glob("*.db")
    for copy in (*copies, *_changed(folder / "old.db", kept)):
        with closing(open_store(copy)) as store:
            assert check_ledger(store).damage == []
    bundle = folder / "news.db"
    if bundle.exists():
        with closing(open_store(bundle)) as store:
            assert store.get("PRAGMA integrity_check")[0] == "ok"
