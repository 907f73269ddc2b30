"""The command `deliverable`: project management and the proposal that the contract requires."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from kmtrack.cli import options
from kmtrack.cli.context import open_session
from kmtrack.cli.noun import Values, with_days_in_full, with_fields, with_reason, with_yes
from kmtrack.cli.output import show_json, show_lines, show_withdrawal
from kmtrack.ledger.schema.deliverables import DeliveryFacts

if TYPE_CHECKING:
    from kmtrack.usecases.session import Session
    from kmtrack.views.withdrawal import TargetStatuses

deliverable = typer.Typer(help="help.deliverable", no_args_is_help=True)

Which = Annotated[
    str, typer.Argument(metavar="metavar.deliverable", help="help.argument.deliverable")
]


@deliverable.command("list", help="help.deliverable.list")
def list_(context: typer.Context, as_of: options.AsOf = None, json: options.Json = False) -> None:
    from kmtrack.cli.parse import parse_day_option
    from kmtrack.usecases.deliverables import deliverables
    from kmtrack.views.deliverables import deliverable_as_dict, show_deliverables

    with open_session(context) as session:
        records = deliverables(session, parse_day_option("as-of", as_of, session.clock, "until"))
    show_json(list(map(deliverable_as_dict, records))) if json else show_deliverables(records)


@deliverable.command("show", help="help.deliverable.show")
def show(
    context: typer.Context, which: Which, as_of: options.AsOf = None, json: options.Json = False
) -> None:
    from kmtrack.cli.parse import parse_day_option
    from kmtrack.usecases.deliverables import deliverable as one
    from kmtrack.views.deliverables import deliverable_as_dict, show_deliverable

    with open_session(context) as session:
        record = one(session, which, parse_day_option("as-of", as_of, session.clock, "until"))
    show_json(deliverable_as_dict(record)) if json else show_deliverable(record)


@deliverable.command("log", help="help.deliverable.log")
@with_yes
@with_fields(DeliveryFacts)
def log(context: typer.Context, which: Which, values: Values, json: options.Json = False) -> None:
    from kmtrack.usecases.deliverables import log_step

    with open_session(context) as session:
        _confirm(
            log_step(session, which, with_days_in_full(session, DeliveryFacts, values)), json=json
        )


@deliverable.command("check", help="help.deliverable.check")
@with_yes
@with_fields(DeliveryFacts)
def check(
    context: typer.Context,
    which: Which,
    point: Annotated[str, typer.Argument(metavar="metavar.point", help="help.argument.point")],
    values: Values,
    json: options.Json = False,
) -> None:
    from kmtrack.usecases.deliverables import check_point

    with open_session(context) as session:
        stated = with_days_in_full(session, DeliveryFacts, values)
        _confirm(check_point(session, which, point, stated), json=json)


@deliverable.command("submit", help="help.deliverable.submit")
@with_yes
@with_fields(DeliveryFacts)
def submit(
    context: typer.Context,
    which: Which,
    values: Values,
    file: Annotated[
        str | None, typer.Option("--file", metavar="metavar.file", help="help.option.evidence")
    ] = None,
    json: options.Json = False,
) -> None:
    from kmtrack.cli.parse import parse_path
    from kmtrack.usecases import deliverables

    path = parse_path(file) if file is not None else None
    with open_session(context) as session:
        stated = with_days_in_full(session, DeliveryFacts, values)
        record = deliverables.submit(session, which, path, stated)
        _confirm(record, json=json)


@deliverable.command("withdraw", help="help.deliverable.withdraw")
@with_yes
def withdraw(
    context: typer.Context,
    ids: options.IdsArgument,
    reason: options.Reason = None,
    json: options.Json = False,
) -> None:
    from kmtrack.usecases.deliverables import withdraw_steps
    from kmtrack.usecases.record_lookup import find_records
    from kmtrack.usecases.status import statuses_for

    def withdrawn(session: "Session", why: str) -> "tuple[list[dict[str, Any]], TargetStatuses]":
        steps = withdraw_steps(session, ids, why)
        names = dict.fromkeys(step["name"] for step in steps)
        today = session.clock.today
        found = (statuses_for(session.store, "deliverable", today, name) for name in names)
        return steps, [status for statuses in found for status in statuses]

    records, statuses = with_reason(
        context,
        reason,
        withdrawn,
        lambda session: find_records(session, ids, ["delivery"]),
    )
    show_withdrawal(records, statuses=statuses, json=json)


def _confirm(record: dict[str, Any], *, json: bool) -> None:
    """Print the status of the deliverable."""
    if json:
        from kmtrack.views.deliverables import deliverable_as_dict

        show_json(deliverable_as_dict(record))
        return
    from kmtrack.views.deliverables import deliverable_in_words

    show_lines([deliverable_in_words(record)])


def register(app: typer.Typer) -> None:
    """Register `deliverable` with the root command."""
    app.add_typer(deliverable, name="deliverable")
