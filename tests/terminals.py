"""Run commands on a pseudo-terminal, to see what a person sees."""

from __future__ import annotations

import atexit
import errno
import json
import os
import re
import select
import signal
import struct
import subprocess
import sys
import time
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple, Self

import pyte
import pytest

import kmtrack

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import TracebackType

posix = pytest.mark.skipif(os.name == "nt", reason="pseudo-terminals are POSIX")

_STYLE: Final = re.compile(r"\x1b\[[0-9;]*m")


class Seen(NamedTuple):
    """Exit code and what stood on the terminal, line breaks as `\\n`."""

    code: int
    text: str

    @property
    def plain(self) -> str:
        """The text without colours."""
        return _STYLE.sub("", self.text)


def seen(
    *words: str,
    columns: int = 80,
    rows: int = 24,
    encoding: str = "utf-8",
    typed: str = "",
    **settings: str,
) -> Seen:
    """Run a command on a terminal of this size, which is its stdin, stdout and stderr.

    `typed` is typed ahead, so that it is on the terminal before the questions that it answers.
    """
    import fcntl
    import pty
    import termios

    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
    environment = {
        **{name: value for name, value in os.environ.items() if name not in {"COLUMNS", "LINES"}},
        "TERM": "xterm-256color",
        **settings,
    }
    os.write(ours, f"{typed}\x04".encode(encoding))  # and the end of the input
    if any(
        name.startswith("PYTHON") for name in settings
    ):  # which an interpreter reads at its start
        return _seen_of_interpreter(words, environment, (ours, theirs), encoding)
    _lean_server().start(words, environment, os.ttyname(theirs), encoding)
    os.close(theirs)
    shown = b"".join(_read(ours))
    os.close(ours)
    return Seen(_lean_server().said(), _decoded(shown, encoding))


def _seen_of_interpreter(
    words: tuple[str, ...], environment: dict[str, str], ends: tuple[int, int], encoding: str
) -> Seen:
    """Run a command in an interpreter of its own, on the second end of a terminal."""
    ours, theirs = ends
    with subprocess.Popen(
        [sys.executable, "-m", "kmtrack", *words],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env={
            **environment,
            "PYTHONPATH": str(Path(kmtrack.__file__).parents[1]),
            "PYTHONIOENCODING": encoding,
        },
    ) as process:
        os.close(theirs)
        shown = b"".join(_read(ours))
        os.close(ours)
    return Seen(process.returncode, _decoded(shown, encoding))


def _decoded(shown: bytes, encoding: str) -> str:
    return shown.decode(encoding, "replace").replace("\r\n", "\n")


def _read(terminal: int) -> Iterator[bytes]:
    while True:
        try:
            shown = os.read(terminal, 65536)
        except OSError as error:
            if error.errno == errno.EIO:  # so Linux tells that nobody writes any more
                return
            raise
        if not shown:
            return
        yield shown


# Has everything loaded, and forks for each command: a start takes a tenth of the time. The terminal is
# that of the command's own process, so that Ctrl-C is a signal where nobody reads it as a key.
_SERVER: Final = """
import fcntl, gc, json, os, sys, termios
import typer.main
from kmtrack.cli import progress
from kmtrack.cli.app import build_app
from kmtrack.cli.process import run
build_app(None)
progress._PATIENCE = 3600  # on a loaded machine any command may work for more than a second
if sys.argv[1:] == ["with what draws lines"]:
    import prompt_toolkit.history, prompt_toolkit.shortcuts
gc.freeze()
for line in sys.stdin:
    words, settings, terminal, encoding = json.loads(line)
    own = os.open(terminal, os.O_RDWR | os.O_NOCTTY)
    pid = os.fork()
    if not pid:
        os.setsid()
        fcntl.ioctl(own, termios.TIOCSCTTY, 0)
        for stream in (0, 1, 2):
            os.dup2(own, stream)
        os.environ.clear()
        os.environ.update(settings)
        sys.stdin = open(0, encoding=encoding)
        sys.stdout = open(1, "w", buffering=1, encoding=encoding)
        sys.stderr = open(2, "w", buffering=1, encoding=encoding, errors="backslashreplace")
        sys.argv = ["kmtrack", *words]
        run()
    os.close(own)
    print(pid, flush=True)
    _, status = os.waitpid(pid, 0)
    print(os.waitstatus_to_exitcode(status), flush=True)
"""
# A wait ends as soon as it is satisfied; a loaded machine may take long.
_SECONDS: Final = 120
# The functions of the kernel in which a process reads a line, and in which it waits to read a key.
_WAITING_FOR_A_KEY: Final = {
    *("wait_woken", "n_tty_read"),
    *("ep_poll", "do_epoll_wait", "do_poll", "do_select", "poll_schedule_timeout"),
}
_SECONDS_UNKNOWN: Final = 2  # where no such function can be seen
ENTER: Final = "\r"
INTERRUPT: Final = "\x03"
END: Final = "\x04"
DOWN: Final = "\x1b[B"


class _Screen(pyte.Screen):
    """A screen that counts the lines that were ended on it."""

    def __init__(self, columns: int, rows: int) -> None:
        super().__init__(columns, rows)
        self.ended = 0

    def linefeed(self) -> None:
        super().linefeed()
        self.ended += 1


class _Server:
    """A process that starts the commands of these tests, one at a time."""

    def __init__(self, *loads: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", _SERVER, *loads],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
            env={**os.environ, "PYTHONPATH": str(Path(kmtrack.__file__).parents[1])},
        )
        atexit.register(self._end)

    def start(
        self, words: tuple[str, ...], settings: dict[str, str], tty: str, encoding: str
    ) -> int:
        """Start a command on a terminal and return the id of its process."""
        assert self._process.stdin is not None
        print(json.dumps([words, settings, tty, encoding]), file=self._process.stdin, flush=True)
        return self.said()

    def said(self) -> int:
        """Return the next number that it tells: an id, or an exit code."""
        assert self._process.stdout is not None
        return int(self._process.stdout.readline())

    def _end(self) -> None:
        self._process.kill()
        self._process.communicate()


@cache
def _server() -> _Server:
    return _Server("with what draws lines")


@cache
def _lean_server() -> _Server:
    """Return one whose commands draw what they ask as the first question of a process is drawn."""
    return _Server()


class Terminal:
    """A command on a terminal of its own, with somebody who types and reads the screen."""

    def __init__(
        self,
        *words: str,
        columns: int = 80,
        rows: int = 24,
        encoding: str = "utf-8",
        **settings: str,
    ) -> None:
        import fcntl
        import pty
        import termios

        self._screen = _Screen(columns, rows)
        self._stream = pyte.Stream(self._screen)
        self._encoding = encoding
        self._ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        left_out = {"COLUMNS", "LINES", "NO_COLOR"}
        whole = {
            **{name: value for name, value in os.environ.items() if name not in left_out},
            "TERM": "xterm-256color",
            "KMTRACK_LANG": "da",
            **settings,
        }
        self._pid = _server().start(words, whole, os.ttyname(theirs), encoding)
        self._code: int | None = None
        os.close(theirs)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._code is None:
            with suppress(ProcessLookupError):  # it has ended by itself
                os.kill(self._pid, signal.SIGKILL)
            self._code = _server().said()
        os.close(self._ours)

    @property
    def text(self) -> str:
        """What is on the screen now, without what is empty."""
        return "\n".join(line.rstrip() for line in self._screen.display).strip()

    @property
    def lines(self) -> int:
        """How many lines were ended so far, those that scrolled away included."""
        return self._screen.ended

    def asks(self, words: str) -> bool:
        """Whether the line with the cursor, or the one that it goes on from, begins with these words."""
        at = self._screen.cursor.y
        lines = [line.rstrip() for line in self._screen.display[: at + 1]]
        if lines[-1].startswith(words):
            return True
        # A line goes on where the next word had no room on it.
        next_word = [*lines[-1].split(), ""][0]
        goes_on = at > 0 and len(lines[-2]) + 1 + len(next_word) > self._screen.columns
        return goes_on and " ".join(lines[-2:]).startswith(words)

    def until(self, words: str) -> Self:
        """Wait until this is asked."""
        self._read_until(lambda: self.asks(words), words)
        return self

    def shows(self, *words: str) -> Self:
        """Wait until all of these words are on the screen, line breaks aside."""
        self._read_until(lambda: all(each in self._flat() for each in words), repr(words))
        return self

    def type(self, keys: str) -> Self:
        """Press these keys."""
        return self.press(keys.encode(self._encoding))

    def press(self, sent: bytes) -> Self:
        """Send the bytes of keys as they are."""
        os.write(self._ours, sent)
        return self

    def interrupt(self) -> Self:
        """Press Ctrl-C once the command waits for a key.

        A signal that comes just before the reading begins may be seen with the next key only.
        """
        end = time.monotonic() + _SECONDS_UNKNOWN
        while not self._waits_for_a_key() and time.monotonic() < end:
            time.sleep(0.01)
        return self.type(INTERRUPT)

    def _waits_for_a_key(self) -> bool:
        waits_in = Path(f"/proc/{self._pid}/wchan")  # on Linux only
        return waits_in.exists() and waits_in.read_text(encoding="ascii") in _WAITING_FOR_A_KEY

    def answer(self, question: str, line: str = "") -> Self:
        """Wait for a question and answer it."""
        before = self.until(question)._screen.ended
        self.type(line + ENTER)
        # The same question may be asked again: its line is the next one then.
        self._read_until(lambda: self._screen.ended > before, f"a line after {question}")
        return self

    def ended(self) -> int:
        """Wait for the end and return the exit code."""
        self._read_until(lambda: False, "the end")
        self._code = _server().said()
        return self._code

    def _flat(self) -> str:
        return " ".join(self.text.split())

    def _read_until(self, holds: Callable[[], bool], wanted: str) -> None:
        end = time.monotonic() + _SECONDS
        while not holds():
            assert time.monotonic() < end, f"waited for {wanted} in vain:\n{self.text}"
            if select.select([self._ours], [], [], 0.5)[0]:
                try:
                    shown = os.read(self._ours, 65536)
                except OSError as error:
                    if error.errno != errno.EIO:  # so Linux tells that nobody writes any more
                        raise
                    shown = b""
                if not shown:
                    assert wanted == "the end" or holds(), (
                        f"no {wanted} until the end:\n{self.text}"
                    )
                    return
                self._stream.feed(shown.decode(self._encoding, "replace"))
