"""The commands `history` and `undo`: who entered what and when, and taking it back."""

from typing import Annotated

import typer

from kmtrack.cli import options
from kmtrack.cli.context import open_session
from kmtrack.cli.output import notify, show, show_json, show_lines
from kmtrack.i18n import say

_HIGHEST = 999_999_999


def register(app: typer.Typer) -> None:
    """Register `history` and `undo` with the root command."""
    app.command("history", help="help.history")(history)
    app.command("undo", help="help.undo")(undo)


def history(
    context: typer.Context,
    about: Annotated[
        str | None, typer.Argument(metavar="metavar.about", help="help.argument.about")
    ] = None,
    since: Annotated[
        str | None, typer.Option("--since", metavar="metavar.day", help="help.option.since")
    ] = None,
    by: Annotated[
        str | None, typer.Option("--by", metavar="metavar.initials", help="help.option.by_whom")
    ] = None,
    limit: options.Limit = None,
    all_: options.All = False,
    json: options.Json = False,
) -> None:
    from kmtrack.cli.parse import parse_day_option, parse_limit, parse_line
    from kmtrack.clock import first_moment_of
    from kmtrack.usecases.history import Filter, history_of
    from kmtrack.views.history import history_as_dicts, render_history

    most = parse_limit(limit, whole=all_ or json)
    with open_session(context) as session:
        moment = first_moment_of(parse_day_option("since", since, session.clock)) if since else ""
        whom = parse_line("by", by) if by else None
        found = history_of(session.store, Filter(about, moment, whom, most))
    if json:
        show_json(history_as_dicts(found))
        return
    show_lines(render_history(found))
    if not found.items:
        notify("history.none")
    elif len(found.items) < found.number:
        notify("list.more", shown=len(found.items), number=found.number)


def undo(
    context: typer.Context,
    number: Annotated[
        str | None, typer.Argument(metavar="metavar.command", help="help.argument.command")
    ] = None,
    yes: options.Yes = False,
    dry_run: options.DryRun = False,
    json: options.Json = False,
) -> None:
    from kmtrack.cli.output import notify_lines
    from kmtrack.cli.parse import parse_argument_number
    from kmtrack.cli.prompts import require_agreement
    from kmtrack.usecases.undo import undo_command
    from kmtrack.views.history import render_undo, undo_as_dict

    reason = say("undo.reason")
    wanted = parse_argument_number(say("metavar.command"), number, 1, _HIGHEST) if number else None
    with open_session(context) as session:
        done = undo_command(session, wanted, keep=yes and not dry_run, reason=reason)
        if not (yes or dry_run):
            notify_lines(render_undo(done))
            require_agreement(say("question.undo"))
            done = undo_command(session, done.command.number, reason=reason)
    if json:
        show_json({**undo_as_dict(done), "dry_run": dry_run})
        return
    if yes or dry_run:
        show_lines(render_undo(done))
    show(say("undo.trial" if dry_run else "undo.done", number=done.command.number))
