"""Progress: a bar on stderr while a command works for more than a second."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from threading import Lock, Timer
from typing import TYPE_CHECKING, Any, Final

from kmtrack.i18n import say
from kmtrack.preferences import has_colours, is_plain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_PATIENCE: Final = 1.0  # seconds
_WHOLE: Final = 100


@contextmanager
def progress(work: str) -> Iterator[Callable[[int], None]]:
    """Show a bar while the block lasts, on a terminal, once it has lasted for more than a second.

    Yield a function to call with the percentage done; until then, the bar only shows that something
    is going on. `work` is the key of the task, as in `progress.export`. Nothing may be asked in the
    block.
    """
    if not _is_wanted():
        yield _untold
        return
    bar = _Bar(say(f"progress.{work}"))
    timer = Timer(_PATIENCE, bar.show)
    timer.daemon = True
    timer.start()
    try:
        yield bar.advance
    finally:
        timer.cancel()
        bar.close()


def _is_wanted() -> bool:
    """Return whether somebody is watching who can see a bar."""
    return bool(sys.stderr and sys.stderr.isatty() and not is_plain(os.environ, at_terminal=True))


def _untold(percent: int) -> None:
    del percent


class _Bar:
    """A bar that is drawn from `show` until `close`, whichever thread calls them."""

    def __init__(self, work: str) -> None:
        self._work = work
        self._lock = Lock()
        self._percent: int | None = None
        self._is_over = False
        self._drawn: Any = None
        self._task: Any = None

    def show(self) -> None:
        """Begin to draw."""
        # What is done within a second needs none of it.
        from rich.console import Console
        from rich.progress import (
            BarColumn,
            Progress,
            TaskProgressColumn,
            TextColumn,
            TimeElapsedColumn,
        )

        columns = (
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            TaskProgressColumn(),
            TimeElapsedColumn(),
        )
        with self._lock:
            if self._is_over:
                return
            # Data may go to a file while somebody watches stderr.
            screen = Console(stderr=True, no_color=not has_colours(os.environ))
            self._drawn = Progress(*columns, console=screen, transient=True, redirect_stdout=False)
            self._task = self._drawn.add_task(self._work, total=None)
            self._drawn.start()
            self._tell()

    def advance(self, percent: int) -> None:
        """Set how much is done."""
        with self._lock:
            self._percent = percent
            self._tell()

    def close(self) -> None:
        """Remove the bar."""
        with self._lock:
            self._is_over = True
            if self._drawn is not None:
                self._drawn.stop()

    def _tell(self) -> None:
        if self._drawn is not None and self._percent is not None:
            self._drawn.update(self._task, total=_WHOLE, completed=self._percent)
