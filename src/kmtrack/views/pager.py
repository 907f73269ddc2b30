"""The pager: shows on a terminal what is longer than the screen, a screen at a time."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
from contextlib import contextmanager, suppress
from pathlib import PurePath
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

# less ends by itself where all fits, shows colours, and leaves the text on the screen.
_SETTINGS_OF_LESS: Final = "FRX"
_ENCODINGS_OF_LESS: Final = ("LESSCHARSET", "LESSCHARDEF")
_UTF_8: Final = frozenset({"utf-8", "utf8"})
_AT_THE_END: Final = "+G"
# What pagers say that were ended with Ctrl-C; another code than 0 says that nothing was shown.
_INTERRUPTED: Final = frozenset({2, 130, 141})


def pager_command(named: str | None, *, at_the_end: bool = False) -> list[str]:
    """Return the command of the pager: the one that somebody named, or else less or more.

    It has no words if there is none, or if it is named "". `at_the_end` lets less begin with the
    last screen; other pagers begin with the first.
    """
    if named is not None:
        words = _words(named)
    else:
        found = next(filter(shutil.which, ("less", "more")), None)
        words = [found] if found else []
    return [*words, _AT_THE_END] if at_the_end and _is_less(words) else words


def is_paged(text: str, pager: Sequence[str]) -> bool:
    """Show a text through a pager, and return whether that was done.

    A user who ends it early has seen enough: that is no error.
    """
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    settings = {**os.environ, "LESS": os.environ.get("LESS") or _SETTINGS_OF_LESS}
    # A locale without an encoding, which Python reads as UTF-8, makes less show bytes for æ, ø and å.
    if encoding.lower() in _UTF_8 and not any(map(os.environ.get, _ENCODINGS_OF_LESS)):
        settings[_ENCODINGS_OF_LESS[0]] = "utf-8"
    sys.stdout.flush()
    try:
        process = subprocess.Popen(pager, stdin=subprocess.PIPE, env=settings)  # noqa: S603 - theirs
    except (OSError, ValueError):
        return False
    with _interrupts_left_to_the_pager():
        with suppress(OSError):  # it was ended before the end of the text
            process.communicate(text.encode(encoding, "replace"))
        code = process.wait()
    return code <= 0 or code in _INTERRUPTED


def shows_styles(pager: Sequence[str]) -> bool:
    """Return whether a pager shows colours rather than their codes: less does if asked."""
    settings = os.environ.get("LESS") or _SETTINGS_OF_LESS
    options = (settings, *pager[1:])
    return _is_less(pager) and any(re.search(r"(?:^|\s|-)\w*[Rr]|-raw", each) for each in options)


def _words(command: str) -> list[str]:
    if os.name == "nt":
        return [command.strip()] if shutil.which(command.strip()) else command.split()
    try:
        return shlex.split(command)
    except ValueError:  # a quotation mark without its other one
        return command.split()


def _is_less(words: Sequence[str]) -> bool:
    return bool(words) and PurePath(words[0]).stem.lower() == "less"


@contextmanager
def _interrupts_left_to_the_pager() -> Iterator[None]:
    """Leave Ctrl-C to the pager, which is on the same terminal and knows what to do."""
    try:
        before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    except ValueError:  # not in the main thread
        yield
        return
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
