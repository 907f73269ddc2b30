"""The command `collaboration`: what brokers have arranged between companies and students."""

import typer

from kmtrack.cli.noun import register_all
from kmtrack.ledger.schema.events import CollaborationFacts

collaboration = typer.Typer(help="help.collaboration", no_args_is_help=True)
register_all(collaboration, "collaboration", CollaborationFacts)


def register(app: typer.Typer) -> None:
    """Register `collaboration` with the root command."""
    app.add_typer(collaboration, name="collaboration")
