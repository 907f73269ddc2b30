"""The command `check`: whether the ledger is whole, and what a person should look at."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kmtrack.cli import options
from kmtrack.cli.context import at_ledger
from kmtrack.cli.errors import CHANGE, never_known
from kmtrack.cli.globals import globals_of
from kmtrack.cli.output import notify_lines, show, show_json
from kmtrack.cli.progress import progress

if TYPE_CHECKING:
    from kmtrack.usecases.check import CheckResult


def register(app: typer.Typer) -> None:
    """Register `check` with the root command."""
    app.command("check", help="help.check")(check)


def check(
    context: typer.Context,
    heads: Annotated[
        list[str] | None, typer.Argument(metavar="metavar.heads", help="help.argument.heads")
    ] = None,
    mend: Annotated[bool, typer.Option("--mend", help="help.option.mend")] = False,
    json: options.Json = False,
) -> None:
    from kmtrack.usecases.check.repair import advise
    from kmtrack.views.check import check_as_dict, render_check, render_repair

    digests = _digests_typed(heads or ())
    result = _check(context, digests)
    kept = _repair(context, result) if mend and result.damage else None
    if kept is not None:
        notify_lines(render_repair(kept, result.damage))
        result = _check(context, digests)
    if json:
        show_json({"kept": kept and str(kept), **check_as_dict(result)})
    else:
        for line in render_check(result, len(digests)):
            show(line)
        if result.damage:
            show(str(advise(globals_of(context).ledger, result, digests)))
    if result.damage:
        raise typer.Exit(1)


def _digests_typed(texts: Sequence[str]) -> list[str]:
    """Read digests as a workbook prints them: the first 16 digits (hex) or more. Raises WrongUsage."""
    from kmtrack.errors import WrongUsage
    from kmtrack.ledger.schema.plain_text import shown

    digests = [text.strip().lower() for text in texts]
    for text, digest in zip(texts, digests, strict=True):
        if not re.fullmatch("[0-9a-f]{16,64}", digest):
            raise WrongUsage("bad_head", value=shown(text))
    return digests


def _check(context: typer.Context, digests: list[str]) -> "CheckResult":
    from kmtrack.ledger.store.errors import LedgerDamaged
    from kmtrack.usecases.check import CheckResult, check_ledger
    from kmtrack.usecases.check.issues import Issue
    from kmtrack.usecases.location import refuse_bundle

    try:
        with at_ledger(context) as store, progress("check") as advance:
            if "setting" in store.tables():
                refuse_bundle(store)
            clock = globals_of(context).clock
            return check_ledger(store, digests, advance, None if clock.is_set else clock.now())
    except LedgerDamaged:
        return CheckResult([Issue("file", {"file": str(globals_of(context).ledger)})], [])


def _repair(context: typer.Context, result: "CheckResult") -> Path | None:
    """Repair a ledger if its entries are whole; return the copy of it as it was.

    On a server its owner can.
    """
    from kmtrack.usecases.check.repair import is_repairable, repair_ledger

    given = globals_of(context)
    if not is_repairable(result.damage, is_served=not isinstance(given.ledger, Path)):
        return None
    with at_ledger(context) as store, CHANGE.watching(never_known), progress("check"):
        return repair_ledger(store, result.damage, given.clock) if store.is_owned else None
