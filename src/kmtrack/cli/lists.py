"""Lists: the command `list` of every noun, and what it shows on a terminal and in a pipe."""

from typing import TYPE_CHECKING

import typer

from kmtrack.cli import options
from kmtrack.cli.context import open_session
from kmtrack.cli.output import notify, show_csv, show_json

if TYPE_CHECKING:
    from kmtrack.usecases.record_lists import Listing
    from kmtrack.usecases.session import Session


def register_list(app: typer.Typer, name: str) -> None:
    """Give a noun the command `list`; a follow-up is listed by that name."""

    @app.command("list", help=f"help.{name}.list")
    def list_(
        context: typer.Context,
        company: options.CompanyFilter = None,
        limit: options.Limit = None,
        all_: options.All = False,
        json: options.Json = False,
        csv: options.Csv = False,
    ) -> None:
        with open_session(context) as session:
            show_listing(session, name, company, limit, whole=all_, json=json, csv=csv)


def show_listing(
    session: "Session",
    name: str,
    company: str | None,
    limit: str | None,
    *,
    whole: bool,
    json: bool,
    csv: bool,
) -> None:
    """Show the records of a noun: the newest ones as a table, all of them as data."""
    from kmtrack.cli.parse import parse_limit
    from kmtrack.usecases.record_lists import listing_of

    most = parse_limit(limit, whole=whole or json or csv)
    show_records(listing_of(session, name, company, most), name, json=json, csv=csv)


def show_due(session: "Session", until: str | None, *, json: bool, csv: bool) -> None:
    """Show the follow-ups that are due today or by the day typed."""
    from kmtrack.cli.parse import parse_day_option
    from kmtrack.usecases.record_lists import due_contacts

    day = parse_day_option("until", until, session.clock, "due")
    show_records(due_contacts(session, day), "due", json=json, csv=csv)


def show_records(listing: "Listing", name: str, *, json: bool, csv: bool) -> None:
    if json:
        show_json(listing.records)
    elif csv:
        columns = listing.columns
        show_csv(list(columns), listing.records, columns.values())
    else:
        from kmtrack.views.lists import show_list

        show_list(name, listing.noun, listing.records)
        if not listing.records:
            notify(f"list.none.{name}")
        elif len(listing.records) < listing.number:
            notify("list.more", shown=len(listing.records), number=listing.number)
