"""The command `collaboration`: what brokers have brought about between a company and students."""

import typer

from kmtrack.cli import options
from kmtrack.cli.context import open_session
from kmtrack.cli.noun import add_list, add_show, add_withdraw
from kmtrack.cli.output import show_json

collaboration = typer.Typer(help="help.collaboration", no_args_is_help=True)


@collaboration.command("add", help="help.collaboration.add")
def add(
    context: typer.Context,
    company: options.CompanyArgument,
    kind: options.Kind = None,
    agreed: options.Agreed = None,
    start: options.Start = None,
    end: options.End = None,
    institution: options.Institution = None,
    title: options.Title = None,
    students: options.Students = None,
    broker: options.Broker = None,
    note: options.Note = None,
    json: options.Json = False,
) -> None:
    from kmtrack.cli.confirm import confirm
    from kmtrack.usecases.events import add_event

    values = options.said(
        kind=kind,
        agreed=agreed,
        start=start,
        end=end,
        institution=institution,
        title=title,
        students=students,
        broker=broker,
        note=note,
    )
    with open_session(context) as session:
        confirmation = add_event(session, "collaboration", company, values)
    show_json(confirmation.record) if json else confirm(confirmation)


add_list(collaboration, "collaboration")
add_show(collaboration, "collaboration", "collaboration")


@collaboration.command("edit", help="help.collaboration.edit")
def edit(
    context: typer.Context,
    id_: options.IdArgument,
    kind: options.Kind = None,
    agreed: options.Agreed = None,
    start: options.Start = None,
    end: options.End = None,
    institution: options.Institution = None,
    title: options.Title = None,
    students: options.Students = None,
    broker: options.Broker = None,
    note: options.Note = None,
    json: options.Json = False,
) -> None:
    from kmtrack.cli.confirm import confirm
    from kmtrack.usecases.events import edit_event

    values = options.said(
        kind=kind,
        agreed=agreed,
        start=start,
        end=end,
        institution=institution,
        title=title,
        students=students,
        broker=broker,
        note=note,
    )
    with open_session(context) as session:
        confirmation = edit_event(session, "collaboration", id_, values)
    show_json(confirmation.record) if json else confirm(confirmation, edited=True)


add_withdraw(collaboration, "collaboration", "collaboration")


def register(app: typer.Typer) -> None:
    """Give the root command `collaboration`."""
    app.add_typer(collaboration, name="collaboration")
