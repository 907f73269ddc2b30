"""The command `init`: make a new ledger with its contract."""

import os
from typing import TYPE_CHECKING, Annotated

import typer

from kmtrack.cli.context import appears_at
from kmtrack.cli.errors import CHANGE
from kmtrack.cli.globals import can_ask, globals_of
from kmtrack.cli.output import notify, show, show_json

if TYPE_CHECKING:
    from kmtrack.ledger.store.address import Location


def register(app: typer.Typer) -> None:
    """Register `init` with the root command."""
    app.command("init", help="help.init")(init)


def init(
    context: typer.Context,
    municipality: Annotated[
        list[str] | None,
        typer.Option(
            "--municipality", metavar="metavar.municipality", help="help.option.participating"
        ),
    ] = None,
    contract: Annotated[
        str | None,
        typer.Option(
            "--contract",
            metavar="metavar.file",
            help="help.option.contract",
            show_default="default.contract",
        ),
    ] = None,
    broker: Annotated[
        str | None,
        typer.Option("--broker", metavar="metavar.initials", help="help.option.own_initials"),
    ] = None,
    council: Annotated[
        str | None, typer.Option("--council", metavar="metavar.text", help="help.field.council")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="help.option.json")] = False,
) -> None:
    from kmtrack.cli.parse import parse_path
    from kmtrack.municipalities import municipality_name
    from kmtrack.usecases.init import NewLedger, create_ledger

    given = globals_of(context)
    file = parse_path(contract) if contract else None
    new = NewLedger(municipality or [], file, broker, council)
    if not (municipality or contract) and can_ask(context):
        from kmtrack.cli.init_questions import asked_ledger

        new = asked_ledger(given.ledger, new)
    with CHANGE.watching(appears_at(given.ledger)):
        document = create_ledger(given.ledger, new, given.clock, os.environ)
    taking_part = [municipality_name(span["municipality"]) for span in document["participation"]]
    if json:
        show_json({"ledger": str(given.ledger), "contract": document})
        return
    show(say_made(given.ledger, taking_part))
    if not taking_part:
        notify("init.no_participation")


def say_made(ledger: "Location", taking_part: list[str]) -> str:
    """Format the line that names the ledger's location and the municipalities that take part."""
    from kmtrack.i18n import say

    names = ", ".join(taking_part) or say("init.none_yet")
    return say("init.made", ledger=ledger, municipalities=names)
