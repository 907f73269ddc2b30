"""The command `export`: the region's workbook."""

import os
from pathlib import Path
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
    json: options.Json = False,
) -> None:
    from kmtrack.cli.reading import day_typed
    from kmtrack.report.status_json import status_data
    from kmtrack.usecases.exporting import export_workbook

    with at_desk(context) as desk:
        day = day_typed("as-of", as_of, desk.clock)
        spoken = texts.current()
        if not _language_was_asked(context):
            texts.use("da")  # the region reads Danish, whatever the machine speaks
        try:
            exported = export_workbook(desk, Path(file), day)
        finally:
            texts.use(spoken)
    if json:
        show_json({"file": file, "records": exported.records, **status_data(exported.status)})
    else:
        show(say("export.done", file=file, records=exported.records))


def _language_was_asked(context: typer.Context) -> bool:
    typed = context.find_root().params.get("lang")
    return bool(typed or os.environ.get("KMTRACK_LANG"))
