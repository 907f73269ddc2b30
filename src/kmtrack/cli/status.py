"""The command `status`: each target against its minimum."""

from typing import Annotated

import typer

from kmtrack.cli import options
from kmtrack.cli.context import open_session
from kmtrack.cli.output import show_json


def register(app: typer.Typer) -> None:
    """Give the root command `status`."""
    app.command("status", help="help.status")(status)


def status(
    context: typer.Context,
    as_of: options.AsOf = None,
    known_at: options.KnownAt = None,
    by: Annotated[
        str | None, typer.Option("--by", metavar="metavar.grouping", help="help.option.by")
    ] = None,
    json: options.Json = False,
) -> None:
    from kmtrack.cli.parse import day_typed, grouping_typed, moment_typed
    from kmtrack.usecases.status import status_known_at, status_of

    grouping = grouping_typed(by)
    with open_session(context) as session:
        if known_at is not None:
            moment, day = moment_typed("known-at", known_at, session.clock)
            day = day_typed("as-of", as_of, session.clock) if as_of is not None else day
            found = status_known_at(session.store, moment, day, grouping)
        else:
            day = day_typed("as-of", as_of, session.clock)
            found = status_of(session.store, day, grouping)
    if json:
        from kmtrack.views.status_json import status_data

        show_json(status_data(found))
    else:
        from kmtrack.views.status import show_status

        show_status(found)
