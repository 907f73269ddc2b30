"""The command `collaboration`: what brokers have brought about between a company and students."""

import typer

from kmtrack.cli.noun import (
    register_add,
    register_edit,
    register_list,
    register_show,
    register_withdraw,
)
from kmtrack.ledger.schema.events import CollaborationFacts

collaboration = typer.Typer(help="help.collaboration", no_args_is_help=True)
register_add(collaboration, "collaboration", CollaborationFacts)
register_list(collaboration, "collaboration")
register_show(collaboration, "collaboration", "collaboration")
register_edit(collaboration, "collaboration", "collaboration", CollaborationFacts)
register_withdraw(collaboration, "collaboration", "collaboration")


def register(app: typer.Typer) -> None:
    """Register `collaboration` with the root command."""
    app.add_typer(collaboration, name="collaboration")
