"""Making a new ledger: its file, beside and moved into place, and its tables."""

from __future__ import annotations

import contextlib
import os
import secrets
from contextlib import contextmanager
from typing import TYPE_CHECKING

from kmtrack.ledger.errors import FolderCannotHoldLedger, LedgerExists, SharedPlace
from kmtrack.ledger.shared_places import is_shared
from kmtrack.ledger.store import APPLICATION_ID, SCHEMA_VERSION, Store, new_store

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextmanager
def creating(path: Path) -> Iterator[Store]:
    """A new ledger to fill; it appears at `path` when the block ends well, and not at all otherwise.

    Raises LedgerExists, SharedPlace or FolderCannotHoldLedger.
    """
    if path.exists():
        raise LedgerExists(path=path)
    if is_shared(path):
        raise SharedPlace(path=path)
    beside = _empty_file_beside(path)
    try:
        store = new_store(beside)
        try:
            _make_tables(store)
            yield store
        finally:
            store.close()
        _to_disk(beside)
        _move_into_place(beside, path)
    finally:
        beside.unlink(missing_ok=True)


def _empty_file_beside(path: Path) -> Path:
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}.new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        os.close(os.open(beside, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    except OSError as error:
        raise FolderCannotHoldLedger(path=path, folder=path.parent) from error
    return beside


def _to_disk(file: Path) -> None:
    with file.open("rb+") as written:
        os.fsync(written.fileno())


def _move_into_place(beside: Path, path: Path) -> None:
    """Move without ever replacing a ledger that another process has made meanwhile."""
    try:
        if os.name == "nt":
            beside.rename(path)
            return
        with contextlib.suppress(PermissionError, NotImplementedError):
            path.hardlink_to(beside)
            return
    except FileExistsError as error:
        raise LedgerExists(path=path) from error
    except OSError:
        pass  # a file system without hard links
    if path.exists():
        raise LedgerExists(path=path)
    beside.rename(path)


def _make_tables(store: Store) -> None:
    # SQLModel takes three times as long to load as everything else: only here is it needed.
    from kmtrack.ledger.ddl import statements

    store.run("BEGIN IMMEDIATE")
    for statement in statements():
        store.run(statement)
    store.run(f"PRAGMA application_id = {APPLICATION_ID}")
    store.run(f"PRAGMA user_version = {SCHEMA_VERSION}")
    store.run("COMMIT")
