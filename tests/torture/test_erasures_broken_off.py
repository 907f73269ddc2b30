"""Kill an erasure at each sync, unlink and rename: the next command finishes it, and no byte is left."""

from __future__ import annotations

import re
import shutil
from contextlib import closing
from typing import TYPE_CHECKING, Final

import pytest
from forking import Forked
from laid_out import lay_out
from program import environment

from builders import CVR, session_over
from kmtrack.ledger.left_places import left_places
from kmtrack.ledger.open import open_store
from kmtrack.usecases.backup import back_up
from kmtrack.usecases.check import check_ledger
from kmtrack.usecases.events import edit_event
from kmtrack.usecases.merge import merge_ledgers
from kmtrack.usecases.merge.bundle import write_bundle
from kmtrack.usecases.people import erase_persons, find_persons

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

pytestmark = [
    pytest.mark.torture,
    pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed"),
]

NAME: Final = "Inger Holm"
ERASING: Final = {
    "person erase": ("person", "erase", NAME, "--yes"),
    "merge that erases": ("merge", "other/other.db", "--yes"),
}
CALLS: Final = ("fsync", "fdatasync", "unlink", "rename", "rmdir")
_FOLLOWING: Final = ("company", "edit", CVR, "--employees", "78")
_CALL: Final = re.compile(r"(?:^|\s)(\w+)\(", re.MULTILINE)
_NAMES: Final = "SELECT count(*) FROM person WHERE name IS NOT NULL"


def _prepare(folder: Path) -> None:
    """Make a ledger with copies of every kind, and a colleague's in which the person is erased."""
    ledger = lay_out(folder, imported=5)
    for name in ("old.db", "many.csv"):
        (folder / name).unlink()
    with session_over(ledger) as session:
        back_up(session.store, session.clock)
        back_up(session.store, session.clock, folder / "usb")
        write_bundle(session, folder / "news.db", None)
        contact = session.store.get("SELECT id FROM contact")[0]
        edit_event(session, "contact", contact, {"note": f"{NAME} ringede"})
    with session_over(folder / "other" / "other.db", broker="MK") as colleague:
        merge_ledgers(colleague, [ledger])
        erase_persons(colleague, find_persons(colleague, NAME)[0])
    shutil.rmtree(folder / "other" / "other-backups", ignore_errors=True)
    with session_over(ledger) as session:
        back_up(session.store, session.clock, folder / "usb")


def _calls_of(trace: Path) -> dict[str, int]:
    """Count the calls of each kind in a trace."""
    made = [found[1] for found in _CALL.finditer(trace.read_text(encoding="utf-8"))]
    return {call: made.count(call) for call in CALLS}


def _holding(folder: Path) -> list[str]:
    paths = [path for path in folder.rglob("*") if path.is_file()]
    return [path.name for path in paths if NAME.encode() in path.read_bytes()]


def _left_beside(folder: Path) -> list[str]:
    return [path.name for path in folder.rglob("*kmtrack-*")]


@pytest.fixture
def forked(tmp_path: Path) -> Iterator[Forked]:
    with Forked(environment(tmp_path)) as server:
        yield server


@pytest.mark.parametrize("name", ERASING)
def test_the_next_command_finishes_an_erasure_that_was_killed(
    tmp_path: Path,
    forked: Forked,
    times: Callable[[int, int], int],
    told: Callable[[str, str], None],
    name: str,
) -> None:
    words = ERASING[name]
    folder, made, trace = tmp_path / "work", tmp_path / "made", tmp_path / "trace.log"
    _prepare(folder)
    # Aside and under other names: no copy of the folder is a duplicate of a ledger that is in use.
    folder.rename(made)
    (made / "ledger.db").rename(made / "kept")

    def run(what: tuple[str, ...], *injected: str) -> int:
        tracing = ["strace", "-f", "-o", str(trace), "-e", f"trace={','.join(CALLS)}", *injected]
        return forked.run(folder, what, tracing)[0]

    def begin() -> None:
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(made, folder)
        (folder / "kept").rename(folder / "ledger.db")

    begin()
    assert run(words) == 0
    assert _holding(folder) == []
    kills = stored = 0
    for call, number in _calls_of(trace).items():
        for when in range(1, number + 1, times(1, 9)):
            begin()
            killed = run(words, "-e", f"inject={call}:signal=SIGKILL:when={when}")
            assert killed == -9, (call, when)
            kills += 1
            assert run(_FOLLOWING) == 0, (call, when)
            with closing(open_store(folder / "ledger.db")) as store:
                assert check_ledger(store).damage == []
                is_stored = store.get(_NAMES)[0] == 0
                assert left_places(store) == []
            if is_stored:
                stored += 1
                assert (_holding(folder), _left_beside(folder)) == ([], []), (call, when)
            for copy in (*folder.glob("usb/*.db"), *folder.glob("ledger-backups/*.db")):
                with closing(open_store(copy)) as store:
                    assert check_ledger(store).damage == []
    assert stored > kills // 3
    told(
        f"kill -9 in a {name}",
        f"{kills} kills ({stored} after it was stored): no byte left after the next command",
    )
