"""The boundary: the one place where what went wrong becomes one line and an exit code."""

from __future__ import annotations

import errno
import os
import sys
from typing import TYPE_CHECKING, Final

from typer import Abort, Exit
from typer._click.exceptions import ClickException, NoArgsIsHelpError

from kmtrack.errors import KmtrackError
from kmtrack.texts import say

if TYPE_CHECKING:
    from collections.abc import Callable

REFUSED: Final = 1
WRONG_USAGE: Final = 2
FAULT: Final = 3
INTERRUPTED: Final = 130


def guard(command: Callable[[], int | None]) -> int:  # noqa: PLR0911 - one for each way to end
    """Run `command`; its exit code, with one line on stderr for whatever it raises."""
    try:
        code = command()
        sys.stdout.flush()
    except KmtrackError as error:
        return refuse(error.sentence(), error.exit_code)
    except NoArgsIsHelpError:
        return WRONG_USAGE  # Typer has printed the help
    except ClickException as error:
        from kmtrack.cli.wrong_usage import sentence_of

        return refuse(sentence_of(error), WRONG_USAGE)
    except Exit as stop:
        return stop.exit_code
    except (KeyboardInterrupt, Abort):
        return refuse(say("usage.interrupted"), INTERRUPTED)
    except OSError as error:
        return _output_failed(error)
    except Exception as fault:  # noqa: BLE001 - nobody is ever shown a traceback
        return _fault(fault)
    return code or 0


def refuse(sentence: str, code: int) -> int:
    """Say in one line what was refused; the exit code."""
    print(" ".join(f"{say('word.error')}: {sentence}".split()), file=sys.stderr)
    return code


def _output_failed(error: OSError) -> int:
    """A pipe that nobody reads any more is no mistake; a full disk behind stdout is one."""
    if error.errno == errno.ENOSPC:
        return refuse(say("usage.no_space"), REFUSED)
    if not isinstance(error, BrokenPipeError):
        return _fault(error)
    # Else the interpreter writes what is left at its end, and complains.
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    return 0


def _fault(fault: Exception) -> int:
    from kmtrack.cli.fault_log import write_fault

    file = write_fault(fault)
    if file is None:
        return refuse(say("usage.fault_unrecorded", kind=type(fault).__name__), FAULT)
    return refuse(say("usage.fault", file=file), FAULT)
