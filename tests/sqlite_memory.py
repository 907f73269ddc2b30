"""Memory of SQLite: the most that it held at a time, as it tells itself."""

from __future__ import annotations

import _sqlite3
import ctypes
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@contextmanager
def sqlite_memory() -> Iterator[Callable[[], int]]:
    """Yield what returns the most bytes that SQLite held at a time since then."""
    library = ctypes.CDLL(_sqlite3.__file__)
    if not hasattr(library, "sqlite3_memory_highwater"):
        pytest.skip("SQLite is a part of this Python that cannot be asked")
    highest = library.sqlite3_memory_highwater
    highest.restype = ctypes.c_int64
    highest(1)
    yield lambda: int(highest(0))
