"""The command `why`: what made a verdict or a number."""

from typing import Annotated

import typer

from kmtrack.cli import options
from kmtrack.cli.context import open_session
from kmtrack.cli.output import show_json


def register(app: typer.Typer) -> None:
    """Give the root command `why`."""
    app.command("why", help="help.why")(why)


def why(
    context: typer.Context,
    what: Annotated[str, typer.Argument(metavar="metavar.id_or_target", help="help.argument.what")],
    as_of: options.AsOf = None,
    all_: options.All = False,
    json: options.Json = False,
) -> None:
    from kmtrack.cli.parse import day_typed
    from kmtrack.rules.explanation import DeliveredExplained, Explained
    from kmtrack.usecases.why import why as explain
    from kmtrack.views import why as why_page
    from kmtrack.views import why_deliverables

    with open_session(context) as session:
        found = explain(session, what, day_typed("as-of", as_of, session.clock))
    if isinstance(found, Explained):
        if json:
            show_json(why_page.explained_data(found))
        else:
            why_page.show_explained(found)
    elif isinstance(found, DeliveredExplained):
        if json:
            show_json(why_deliverables.delivered_data(found))
        else:
            why_deliverables.show_delivered(found, whole=all_)
    elif json:
        show_json(why_page.target_data(found))
    else:
        why_page.show_target(found, whole=all_)
