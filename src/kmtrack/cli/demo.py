"""The command `demo`: make a ledger of two invented years, and show what to try on it."""

import os
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kmtrack.cli.context import appears_at
from kmtrack.cli.errors import CHANGE
from kmtrack.cli.export import export_workbook, language_of_workbook
from kmtrack.cli.globals import globals_of
from kmtrack.cli.output import show, show_command
from kmtrack.cli.progress import progress
from kmtrack.i18n import current, say
from kmtrack.text import as_typed

if TYPE_CHECKING:
    from kmtrack.usecases.demo import Suggestion


def register(app: typer.Typer) -> None:
    """Register `demo` with the root command."""
    app.command("demo", help="help.demo")(demo)


def demo(
    context: typer.Context,
    folder: Annotated[
        str, typer.Argument(metavar="metavar.folder", help="help.argument.folder")
    ] = "kmtrack-demo",
) -> None:
    from kmtrack.cli.parse import parse_path
    from kmtrack.usecases.demo import (
        AS_OF,
        DemoFiles,
        DemonstrationExists,
        make_demonstration,
        suggestions,
        suggestions_there,
    )
    from kmtrack.usecases.location import session_at
    from kmtrack.usecases.status import status_of
    from kmtrack.views.status import show_status

    files = DemoFiles.in_folder(parse_path(folder))
    language = context.find_root().params.get("lang")
    try:
        with CHANGE.watching(appears_at(files.ledger)), progress("demo") as advance:
            make_demonstration(files, advance)
    except DemonstrationExists:
        _show_suggestions("demo.there", suggestions_there(files), language)
        raise
    with session_at(files.ledger, globals_of(context).clock, os.environ) as session:
        show_status(status_of(session.store, AS_OF))
        with progress("export") as advance, language_of_workbook(context):
            export_workbook(session, files.workbook, AS_OF, advance=advance)
        show("")
        show(say("demo.made", ledger=files.ledger, workbook=files.workbook))
        _show_suggestions("demo.commands", suggestions(session.store, files), language)


def _show_suggestions(
    heading: str, suggested: "Sequence[Suggestion]", language: str | None
) -> None:
    """Show each command as it can be typed here, under what it demonstrates."""
    if not suggested:
        return
    show("")
    show(say(heading))
    spoken = ("--lang", current()) if language else ()
    for one in suggested:
        show("")
        show(f"  {say(one.text)}")
        show_command(as_typed([*_program(), *spoken, *one.words]), " " * 4)
    show("")


def _program() -> list[str]:
    """Return the words that called this program, so that commands can be copied."""
    called = Path(sys.argv[0])
    if called.stem == "__main__":
        return [_short(sys.executable), "-m", "kmtrack"]
    found = shutil.which("kmtrack")
    on_path = found is not None and Path(found).with_suffix("") == called.with_suffix("")
    return ["kmtrack"] if on_path or called.stem != "kmtrack" else [_short(str(called))]


def _short(path: str) -> str:
    """Return a path relative to the current folder, if it lies in it."""
    try:
        return str(Path(path).relative_to(Path.cwd()))
    except ValueError:
        return path
