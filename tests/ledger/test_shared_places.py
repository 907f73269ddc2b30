"""Shared folders are recognised by their names and mounts."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from kmtrack.ledger.store import address as shared_locations
from kmtrack.ledger.store.address import is_shared

pytestmark = [
    pytest.mark.skipif(sys.platform == "win32", reason="Windows is asked for its drives"),
    pytest.mark.files,
]


@pytest.mark.parametrize(
    "folder",
    [
        "OneDrive",
        "OneDrive - Region Midtjylland",
        "onedrive",
        "Dropbox",
        "Dropbox (Personal)",
        "Google Drive",
        "GoogleDrive-me@example.org",
        "My Drive",
        "iCloud Drive",
        "iCloud~com~apple",
        "Mobile Documents",
        "Nextcloud",
        "ownCloud",
        "SharePoint",
    ],
)
def test_a_folder_that_a_service_keeps_in_step_is_shared(tmp_path: Path, folder: str) -> None:
    assert is_shared(tmp_path / folder / "kmtrack" / "ledger.db")


@pytest.mark.parametrize("folder", ["Documents", "drive", "My OneDrive", "box", "Erhverv"])
def test_a_folder_of_ones_own_is_not(tmp_path: Path, folder: str) -> None:
    assert not is_shared(tmp_path / folder / "ledger.db")


def test_a_path_from_here_is_looked_at_from_the_root(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inside = tmp_path / "Dropbox"
    inside.mkdir()
    monkeypatch.chdir(inside)
    assert is_shared(Path("ledger.db"))


MOUNTS = """\
/dev/sda1 / ext4 rw 0 0
tmpfs /tmp tmpfs rw 0 0
//server/share /mnt/share cifs rw 0 0
server:/home /home nfs4 rw 0 0
/dev/sdb1 /home/local ext4 rw 0 0
me@host: /mnt/with\\040blank fuse.sshfs rw 0 0
wsl /mnt/c 9p rw 0 0
"""


@pytest.mark.parametrize(
    ("path", "shared"),
    [
        ("/var/ledger.db", False),
        ("/mnt/share/ledger.db", True),
        ("/mnt/share/deep/down/ledger.db", True),
        ("/mnt/shared/ledger.db", False),
        ("/home/jh/ledger.db", True),
        ("/home/local/ledger.db", False),
        ("/mnt/with blank/ledger.db", True),
        ("/mnt/c/Users/jh/ledger.db", True),
        ("/tmp/ledger.db", False),  # noqa: S108 - nothing is written there
    ],
)
def test_what_is_mounted_from_another_machine_is_shared(
    tmp_path: Path, path: str, shared: bool
) -> None:
    mounts = tmp_path / "mounts"
    mounts.write_text(MOUNTS, encoding="utf-8")
    assert shared_locations._on_network_mount(Path(path), mounts) is shared


def test_a_system_that_tells_no_mounts_has_none(tmp_path: Path) -> None:
    assert not shared_locations._on_network_mount(Path("/home/ledger.db"), tmp_path / "none")


def test_what_is_mounted_is_asked_of_the_system(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shared_locations, "_on_network_mount", lambda _: True)
    assert is_shared(tmp_path / "ledger.db")


def test_a_link_into_a_shared_folder_is_shared(tmp_path: Path) -> None:
    (tmp_path / "OneDrive").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "OneDrive")
    assert is_shared(tmp_path / "link" / "ledger.db")
