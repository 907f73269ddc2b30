"""The command `why`: what made a verdict or a number."""

from typing import Annotated

import typer

from kmtrack.cli import options
from kmtrack.cli.globals import at_desk
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
    from kmtrack.cli.reading import day_typed
    from kmtrack.ledger.ids import noun_of
    from kmtrack.report import why_delivered, why_page
    from kmtrack.rules.explanation import DeliveredExplained
    from kmtrack.usecases.why import is_target, why_record, why_target

    with at_desk(context) as desk:
        day = day_typed("as-of", as_of, desk.clock)
        if noun_of(what) and not is_target(desk, what):
            record = why_record(desk, what)
            if json:
                show_json(why_page.explained_data(record))
            else:
                why_page.show_explained(record)
            return
        target = why_target(desk, what, day)
    if isinstance(target, DeliveredExplained):
        if json:
            show_json(why_delivered.delivered_data(target))
        else:
            why_delivered.show_delivered(target, whole=all_)
    elif json:
        show_json(why_page.target_data(target))
    else:
        why_page.show_target(target, whole=all_)
