"""The command `export`: the region's workbook."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kmtrack import i18n
from kmtrack.cli import options
from kmtrack.cli.context import open_session
from kmtrack.cli.output import show, show_json
from kmtrack.i18n import say

if TYPE_CHECKING:
    from kmtrack.usecases.export import ExportContent
    from kmtrack.usecases.session import Session


def register(app: typer.Typer) -> None:
    """Register `export` with the root command."""
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
    from kmtrack.cli.parse import parse_day_option, parse_path
    from kmtrack.views.status import status_as_dict

    with open_session(context) as session:
        day = parse_day_option("as-of", as_of, session.clock, "until")
        with language_of_workbook(context):
            content = export_workbook(
                session, parse_path(file), day, even_if_damaged=even_if_damaged
            )
    if json:
        show_json({"file": file, "records": content.records, **status_as_dict(content.status)})
    else:
        show(say("export.done", file=file, records=content.records))


def export_workbook(
    session: "Session", file: Path, as_of: date, *, even_if_damaged: bool = False
) -> "ExportContent":
    """Write the region's workbook as of a day to `file`, in the language in use; return its content.

    The workbook is moved into place when it is whole and the ledger is found undamaged. Raises the
    refusals of `replacing`, `ledger_in_the_way`, `ledger_not_whole` and `too_many_records`.
    """
    from kmtrack.usecases.export import export_content, refuse_ledger_itself
    from kmtrack.views.xlsx.file import is_export, replacing
    from kmtrack.views.xlsx.workbook import write_workbook

    store = session.store
    refuse_ledger_itself(store, file)
    with (
        replacing(file, is_export) as beside,
        export_content(store, file, as_of, even_if_damaged=even_if_damaged) as content,
    ):
        write_workbook(content, beside)
    return content


@contextmanager
def language_of_workbook(context: typer.Context) -> Iterator[None]:
    """Use Danish, which the region reads, whatever the machine speaks, unless a language was chosen."""
    spoken = i18n.current()
    if not (context.find_root().params.get("lang") or os.environ.get("KMTRACK_LANG")):
        i18n.use("da")
    try:
        yield
    finally:
        i18n.use(spoken)
