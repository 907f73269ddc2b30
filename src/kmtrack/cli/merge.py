"""The commands `merge` and `bundle`: merge other brokers' ledgers, and write news for them."""

from typing import Annotated

import typer

from kmtrack.cli import options
from kmtrack.cli.context import open_session
from kmtrack.cli.output import notify, notify_lines, show, show_json, show_lines
from kmtrack.cli.progress import progress
from kmtrack.cli.prompts import require_agreement
from kmtrack.i18n import say


def register(app: typer.Typer) -> None:
    """Register `merge` and `bundle` with the root command."""
    app.command("merge", help="help.merge")(merge)
    app.command("bundle", help="help.bundle")(bundle)


def merge(
    context: typer.Context,
    files: Annotated[
        list[str], typer.Argument(metavar="metavar.files", help="help.argument.ledgers")
    ],
    yes: options.Yes = False,
    dry_run: options.DryRun = False,
    json: options.Json = False,
) -> None:
    from kmtrack.cli.parse import has_password, parse_location
    from kmtrack.usecases.merge import merge_ledgers
    from kmtrack.views.merge import merge_as_dict, render_merge
    from kmtrack.views.merged_erasures import erasures_question, format_merged
    from kmtrack.views.people import format_remaining

    locations = [parse_location(file) for file in files]
    if any(map(has_password, locations)):
        notify("warning.password_typed")
    with open_session(context) as session:
        can_restore = session.store.is_owned  # asked before a server ends the pipeline
        with progress("merge"):
            result = merge_ledgers(session, locations, keep=yes and not dry_run)
        if result.commands and not (yes or dry_run):
            notify_lines(render_merge(result))
            require_agreement(context, say("question.merge"), session.store)
            if result.erasures:
                require_agreement(context, erasures_question(result.erasures), session.store)
            with progress("merge"):
                result = merge_ledgers(session, locations)
    if json:
        show_json({**merge_as_dict(result), "dry_run": dry_run})
    else:
        if yes or dry_run or not result.commands:
            for line in render_merge(result):
                show(line)
        if result.commands:
            told = format_merged(result, can_restore=can_restore)
            show_lines([say("merge.trial")] if dry_run else told)
        for line in format_remaining(result.reached) if result.reached else ():
            show(line)
    if result.reached and result.reached.traces:
        raise result.reached.traces


def bundle(
    context: typer.Context,
    file: Annotated[str, typer.Argument(metavar="metavar.file", help="help.argument.bundle")],
    since: Annotated[
        str,
        typer.Option(
            "--since",
            metavar="metavar.since",
            help="help.option.bundle_since",
            show_default="default.since_last",
        ),
    ] = "last",
    json: options.Json = False,
) -> None:
    from kmtrack.cli.parse import parse_past_day, parse_path
    from kmtrack.usecases.merge.bundle import write_bundle
    from kmtrack.views.merge import bundle_as_dict

    is_last = since.strip().casefold() in {"last", "sidst", "sidste"}
    with open_session(context) as session:
        day = None if is_last else parse_past_day("since", since, session.clock, "since")
        written = write_bundle(session, parse_path(file), day)
    if json:
        show_json(bundle_as_dict(written))
    else:
        show(say("bundle.made", **written._asdict()))
        show(say("bundled.again", **written._asdict()))
