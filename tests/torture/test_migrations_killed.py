"""Kill a migration at every write, sync, rename and removal: each first command after it tells the truth."""

from __future__ import annotations

import re
import shutil
from contextlib import ExitStack, closing
from typing import TYPE_CHECKING, Final

import pytest
from forking import Forked
from program import environment

from builders import ledger_of_version
from kmtrack.ledger.open import open_store
from kmtrack.ledger.store.sqlite import SCHEMA_VERSION
from kmtrack.usecases.check import check_ledger

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = [
    pytest.mark.torture,
    pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed"),
]

_CALLS: Final = "pwrite64,write,fdatasync,fsync,ftruncate,unlink,rename,link"
_CALL: Final = re.compile(r"^\d+ +(\w+)\(", re.MULTILINE)
_MIGRATING: Final = ("--ledger", "old.db", "status")
_FIRST: Final = (
    ("check",),
    ("history",),
    ("export", "r.xlsx"),
    ("contract", "show"),
    ("import", "x.csv", "--yes"),
    ("company", "add", "Nyt Firma", "--municipality", "Viborg"),
    ("backup",),
    ("bundle", "news.db", "--since", "2011-01-01"),
)


@pytest.mark.parametrize("version", [1, SCHEMA_VERSION - 1])
def test_what_a_killed_migration_leaves_is_never_taken_for_damage(
    tmp_path: Path,
    times: Callable[[int, int], int],
    told: Callable[[str, str], None],
    version: int,
) -> None:
    folder, kept, log = tmp_path / "work", tmp_path / "kept", tmp_path / "calls.log"
    kept.mkdir()
    ledger_of_version(version, kept / "old.db")
    (kept / "x.csv").write_text("company,date\nMols Bogtryk,2011-05-01\n", encoding="utf-8")
    strace = ["strace", "-f", "-e", f"trace={_CALLS}", "-o", str(log)]
    kills = hot = 0
    with ExitStack() as stack:
        program = stack.enter_context(Forked(environment(folder)))
        _lay(kept, folder)
        code, _, err = program.run(folder, _MIGRATING, strace)
        assert code == 0, err
        calls = _CALL.findall(log.read_text(errors="replace"))
        for at in range(len(calls) % 7, len(calls), times(1, len(calls) // 8)):
            call, number = calls[at], calls[: at + 1].count(calls[at])
            _lay(kept, folder)
            kill = ["-e", f"inject={call}:signal=KILL:when={number}"]
            code, _, _ = program.run(folder, _MIGRATING, [*strace, *kill])
            assert code != 0, (call, number)
            kills += 1
            hot += (folder / "old.db-journal").exists()
            words = _FIRST[kills % len(_FIRST)]
            code, out, err = program.run(folder, ("--ledger", "old.db", *words), strace)
            assert code == 0, (call, number, words, out, err)
            with closing(open_store(folder / "old.db")) as store:
                assert check_ledger(store).damage == [], (call, number, words)
    assert hot
    told(
        f"killed migrations from version {version}",
        f"{kills} kills at a write, sync or removal ({hot} left a journal): 0 taken for damage",
    )


def _lay(kept: Path, folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(kept, folder)
