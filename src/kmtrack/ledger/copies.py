"""Copies of a ledger: made while it is in use, verified, and moved into place whole."""

from __future__ import annotations

import errno
from typing import TYPE_CHECKING

from kmtrack.errors import KmtrackError
from kmtrack.files import empty_beside, move_into
from kmtrack.ledger.errors import DiskFull

if TYPE_CHECKING:
    from pathlib import Path

    from kmtrack.ledger.store import Store


class CopyFailed(KmtrackError):
    """A copy could not be written, or is not what was copied."""


def copy_ledger(store: Store, target: Path) -> None:
    """Copy an open ledger to `target`, over what is there. Raises CopyFailed or DiskFull."""
    try:
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with empty_beside(target) as beside:
            with store.reading():
                copied = store.back_up_to(beside)
            if store.digest_of(beside) != copied:
                raise CopyFailed(file=target)
            move_into(beside, target)
    except OSError as error:
        refusal = DiskFull(path=target) if error.errno == errno.ENOSPC else CopyFailed(file=target)
        raise refusal from error
