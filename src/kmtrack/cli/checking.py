"""The command `check`: whether the ledger is whole, and what somebody should look at."""

import typer

from kmtrack.cli import options
from kmtrack.cli.globals import at_desk
from kmtrack.cli.output import show, show_json
from kmtrack.texts import say


def register(app: typer.Typer) -> None:
    """Give the root command `check`."""
    app.command("check", help="help.check")(check)


def check(context: typer.Context, json: options.Json = False) -> None:
    from kmtrack.usecases.checking import check_ledger

    with at_desk(context) as desk:
        found = check_ledger(desk.store)
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
            show(say("check.damaged", number=len(found.damage)))
        else:
            show(say("check.whole", doubts=len(found.doubts)))
    if found.damage:
        raise typer.Exit(1)
