"""The whole command line, put together from its nouns."""

from typing import Annotated

import typer

from kmtrack import __version__
from kmtrack.cli import beginning, checking, reports
from kmtrack.cli.brokers import broker
from kmtrack.cli.collaborations import collaboration
from kmtrack.cli.companies import company
from kmtrack.cli.contacts import contact, followup
from kmtrack.cli.contract import contract
from kmtrack.cli.globals import from_options
from kmtrack.cli.hires import hire

app = typer.Typer(
    help="help.app",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["--help", "-h"]},
)


def _version(asked: bool) -> None:  # noqa: FBT001 - Typer calls it so
    if asked:
        typer.echo(f"kmtrack {__version__}")
        raise typer.Exit


@app.callback()
def root(
    context: typer.Context,
    ledger: Annotated[
        str | None, typer.Option("--ledger", metavar="metavar.file", help="help.global.ledger")
    ] = None,
    lang: Annotated[
        str | None, typer.Option("--lang", metavar="metavar.language", help="help.global.lang")
    ] = None,
    version: Annotated[
        bool,
        typer.Option("--version", help="help.global.version", callback=_version, is_eager=True),
    ] = False,
) -> None:
    del lang, version  # the language is chosen before anything is shown
    context.obj = from_options(ledger)


beginning.register(app)
for _name, _noun in (
    ("company", company),
    ("contact", contact),
    ("followup", followup),
    ("collaboration", collaboration),
    ("hire", hire),
    ("broker", broker),
    ("contract", contract),
):
    app.add_typer(_noun, name=_name)
reports.register(app)
checking.register(app)
