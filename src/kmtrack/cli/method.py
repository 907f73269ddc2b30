"""The command `method`: the initiative's methods and tools, and what became of them."""

from typing import Annotated, Any

import typer

from kmtrack.cli import options
from kmtrack.cli.context import open_session
from kmtrack.cli.output import show_json

method = typer.Typer(help="help.method", no_args_is_help=True)

Kind = Annotated[
    str | None, typer.Option("--kind", metavar="metavar.method_kind", help="help.field.method_kind")
]
For = Annotated[
    str | None, typer.Option("--for", metavar="metavar.audience", help="help.field.method_audience")
]
Description = Annotated[
    str | None,
    typer.Option("--description", metavar="metavar.text", help="help.field.description"),
]
By = Annotated[
    str | None, typer.Option("--by", metavar="metavar.initials", help="help.field.collected_by")
]


@method.command("add", help="help.method.add")
def add(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="metavar.name", help="help.field.name")],
    kind: Kind = None,
    audience: For = None,
    description: Description = None,
    by: By = None,
    date: options.Day = None,
    json: options.Json = False,
) -> None:
    from kmtrack.usecases.methods import add_method

    values = options.said(
        name=name, kind=kind, audience=audience, description=description, broker=by, date=date
    )
    with open_session(context) as session:
        record = add_method(session, values)
        _confirm(session, record, "confirm.method", json=json)


@method.command("assess", help="help.method.assess")
def assess(
    context: typer.Context,
    reference: options.MethodArgument,
    verdict: Annotated[
        str | None,
        typer.Option("--verdict", metavar="metavar.assessment", help="help.field.assessment"),
    ] = None,
    text: options.Text = None,
    date: options.Day = None,
    by: By = None,
    json: options.Json = False,
) -> None:
    from kmtrack.usecases.methods import assess_method

    values = options.said(verdict=verdict, text=text, date=date, broker=by)
    with open_session(context) as session:
        record = assess_method(session, reference, values)
        _confirm(session, record, "confirm.assessed", json=json)


@method.command("disseminate", help="help.method.disseminate")
def disseminate(
    context: typer.Context,
    reference: options.MethodArgument,
    to: Annotated[
        str | None, typer.Option("--to", metavar="metavar.audience", help="help.field.audience")
    ] = None,
    how: Annotated[
        str | None, typer.Option("--how", metavar="metavar.text", help="help.field.how")
    ] = None,
    date: options.Day = None,
    institution: options.Institution = None,
    by: By = None,
    json: options.Json = False,
) -> None:
    from kmtrack.usecases.methods import disseminate_method

    values = options.said(audience=to, how=how, date=date, institution=institution, broker=by)
    with open_session(context) as session:
        record = disseminate_method(session, reference, values)
        _confirm(session, record, "confirm.disseminated", json=json)


@method.command("used", help="help.method.used")
def used(
    context: typer.Context,
    reference: options.MethodArgument,
    contact: Annotated[
        str, typer.Option("--contact", metavar="metavar.id", help="help.argument.id")
    ],
    json: options.Json = False,
) -> None:
    from kmtrack.usecases.methods import use_method

    with open_session(context) as session:
        record = use_method(session, reference, contact)
        _confirm(session, record, "confirm.method_used", json=json)


@method.command("list", help="help.method.list")
def list_(context: typer.Context, json: options.Json = False, csv: options.Csv = False) -> None:
    from kmtrack.cli.output import show_csv, talk
    from kmtrack.usecases.methods import methods

    with open_session(context) as session:
        records = methods(session)
    if json:
        show_json(records)
    elif csv:
        for record in records:
            record["disseminated"] = " ".join(record["disseminated"])
        show_csv(_LISTED, records)
    else:
        from kmtrack.views.lists import show_list

        show_list("method", "method", records)
        if not records:
            talk("list.none.method")


@method.command("show", help="help.method.show")
def show(
    context: typer.Context, reference: options.MethodArgument, json: options.Json = False
) -> None:
    from kmtrack.usecases.methods import find_method, method_record
    from kmtrack.views.methods import show_method

    with open_session(context) as session, session.store.reading():
        record = method_record(session.store, find_method(session.store, reference)["id"])
    show_json(record) if json else show_method(record)


@method.command("edit", help="help.method.edit")
def edit(
    context: typer.Context,
    reference: options.MethodArgument,
    name: options.Name = None,
    kind: Kind = None,
    audience: For = None,
    description: Description = None,
    by: By = None,
    date: options.Day = None,
    json: options.Json = False,
) -> None:
    from kmtrack.usecases.methods import edit_method

    values = options.said(
        name=name, kind=kind, audience=audience, description=description, broker=by, date=date
    )
    with open_session(context) as session:
        record = edit_method(session, reference, values)
        _confirm(session, record, "confirm.method_edited", json=json)


@method.command("withdraw", help="help.method.withdraw")
def withdraw(
    context: typer.Context,
    reference: options.MethodArgument,
    reason: options.Reason,
    json: options.Json = False,
) -> None:
    from kmtrack.cli.confirm import confirm_withdrawal, standings_without
    from kmtrack.usecases.methods import withdraw_method

    with open_session(context) as session:
        record = withdraw_method(session, reference, reason)
        standings = standings_without(session, record, "method")
    confirm_withdrawal(record, standings=standings, json=json)


_LISTED = (
    *("id", "name", "kind", "audience", "date", "description", "broker"),
    *("assessed", "disseminated", "contacts"),
)


def _confirm(session: Any, record: dict[str, Any], key: str, *, json: bool) -> None:
    """Say what was stored, and how the target stands now."""
    if json:
        show_json(record)
        return
    from kmtrack.cli.confirm import confirm_delivered

    confirm_delivered(session, "method", key, id=record["id"], name=record["name"])


def register(app: typer.Typer) -> None:
    """Give the root command `method`."""
    app.add_typer(method, name="method")
