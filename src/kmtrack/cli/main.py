"""The entry point: from the command line to an exit code."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from kmtrack.cli.command_line import (
    choose_language,
    commands_meant,
    hoist_globals,
    taken_apart,
)
from kmtrack.cli.errors import guard
from kmtrack.cli.globals import COMPLETION, GlobalOptionInDanish
from kmtrack.preferences import use_plain
from kmtrack.usecases.doubts import NO_ANSWERS, Doubt

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(arguments: Sequence[str]) -> int:
    """Run one command line and return its exit code."""
    return guard(lambda: _run(arguments))


def _run(arguments: Sequence[str]) -> int | None:
    if COMPLETION in os.environ:
        from kmtrack.cli.completion import complete

        return complete(os.environ)
    choose_language(arguments, os.environ)
    use_plain(asked="--plain" in taken_apart(arguments).flags)
    hoisted = hoist_globals(arguments)
    if _is_alone(arguments) and sys.stdout is not None and sys.stdout.isatty():
        from kmtrack.cli.today import shows_how_to_begin

        if shows_how_to_begin(dict(taken_apart(arguments).given).get("--ledger")):
            return None
        hoisted.append("today")

    from typer.main import get_command

    from kmtrack.cli.app import build_app
    from kmtrack.cli.typer_patches.coercion import take_texts_as_typed
    from kmtrack.cli.typer_patches.localise import localise_when_shown
    from kmtrack.cli.typer_patches.words import take_words_as_people_type_them

    take_texts_as_typed()
    take_words_as_people_type_them()
    command = get_command(build_app(*commands_meant(hoisted)))
    localise_when_shown(command)
    answers = NO_ANSWERS
    while True:
        try:
            result = command.main(
                args=list(hoisted), prog_name="kmtrack", standalone_mode=False, obj=answers
            )
        except Doubt as doubt:
            if doubt.answer is None:
                raise
            answers = answers.plus(doubt, doubt.answer)
        except GlobalOptionInDanish:
            from kmtrack.cli.typer_patches.aliases import globals_in_english

            return _run(globals_in_english(arguments))
        else:
            return result if isinstance(result, int) else None


def _is_alone(arguments: Sequence[str]) -> bool:
    """Return whether nothing was typed but global options, each with its value."""
    found = taken_apart(arguments)
    return not found.rest and found.lacking is None
