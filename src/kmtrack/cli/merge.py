"""The commands `merge` and `bundle`: taking other brokers' ledgers in, and handing the news over."""

from typing import Annotated

import typer

from kmtrack.cli import options
from kmtrack.cli.context import open_session
from kmtrack.cli.output import require_agreement, show, show_json, talk, tell
from kmtrack.i18n import say


def register(app: typer.Typer) -> None:
    """Give the root command `merge` and `bundle`."""
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
    from kmtrack.cli.paths import has_password, place_typed
    from kmtrack.usecases.merge import merge_ledgers
    from kmtrack.usecases.people.summary import remaining_lines
    from kmtrack.views.merge import merged_data, merged_lines

    places = [place_typed(file) for file in files]
    if any(map(has_password, places)):
        talk("warning.password_typed")
    with open_session(context) as session:
        done = merge_ledgers(session, places, keep=yes and not dry_run)
        if done.commands and not (yes or dry_run):
            tell(merged_lines(done))
            require_agreement(say("question.merge"))
            done = merge_ledgers(session, places)
    if json:
        show_json({**merged_data(done), "dry_run": dry_run})
    else:
        if yes or dry_run or not done.commands:
            for line in merged_lines(done):
                show(line)
        if done.commands:
            show(say("merge.trial") if dry_run else say("merge.done", kept=done.kept))
        for line in remaining_lines(done.reached) if done.reached else ():
            show(line)
    if done.reached and done.reached.traces:
        raise done.reached.traces


def bundle(
    context: typer.Context,
    file: Annotated[str, typer.Argument(metavar="metavar.file", help="help.argument.bundle")],
    since: Annotated[
        str, typer.Option("--since", metavar="metavar.since", help="help.option.bundle_since")
    ] = "last",
    json: options.Json = False,
) -> None:
    from kmtrack.cli.parse import past_day_typed
    from kmtrack.cli.paths import path_typed
    from kmtrack.usecases.merge import bundle as write_bundle

    is_last = since.strip().casefold() in {"last", "sidst", "sidste"}
    with open_session(context) as session:
        day = None if is_last else past_day_typed("since", since, session.clock)
        made = write_bundle(session, path_typed(file), day)
    if json:
        show_json({"file": str(made.file), "commands": made.commands, "persons": made.persons})
    else:
        facts = {"file": made.file, "commands": made.commands, "persons": made.persons}
        show(say("bundle.made", **facts))
