"""The commands `contact` and `followup`: what a broker types after a visit."""

from typing import Annotated

import typer

from kmtrack.cli import options
from kmtrack.cli.context import open_session
from kmtrack.cli.noun import add_list, add_show, add_withdraw
from kmtrack.cli.output import show_json

contact = typer.Typer(help="help.contact", no_args_is_help=True)
followup = typer.Typer(help="help.followup", no_args_is_help=True)


def _register_add(app: typer.Typer, name: str) -> None:
    @app.command("add", help=f"help.{name}.add")
    def add(
        context: typer.Context,
        company: options.CompanyArgument,
        date: options.Date = None,
        channel: options.Channel = None,
        broker: options.Broker = None,
        with_: options.With = None,
        person: options.Person = None,
        note: options.Note = None,
        next_: options.Next = None,
        method: options.MethodUsed = None,
        json: options.Json = False,
    ) -> None:
        from kmtrack.cli.confirm import confirm
        from kmtrack.usecases import events

        store = events.add_followup if name == "followup" else events.add_contact
        values = options.said(
            date=date,
            channel=channel,
            broker=broker,
            others=with_,
            person=person,
            note=note,
            next=next_,
            methods=method,
        )
        with open_session(context) as session:
            confirmation = store(session, company, values)
        show_json(confirmation.record) if json else confirm(confirmation)


def _register_edit(app: typer.Typer, name: str) -> None:
    @app.command("edit", help=f"help.{name}.edit")
    def edit(
        context: typer.Context,
        id_: options.IdArgument,
        date: options.NewDate = None,
        channel: options.Channel = None,
        broker: options.Broker = None,
        with_: options.With = None,
        person: options.Person = None,
        note: options.Note = None,
        next_: options.Next = None,
        json: options.Json = False,
    ) -> None:
        from kmtrack.cli.confirm import confirm
        from kmtrack.usecases.events import edit_event

        values = options.said(
            date=date,
            channel=channel,
            broker=broker,
            others=with_,
            person=person,
            note=note,
            next=next_,
        )
        with open_session(context) as session:
            confirmation = edit_event(session, "contact", id_, values)
        show_json(confirmation.record) if json else confirm(confirmation, edited=True)


for _app, _name in ((contact, "contact"), (followup, "followup")):
    _register_add(_app, _name)
    add_list(_app, _name)
    add_show(_app, "contact", _name)
    _register_edit(_app, _name)
    add_withdraw(_app, "contact", _name)


@followup.command("due", help="help.followup.due")
def due(
    context: typer.Context,
    until: Annotated[
        str | None, typer.Option("--until", metavar="metavar.day", help="help.option.until")
    ] = None,
    json: options.Json = False,
    csv: options.Csv = False,
) -> None:
    from kmtrack.cli.lists import show_due

    with open_session(context) as session:
        show_due(session, until, json=json, csv=csv)


def register(app: typer.Typer) -> None:
    """Give the root command `contact` and `followup`."""
    app.add_typer(contact, name="contact")
    app.add_typer(followup, name="followup")
