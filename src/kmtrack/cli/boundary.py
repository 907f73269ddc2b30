"""The boundary: the one place where what went wrong becomes one line and an exit code."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Final

from typer import Abort, Exit
from typer._click.exceptions import (  # Typer carries its own click and gives no other way to it
    BadOptionUsage,
    ClickException,
    MissingParameter,
    NoArgsIsHelpError,
    NoSuchOption,
    UsageError,
)

from kmtrack.errors import KmtrackError
from kmtrack.ledger.values import shown
from kmtrack.texts import say

if TYPE_CHECKING:
    from collections.abc import Callable

USAGE: Final = 2
FAULT: Final = 3
INTERRUPTED: Final = 130


def guard(command: Callable[[], object]) -> int:  # noqa: PLR0911 - one for each way to end
    """Run `command`; its exit code, with one line on stderr for whatever it raises."""
    try:
        result = command()
        sys.stdout.flush()
    except KmtrackError as error:
        return _refuse(error.sentence(), error.exit_code)
    except NoArgsIsHelpError as error:
        return USAGE if error.ctx is None else _help_instead(error)
    except ClickException as error:
        return _refuse(usage_sentence(error), USAGE)
    except Exit as stop:
        return stop.exit_code
    except (KeyboardInterrupt, Abort, EOFError):
        return _refuse(say("error.Interrupted"), INTERRUPTED)
    except BrokenPipeError:
        _leave_the_pipe()
        return 0
    except Exception as fault:  # noqa: BLE001 - nobody is ever shown a traceback
        return _fault(fault)
    return result if isinstance(result, int) else 0


def usage_sentence(error: ClickException) -> str:  # noqa: PLR0911 - one for each mistake
    """What was wrong with a command line, in the language in use."""
    path = error.ctx.command_path if isinstance(error, UsageError) and error.ctx else "kmtrack"
    if isinstance(error, NoSuchOption):
        near = ", ".join(sorted(error.possibilities or ())[:3])
        key = "usage.no_such_option_but" if near else "usage.no_such_option"
        return say(key, option=shown(error.option_name), near=near, path=path)
    if isinstance(error, MissingParameter) and error.param is not None:
        metavar = error.param.metavar or error.param.name or ""
        name = error.param.opts[0] if error.param.param_type_name == "option" else say(metavar)
        return say("usage.missing", name=name, path=path)
    if isinstance(error, BadOptionUsage):
        return say("usage.needs_value", option=shown(error.option_name), path=path)
    if error.message.startswith("No such command "):
        word, near = _command_and_near(error.message)
        return say(
            f"usage.no_such_command{'_but' if near else ''}", word=word, near=near, path=path
        )
    if error.message.startswith("Missing command"):
        return say("usage.missing_command", path=path)
    if error.message.startswith("Got unexpected extra"):
        words = error.message.rpartition(" (")[2].rstrip(")")
        return say("usage.too_much", words=shown(words), path=path)
    return say("usage.other", problem=shown(error.format_message()), path=path)


def _command_and_near(message: str) -> tuple[str, str]:
    """The command that was typed and those that come near, out of Typer's sentence."""
    typed, _, near = message.partition(" Did you mean ")
    word = typed.removeprefix("No such command ").rstrip(".").strip("'\"")
    return shown(word), near.rstrip("?").replace("'", "")


def _refuse(sentence: str, code: int) -> int:
    line = " ".join(f"{say('word.error')}: {sentence}".split())
    print(line, file=sys.stderr)
    return code


def _help_instead(error: NoArgsIsHelpError) -> int:
    if error.ctx is not None:
        print(error.ctx.get_help(), end="", file=sys.stderr)
    return USAGE


def _leave_the_pipe() -> None:
    """Let nothing be written to a pipe that nobody reads, also not at the interpreter's end."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())


def _fault(fault: Exception) -> int:
    from kmtrack.cli.fault_log import write_fault

    file = write_fault(fault)
    key = "error.Fault" if file else "error.FaultWithoutLog"
    return _refuse(say(key, kind=type(fault).__name__, file=file), FAULT)
