"""Open the ledger at a location, migrated to this version."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from kmtrack.ledger.store.address import ServerAddress
from kmtrack.ledger.store.errors import LedgerMissing, NotALedger
from kmtrack.ledger.store.sqlite import SCHEMA_VERSION, connect, version_at
from kmtrack.ledger.store.sqlite_file import FileStore

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from kmtrack.ledger.store.address import Location
    from kmtrack.ledger.store.base import Store


def open_store(location: Location, *ahead: Callable[[Store], object]) -> Store:
    """Open the ledger at a location, after an inspection that leaves it untouched.

    A server is asked at once for everything that the functions in `ahead` will read. A ledger of an
    older version is migrated first. Raises LedgerMissing or `ledger_gone`, LedgerIsFolder,
    LedgerEmpty, NotALedger or `ledger_overwritten`, `ledger_newer` or `ledger_not_readable`; for a
    server what `open_on_server` raises.
    """
    if isinstance(location, ServerAddress):
        # The driver is loaded for those only who keep a ledger on a server.
        from kmtrack.ledger.store.postgres.store import open_on_server

        return open_on_server(location, ahead)
    return open_file(location)


def open_file(path: Path) -> FileStore:
    """Open the ledger in the file at `path`; see `open_store`."""
    try:
        version_at(path)
    except (LedgerMissing, NotALedger) as error:
        # What a link leads to may be there again, and so is the ledger without that journal.
        if error.key in {"dangling_link", "foreign_journal"}:
            raise
        from kmtrack.ledger.store.copies import Backups

        backups: list[Path] = []
        with suppress(OSError):  # a folder without read permission
            backups = Backups(path).all()
        if not backups:
            raise
        key = "ledger_gone" if isinstance(error, LedgerMissing) else "ledger_overwritten"
        raise LedgerMissing(key, path=path, backup=backups[-1]) from error
    store = FileStore(connect(path), path)
    try:
        if store.version() < SCHEMA_VERSION:
            from kmtrack.ledger.migrations import migrate

            migrate(store)
    except BaseException:
        store.close()
        raise
    return store
