"""The command `hire`: the hires of highly educated people."""

import typer

from kmtrack.cli.noun import register_all
from kmtrack.ledger.schema.events import HireFacts

hire = typer.Typer(help="help.hire", no_args_is_help=True)
register_all(hire, "hire", HireFacts)


def register(app: typer.Typer) -> None:
    """Register `hire` with the root command."""
    app.add_typer(hire, name="hire")
