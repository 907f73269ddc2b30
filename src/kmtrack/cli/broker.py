"""The command `broker`: who the brokers are and where they are stationed."""

from typing import Annotated

import typer

from kmtrack.cli import options
from kmtrack.cli.context import open_session
from kmtrack.cli.output import show, show_csv, show_json
from kmtrack.i18n import say

broker = typer.Typer(help="help.broker", no_args_is_help=True)

Initials = Annotated[str, typer.Argument(metavar="metavar.initials", help="help.field.initials")]
Council = Annotated[
    str | None, typer.Option("--council", metavar="metavar.text", help="help.field.council")
]


@broker.command("add", help="help.broker.add")
def add(
    context: typer.Context, initials: Initials, council: Council = None, json: options.Json = False
) -> None:
    from kmtrack.usecases.brokers import add_broker

    with open_session(context) as session:
        record = add_broker(session, options.said(initials=initials, council=council))
    _confirm(record, json=json)


@broker.command("edit", help="help.broker.edit")
def edit(
    context: typer.Context, initials: Initials, council: Council = None, json: options.Json = False
) -> None:
    from kmtrack.usecases.brokers import edit_broker

    with open_session(context) as session:
        record = edit_broker(session, initials, options.said(council=council))
    _confirm(record, json=json)


@broker.command("list", help="help.broker.list")
def list_(context: typer.Context, json: options.Json = False, csv: options.Csv = False) -> None:
    from kmtrack.usecases.brokers import brokers

    with open_session(context) as session:
        records = brokers(session)
    if json:
        show_json(records)
    elif csv:
        show_csv(("initials", "council"), records)
    else:
        from kmtrack.views.lists import show_list

        show_list("broker", "broker", records)


def _confirm(record: dict[str, str | None], *, json: bool) -> None:
    if json:
        show_json(record)
        return
    council = record["council"] or say("group.unknown")
    show(say("confirm.broker", initials=record["initials"], council=council))


def register(app: typer.Typer) -> None:
    """Give the root command `broker`."""
    app.add_typer(broker, name="broker")
