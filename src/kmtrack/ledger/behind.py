"""Behind: what the database does in the background while the next rows are made ready for it."""

from __future__ import annotations

import sqlite3
import sys
from collections import deque
from functools import partial
from typing import TYPE_CHECKING, Any, Final, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Future, ThreadPoolExecutor

Done = TypeVar("Done")

# One is under way and the next ready, so that neither side waits for the other.
_AHEAD: Final = 2
# Seconds. The thread needs the interpreter often, and each time for a moment only.
_TURN: Final = 0.0005


class Behind:
    """Does one thing after the other in a thread of its own; what goes wrong is raised by `wait`.

    SQLite lets go of the interpreter while it works, so both get on. Whoever uses what it uses must
    `wait` first: nothing is ever used by two threads at once. Once a thing has gone wrong, none that
    came after it is begun.
    """

    def __init__(self) -> None:
        self._under_way: deque[Future[Any]] = deque()
        self._thread: ThreadPoolExecutor | None = None
        self._has_failed = False
        self._usual_turn = sys.getswitchinterval()

    @property
    def is_idle(self) -> bool:
        """Whether all is done that was begun."""
        return all(each.done() for each in self._under_way)

    def do(self, work: Callable[[], Done]) -> Callable[[], Done]:
        """Do this once all before is done; what comes of it. Raises what went wrong before."""
        if not sqlite3.threadsafety:  # a build of SQLite that is for one thread only
            done = work()
            return lambda: done
        while len(self._under_way) >= _AHEAD:
            if self._under_way[0].exception() is not None:
                self.wait()
            self._under_way.popleft()
        if self._thread is None:
            # Few commands ever need it, and none should wait for its import.
            from concurrent.futures import ThreadPoolExecutor

            self._thread = ThreadPoolExecutor(max_workers=1)
        sys.setswitchinterval(_TURN)
        future = self._thread.submit(partial(self._run, work))
        self._under_way.append(future)
        return future.result

    def wait(self) -> None:
        """Wait until all is done. Raises what went wrong first."""
        if not self._under_way:
            return
        errors = []
        while self._under_way:  # each stays there until it is done: Ctrl-C may come before
            errors.append(self._under_way[0].exception())
            self._under_way.popleft()
        self._has_failed = False
        sys.setswitchinterval(self._usual_turn)
        error = next(filter(None, errors), None)
        if error is not None:
            raise error

    def close(self) -> None:
        """End the thread, when all is done."""
        if self._thread is not None:
            self._thread.shutdown()

    def _run(self, work: Callable[[], Done]) -> Done:
        if self._has_failed:
            raise RuntimeError("what came before has failed")
        try:
            return work()
        except BaseException:
            self._has_failed = True
            raise
