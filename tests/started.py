"""Commands in a process of their own, which a test interrupts or answers at a terminal."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from kmtrack import i18n

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SOURCES: Final = Path(i18n.__file__).parents[1]
# A wait ends as soon as it is satisfied; a loaded machine may take long.
_SECONDS: Final = 120
# The byte that SQLite locks within COMMIT, so that no more readers come.
_PENDING: Final = f" {0x40000000} "


class Started:
    """A command in a process of its own."""

    def __init__(self, ledger: Any, words: tuple[str, ...], **streams: Any) -> None:
        streams = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, **streams}
        streams.setdefault("stderr", subprocess.PIPE)
        self.process = subprocess.Popen(
            [sys.executable, "-m", "kmtrack", *words],
            env={
                **os.environ,
                "PYTHONPATH": str(SOURCES),
                "KMTRACK_LEDGER": str(ledger),
                "KMTRACK_BROKER": "JH",
                "KMTRACK_LANG": "en",
            },
            encoding="utf-8",
            **streams,
        )

    def interrupt(self) -> None:
        """Send what Ctrl-C sends, and wait until the process has received it."""
        self.process.send_signal(signal.SIGINT)
        until(lambda: self.process.poll() is not None or not self._has_signals_pending())

    def ended(self) -> tuple[int, str, str]:
        """Wait for the end; return the exit code and what was printed."""
        out, err = self.process.communicate(timeout=_SECONDS)
        return self.process.returncode, out or "", (err or "").strip()

    def is_waiting_its_turn(self) -> bool:
        """Whether the process sleeps until it asks for a lock again."""
        return "nanosleep" in self._waits_in()

    def is_committing(self) -> bool:
        """Whether the process waits within COMMIT until the readers of the ledger's file are done."""
        locks = Path("/proc/locks").read_text(encoding="ascii").splitlines()
        return any(f" {self.process.pid} " in line and _PENDING in line for line in locks)

    def is_printing(self) -> bool:
        """Whether the process waits until it can print on."""
        return "pipe_write" in self._waits_in()

    def is_reading_a_terminal(self) -> bool:
        """Whether the process waits for a key."""
        return self._waits_in() in {"wait_woken", "n_tty_read"}

    def _has_signals_pending(self) -> bool:
        state = Path(f"/proc/{self.process.pid}/status").read_text(encoding="utf-8")
        found = re.search(r"^ShdPnd:\s*(\w+)$", state, re.MULTILINE)
        return found is not None and int(found[1], 16) != 0

    def _waits_in(self) -> str:
        """Return the function of the kernel in which the process waits."""
        return Path(f"/proc/{self.process.pid}/wchan").read_text(encoding="ascii")


class Asked:
    """A command that asks a question at a terminal."""

    def __init__(self, ledger: Any, words: tuple[str, ...], terminal: int, other: int) -> None:
        self._terminal = terminal
        self._started = Started(ledger, words, stdin=other, stderr=other, start_new_session=True)
        os.close(other)

    def question(self) -> str:
        """Wait for a question, and return all that was said until then."""
        return self._read_until(lambda said: said.endswith(("] ", "> ")))

    def answer(self, line: str) -> None:
        """Type an answer."""
        os.write(self._terminal, f"{line}\n".encode())

    def interrupt(self) -> None:
        """Send what Ctrl-C sends, while the answer is waited for.

        A signal that comes just before the reading begins may be seen with the next key only.
        """
        until(self._started.is_reading_a_terminal)
        self._started.interrupt()

    def ended(self) -> tuple[int, str, str]:
        """Wait for the end; return the exit code and what was said after the last question."""
        code, out, _ = self._started.ended()
        return code, out, self._read_until(lambda _: False)

    def _read_until(self, holds: Callable[[str], bool]) -> str:
        said = b""
        while not holds(said.decode(errors="replace")):
            try:
                read = os.read(self._terminal, 1000)
            except OSError:  # the command has ended
                break
            if not read:
                break
            said += read
        return said.decode()


@contextmanager
def asked(ledger: Any, *words: str) -> Iterator[Asked]:
    """Start a command at a terminal of its own."""
    import pty

    terminal, other = pty.openpty()
    try:
        yield Asked(ledger, words, terminal, other)
    finally:
        os.close(terminal)


def until(holds: Callable[[], bool]) -> None:
    """Wait until something holds."""
    end = time.monotonic() + _SECONDS
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.02)
