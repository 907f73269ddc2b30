"""Lists: as a table, as JSON or as CSV."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kmtrack.cli.output import notify, show_csv, show_json
from kmtrack.ledger.store.base import EVERYTHING
from kmtrack.usecases.record_lists import Listing, due_contacts, listing_of

if TYPE_CHECKING:
    from kmtrack.usecases.session import Session

_LIMIT = 50


def show_listing(
    session: Session,
    name: str,
    company: str | None,
    limit: str | None,
    *,
    whole: bool,
    json: bool,
    csv: bool,
) -> None:
    """Show the records of a noun: the newest ones as a table, all of them as data."""
    from kmtrack.cli.parse import parse_number

    most = EVERYTHING if whole or json or csv else _LIMIT
    if limit is not None:
        most = parse_number("limit", limit, 1, 1_000_000)
    _show(listing_of(session, name, company, most), name, json=json, csv=csv)


def show_due(session: Session, until: str | None, *, json: bool, csv: bool) -> None:
    """Show the follow-ups that are due today or by the day typed."""
    from kmtrack.cli.parse import parse_day

    day = parse_day("until", until, session.clock)
    _show(due_contacts(session, day), "due", json=json, csv=csv)


def _show(listing: Listing, name: str, *, json: bool, csv: bool) -> None:
    if json:
        show_json(listing.records)
    elif csv:
        fields = [field for field in listing.fields if field != "standings"]
        show_csv(fields, listing.records)
    else:
        from kmtrack.views.lists import show_list

        show_list(name, listing.noun, listing.records)
        if not listing.records:
            notify(f"list.none.{name}")
        elif len(listing.records) < listing.number:
            notify("list.more", shown=len(listing.records), number=listing.number)
