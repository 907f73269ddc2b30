"""The process: how kmtrack starts and ends as a program of its own.

Only the console script and `python -m kmtrack` come here; tests and other programs call
`kmtrack.cli.main.main`, which changes nothing of the process that it runs in.
"""

from __future__ import annotations

# Only what every Python loads as it starts: while more is loaded here, Ctrl-C is not caught yet.
import atexit
import gc
import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final, NoReturn, TextIO

# An everyday command allocates fewer containers than this, so it never collects; bulk work collects
# seldom, and its memory stays bounded.
_ALLOCATIONS_UNTIL_COLLECTED: Final = 50_000
_INTERRUPTED: Final = 130


def run() -> NoReturn:
    """Run the command line of this process and end it with the exit code."""
    gc.set_threshold(_ALLOCATIONS_UNTIL_COLLECTED, 20, 100)
    try:
        _open_closed_streams()
        for stream in (sys.stdout, sys.stderr):
            # A console or pipe that lacks a character shows another one; it does not end the command.
            if hasattr(stream, "reconfigure"):
                stream.reconfigure(errors="replace")
        if hasattr(sys.stdin, "reconfigure"):
            # Bytes that are no text are refused like any other text that cannot be shown.
            sys.stdin.reconfigure(errors="surrogateescape")
        from kmtrack.cli.main import main

        code = main(sys.argv[1:])
    except KeyboardInterrupt:
        code = _interrupted()
    _end(code)


def _interrupted() -> int:
    """Report what became of the change if the interrupt came outside the command itself."""
    try:
        from contextlib import suppress

        from kmtrack.cli.command_line import choose_language
        from kmtrack.cli.errors import interrupted
        from kmtrack.errors import WrongUsage

        with suppress(WrongUsage):
            choose_language(sys.argv[1:], os.environ)
        interrupted()
    except KeyboardInterrupt:  # pressed twice
        return _INTERRUPTED
    return _INTERRUPTED


def _open_closed_streams() -> None:
    """Replace the streams that were closed from the start, or opened only for reading.

    A print to a stderr that is None would go to stdout.
    """
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        stream = getattr(sys, name)
        if stream is None or (mode == "w" and not _is_for_writing(stream)):
            nowhere = os.open(os.devnull, os.O_RDWR)
            # As Python's own streams: nothing closes it, nor warns that it was left open.
            setattr(sys, name, open(nowhere, mode, encoding="utf-8", closefd=False))  # noqa: SIM115


def _is_for_writing(stream: TextIO) -> bool:
    try:
        os.write(
            stream.fileno(), b""
        )  # which writes nothing, and fails where nothing may be written
    except OSError as error:
        from errno import EBADF

        return error.errno != EBADF
    except ValueError:  # a stream that is no file
        return True
    return True


def _end(code: int) -> NoReturn:
    """End the process, immediately unless something is still at work in it.

    Everything is stored, closed and printed by now. Taking the interpreter apart module by module
    would take a quarter of the time of an everyday command.
    """
    _take_no_interrupt()  # the command is over
    if _is_at_work():
        sys.exit(code)
    atexit._run_exitfuncs()  # noqa: SLF001 - as the interpreter does; nothing public does it
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError):  # closed by its reader
            continue
    os._exit(code)


def _take_no_interrupt() -> None:
    from signal import SIG_IGN, SIGINT, signal

    signal(SIGINT, SIG_IGN)


def _is_at_work() -> bool:
    """Return whether this process has a thread, a child process, a debugger or a profiler."""
    return _has_threads() or _is_watched() or _has_children()


def _has_threads() -> bool:
    threading = sys.modules.get("threading")
    return threading is not None and threading.active_count() > 1


def _is_watched() -> bool:
    monitoring = getattr(sys, "monitoring", None)  # since Python 3.12; it has six places for tools
    tools = monitoring is not None and any(map(monitoring.get_tool, range(6)))
    return tools or sys.gettrace() is not None or sys.getprofile() is not None


def _has_children() -> bool:
    if not hasattr(os, "waitid"):  # Windows, where a child does not belong to its parent
        return False
    try:
        os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
    except ChildProcessError:
        return False
    return True
