"""The command `hire`: the hires of highly educated people."""

import typer

from kmtrack.cli import options
from kmtrack.cli.context import open_session
from kmtrack.cli.noun import add_list, add_show, add_withdraw
from kmtrack.cli.output import show_json

hire = typer.Typer(help="help.hire", no_args_is_help=True)


@hire.command("add", help="help.hire.add")
def add(
    context: typer.Context,
    company: options.CompanyArgument,
    level: options.Level = None,
    agreed: options.Agreed = None,
    start: options.Start = None,
    end: options.End = None,
    field: options.Field = None,
    institution: options.Institution = None,
    terms: options.Terms = None,
    hours: options.Hours = None,
    broker: options.Broker = None,
    note: options.Note = None,
    json: options.Json = False,
) -> None:
    from kmtrack.cli.confirm import confirm
    from kmtrack.usecases.events import add_event

    values = options.said(
        level=level,
        agreed=agreed,
        start=start,
        end=end,
        field=field,
        institution=institution,
        terms=terms,
        hours=hours,
        broker=broker,
        note=note,
    )
    with open_session(context) as session:
        confirmation = add_event(session, "hire", company, values)
    show_json(confirmation.record) if json else confirm(confirmation)


add_list(hire, "hire")
add_show(hire, "hire", "hire")


@hire.command("edit", help="help.hire.edit")
def edit(
    context: typer.Context,
    id_: options.IdArgument,
    level: options.Level = None,
    agreed: options.Agreed = None,
    start: options.Start = None,
    end: options.End = None,
    field: options.Field = None,
    institution: options.Institution = None,
    terms: options.Terms = None,
    hours: options.Hours = None,
    broker: options.Broker = None,
    note: options.Note = None,
    json: options.Json = False,
) -> None:
    from kmtrack.cli.confirm import confirm
    from kmtrack.usecases.events import edit_event

    values = options.said(
        level=level,
        agreed=agreed,
        start=start,
        end=end,
        field=field,
        institution=institution,
        terms=terms,
        hours=hours,
        broker=broker,
        note=note,
    )
    with open_session(context) as session:
        confirmation = edit_event(session, "hire", id_, values)
    show_json(confirmation.record) if json else confirm(confirmation, edited=True)


add_withdraw(hire, "hire", "hire")


def register(app: typer.Typer) -> None:
    """Give the root command `hire`."""
    app.add_typer(hire, name="hire")
