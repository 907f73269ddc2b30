"""Test the guards: no test reaches the user's own ledger or leaves anything open."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import handles
from kmtrack import i18n
from kmtrack.clock import clock_from
from kmtrack.i18n import current
from kmtrack.usecases.location import default_ledger

if TYPE_CHECKING:
    from kmtrack.ledger.store.address import Location

HOMES = ("KMTRACK_HOME", "XDG_DATA_HOME", "HOME")


@pytest.fixture(scope="module")
def found_by_a_fixture() -> Location:
    """Return the default ledger as a fixture of a wider scope than one test sees it."""
    return default_ledger(os.environ)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows is asked for its folders, not these")
@pytest.mark.parametrize("unset", range(len(HOMES)), ids=["as set", "no home of ours", "no XDG"])
def test_the_default_ledger_is_in_the_folder_of_the_test(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, unset: int
) -> None:
    for name in HOMES[:unset]:
        monkeypatch.delenv(name)
    found = default_ledger(os.environ)
    assert isinstance(found, Path)
    assert tmp_path in found.parents


def test_a_fixture_that_outlives_the_test_is_kept_off_too(
    found_by_a_fixture: Location, real_ledger: Location
) -> None:
    assert found_by_a_fixture != real_ledger


def test_a_command_that_names_no_ledger_finds_none(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "kmtrack", "status"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert str(tmp_path) in done.stderr


def test_the_real_ledger_cannot_be_connected_to(real_ledger: Path) -> None:
    with pytest.raises(pytest.fail.Exception, match="real ledger"):
        sqlite3.connect(f"{real_ledger.as_uri()}?mode=ro", uri=True)


def test_the_real_ledger_cannot_be_read(real_ledger: Path) -> None:
    with pytest.raises(pytest.fail.Exception, match="real ledger"):
        real_ledger.open("rb")


def test_today_is_the_last_day_of_june_2011() -> None:
    assert str(clock_from(os.environ).today) == "2011-06-30"


@pytest.mark.parametrize("turn", ["first", "second"])
def test_each_test_begins_in_english(turn: str) -> None:
    assert current() == "en"
    i18n.use("da")


def test_what_is_left_open_is_found(tmp_path: Path) -> None:
    file = tmp_path / "left.db"
    connection = sqlite3.connect(file)
    try:
        assert connection in handles.open_connections()
        if Path("/proc/self/fd").exists():
            assert handles.open_files(tmp_path) == [str(file)]
    finally:
        connection.close()
    assert connection not in handles.open_connections()
    assert handles.open_files(tmp_path) == []
