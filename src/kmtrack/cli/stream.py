"""Streams: answers of any length, printed while they are read from the ledger."""

from __future__ import annotations

import os
import select
import stat
import sys
from contextlib import contextmanager, redirect_stdout
from typing import IO, TYPE_CHECKING, Any, Final, TextIO, cast

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kmtrack.ledger.store.base import Store

_SECONDS: Final = 0.5
# In letters: a pipe that can be written to takes 4096 bytes, and a letter is four at most.
_PIECE: Final = 1024
_COPIED: Final = 1 << 16


@contextmanager
def streamed(store: Store) -> Iterator[None]:
    """Open a snapshot to print from: output goes out at once, as long as somebody reads it.

    Nobody can write to a ledger in a file while it is read. So if the reader of the output pauses,
    as a pager does, the rest is kept in a file without a name until the ledger has been read.
    """
    store.spill()
    # A closed stdout is none, and what tests put in its place takes everything at once.
    outlet = _outlet(sys.stdout)
    if outlet is None:
        with store.reading():
            yield
        return
    try:
        with redirect_stdout(cast("TextIO", outlet)), store.reading():
            yield
            outlet.write_pieces()
        outlet.copy_rest()
    finally:
        outlet.forget_rest()


def _outlet(stdout: TextIO | None) -> _Outlet | None:
    if stdout is None:
        return None
    try:
        kind = os.fstat(stdout.fileno()).st_mode
    except (OSError, ValueError):
        return None
    return None if stat.S_ISREG(kind) else _Outlet(stdout)


class _Outlet:
    """Writes to a terminal or a pipe until that has been full for half a second, and then to a file."""

    def __init__(self, stdout: TextIO) -> None:
        self._stdout = stdout
        self._rest: IO[str] | None = None
        self._waiting: list[str] = []
        self._length = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stdout, name)

    def write(self, text: str) -> int:
        """Write a text, or keep it until there is enough for a piece."""
        self._waiting.append(text)
        self._length += len(text)
        if self._length >= _PIECE:
            self.write_pieces()
        return len(text)

    def flush(self) -> None:
        """Do nothing: a piece is flushed when it is written."""

    def write_pieces(self) -> None:
        """Write the waiting text."""
        text = "".join(self._waiting)
        self._waiting.clear()
        self._length = 0
        for at in range(0, len(text), _PIECE):
            piece = text[at : at + _PIECE]
            if self._rest is None and _takes_more(self._stdout):
                self._stdout.write(piece)
                self._stdout.flush()
            else:
                self._rest = self._rest or _file_without_name()
                self._rest.write(piece)

    def copy_rest(self) -> None:
        """Write what nobody was ready to read; the reader may take their time now."""
        if self._rest is not None:
            self._rest.seek(0)
            while piece := self._rest.read(_COPIED):
                self._stdout.write(piece)

    def forget_rest(self) -> None:
        """Close the file, which deletes it."""
        if self._rest is not None:
            self._rest.close()


def _file_without_name() -> IO[str]:
    # Seldom needed, and it takes a while to load.
    import tempfile

    return tempfile.TemporaryFile("w+", encoding="utf-8", newline="")


def _takes_more(stdout: TextIO) -> bool:
    if os.name == "nt":  # there only sockets can be asked
        return False
    return bool(select.select([], [stdout], [], _SECONDS)[1])
