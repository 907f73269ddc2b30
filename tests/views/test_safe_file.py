"""Writing a workbook: the old file stays whole until the new one is."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

import pytest

from builders import refuses
from kmtrack.views.xlsx.file import replacing


def test_the_file_is_moved_into_place_and_its_owners_only(tmp_path: Path) -> None:
    file = tmp_path / "region.xlsx"
    file.write_text("old")
    with replacing(file, Path.is_file) as beside:
        beside.write_text("new")
        assert file.read_text() == "old"
    assert file.read_text() == "new"
    assert [path.name for path in tmp_path.iterdir()] == ["region.xlsx"]
    if os.name == "posix":
        assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_no_other_file_is_written_over(tmp_path: Path) -> None:
    file = tmp_path / "region.xlsx"
    file.write_text("old")
    with refuses("file_there"), replacing(file):
        pass
    assert file.read_text() == "old"


@pytest.mark.skipif(os.name == "posix" and os.getuid() == 0, reason="root may write everything")
def test_a_file_that_its_owner_protected_is_not_written_over(tmp_path: Path) -> None:
    file = tmp_path / "region.xlsx"
    file.write_text("old")
    file.chmod(0o400)
    with refuses("folder_not_writable"), replacing(file, Path.is_file):
        pass


def _fail_while_writing(file: Path, code: int) -> None:
    with replacing(file, Path.is_file) as beside:
        beside.write_text("half")
        raise OSError(code, "the disk")


@pytest.mark.parametrize(
    ("code", "refusal"),
    [
        (errno.ENOSPC, "no_room"),
        (errno.EIO, "folder_not_writable"),
        (errno.EACCES, "folder_not_writable"),
    ],
)
def test_a_disk_that_fails_leaves_the_old_file(tmp_path: Path, code: int, refusal: str) -> None:
    file = tmp_path / "region.xlsx"
    file.write_text("old")
    with refuses(refusal):
        _fail_while_writing(file, code)
    assert file.read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["region.xlsx"]


def test_what_a_crash_left_behind_is_swept(tmp_path: Path) -> None:
    left = tmp_path / ".region.xlsx.0123abcd.kmtrack-new"
    left.write_text("half")
    other = tmp_path / ".other.xlsx.0123abcd.kmtrack-new"
    other.write_text("half")
    fresh = tmp_path / ".region.xlsx.4567abcd.kmtrack-new"
    fresh.write_text("half")  # another process may still be writing it
    for crashed in (left, other):
        os.utime(crashed, (0, 0))
    with replacing(tmp_path / "region.xlsx") as beside:
        beside.write_text("new")
    assert not left.exists()
    assert other.exists()
    assert fresh.exists()


@pytest.mark.parametrize("mark", ["~$region.xlsx", ".~lock.region.xlsx#"])
def test_a_file_that_is_open_elsewhere_is_not_replaced(tmp_path: Path, mark: str) -> None:
    (tmp_path / mark).write_text("")
    with refuses("file_open_elsewhere"), replacing(tmp_path / "region.xlsx"):
        pass


def test_places_where_no_workbook_can_be(tmp_path: Path) -> None:
    (tmp_path / "folder.xlsx").mkdir()
    for name, refusal in (
        ("region.txt", "file_not_xlsx"),
        ("nowhere/region.xlsx", "folder_missing"),
        ("folder.xlsx", "file_is_folder"),
    ):
        with refuses(refusal), replacing(tmp_path / name):
            pass
