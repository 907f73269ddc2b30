"""The command `export`: the region's workbook."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer

from kmtrack import i18n
from kmtrack.cli import options
from kmtrack.cli.context import open_session
from kmtrack.cli.output import show, show_json
from kmtrack.i18n import say


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
    from kmtrack.cli.parse import day_typed
    from kmtrack.cli.paths import path_typed
    from kmtrack.usecases.export import export_workbook
    from kmtrack.views.status import status_data

    with open_session(context) as session:
        day = day_typed("as-of", as_of, session.clock)
        with language_of_workbook(context):
            exported = export_workbook(
                session, path_typed(file), day, even_if_damaged=even_if_damaged
            )
    if json:
        show_json({"file": file, "records": exported.records, **status_data(exported.status)})
    else:
        show(say("export.done", file=file, records=exported.records))


@contextmanager
def language_of_workbook(context: typer.Context) -> Iterator[None]:
    """The region reads Danish, whatever the machine speaks, unless somebody asks otherwise."""
    spoken = i18n.current()
    if not (context.find_root().params.get("lang") or os.environ.get("KMTRACK_LANG")):
        i18n.use("da")
    try:
        yield
    finally:
        i18n.use(spoken)
