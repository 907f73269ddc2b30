"""The commands `contact` and `followup`: what a broker types after a visit."""

from typing import Annotated

import typer

from kmtrack.cli import options
from kmtrack.cli.context import open_session
from kmtrack.cli.lists import NOTHING, Output, Typed, register_list, show_due, with_filters
from kmtrack.cli.noun import (
    NO_VALUES,
    Values,
    add_events,
    register_edit,
    register_show,
    register_withdraw,
    with_fields,
    with_yes,
)
from kmtrack.ledger.schema.events import ContactFacts

contact = typer.Typer(help="help.contact", no_args_is_help=True)
followup = typer.Typer(help="help.followup", no_args_is_help=True)


def _register_add(app: typer.Typer, name: str) -> None:
    @app.command("add", help=f"help.{name}.add")
    @with_yes
    @with_fields(ContactFacts)
    def add(
        context: typer.Context,
        company: options.CompanyAsked = None,
        values: Values = NO_VALUES,
        method: options.MethodUsed = None,
        json: options.Json = False,
    ) -> None:
        stated = {**values, "methods": method} if method else values
        add_events(context, name, ContactFacts, company, stated, json=json)


for _app, _name in ((contact, "contact"), (followup, "followup")):
    _register_add(_app, _name)
    register_list(_app, _name)
    register_show(_app, "contact", _name)
    register_edit(_app, "contact", _name, ContactFacts)
    register_withdraw(_app, "contact", _name)


@followup.command("due", help="help.followup.due")
@with_filters("due")
def due(
    context: typer.Context,
    typed: Typed = NOTHING,
    until: Annotated[
        str | None,
        typer.Option(
            "--until", metavar="metavar.day", help="help.option.until", show_default="default.today"
        ),
    ] = None,
    output: Output = Output(),  # noqa: B008 - it is never changed
) -> None:
    with open_session(context) as session:
        show_due(session, until, typed, output)


def register(app: typer.Typer) -> None:
    """Register `contact` and `followup` with the root command."""
    app.add_typer(contact, name="contact")
    app.add_typer(followup, name="followup")
