"""The command `export`: the region's workbook."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer

from kmtrack import texts
from kmtrack.cli import options
from kmtrack.cli.globals import at_desk
from kmtrack.cli.output import show, show_json
from kmtrack.texts import say


def register(app: typer.Typer) -> None:
    """Give the root command `export`."""
    app.command("export", help="help.export")(export)


def export(
    context: typer.Context,
    file: Annotated[str, typer.Argument(metavar="metavar.file", help="help.argument.workbook")],
    as_of: options.AsOf = None,
    even_if_damaged: Annotated[
        bool, typer.Option("--even-if-damaged", help="help.option.even_if_damaged")
    ] = False,
    json: options.Json = False,
) -> None:
    from kmtrack.cli.paths import path_typed
    from kmtrack.cli.reading import day_typed
    from kmtrack.report.status_json import status_data
    from kmtrack.usecases.exporting import export_workbook

    with at_desk(context) as desk:
        day = day_typed("as-of", as_of, desk.clock)
        with language_of_workbook(context):
            exported = export_workbook(desk, path_typed(file), day, even_if_damaged=even_if_damaged)
    if json:
        show_json({"file": file, "records": exported.records, **status_data(exported.status)})
    else:
        show(say("export.done", file=file, records=exported.records))


@contextmanager
def language_of_workbook(context: typer.Context) -> Iterator[None]:
    """The region reads Danish, whatever the machine speaks, unless somebody asks otherwise."""
    spoken = texts.current()
    if not (context.find_root().params.get("lang") or os.environ.get("KMTRACK_LANG")):
        texts.use("da")
    try:
        yield
    finally:
        texts.use(spoken)
