"""Builds with one safeguard disabled, each of which the torture suite must detect."""

from __future__ import annotations

import shutil
import sys
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from forking import Forked
from laid_out import COMMANDS, MAKING, lay_out, restored
from program import DRIVER, command_line, environment, run
from test_faults import SAID_STORED, Point, fail_at, points_of
from test_kills import DONE

from kmtrack.ledger.open import open_store
from kmtrack.usecases.check import check_ledger

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [
    pytest.mark.torture,
    pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed"),
]


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    lay_out(tmp_path / "kept", imported=30)
    return tmp_path / "kept"


def _is_damaged(ledger: Path) -> bool:
    with closing(open_store(ledger)) as store:
        return bool(check_ledger(store).damage)


def test_a_command_that_is_no_transaction(kept: Path, tmp_path: Path) -> None:
    folder, words = tmp_path / "work", COMMANDS["import"]

    def is_noticed(point: Point) -> bool:
        ledger = restored(folder, kept)
        fail_at(program, folder, words, "EIO", point)
        return _is_damaged(ledger)

    restored(folder, kept)
    with Forked(environment(folder), "no_transaction") as program:
        assert any(map(is_noticed, points_of(program, folder, words)[::3]))


def test_a_confirmation_of_what_was_not_stored(kept: Path, tmp_path: Path) -> None:
    folder, words = tmp_path / "work", COMMANDS["contact add"]

    def is_noticed(point: Point) -> bool:
        ledger = restored(folder, kept)
        ended = fail_at(program, folder, words, "EIO", point)
        with closing(open_store(ledger)) as store:
            done = bool(store.get(DONE["contact add"])[0])
        return not done and bool(SAID_STORED.search(ended.out))

    restored(folder, kept)
    with Forked(environment(folder), "confirms_whatever_happens") as program:
        assert any(map(is_noticed, reversed(points_of(program, folder, words))))


@pytest.mark.parametrize(("sabotage", "is_whole"), [("nothing", True), ("export_in_place", False)])
def test_a_workbook_written_over_the_old_one(
    kept: Path, tmp_path: Path, sabotage: str, is_whole: bool
) -> None:
    whole, folder, words = True, tmp_path / "work", MAKING["export"]
    with Forked(environment(folder), sabotage) as program:
        restored(folder, kept)
        # The first ones try whether anybody reads what is printed.
        writes = [point for point in points_of(program, folder, words) if point.call == "write"]
        for point in writes[len(writes) // 2 :][:3]:
            restored(folder, kept)
            assert run(folder, command_line(*words)).code == 0
            before = (folder / "region.xlsx").read_bytes()
            fail_at(program, folder, words, "ENOSPC", point)
            whole = whole and (folder / "region.xlsx").read_bytes() == before
    assert whole is is_whole


@pytest.mark.parametrize(
    ("sabotage", "is_left"), [("nothing", False), ("deletes_without_wiping", True)]
)
def test_a_name_that_is_deleted_and_not_wiped(
    kept: Path, tmp_path: Path, sabotage: str, is_left: bool
) -> None:
    ledger = restored(tmp_path / "work", kept)
    ended = run(tmp_path / "work", command_line(*COMMANDS["person erase"], sabotage=sabotage))
    assert ended.code == 0, ended.err
    assert (b"Inger Holm" in ledger.read_bytes()) is is_left


@pytest.mark.parametrize(
    ("sabotage", "is_noticed"), [("nothing", False), ("no_foreign_keys", True)]
)
def test_references_that_nobody_looks_after(
    kept: Path, tmp_path: Path, sabotage: str, is_noticed: bool
) -> None:
    """Delete a company directly from its table: without foreign keys its contact remains."""
    ledger = restored(tmp_path / "work", kept)
    script = (
        "import sys; sys.path.insert(0, sys.argv[2]); import driver; driver.SABOTAGE[sys.argv[1]]()\n"
        "from pathlib import Path\n"
        "from kmtrack.ledger.open import open_store\n"
        "store = open_store(Path(sys.argv[3]))\n"
        'try:\n    store.run("DELETE FROM company")\n'
        "except Exception: pass\n"
    )
    run(
        tmp_path / "work", [sys.executable, "-c", script, sabotage, str(DRIVER.parent), str(ledger)]
    )
    assert _is_damaged(ledger) is is_noticed
