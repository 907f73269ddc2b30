"""Opening a ledger where it lies, and telling who sits at it."""

from __future__ import annotations

import re
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from kmtrack.errors import KmtrackError
from kmtrack.ledger.plain_text import clean_line, shown
from kmtrack.ledger.store import open_store
from kmtrack.ledger.values import clean_initials
from kmtrack.usecases.desk import Desk

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from kmtrack.clock import Clock
    from kmtrack.ledger.store import Store


_URL: Final = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)


class BadToken(KmtrackError):
    """KMTRACK_TOKEN is not what a command was stored under."""

    exit_code = 2


class LedgerByUrl(KmtrackError):
    """A ledger is named by a URL; what stands in it, a password perhaps, is not repeated."""


def ledger_at(named: str | None, environment: Mapping[str, str]) -> Path:
    """Where the ledger lies: as named, else by KMTRACK_LEDGER, else in the user's own data folder.

    Raises LedgerByUrl.
    """
    named = named or environment.get("KMTRACK_LEDGER")
    if named and _URL.match(named):
        raise LedgerByUrl
    if named:
        return Path(named).expanduser()
    home = environment.get("KMTRACK_HOME")
    if home:
        return Path(home) / "ledger.db"
    from platformdirs import user_data_path

    return user_data_path("kmtrack", appauthor=False) / "ledger.db"


@contextmanager
def desk_at(
    path: Path,
    clock: Clock,
    environment: Mapping[str, str],
    warn: Callable[[KmtrackError], None] = lambda _: None,
) -> Iterator[Desk]:
    """The desk over the ledger at `path`; what `open_store` refuses, this refuses.

    `warn` is told of a backup of the day that could not be made.
    """
    store = open_store(path)
    try:
        broker = environment.get("KMTRACK_BROKER") or _setting(store, "broker")
        broker = clean_initials(broker) if broker else None
        who = broker or user_name(environment)
        token = _token(environment)
        yield Desk(store, clock, broker, who, backs_up=True, warn=warn, token=token)
    finally:
        store.close()


def _token(environment: Mapping[str, str]) -> str | None:
    """The token of a command that is tried again, if one is. Raises BadToken."""
    token = environment.get("KMTRACK_TOKEN", "").strip().lower()
    if token and not re.fullmatch("[0-9a-f]{32}", token):
        raise BadToken(value=shown(token))
    return token or None


def user_name(environment: Mapping[str, str]) -> str:
    """The name that the operating system knows the user by."""
    import getpass

    try:
        return clean_line(getpass.getuser(), 60) or "?"
    except (OSError, KeyError, ImportError):
        return environment.get("USERNAME", "?")


def _setting(store: Store, name: str) -> str | None:
    row = store.one("SELECT value FROM setting WHERE name = :name", name=name)
    return row["value"] if row else None
