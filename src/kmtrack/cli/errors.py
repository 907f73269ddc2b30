"""The boundary: the only place where an exception becomes one line and an exit code."""

from __future__ import annotations

import errno
import os
import sys
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Final, TextIO

from kmtrack.errors import NO_ROOM, Declined, Refusal
from kmtrack.i18n import say
from kmtrack.text import visible
from kmtrack.views.screen_lines import on_screen

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

REFUSED: Final = 1
WRONG_USAGE: Final = 2
FAULT: Final = 3
INTERRUPTED: Final = 130


class Change:
    """The state of the change that the present command makes, for reporting an interrupt.

    `is_stored` is None while that is unknown. `left` counts the places that may still have a name
    which the command erased.
    """

    def __init__(self) -> None:
        self.stored_before = 0
        self.left = 0
        self.is_stored: bool | None = False
        self._look: Callable[[], bool] | None = None

    def reset(self) -> None:
        """Begin a command, which has changed nothing yet."""
        self.stored_before = self.left = 0
        self.begin_again()

    def begin_again(self) -> None:
        """Forget the transaction: it was rolled back, or a further one follows."""
        self.is_stored, self._look = False, None

    def go_on(self) -> None:
        """Begin a further change of the same command, after a stored one."""
        self.stored_before += 1
        self.begin_again()

    def begin(self, look: Callable[[], bool]) -> None:
        """Begin a transaction; `look` finds out later whether it was stored."""
        if not self.is_stored:
            self.is_stored, self._look = None, look

    def store(self) -> None:
        """Note that the transaction was stored."""
        self.is_stored, self._look = True, None

    def settle(self) -> None:
        """Find out what became of the transaction, while the ledger is still open."""
        if self._look is not None:
            with suppress(Exception):  # then it stays unknown
                self.is_stored = self._look()

    def leave(self, places: int) -> None:
        """Note how many places may still contain an erased name."""
        self.left = places

    @contextmanager
    def held_off(self) -> Iterator[None]:
        """Hold an interrupt off until the block ends, and raise it then."""
        import signal
        import threading

        if threading.current_thread() is not threading.main_thread():
            yield
            return
        pressed: list[int] = []
        before = signal.signal(signal.SIGINT, lambda number, _: pressed.append(number))
        try:
            yield
        finally:
            signal.signal(signal.SIGINT, before)
        if pressed:
            raise KeyboardInterrupt

    @contextmanager
    def watching(self, look: Callable[[], bool]) -> Iterator[None]:
        """Watch a change made by the block; `look` finds out whether it was made."""
        self.begin(look)
        try:
            yield
        except KeyboardInterrupt:
            self.settle()
            raise
        self.store()


def never_known() -> bool:
    """Fail to find out about a change that leaves no trace of whether it was made."""
    raise LookupError


CHANGE: Final = Change()
_SHOWN: Final = 40  # letters of a name that is too long
_INTERRUPTED_TEXTS: Final = {
    True: "usage.interrupted_stored",
    False: "usage.interrupted",
    None: "usage.interrupted_unknown",
}


def guard(command: Callable[[], int | None]) -> int:
    """Run `command` and return its exit code, with one line on stderr for anything it raises."""
    CHANGE.reset()
    try:
        code = command() or 0
        _flush(sys.stdout)
    except BaseException as error:  # noqa: BLE001 - users never see a traceback
        code = _settled(error)
    else:
        # Typer catches the interrupt itself and prints nothing.
        if code == INTERRUPTED:
            interrupted()
    _stdout_is_dead()
    return code


def refuse(sentence: str, code: int) -> int:
    """Print a refusal in one line, and return the exit code."""
    _tell(f"{say('word.error')}: {sentence}")
    return code


def is_fault(error: Exception) -> bool:
    """Return whether an error is unexpected, and therefore a bug in kmtrack."""
    from typer import Abort, Exit
    from typer._click.exceptions import ClickException

    return not isinstance(error, Refusal | OSError | Abort | Exit | ClickException)


def _settled(error: BaseException) -> int:
    try:
        return _ended_by(error)
    except KeyboardInterrupt:
        return INTERRUPTED
    except Exception as second:  # noqa: BLE001 - a text that is missing, for example
        return _fault(second)


def _ended_by(error: BaseException) -> int:
    if name := _name_too_long(error):
        error = Refusal("name_too_long", name=name)
    if isinstance(error, Declined):
        _tell(error.sentence())
        return error.exit_code
    if isinstance(error, Refusal):
        return refuse(error.sentence(), error.exit_code)
    if isinstance(error, KeyboardInterrupt):
        return interrupted()
    if isinstance(error, OSError):
        return _output_failed(error)
    if isinstance(error, SystemExit):
        return _stopped(error)
    return _ended_by_typer(error)


def _name_too_long(error: BaseException) -> str | None:
    """Return the name of a file that is too long for the system, if that was the error."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, OSError) and cause.errno == errno.ENAMETOOLONG:
            name = os.fsdecode(cause.filename or "").rpartition(os.sep)[2]
            return name if len(name) <= _SHOWN else name[:_SHOWN] + "…"
        cause = cause.__cause__
    return None


def _ended_by_typer(error: BaseException) -> int:
    from typer import Abort, Exit  # here, so that the wait for Typer can be interrupted too
    from typer._click.exceptions import ClickException, NoArgsIsHelpError

    if isinstance(error, Exit):
        return error.exit_code
    if isinstance(error, Abort):
        return interrupted()
    if isinstance(error, NoArgsIsHelpError):
        _tell_page(error.message)
        return WRONG_USAGE
    if isinstance(error, ClickException):
        from kmtrack.cli.typer_patches.usage import sentence_of

        return refuse(sentence_of(error), WRONG_USAGE)
    return _fault(error)


def interrupted() -> int:
    """Print what became of the change of an interrupted command, and return the exit code."""
    if CHANGE.stored_before and CHANGE.is_stored is False:
        _tell(say("usage.interrupted_after", number=CHANGE.stored_before))
    elif CHANGE.is_stored and CHANGE.left:
        _tell(say("usage.interrupted_cleaning", number=CHANGE.left))
    else:
        _tell(say(_INTERRUPTED_TEXTS[CHANGE.is_stored]))
    return INTERRUPTED


def _stopped(stop: SystemExit) -> int:
    # So Typer ends on a closed pipe.
    if isinstance(stop.__context__, BrokenPipeError):
        return _output_failed(stop.__context__)
    if stop.code is None:
        return 0
    return stop.code if isinstance(stop.code, int) else REFUSED


def _output_failed(error: OSError) -> int:
    """Return the exit code: a closed pipe is not an error, a full disk is one."""
    is_dead = _stdout_is_dead()
    # Windows reports a closed pipe as an invalid argument.
    if isinstance(error, BrokenPipeError) or (
        os.name == "nt" and is_dead and error.errno == errno.EINVAL
    ):
        return 0
    if error.errno in NO_ROOM:
        return refuse(say("usage.no_space", change=_change_told()), REFUSED)
    if is_dead or error.errno == errno.EIO:
        return refuse(say("usage.output_failed", change=_change_told()), REFUSED)
    return _fault(error)


def _change_told() -> str:
    """Return what became of a change when a command lost its connection; "" if there was none."""
    if CHANGE.is_stored is None:
        return say("usage.output_change_unknown")
    return say("usage.output_change_stored") if CHANGE.is_stored or CHANGE.stored_before else ""


def _stdout_is_dead() -> bool:
    """Return whether stdout is closed or full; discard the rest of the output then."""
    try:
        _flush(sys.stdout)
    except (OSError, ValueError):
        _discard(sys.stdout)
        return True
    return False


def _discard(stream: TextIO) -> None:
    # Else the interpreter tries once more at its end, and complains.
    try:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        try:
            os.dup2(nowhere, stream.fileno())
        finally:
            os.close(nowhere)
    except (OSError, ValueError):
        return


def _flush(stream: TextIO | None) -> None:
    # A program that is started with a closed stream has None for it.
    if stream is not None:
        stream.flush()


def _tell(line: str) -> None:
    if sys.stderr is None:
        return
    try:
        print(on_screen(_on_one_line(line), sys.stderr), file=sys.stderr, flush=True)
    except (OSError, ValueError):
        _discard(sys.stderr)


def _tell_page(help_page: str) -> None:
    from typer import echo

    try:
        echo(help_page, err=True)  # which takes the styles away where there is no terminal
    except (OSError, ValueError):
        _discard(sys.stderr)


def _on_one_line(text: str) -> str:
    """Return the text without terminal codes."""
    return " ".join(visible(text).split())


def _fault(fault: BaseException) -> int:
    try:
        from kmtrack.cli.fault_log import write_fault

        file = write_fault(fault)
        if file is None:
            return refuse(say("usage.fault_unrecorded", kind=type(fault).__name__), FAULT)
        return refuse(say("usage.fault", file=file), FAULT)
    except Exception:  # noqa: BLE001 - not even the texts are there
        _tell("Error: kmtrack has failed")
        return FAULT
