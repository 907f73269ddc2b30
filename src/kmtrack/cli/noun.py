"""What every noun of records can do: list, show and withdraw."""

import typer

from kmtrack.cli import options
from kmtrack.cli.context import open_session
from kmtrack.cli.output import show_json


def add_list(app: typer.Typer, listing: str) -> None:
    """Give a noun the command `list`; `listing` names it in usecases.listing.LISTINGS."""

    @app.command("list", help=f"help.{listing}.list")
    def list_(
        context: typer.Context,
        company: options.CompanyFilter = None,
        limit: options.Limit = None,
        all_: options.All = False,
        json: options.Json = False,
        csv: options.Csv = False,
    ) -> None:
        from kmtrack.cli.lists import show_listing

        with open_session(context) as session:
            show_listing(session, listing, company, limit, whole=all_, json=json, csv=csv)


def add_show(app: typer.Typer, noun: str, name: str) -> None:
    """Give a noun of events the command `show`."""

    @app.command("show", help=f"help.{name}.show")
    def show(context: typer.Context, id_: options.IdArgument, json: options.Json = False) -> None:
        from kmtrack.cli.confirm import show_record
        from kmtrack.ledger.contract import contract_in_force
        from kmtrack.usecases.lookup import find_record
        from kmtrack.usecases.records import event_record

        with open_session(context) as session, session.store.reading():
            _, row = find_record(session.store, id_, [noun], withdrawn=True)
            record = event_record(session.store, noun, row)
            contract = contract_in_force(session.store)
        show_json(record) if json else show_record(record, contract)


def add_withdraw(app: typer.Typer, noun: str, name: str) -> None:
    """Give a noun of events the command `withdraw`."""

    @app.command("withdraw", help=f"help.{name}.withdraw")
    def withdraw(
        context: typer.Context,
        id_: options.IdArgument,
        reason: options.Reason,
        json: options.Json = False,
    ) -> None:
        from kmtrack.cli.confirm import confirm_withdrawal
        from kmtrack.usecases.events import withdraw_event

        with open_session(context) as session:
            withdrawal = withdraw_event(session, noun, id_, reason)
        confirm_withdrawal(*withdrawal, json=json)
