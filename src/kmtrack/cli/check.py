"""The command `check`: whether the ledger is whole, and what somebody should look at."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from kmtrack.cli import options
from kmtrack.cli.context import at_ledger, globals_of
from kmtrack.cli.output import show, show_json, tell
from kmtrack.i18n import say

if TYPE_CHECKING:
    from kmtrack.ledger.store.address import Location
    from kmtrack.usecases.check import Checked


# kmtrack makes no single tables on a server.
_LOST: Final = frozenset({"table_missing", "column_missing"})


def register(app: typer.Typer) -> None:
    """Give the root command `check`."""
    app.command("check", help="help.check")(check)


def check(
    context: typer.Context,
    heads: Annotated[
        list[str] | None, typer.Argument(metavar="metavar.heads", help="help.argument.heads")
    ] = None,
    mend: Annotated[bool, typer.Option("--mend", help="help.option.mend")] = False,
    json: options.Json = False,
) -> None:
    from kmtrack.usecases.check.checksums import heads_typed

    typed = heads_typed(heads or ())
    found = _checked(context, typed)
    kept = _mend(context, found) if mend and found.damage else None
    if kept is not None:
        tell([say("check.mended", kept=kept), *(each.sentence() for each in found.damage)])
        found = _checked(context, typed)
    if json:
        show_json(
            {
                **({"kept": str(kept)} if kept else {}),
                "damage": [{**f._asdict(), "sentence": f.sentence()} for f in found.damage],
                "doubts": [{**f._asdict(), "sentence": f.sentence()} for f in found.doubts],
            }
        )
    else:
        for finding in (*found.damage, *found.doubts):
            show(finding.sentence())
        if not found.damage:
            show(say("check.whole", doubts=len(found.doubts)))
        else:
            _show_what_to_do(globals_of(context).ledger, found, typed)
    if found.damage:
        raise typer.Exit(1)


def _checked(context: typer.Context, heads: list[str]) -> "Checked":
    from kmtrack.ledger.store.errors import LedgerDamaged
    from kmtrack.usecases.check import Checked, check_ledger
    from kmtrack.usecases.check.issue import Issue
    from kmtrack.usecases.location import refuse_bundle

    try:
        with at_ledger(context) as store:
            if "setting" in store.tables():
                refuse_bundle(store)
            return check_ledger(store, heads)
    except LedgerDamaged:
        return Checked([Issue("file", {"file": str(globals_of(context).ledger)})], [])


def _mend(context: typer.Context, found: "Checked") -> Path | None:
    """Mend a ledger in a file by its entries, if these can; where it lies as it was."""
    from kmtrack.usecases.check.repair import is_mended_by_entries, mend

    given = globals_of(context)
    if not isinstance(given.ledger, Path) or not is_mended_by_entries(found.damage):
        return None
    with at_ledger(context) as store:
        return mend(store, found.damage, given.clock)


def _show_what_to_do(ledger: "Location", found: "Checked", heads: list[str]) -> None:
    """Say what is lost, what still counts, and what mends it: the entries, or a backup that is whole."""
    from kmtrack.ledger.store.address import beside
    from kmtrack.ledger.store.copies import Backups
    from kmtrack.usecases.check.repair import is_mended_by_entries, newest_whole_backup

    if found.records is not None:
        show(say("check.untouched", records=found.records, concerned=found.concerned))
    if not isinstance(ledger, Path) and any(each.kind in _LOST for each in found.damage):
        show(say("check.lost_served"))
        return
    if is_mended_by_entries(found.damage):
        show(say("check.sums" if isinstance(ledger, Path) else "check.sums_served"))
        return
    path = beside(ledger)
    backup = newest_whole_backup(path, heads)
    if backup is None:
        show(say("check.no_backup", folder=Backups(path).folder))
    elif found.records is None:
        show(say("check.lost", backup=backup))
    else:
        show(say("check.damaged", number=len(found.damage), backup=backup))
