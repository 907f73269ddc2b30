"""The entry point: from the command line to an exit code."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from kmtrack import texts
from kmtrack.cli.boundary import guard
from kmtrack.cli.language import hoist_globals, language_asked, language_of_machine

if TYPE_CHECKING:
    from collections.abc import Sequence


def run() -> None:
    """Run the command line of this process and end it with the exit code."""
    for stream in (sys.stdout, sys.stderr):
        # A console or pipe that lacks a character shows another one; it does not end the command.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    sys.exit(main(sys.argv[1:]))


def main(arguments: Sequence[str]) -> int:
    """Run one command line; its exit code."""
    return guard(lambda: _run(hoist_globals(arguments)))


def _run(arguments: list[str]) -> object:
    texts.use(language_of_machine(os.environ))
    asked = language_asked(arguments, os.environ)
    if asked is not None:
        texts.use(asked)

    from typer.main import get_command

    from kmtrack.cli.app import build_app

    command = get_command(build_app(_command_in(arguments)))
    return command.main(args=arguments, prog_name="kmtrack", standalone_mode=False)


def _command_in(arguments: list[str]) -> str | None:
    """The first word that is no global option: what is called, if it is a command."""
    words = iter(arguments)
    for word in words:
        if word in {"--lang", "--ledger"}:
            next(words, None)
        elif not word.startswith("-"):
            return word
    return None
