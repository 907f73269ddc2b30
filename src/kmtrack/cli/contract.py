"""The command `contract`: what the contract asks, and how it is amended."""

from typing import Annotated

import typer

from kmtrack.cli import options
from kmtrack.cli.context import open_session
from kmtrack.cli.output import show_json

contract = typer.Typer(help="help.contract", no_args_is_help=True)

_Repeated = list[str] | None


@contract.command("show", help="help.contract.show")
def show_contract(context: typer.Context, json: options.Json = False) -> None:
    from kmtrack.ledger.contract import document_in_force
    from kmtrack.rules.contract_format import read_contract
    from kmtrack.usecases.history.amendments import amendments

    with open_session(context) as session, session.store.reading():
        document = document_in_force(session.store)
        stated = amendments(session.store)
    if json:
        show_json({**document, "stated": [amended.statement for amended in stated]})
    else:
        from kmtrack.views.contract import show_contract_page

        show_contract_page(read_contract(document), stated)


@contract.command("amend", help="help.contract.amend")
def amend(
    context: typer.Context,
    first_day: Annotated[
        str | None, typer.Option("--first-day", metavar="metavar.day", help="help.amend.first_day")
    ] = None,
    last_day: Annotated[
        str | None, typer.Option("--last-day", metavar="metavar.day", help="help.amend.last_day")
    ] = None,
    municipality: Annotated[
        _Repeated,
        typer.Option("--municipality", metavar="metavar.municipality", help="help.amend.joins"),
    ] = None,
    since: Annotated[
        str | None, typer.Option("--from", metavar="metavar.day", help="help.amend.from")
    ] = None,
    until: Annotated[
        str | None, typer.Option("--until", metavar="metavar.day", help="help.amend.until")
    ] = None,
    without: Annotated[
        _Repeated,
        typer.Option("--without", metavar="metavar.municipality", help="help.amend.without"),
    ] = None,
    minimum: Annotated[
        _Repeated,
        typer.Option("--minimum", metavar="metavar.target_number", help="help.amend.minimum"),
    ] = None,
    due: Annotated[
        _Repeated, typer.Option("--due", metavar="metavar.target_day", help="help.amend.due")
    ] = None,
    operator: Annotated[
        str | None, typer.Option("--operator", metavar="metavar.text", help="help.amend.operator")
    ] = None,
    region: Annotated[
        str | None, typer.Option("--region", metavar="metavar.text", help="help.amend.region")
    ] = None,
    reason: Annotated[
        str | None, typer.Option("--reason", metavar="metavar.text", help="help.option.reason")
    ] = None,
    json: options.Json = False,
) -> None:
    from kmtrack.cli.amendments import Typed, changes_of, confirm_amendment
    from kmtrack.usecases.contract import amend_contract

    typed = Typed(
        first_day,
        last_day,
        municipality or [],
        since,
        until,
        without or [],
        minimum or [],
        due or [],
        operator,
        region,
    )
    with open_session(context) as session:
        amendment = amend_contract(session, changes_of(typed, session.clock), reason)
    confirm_amendment(amendment, json=json)


def register(app: typer.Typer) -> None:
    """Give the root command `contract`."""
    app.add_typer(contract, name="contract")
