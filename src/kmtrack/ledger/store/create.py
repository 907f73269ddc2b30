"""Create a ledger on a server, or in a temporary file that is then moved into place."""

from __future__ import annotations

import contextlib
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

from kmtrack.errors import Refusal
from kmtrack.files import dangling_target, empty_beside, to_disk
from kmtrack.ledger.store.address import ServerAddress, is_shared
from kmtrack.ledger.store.sqlite import remove_journals
from kmtrack.ledger.store.sqlite_file import make_tables, new_store

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from kmtrack.ledger.store.address import Location
    from kmtrack.ledger.store.base import Store


@contextmanager
def new_ledger(location: Location) -> Iterator[Store]:
    """Open a new ledger to fill; it exists once the block ends without an error.

    Raises Refusal `ledger_exists`, `shared_place` or `folder_cannot_hold_ledger`; for a server its
    own refusals.
    """
    if isinstance(location, ServerAddress):
        from kmtrack.ledger.store.postgres.create import new_ledger_on_server

        with new_ledger_on_server(location) as store:
            yield store
    else:
        with _new_file(location) as store:
            yield store


def refuse_taken(location: Location) -> None:
    """Raise Refusal `ledger_exists`, `dangling_link` or `shared_place` where no ledger can be made."""
    if isinstance(location, ServerAddress):
        return
    if location.exists():
        raise Refusal("ledger_exists", path=location)
    if target := dangling_target(location):
        raise Refusal("dangling_link", path=location, target=target)
    if is_shared(location):
        raise Refusal("shared_place", path=location)


@contextmanager
def _new_file(path: Path) -> Iterator[Store]:
    refuse_taken(path)
    with _file_beside(path) as beside:
        remove_journals(path)
        store = new_store(beside)
        try:
            make_tables(store)
            yield store
        finally:
            store.close()
        to_disk(beside)
        _move_into_place(beside, path)


@contextmanager
def _file_beside(path: Path) -> Iterator[Path]:
    with contextlib.ExitStack() as opened:
        try:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            beside = opened.enter_context(empty_beside(path))
        except OSError as error:
            raise Refusal("folder_cannot_hold_ledger", path=path, folder=path.parent) from error
        yield beside


def _move_into_place(beside: Path, path: Path) -> None:
    """Move a file into place, never replacing a ledger that another process created meanwhile."""
    try:
        if os.name == "nt":
            beside.rename(path)
            return
        with contextlib.suppress(PermissionError, NotImplementedError):
            path.hardlink_to(beside)
            return
    except FileExistsError as error:
        raise Refusal("ledger_exists", path=path) from error
    except OSError:
        pass  # a file system without hard links
    if path.exists():
        raise Refusal("ledger_exists", path=path)
    beside.rename(path)
