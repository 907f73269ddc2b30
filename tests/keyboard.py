"""Somebody at a terminal that can show lines only, in the process of the tests."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest

    Typing = Callable[..., None]

# Instead of a line: Ctrl-C.
INTERRUPT: Final = "\x03"


class Keyboard:
    """A stdin at which somebody types these lines and then goes away."""

    def __init__(self, *lines: str) -> None:
        self._lines = iter(lines)

    def isatty(self) -> bool:
        return True

    def readline(self) -> str:
        line = next(self._lines, None)
        if line == INTERRUPT:
            raise KeyboardInterrupt
        return "" if line is None else f"{line}\n"


def typing_at(monkeypatch: pytest.MonkeyPatch) -> Typing:
    """Return a function that lets somebody type lines at a terminal."""

    def lines(*words: str) -> None:
        monkeypatch.setattr("sys.stdin", Keyboard(*words))
        monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)

    return lines
