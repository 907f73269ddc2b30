"""A full or broken disk at every write and sync of every command that writes."""

from __future__ import annotations

import re
import shutil
from contextlib import ExitStack, closing
from typing import TYPE_CHECKING, Final, NamedTuple

import pytest
from forking import Forked
from laid_out import COMMANDS, MAKING, lay_out, restored
from program import Ended, environment
from test_kills import DONE, ERASED, files_holding, is_whole_or_absent

from builders import CVR, session_over
from kmtrack.ledger.open import open_store
from kmtrack.usecases.check import check_ledger
from kmtrack.usecases.companies import edit_company

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

pytestmark = [
    pytest.mark.torture,
    pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed"),
]

_ERRORS: Final = ("ENOSPC", "EIO")
_CALLS: Final = "pwrite64,write,fdatasync,fsync,ftruncate"
_CALL: Final = re.compile(r"^\d+ +(\w+)\(", re.MULTILINE)
SAID_STORED: Final = re.compile(
    r"^(Contact k|.* has been removed|Company c|Companies: |Contacts: |Command \d+ has been undone|Merged|The ledger has been restored|.* erased|Error: the erasure is stored)",
    re.MULTILINE,
)
_SAID_NOT_STORED: Final = re.compile("(not|nothing was) stored|nothing was changed", re.IGNORECASE)


class Point(NamedTuple):
    """A system call of a command: its name, and its position among the calls of that name."""

    call: str
    number: int


def points_of(program: Forked, folder: Path, words: tuple[str, ...]) -> list[Point]:
    """Return every write and sync of a command.

    Each is made to fail in a run of its own, as a failure hides the calls after it.
    """
    log = folder.parent / "points.log"
    code, _, err = program.run(folder, words, _strace(log))
    assert code == 0, err
    points: list[Point] = []
    numbers: dict[str, int] = {}
    for call in _CALL.findall(log.read_text(errors="replace")):
        numbers[call] = numbers.get(call, 0) + 1
        points.append(Point(call, numbers[call]))
    return points


def fail_at(
    program: Forked, folder: Path, words: tuple[str, ...], error: str, point: Point
) -> Ended:
    """Run a command with one failing call and return its outcome."""
    log = folder.parent / "faults.log"
    inject = f"inject={point.call}:error={error}:when={point.number}"
    ended = Ended(*program.run(folder, words, [*_strace(log), "-e", inject]))
    assert "(INJECTED)" in log.read_text(errors="replace"), point
    return ended


def _strace(log: Path) -> list[str]:
    return ["strace", "-f", "-e", f"trace={_CALLS}", "-o", str(log)]


@pytest.fixture
def started() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


@pytest.mark.parametrize("error", _ERRORS)
def test_a_fault_is_told_and_never_mistaken(
    tmp_path: Path,
    times: Callable[[int, int], int],
    told: Callable[[str, str], None],
    error: str,
    started: ExitStack,
) -> None:
    folder, kept = tmp_path / "work", tmp_path / "kept"
    lay_out(kept, imported=20)
    faults = 0
    program = started.enter_context(Forked(environment(folder)))
    # The short suite tests a few calls of each command, the long one all of them.
    step = times(1, 53)
    for name, words in {**COMMANDS, **MAKING}.items():
        restored(folder, kept)
        for point in points_of(program, folder, words)[faults % step :: step]:
            ledger = restored(folder, kept)
            code, out, err = fail_at(program, folder, words, error, point)
            faults += 1
            where = (name, error, point, code, out, err)
            assert code in {0, 1}, where
            assert "Traceback" not in out + err, where
            with closing(open_store(ledger)) as store:
                assert check_ledger(store).damage == [], where
                if name in DONE:
                    done = bool(store.get(DONE[name])[0])
                    assert done or not SAID_STORED.search(f"{out}\n{err}"), where
                    assert not (done and _SAID_NOT_STORED.search(err)), where
            if name in ERASED and done:
                with session_over(ledger) as session:
                    edit_company(session, CVR, {"employees": "78"}, None)
                assert files_holding(folder, ERASED[name]) == [], where
            is_whole_or_absent(folder, kept)
    told(
        f"{error} injected",
        f"{faults} points of {len(COMMANDS) + len(MAKING)} commands: 0 tracebacks, 0 false",
    )
