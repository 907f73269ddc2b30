"""The command `broker`: who the brokers are, and which councils they work at."""

import os
from typing import Annotated, Any

import typer

from kmtrack.cli import options
from kmtrack.cli.context import open_session
from kmtrack.cli.lists import Output, pager_of, show_data, with_forms
from kmtrack.cli.noun import Values, with_fields, with_yes
from kmtrack.cli.output import show, show_json, show_lines
from kmtrack.i18n import say
from kmtrack.ledger.schema.nouns import NOUNS
from kmtrack.ledger.schema.people import BrokerFacts

broker = typer.Typer(help="help.broker", no_args_is_help=True)


@broker.command("add", help="help.broker.add")
@with_yes
@with_fields(BrokerFacts)
def add(
    context: typer.Context, values: Values, login: options.Login = None, json: options.Json = False
) -> None:
    from kmtrack.usecases.brokers import add_broker

    with open_session(context) as session:
        record = add_broker(session, values, login)
    _confirm(record, login, json=json)


@broker.command("edit", help="help.broker.edit")
@with_yes
@with_fields(BrokerFacts, edit=True)
def edit(
    context: typer.Context, values: Values, login: options.Login = None, json: options.Json = False
) -> None:
    from kmtrack.usecases.brokers import edit_broker

    stated = dict(values)
    with open_session(context) as session:
        record = edit_broker(session, stated.pop("initials"), stated, login)
    _confirm(record, login, json=json)


@broker.command("me", help="help.broker.me")
@with_yes
def me(
    context: typer.Context,
    initials: Annotated[
        str | None, typer.Argument(metavar="metavar.initials", help="help.argument.own_initials")
    ] = None,
    json: options.Json = False,
) -> None:
    from kmtrack.usecases.brokers import current_broker, set_current_broker
    from kmtrack.views.brokers import current_broker_as_dict, render_current_broker

    with open_session(context) as session:
        if initials is None:
            found = current_broker(session, os.environ)
        else:
            found = set_current_broker(session, initials, os.environ)
    if json:
        show_json(current_broker_as_dict(found))
        return
    show_lines(render_current_broker(found, initials))


@broker.command("list", help="help.broker.list")
@with_forms
def list_(
    context: typer.Context,
    output: Output = Output(),  # noqa: B008 - it is never changed
) -> None:
    from kmtrack.usecases.brokers import brokers

    with open_session(context) as session:
        records = brokers(session)
        if not show_data(session, records, output, "broker", NOUNS["broker"].fields):
            from kmtrack.views.lists import show_list

            show_list("broker", "broker", records, pager=pager_of(output))


def _confirm(record: dict[str, Any], login: str | None, *, json: bool) -> None:
    if json:
        show_json(record)
        return
    council = record["council"] or say("group.unknown")
    show(say("confirm.broker", initials=record["initials"], council=council))
    if login:
        show(say("confirm.broker_login", initials=record["initials"], login=login.strip()))


def register(app: typer.Typer) -> None:
    """Register `broker` with the root command."""
    app.add_typer(broker, name="broker")
