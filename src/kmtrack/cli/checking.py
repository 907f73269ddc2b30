"""The command `check`: whether the ledger is whole, and what somebody should look at."""

from typing import Annotated

import typer

from kmtrack.cli import options
from kmtrack.cli.globals import at_desk
from kmtrack.cli.output import show, show_json
from kmtrack.texts import say


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
    from kmtrack.ledger.backups import Backups
    from kmtrack.usecases.checking import check_ledger

    with at_desk(context) as desk:
        found = check_ledger(desk.store, heads or ())
        backups = Backups(desk.store.path)
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
        if found.damage:
            if found.records is not None:
                facts = {"records": found.records, "concerned": found.concerned}
                show(say("check.untouched", **facts))
            newest = [*backups.all(), say("metavar.file")][-2:][0]
            show(say("check.damaged", number=len(found.damage), backup=newest))
        else:
            show(say("check.whole", doubts=len(found.doubts)))
    if found.damage:
        raise typer.Exit(1)
