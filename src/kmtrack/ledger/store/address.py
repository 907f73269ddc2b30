"""Addresses: where a ledger is, a file or a database on a server, without passwords."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Final, NamedTuple, TypeAlias

from kmtrack.errors import WrongUsage

SCHEME: Final = "postgresql+psycopg"
# Strict, so that a password containing @ or / is never taken for a host and printed.
_FORM: Final = r"""(?x)
    postgresql(?:\+psycopg)?://
    (?:(?P<user>[^:@/?\#\s]+)(?::(?P<password>[^:@/?\#\s]*))?@)?
    (?P<host>[A-Za-z0-9._-]*|\[[0-9A-Fa-f:.]+\])
    (?::(?P<port>[0-9]{1,5}))?
    (?:/(?P<database>[^/?\#:@\s]*))?
    (?:\?(?P<query>[^?\#@\s]*))?
"""
# Also where a slash is missing: it may hold a password all the same, and is no path.
_LIKE_ADDRESS: Final = r"(?is)\s*postgres\w*(?:\+\w*)?:|.*://"
# Further libpq settings that are allowed; a password is not among them.
_SETTINGS: Final = frozenset(
    {"host", "port", "service", "passfile", "sslmode", "sslrootcert", "sslcert", "sslkey"}
)


class ServerAddress(NamedTuple):
    """A ledger in a PostgreSQL database; its text form leaves out the password.

    `settings` are the connection settings of libpq, including the password. Files that belong to
    the ledger are kept next to `path` on this machine.
    """

    settings: dict[str, str]
    path: Path

    def __str__(self) -> str:
        public = {name: value for name, value in self.settings.items() if name != "password"}
        user = f"{public.pop('user')}@" if "user" in public else ""
        # The folder of a socket cannot be written in place of the host name.
        host = "" if public.get("host", "").startswith("/") else public.pop("host", "")
        port = f":{public.pop('port')}" if "port" in public else ""
        database = public.pop("dbname", "")
        rest = "&".join(f"{name}={value}" for name, value in public.items())
        where = f"{user}[{host}]{port}" if ":" in host else f"{user}{host}{port}"
        return f"{SCHEME}://{where}/{database}{'?' if rest else ''}{rest}"

    def __repr__(self) -> str:
        return f"<{self}>"  # whatever prints it prints no password

    @property
    def name(self) -> str:
        """The name of the ledger for messages with room for a name only."""
        return self.settings.get("dbname") or self.settings.get("service") or SCHEME


Location: TypeAlias = "Path | ServerAddress"


def path_beside(location: Location) -> Path:
    """Return the path that files belonging to a ledger are kept next to."""
    return location.path if isinstance(location, ServerAddress) else location


def is_address(text: str) -> bool:
    """Return whether a text has the form of an address rather than of a path."""
    return re.match(_LIKE_ADDRESS, text) is not None


def server_address(text: str, folder: Path) -> ServerAddress:
    """Parse an address of the form postgresql+psycopg://USER@HOST/DATABASE.

    `folder` is where files that belong to it go. Raises WrongUsage `bad_server_address`.
    """
    from urllib.parse import parse_qsl, unquote

    match = re.fullmatch(_FORM, text.strip())
    if match is None:
        raise WrongUsage("bad_server_address")
    stated = dict(parse_qsl(match["query"] or "", keep_blank_values=True))
    if not stated.keys() <= _SETTINGS:
        raise WrongUsage("bad_server_address")
    named = {"user": "user", "password": "password", "port": "port", "database": "dbname"}
    parts = {to: unquote(match[part]) for part, to in named.items() if match[part]}
    host = {"host": match["host"].strip("[]")} if match["host"] else {}
    settings = {**parts, **host, **stated}
    return ServerAddress(settings, folder / "servers" / f"{_file_name(settings)}.db")


def _file_name(settings: dict[str, str]) -> str:
    """Return a name for the files of a ledger on a server, without any typed text that could change a path."""
    from hashlib import blake2b

    known = [settings.get(name, "") for name in ("host", "port", "dbname", "service")]
    legible = re.sub("[^A-Za-z0-9-]+", "-", "-".join(filter(None, known))).strip("-")[:40]
    return f"{legible}-{blake2b('|'.join(known).encode(), digest_size=4).hexdigest()}"


_SYNCED_FOLDERS: Final = (
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
    """Return whether `path`, links followed, is on a network share or in a synchronised folder.

    A ledger there was destroyed when two machines used it.
    """
    resolved = Path(os.path.realpath(path))  # unlike Path.resolve it accepts circular links
    parts = [part.casefold() for part in resolved.parts]
    if any(part.startswith(_SYNCED_FOLDERS) for part in parts):
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
