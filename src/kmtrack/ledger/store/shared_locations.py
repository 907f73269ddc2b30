"""Telling places that several machines write to: a ledger there was destroyed when two used it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

_SYNCHRONISED: Final = (
    "onedrive",
    "dropbox",
    "google drive",
    "googledrive",
    "my drive",
    "icloud drive",
    "icloud~",
    "mobile documents",
    "nextcloud",
    "owncloud",
    "sharepoint",
)
_NETWORK_FILE_SYSTEMS: Final = frozenset(
    {"nfs", "nfs4", "cifs", "smbfs", "smb3", "afpfs", "webdav", "davfs", "fuse.sshfs", "9p"}
)
_REMOTE_DRIVE: Final = 4  # DRIVE_REMOTE of GetDriveTypeW


def is_shared(path: Path) -> bool:
    """Whether `path`, its links followed, lies on a share or in a folder that a service syncs."""
    resolved = Path(os.path.realpath(path))  # unlike Path.resolve it takes a circle of links
    parts = [part.casefold() for part in resolved.parts]
    if any(part.startswith(_SYNCHRONISED) for part in parts):
        return True
    return _on_remote_drive(resolved) if os.name == "nt" else _on_network_mount(resolved)


def _on_remote_drive(path: Path) -> bool:
    if path.drive.startswith("\\\\"):
        return True
    import ctypes

    windll = getattr(ctypes, "windll", None)
    if windll is None:
        return False
    return bool(windll.kernel32.GetDriveTypeW(f"{path.drive}\\") == _REMOTE_DRIVE)


def _on_network_mount(path: Path, mounts: Path = Path("/proc/self/mounts")) -> bool:
    try:
        lines = mounts.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return False
    best, kind = "", ""
    for line in lines:
        _, point, file_system, *_ = line.split(" ")
        folder = point.replace("\\040", " ").rstrip("/") + "/"
        if f"{path}/".startswith(folder) and len(folder) >= len(best):
            best, kind = folder, file_system
    return kind in _NETWORK_FILE_SYSTEMS
