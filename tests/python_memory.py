"""Memory of Python: the most that was held at a time, garbage aside."""

from __future__ import annotations

import gc
import tracemalloc
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

# New objects between two collections, of which one passes over nothing older than the block.
_EVERY: Final = 100


@contextmanager
def python_memory() -> Iterator[Callable[[], int]]:
    """Yield what returns the most bytes that objects of Python made in the block held at a time.

    Garbage is collected at once: left to itself it is collected at a time that depends on all that
    the process did before.
    """
    before = gc.get_threshold()
    gc.collect()
    gc.freeze()
    gc.set_threshold(_EVERY, 1, 1)
    tracemalloc.start()
    try:
        yield lambda: tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
        gc.set_threshold(*before)
