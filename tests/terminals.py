"""Run commands on a pseudo-terminal, to see what a person sees."""

from __future__ import annotations

import errno
import os
import re
import struct
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

import pytest

import kmtrack

if TYPE_CHECKING:
    from collections.abc import Iterator

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
        "PYTHONPATH": str(Path(kmtrack.__file__).parents[1]),
        "PYTHONIOENCODING": encoding,
        "TERM": "xterm-256color",
        **settings,
    }
    with subprocess.Popen(
        [sys.executable, "-m", "kmtrack", *words],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env=environment,
    ) as process:
        os.close(theirs)
        os.write(ours, typed.encode(encoding))
        shown = b"".join(_read(ours))
        os.close(ours)
    return Seen(process.returncode, shown.decode(encoding, "replace").replace("\r\n", "\n"))


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
