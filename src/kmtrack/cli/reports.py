"""The commands `status` and `why`: progress towards each target, and the records behind a figure."""

from typing import TYPE_CHECKING, Annotated

import typer

from kmtrack.cli import options
from kmtrack.cli.context import open_session
from kmtrack.cli.output import show_json

if TYPE_CHECKING:
    from kmtrack.rules.explanation import (
        DeliveredExplanation,
        RecordExplanation,
        TargetExplanation,
    )


def register(app: typer.Typer) -> None:
    """Register `status` and `why` with the root command."""
    app.command("status", help="help.status")(status)
    app.command("why", help="help.why")(why)


def status(
    context: typer.Context,
    target: Annotated[
        str | None, typer.Argument(metavar="metavar.target", help="help.argument.status_target")
    ] = None,
    details: Annotated[bool, typer.Option("--details", help="help.option.details")] = False,
    as_of: options.AsOf = None,
    known_at: options.KnownAt = None,
    by: Annotated[
        str | None, typer.Option("--by", metavar="metavar.grouping", help="help.option.by")
    ] = None,
    json: options.Json = False,
) -> None:
    from kmtrack.cli.parse import parse_as_of, parse_grouping
    from kmtrack.usecases.status import status_known_at, status_of

    grouping = parse_grouping(by)
    with open_session(context) as session:
        day, moment = parse_as_of(as_of, known_at, session.clock)
        if moment is None:
            found = status_of(session.store, day, grouping)
        else:
            found = status_known_at(session.store, moment, day, grouping)
        named = None
        if target is not None:
            from kmtrack.usecases.lookup import find_target

            named = find_target(session.settle, target, found.contract.targets)
    if json:
        from kmtrack.views.status import status_as_dict

        show_json(status_as_dict(found if named is None else found.of_target(named)))
    else:
        from kmtrack.views.status import show_status

        show_status(found, details=details, target=named)


def why(
    context: typer.Context,
    what: Annotated[str, typer.Argument(metavar="metavar.id_or_target", help="help.argument.what")],
    as_of: options.AsOf = None,
    all_: options.All = False,
    json: options.Json = False,
) -> None:
    from kmtrack.cli.parse import parse_day_option
    from kmtrack.cli.stream import streamed
    from kmtrack.ledger.store.base import EVERYTHING
    from kmtrack.usecases.why import why as explain
    from kmtrack.views.why import SHOWN

    most = EVERYTHING if all_ or json else SHOWN
    with open_session(context) as session:
        day = parse_day_option("as-of", as_of, session.clock, "until")
        if most == EVERYTHING:
            with streamed(session.store):
                _show_why(explain(session, what, day, most), whole=all_, json=json)
            return
        found = explain(session, what, day, most)
    _show_why(found, whole=all_, json=json)


def _show_why(
    found: "RecordExplanation | TargetExplanation | DeliveredExplanation",
    *,
    whole: bool,
    json: bool,
) -> None:
    from kmtrack.rules.explanation import DeliveredExplanation, RecordExplanation

    if isinstance(found, RecordExplanation):
        from kmtrack.views.why import explained_as_dict, show_explained

        show_json(explained_as_dict(found)) if json else show_explained(found)
        return
    from kmtrack.views import why_target as page

    if isinstance(found, DeliveredExplanation):
        if json:
            show_json(page.delivered_as_dict(found))
        else:
            page.show_delivered(found, whole=whole)
    elif json:
        show_json(page.target_as_dict(found))
    else:
        page.show_target(found, whole=whole)
