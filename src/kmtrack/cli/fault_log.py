"""Fault log: what a programmer needs to find a fault, without anybody's data."""

from __future__ import annotations

import os
import platform
import sys
import traceback
from datetime import UTC, datetime
from pathlib import Path

from kmtrack import __version__
from kmtrack.files import path_typed

_LONGEST_CHAIN = 10  # of causes; an exception can be its own


def write_fault(fault: BaseException) -> Path | None:
    """Append a fault to the log and return its path; None if it cannot be written.

    Positions in the code and the types of exceptions are kept, never their messages: these may
    repeat what a person typed.
    """
    try:
        file = _folder() / "kmtrack-fault.log"
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        # A pipe in its place must not hold anybody up.
        flags = os.O_APPEND | os.O_CREAT | os.O_WRONLY | getattr(os, "O_NONBLOCK", 0)
        handle = os.open(file, flags, 0o600)
        with os.fdopen(handle, "a", encoding="utf-8", errors="backslashreplace") as log:
            log.write(f"{datetime.now(UTC).isoformat()} kmtrack {__version__}")
            log.write(f" Python {platform.python_version()} {sys.platform}\n")
            log.writelines(_described(fault))
    except OSError:
        return None
    return file


def _described(fault: BaseException) -> list[str]:
    lines = []
    link: BaseException | None = fault
    for _ in range(_LONGEST_CHAIN):
        if link is None:
            break
        lines += traceback.format_tb(link.__traceback__)
        lines.append(f"{type(link).__module__}.{type(link).__qualname__}\n")
        link = link.__cause__ or link.__context__
    return lines


def _folder() -> Path:
    home = os.environ.get("KMTRACK_HOME")
    if home:
        return path_typed(home)
    from platformdirs import user_log_path

    return user_log_path("kmtrack", appauthor=False)
