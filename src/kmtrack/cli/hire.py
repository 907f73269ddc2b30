"""The command `hire`: the hires of highly educated people."""

import typer

from kmtrack.cli.noun import (
    register_add,
    register_edit,
    register_list,
    register_show,
    register_withdraw,
)
from kmtrack.ledger.schema.events import HireFacts

hire = typer.Typer(help="help.hire", no_args_is_help=True)
register_add(hire, "hire", HireFacts)
register_list(hire, "hire")
register_show(hire, "hire", "hire")
register_edit(hire, "hire", "hire", HireFacts)
register_withdraw(hire, "hire", "hire")


def register(app: typer.Typer) -> None:
    """Register `hire` with the root command."""
    app.add_typer(hire, name="hire")
