"""Behind: what the database does in the background while the next rows are made ready for it."""

from __future__ import annotations

import sqlite3
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


class Behind:
    """Does one thing at a time in a thread of its own; what goes wrong is raised by `wait`.

    SQLite lets go of the interpreter while it works, so both get on. Whoever uses what it uses must
    `wait` first: nothing is ever used by two threads at once.
    """

    def __init__(self) -> None:
        self._thread: threading.Thread | None = None
        self._error: BaseException | None = None

    def do(self, *work: Callable[[], None]) -> None:
        """Begin with one thing after the other, once all before is done."""
        self.wait()
        if not sqlite3.threadsafety:  # a build of SQLite that is for one thread only
            for each in work:
                each()
            return
        self._thread = threading.Thread(target=self._run, args=work)
        self._thread.start()

    def wait(self) -> None:
        """Wait until it is done. Raises what went wrong."""
        if self._thread is None:
            return
        self._thread.join()
        self._thread = None
        error, self._error = self._error, None
        if error is not None:
            raise error

    def _run(self, *work: Callable[[], None]) -> None:
        try:
            for each in work:
                each()
        except BaseException as error:  # noqa: BLE001 - raised by whoever waits
            self._error = error
