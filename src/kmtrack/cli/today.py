"""The command `today`: a day at a glance, which a bare `kmtrack` shows on a terminal."""

from pathlib import Path

import typer

from kmtrack.cli import options
from kmtrack.cli.context import open_session
from kmtrack.cli.globals import from_options
from kmtrack.cli.output import show_json, show_lines
from kmtrack.i18n import begin_commands
from kmtrack.text import as_typed


def register(app: typer.Typer) -> None:
    """Register `today` with the root command."""
    app.command("today", help="help.today")(today)


def today(context: typer.Context, json: options.Json = False) -> None:
    from kmtrack.usecases.today import today_of

    with open_session(context) as session:
        found = today_of(session)
    if json:
        from kmtrack.views.today import today_as_dict

        show_json(today_as_dict(found))
    else:
        from kmtrack.views.today import show_today

        show_today(found)


def shows_how_to_begin(ledger: str | None) -> bool:
    """Show how to begin if there is no ledger yet, and return whether there is none.

    `ledger` is as typed, if it was.
    """
    location = from_options(ledger).ledger
    if not isinstance(location, Path) or location.exists():
        return False
    from kmtrack.views.today import begin_lines

    if ledger:
        begin_commands(as_typed(["kmtrack", "--ledger", ledger]), ["init"])
    show_lines(begin_lines(location))
    return True
