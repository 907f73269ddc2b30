"""The commands `import` and `template`: rows from a workbook or CSV file, and one to fill in."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Annotated

import typer

from kmtrack.cli import options
from kmtrack.cli.context import open_session
from kmtrack.cli.output import notify_lines, show, show_json
from kmtrack.i18n import say


def register(app: typer.Typer) -> None:
    """Register `template` and `import` with the root command."""
    app.command("template", help="help.template")(template)
    app.command("import", help="help.import")(import_)


def template(
    file: Annotated[str, typer.Argument(metavar="metavar.file", help="help.argument.workbook")],
) -> None:
    from kmtrack.cli.parse import parse_path
    from kmtrack.views.xlsx.template import write_template

    path = parse_path(file)
    write_template(path)
    show(say("template.made", file=path))


def import_(
    context: typer.Context,
    file: Annotated[str, typer.Argument(metavar="metavar.file", help="help.argument.import_file")],
    noun: Annotated[
        str | None, typer.Option("--as", metavar="metavar.noun", help="help.option.as_noun")
    ] = None,
    dry_run: options.DryRun = False,
    json: options.Json = False,
) -> None:
    from kmtrack.cli.parse import parse_path
    from kmtrack.usecases.imports.file import import_file
    from kmtrack.usecases.imports.result import BadRows
    from kmtrack.views.imports import (
        errors_as_dict,
        render_errors,
        render_result,
        render_warnings,
        result_as_dict,
    )

    try:
        with open_session(context) as session, _progress() as progress:
            result = import_file(
                session, parse_path(file), noun, dry_run=dry_run, progress=progress
            )
    except BadRows as bad:
        if json:
            show_json(errors_as_dict(bad))
        else:
            notify_lines(render_errors(bad))
        raise
    if json:
        show_json(result_as_dict(result))
    else:
        notify_lines(render_warnings(result))
        for line in render_result(result):
            show(line)


@contextmanager
def _progress() -> Iterator[Callable[[int], None] | None]:
    """Yield a function that shows a progress bar on stderr; it does nothing without a terminal."""
    if not (sys.stderr and sys.stderr.isatty()):
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn())
    bar = Progress(*columns, console=Console(stderr=True), transient=True)
    task = bar.add_task(say("import.reading"), total=100)

    def show_percent(percent: int) -> None:
        bar.start()
        bar.update(task, completed=percent)

    try:
        yield show_percent
    finally:
        bar.stop()
