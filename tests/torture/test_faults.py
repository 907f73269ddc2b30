"""Faults: a full disk or a broken one at every write and sync of every command that writes."""

from __future__ import annotations

import re
import shutil
from contextlib import closing
from typing import TYPE_CHECKING, Final

import pytest
from laid_out import COMMANDS, MAKING, lay_out, restored
from program import Ended, command_line, run
from test_kills import DONE

from kmtrack.ledger.store import open_store
from kmtrack.usecases.checking import check_ledger

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = [
    pytest.mark.torture,
    pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed"),
]

_ERRORS: Final = ("ENOSPC", "EIO")
CALLS: Final = "pwrite64,write,fdatasync,fsync,ftruncate"
SAID_STORED: Final = re.compile(
    r"^(Contact k|Company c|Command \d+ is undone|Merged|.* erased)", re.MULTILINE
)


def fail_at(
    folder: Path, words: tuple[str, ...], error: str, number: int, sabotage: str = "nothing"
) -> tuple[Ended, bool]:
    """Run a command whose call of that number fails; how it ended, and whether that came about."""
    log = folder.parent / "faults.log"
    inject = f"inject={CALLS}:error={error}:when={number}"
    strace = ["strace", "-f", "-qq", "-e", f"trace={CALLS}", "-e", inject, "-o", str(log)]
    ended = run(folder, [*strace, *command_line(*words, sabotage=sabotage)])
    return ended, "(INJECTED)" in log.read_text(errors="replace")


@pytest.mark.parametrize("error", _ERRORS)
def test_a_fault_is_told_and_never_mistaken(
    tmp_path: Path,
    times: Callable[[int, int], int],
    told: Callable[[str, str], None],
    error: str,
) -> None:
    folder, kept = tmp_path / "work", tmp_path / "kept"
    lay_out(kept, imported=20)
    faults = 0
    for name, words in {**COMMANDS, **MAKING}.items():
        # The short form looks at a few points of each command, the long form at all of them.
        number, step = 1, times(1, 17)
        while True:
            ledger = restored(folder, kept)
            (code, out, err), failed = fail_at(folder, words, error, number)
            if not failed:
                break
            faults += 1
            where = (name, error, number, code, out, err)
            assert code in {0, 1}, where
            assert "Traceback" not in out + err, where
            with closing(open_store(ledger)) as store:
                assert check_ledger(store).damage == [], where
                if name in DONE:
                    done = bool(store.get(DONE[name])[0])
                    assert done or not SAID_STORED.search(out), where
                    assert not (done and ("not stored" in err or "NOT stored" in err)), where
            number += step
    told(
        f"{error} injected",
        f"{faults} points of {len(COMMANDS) + len(MAKING)} commands: 0 tracebacks, 0 false",
    )
