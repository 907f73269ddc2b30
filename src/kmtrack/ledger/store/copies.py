"""Copies of a ledger: made while it is in use, verified, and moved into place whole."""

from __future__ import annotations

import errno
from contextlib import contextmanager
from typing import TYPE_CHECKING

from kmtrack.errors import Refusal
from kmtrack.files import empty_beside, move_into
from kmtrack.ledger.store.errors import WriteFailed

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from kmtrack.ledger.store.base import Store


def copy_ledger(store: Store, target: Path) -> None:
    """Copy an open ledger to `target`, over what is there.

    Raises WriteFailed `copy_failed` or `disk_full`.
    """
    with telling_of(target), empty_beside_made(target) as beside, telling_of(target, beside):
        with store.reading():
            copied = store.back_up_to(beside)
        if store.digest_of(beside) != copied:
            raise WriteFailed("copy_failed", file=target)
        move_into(beside, target)


@contextmanager
def empty_beside_made(target: Path) -> Iterator[Path]:
    """As `empty_beside`, in a folder that is made if it is not there."""
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with empty_beside(target) as beside:
        yield beside


@contextmanager
def telling_of(target: Path, beside: Path | None = None) -> Iterator[None]:
    """Tell of `target` what fails where it is written, be it to the hidden file `beside` it.

    What is wrong with a ledger that is read for it is told of that. Raises WriteFailed
    `copy_failed` or `disk_full`.
    """
    try:
        yield
    except OSError as error:
        refusal = (
            WriteFailed("disk_full", path=target)
            if error.errno == errno.ENOSPC
            else WriteFailed("copy_failed", file=target)
        )
        raise refusal from error
    except Refusal as error:
        if beside is None or error.facts.get("path") != beside:
            raise
        if error.key == "disk_full":
            raise WriteFailed("disk_full", path=target) from error
        raise WriteFailed("copy_failed", file=target) from error
