"""The entry point: from the command line to an exit code."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from kmtrack.cli.errors import guard
from kmtrack.cli.language import choose_language, command_in, hoist_globals

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
    return guard(lambda: _run(arguments))


def _run(arguments: Sequence[str]) -> int | None:
    choose_language(arguments, os.environ)
    # Else pydantic reads the metadata of every package that is installed, looking for its plugins.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    hoisted = hoist_globals(arguments)

    from typer.main import get_command

    from kmtrack.cli.app import build_app
    from kmtrack.cli.typer_patches.localise import localise

    command = get_command(build_app(command_in(hoisted)))
    localise(command)
    result = command.main(args=hoisted, prog_name="kmtrack", standalone_mode=False)
    return result if isinstance(result, int) else None
