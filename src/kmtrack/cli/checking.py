"""The command `check`: whether the ledger is whole, and what somebody should look at."""

from typing import TYPE_CHECKING, Annotated

import typer

from kmtrack.cli import options
from kmtrack.cli.globals import at_ledger, globals_of
from kmtrack.cli.output import show, show_json
from kmtrack.texts import say

if TYPE_CHECKING:
    from kmtrack.usecases.checking import Checked


def register(app: typer.Typer) -> None:
    """Give the root command `check`."""
    app.command("check", help="help.check")(check)


def check(
    context: typer.Context,
    heads: Annotated[
        list[str] | None, typer.Argument(metavar="metavar.heads", help="help.argument.heads")
    ] = None,
    json: options.Json = False,
) -> None:
    from kmtrack.ledger.address import beside
    from kmtrack.ledger.backups import Backups
    from kmtrack.ledger.errors import LedgerDamaged
    from kmtrack.usecases.checking import Checked, check_ledger
    from kmtrack.usecases.checking.finding import Finding
    from kmtrack.usecases.checking.heads import heads_typed
    from kmtrack.usecases.opening import refuse_bundle

    typed = heads_typed(heads or ())
    ledger = globals_of(context).ledger
    try:
        with at_ledger(context) as store:
            if "setting" in store.tables():
                refuse_bundle(store)
            found = check_ledger(store, typed)
    except LedgerDamaged:
        found = Checked([Finding("file", {"file": str(ledger)})], [])
    if json:
        show_json(
            {
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
            backups = Backups(beside(ledger)).all()
            _show_what_to_do(found, str(backups[-1]) if backups else say("metavar.file"))
    if found.damage:
        raise typer.Exit(1)


def _show_what_to_do(found: "Checked", newest: str) -> None:
    """Say what is lost, what still counts, and to which backup to go back."""
    if found.records is None:
        show(say("check.lost", backup=newest))
        return
    show(say("check.untouched", records=found.records, concerned=found.concerned))
    show(say("check.damaged", number=len(found.damage), backup=newest))
