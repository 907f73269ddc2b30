"""Concurrent brokers on one ledger: no command is lost, stored twice or refused."""

from __future__ import annotations

import re
import subprocess
import sys
from contextlib import closing
from typing import TYPE_CHECKING, Final

import pytest
from laid_out import lay_out
from program import DRIVER, environment

import servers
from builders import CVR, session_over
from kmtrack.ledger.open import open_store
from kmtrack.usecases.check import check_ledger
from kmtrack.usecases.companies import add_company

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from kmtrack.ledger.store.address import Location

pytestmark = pytest.mark.torture

# One process adds many contacts, each as a command with its own transaction.
_BROKER: Final = """
import runpy, sys
sabotage, broker, number = sys.argv[1:4]
sys.path.insert(0, sys.argv[4])
import driver
driver.SABOTAGE[sabotage]()
from kmtrack.cli.main import main
failed = 0
for n in range(int(number)):
    failed += main(["contact", "add", "CVR", "--date", "2011-05-01", "--note", f"{broker} {n}"]) != 0
    for words in AFTERWARDS:
        failed += main(words.split()) != 0
sys.exit(min(failed, 1))
"""


# What is read and pending before the lock: afterwards the contact is there, and withdrawn by none.
_BACK_AND_FORTH: Final = (
    "contact edit last --next 1.6.2011",
    "undo --yes",
    "contact withdraw last --reason X",
    "undo --yes",
    "redo --yes",
    "undo --yes",
)


def _at_once(folder: Path, brokers: int, each: int, sabotage: str = "nothing") -> tuple[int, int]:
    """Return the number of contacts in the end and the number of brokers that met a refusal."""
    return _work(lay_out(folder), folder, brokers, each, sabotage)


def _work(  # noqa: PLR0917 - who does what, and where
    place: Location,
    folder: Path,
    brokers: int,
    each: int,
    sabotage: str = "nothing",
    afterwards: Sequence[str] = (),
) -> tuple[int, int]:
    code = _BROKER.replace("AFTERWARDS", repr(afterwards)).replace("CVR", CVR)
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", code, sabotage, f"B{n}", str(each), str(DRIVER.parent)],
            env=environment(folder, KMTRACK_BROKER=f"B{n}", KMTRACK_LEDGER=str(place)),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            encoding="utf-8",
        )
        for n in range(brokers)
    ]
    refused = 0
    for process in processes:
        _, err = process.communicate()
        refused += process.returncode != 0
        assert "Traceback" not in err
    with closing(open_store(place)) as store:
        assert sabotage != "nothing" or check_ledger(store).damage == []
        found = store.all("SELECT note FROM contact WHERE note LIKE 'B%' AND withdrawn IS NULL")
        notes = [row["note"] for row in found if re.fullmatch(r"B\d+ \d+", row["note"])]
    assert len(notes) == len(set(notes))
    return len(notes), refused


def _on_server(
    folder: Path,
    brokers: int,
    each: int,
    sabotage: str = "nothing",
    afterwards: Sequence[str] = (),
) -> tuple[int, int]:
    place = servers.place_in(folder, servers.founded_template())
    with session_over(place) as session:
        values = {"name": "Hedelund", "cvr": CVR, "municipality": "Viborg", "employees": "40"}
        add_company(session, values)
    return _work(place, folder, brokers, each, sabotage, afterwards)


def test_brokers_at_once_wait_for_each_other(
    tmp_path: Path,
    times: Callable[[int, int], int],
    told: Callable[[str, str], None],
) -> None:
    brokers, each = times(8, 4), times(50, 8)
    stored, refused = _at_once(tmp_path / "work", brokers, each)
    told(
        "brokers at once, SQLite",
        f"{brokers} x {each}: {brokers * each - stored} lost, 0 doubled, {refused} turned away",
    )
    assert (stored, refused) == (brokers * each, 0)


def test_brokers_at_once_on_a_server_wait_for_each_other(
    tmp_path: Path,
    times: Callable[[int, int], int],
    told: Callable[[str, str], None],
) -> None:
    brokers, each = times(32, 6), times(40, 6)
    stored, refused = _on_server(tmp_path, brokers, each)
    told(
        "brokers at once, PostgreSQL",
        f"{brokers} x {each}: {brokers * each - stored} lost, 0 doubled, {refused} turned away",
    )
    assert (stored, refused) == (brokers * each, 0)


def test_brokers_who_undo_at_once_on_a_server_wait_for_each_other(
    tmp_path: Path,
    times: Callable[[int, int], int],
    told: Callable[[str, str], None],
) -> None:
    brokers, each = times(16, 4), times(12, 2)
    stored, refused = _on_server(tmp_path, brokers, each, afterwards=_BACK_AND_FORTH)
    told(
        "brokers who undo at once, PostgreSQL",
        f"{brokers} x {each}: {brokers * each - stored} lost, 0 doubled, {refused} turned away",
    )
    assert (stored, refused) == (brokers * each, 0)


def test_brokers_who_do_not_wait_are_noticed(tmp_path: Path) -> None:
    stored, refused = _at_once(tmp_path / "work", 4, 10, "no_immediate")
    assert stored < 40 or refused


def test_brokers_who_do_not_wait_on_a_server_are_noticed(tmp_path: Path) -> None:
    stored, refused = _on_server(tmp_path, 4, 10, "no_lock_on_server")
    assert stored < 40 or refused
