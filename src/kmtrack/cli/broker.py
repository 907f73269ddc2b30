"""The command `broker`: who the brokers are, and at which council they work."""

from typing import Any

import typer

from kmtrack.cli import options
from kmtrack.cli.context import open_session
from kmtrack.cli.noun import Values, with_fields
from kmtrack.cli.output import show, show_csv, show_json
from kmtrack.i18n import say
from kmtrack.ledger.schema.nouns import NOUNS
from kmtrack.ledger.schema.people import BrokerFacts

broker = typer.Typer(help="help.broker", no_args_is_help=True)


@broker.command("add", help="help.broker.add")
@with_fields(BrokerFacts)
def add(context: typer.Context, values: Values, json: options.Json = False) -> None:
    from kmtrack.usecases.brokers import add_broker

    with open_session(context) as session:
        record = add_broker(session, values)
    _confirm(record, json=json)


@broker.command("edit", help="help.broker.edit")
@with_fields(BrokerFacts, edit=True)
def edit(context: typer.Context, values: Values, json: options.Json = False) -> None:
    from kmtrack.usecases.brokers import edit_broker

    stated = dict(values)
    with open_session(context) as session:
        record = edit_broker(session, stated.pop("initials"), stated)
    _confirm(record, json=json)


@broker.command("list", help="help.broker.list")
def list_(context: typer.Context, json: options.Json = False, csv: options.Csv = False) -> None:
    from kmtrack.usecases.brokers import brokers

    with open_session(context) as session:
        records = brokers(session)
    if json:
        show_json(records)
    elif csv:
        show_csv(NOUNS["broker"].fields, records)
    else:
        from kmtrack.views.lists import show_list

        show_list("broker", "broker", records)


def _confirm(record: dict[str, Any], *, json: bool) -> None:
    if json:
        show_json(record)
        return
    council = record["council"] or say("group.unknown")
    show(say("confirm.broker", initials=record["initials"], council=council))


def register(app: typer.Typer) -> None:
    """Register `broker` with the root command."""
    app.add_typer(broker, name="broker")
