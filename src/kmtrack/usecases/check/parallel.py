"""Checking a ledger while something else is made of it, so that nobody waits for both."""

from __future__ import annotations

import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from kmtrack.usecases.check import damage_in

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from kmtrack.ledger.store.base import Store

# Below this it is checked before another process would have begun.
_LARGE: Final = 16 << 20
_WHOLE, _DAMAGED = 0, 1


@contextmanager
def is_damaged_meanwhile(store: Store) -> Iterator[Callable[[], bool]]:
    """What tells whether a ledger is damaged, once it is asked; to be used inside `reading`.

    A large ledger is checked by another process: while this one reads, nobody changes what it sees.
    """
    if store.is_served or store.path.stat().st_size < _LARGE:
        yield lambda: bool(damage_in(store))
        return
    command = [sys.executable, "-m", "kmtrack", "--ledger", str(store.path), "check", "--json"]
    checking = subprocess.Popen(  # noqa: S603 - this very program
        command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        yield lambda: _answer(checking.wait(), store)
    finally:
        checking.kill()
        checking.wait()


def _answer(code: int, store: Store) -> bool:
    if code in {_WHOLE, _DAMAGED}:
        return code == _DAMAGED
    return bool(damage_in(store))  # the other process was ended by something else
