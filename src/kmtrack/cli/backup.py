"""The commands `backup` and `restore`: copy the whole ledger, and go back to a copy."""

from contextlib import nullcontext
from pathlib import Path
from typing import Annotated

import typer

from kmtrack.cli import options
from kmtrack.cli.context import at_ledger, open_session
from kmtrack.cli.errors import CHANGE, never_known
from kmtrack.cli.globals import can_ask, globals_of
from kmtrack.cli.output import notify, notify_lines, show, show_json, show_lines
from kmtrack.cli.progress import progress
from kmtrack.cli.prompts import require_agreement
from kmtrack.errors import Refusal
from kmtrack.i18n import say


def register(app: typer.Typer) -> None:
    """Register `backup` and `restore` with the root command."""
    app.command("backup", help="help.backup")(backup)
    app.command("restore", help="help.restore")(restore)


def backup(
    context: typer.Context,
    folder: Annotated[
        str | None,
        typer.Argument(
            metavar="metavar.folder",
            help="help.argument.backup_folder",
            show_default="default.backup_folder",
        ),
    ] = None,
    keep: Annotated[
        str, typer.Option("--keep", metavar="metavar.number", help="help.option.keep")
    ] = "10",
    forget: Annotated[
        str | None,
        typer.Option("--forget", metavar="metavar.folder", help="help.option.forget_folder"),
    ] = None,
    json: options.Json = False,
) -> None:
    from kmtrack.cli.parse import parse_number, parse_path
    from kmtrack.usecases.backup import back_up

    if forget is not None:
        from kmtrack.usecases.clean_up import forget_copies

        lost = parse_path(forget)
        with open_session(context) as session:
            forget_copies(session.store, lost)
        if json:
            show_json({"forgotten": str(lost)})
        else:
            show(say("backup.forgotten", folder=lost))
        return
    kept = parse_number("keep", keep, 1, 10_000)
    with open_session(context) as session:
        session.clean_left(session)
        made = back_up(session.store, session.clock, parse_path(folder) if folder else None, kept)
    if made.keeps_older:
        notify(
            "warning.as_it_is",
            sentence=Refusal("older_kept", path=globals_of(context).ledger).sentence(),
        )
    if json:
        show_json({"file": str(made.file), "kept": made.number})
    else:
        show(say("backup.made", file=made.file, number=made.number))


def restore(
    context: typer.Context,
    file: Annotated[
        str | None, typer.Argument(metavar="metavar.file", help="help.argument.backup")
    ] = None,
    yes: options.Yes = False,
    dry_run: options.DryRun = False,
    json: options.Json = False,
) -> None:
    from kmtrack.cli.parse import parse_path
    from kmtrack.ledger.store.errors import LedgerDamaged, LedgerEmpty, LedgerMissing

    ledger = globals_of(context).ledger
    backup_file = parse_path(file) if file is not None else _chosen(context)
    try:
        _restore(context, backup_file, yes=yes, dry_run=dry_run, json=json)
    except (LedgerDamaged, LedgerEmpty, LedgerMissing):
        if not isinstance(ledger, Path):
            raise
    else:
        return
    # Not inside: while what was raised is at hand, so may be the file that is to be replaced.
    _replace(context, ledger, backup_file, yes=yes, dry_run=dry_run, json=json)


def _chosen(context: typer.Context) -> Path:
    """Ask which backup is meant. Raises Typer's error of a missing argument if nobody can be asked."""
    if not can_ask(context):
        from kmtrack.cli.typer_patches.usage import missing_parameter

        raise missing_parameter(context, "file")
    from kmtrack.cli.backup_questions import asked_backup
    from kmtrack.ledger.store.copies import Backups, backups_of
    from kmtrack.ledger.store.errors import LedgerDamaged, LedgerEmpty, LedgerMissing

    ledger = globals_of(context).ledger
    try:
        with at_ledger(context) as store:
            found, folder = backups_of(store), Backups(store.path).folder
    except (LedgerDamaged, LedgerEmpty, LedgerMissing):
        if not isinstance(ledger, Path):
            raise
        found, folder = Backups(ledger).newest(), Backups(ledger).folder
    return asked_backup(found, folder)


def _restore(context: typer.Context, file: Path, *, yes: bool, dry_run: bool, json: bool) -> None:
    from kmtrack.usecases.restore import restore_ledger
    from kmtrack.views.restore import format_restored, restored_as_dict

    with open_session(context) as session:
        with progress("restore"):
            done = restore_ledger(session, file, keep=yes and not dry_run)
        if not (yes or dry_run):
            notify_lines(format_restored(done))
            require_agreement(context, say("question.restore"), session.store)
            with progress("restore"):
                done = restore_ledger(session, file)
    if json:
        show_json({**restored_as_dict(done), "dry_run": dry_run})
        return
    if yes or dry_run:
        show_lines(format_restored(done))
    show(say("restore.trial") if dry_run else say("restore.done", file=file, kept=done.kept))


def _replace(
    context: typer.Context, path: Path, file: Path, *, yes: bool, dry_run: bool, json: bool
) -> None:
    """Restore a backup if there is no readable ledger."""
    from kmtrack.usecases.restore import replace_unreadable
    from kmtrack.views.restore import format_replaced

    clock = globals_of(context).clock
    is_certain = yes and not dry_run
    with CHANGE.watching(never_known) if is_certain else nullcontext(), progress("restore"):
        done = replace_unreadable(path, file, clock, keep=is_certain)
    lines = format_replaced(path, file, done)
    if not (yes or dry_run):
        notify_lines(lines)
        require_agreement(context, say("question.restore"), None)
        with CHANGE.watching(never_known), progress("restore"):
            done = replace_unreadable(path, file, clock)
    if json:
        show_json({**done._asdict(), "dry_run": dry_run})
        return
    show_lines(lines if yes or dry_run else ())
    key = "restore.replaced_kept" if done.kept else "restore.replaced"
    show(say("restore.trial") if dry_run else say(key, path=path, file=file, kept=done.kept))
