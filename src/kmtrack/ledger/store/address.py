"""Addresses: where a ledger is, a file or a database on a server, without the secrets of the way there."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

from kmtrack.errors import WrongUsage

if TYPE_CHECKING:
    from pathlib import Path

SCHEME: Final = "postgresql+psycopg"
# Strict, so that a password with an @ or a / in it is never taken for a host and told to somebody.
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
# What libpq may be told besides; a password is not among them.
_SETTINGS: Final = frozenset(
    {"host", "port", "service", "passfile", "sslmode", "sslrootcert", "sslcert", "sslkey"}
)


class ServerAddress(NamedTuple):
    """A ledger in a PostgreSQL database; as text it is without the password.

    `settings` are what libpq connects by, the password among them. Files that belong to the ledger
    go beside `path` on this machine.
    """

    settings: dict[str, str]
    path: Path

    def __str__(self) -> str:
        told = {name: value for name, value in self.settings.items() if name != "password"}
        user = f"{told.pop('user')}@" if "user" in told else ""
        # The folder of a socket cannot stand where a host's name does.
        host = "" if told.get("host", "").startswith("/") else told.pop("host", "")
        port = f":{told.pop('port')}" if "port" in told else ""
        database = told.pop("dbname", "")
        rest = "&".join(f"{name}={value}" for name, value in told.items())
        where = f"{user}[{host}]{port}" if ":" in host else f"{user}{host}{port}"
        return f"{SCHEME}://{where}/{database}{'?' if rest else ''}{rest}"

    def __repr__(self) -> str:
        return f"<{self}>"  # whatever prints it prints no password

    @property
    def name(self) -> str:
        """What the ledger is called where only a name is told."""
        return self.settings.get("dbname") or self.settings.get("service") or SCHEME


Location: TypeAlias = "Path | ServerAddress"


def beside(place: Location) -> Path:
    """The path beside which files that belong to a ledger go."""
    return place.path if isinstance(place, ServerAddress) else place


def is_address(text: str) -> bool:
    """Whether a text has the form of an address rather than of a path."""
    return re.match(_LIKE_ADDRESS, text) is not None


def server_address(text: str, folder: Path) -> ServerAddress:
    """The address that a text spells, as postgresql+psycopg://USER@HOST/DATABASE.

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
    """A name for the files of a ledger on a server; nothing that was typed gets into a path as it is."""
    from hashlib import blake2b

    known = [settings.get(name, "") for name in ("host", "port", "dbname", "service")]
    legible = re.sub("[^A-Za-z0-9-]+", "-", "-".join(filter(None, known))).strip("-")[:40]
    return f"{legible}-{blake2b('|'.join(known).encode(), digest_size=4).hexdigest()}"
