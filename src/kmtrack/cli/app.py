"""The whole command line, assembled from its nouns and verbs."""

from copy import copy
from importlib import import_module
from typing import Annotated, Final

import typer
from typer.models import TyperInfo

from kmtrack import JSON_VERSION, __version__
from kmtrack.cli.globals import from_options
from kmtrack.cli.typer_patches.localise import RootGroup
from kmtrack.i18n import begin_commands
from kmtrack.text import as_typed
from kmtrack.usecases.doubts import NO_ANSWERS, Answers

# In the order in which help shows them; each module knows how to register its command.
COMMANDS: Final = {
    "today": "today",
    "init": "init",
    "company": "company",
    "contact": "contact",
    "followup": "contact",
    "collaboration": "collaboration",
    "hire": "hire",
    "survey": "survey",
    "method": "method",
    "deliverable": "deliverable",
    "status": "reports",
    "why": "reports",
    "export": "export",
    "template": "imports",
    "import": "imports",
    "check": "check",
    "history": "history",
    "undo": "history",
    "redo": "history",
    "merge": "merge",
    "bundle": "merge",
    "backup": "backup",
    "restore": "backup",
    "contract": "contract",
    "broker": "broker",
    "person": "person",
    "demo": "demo",
    "config": "config",
}
# These need no ledger.
_WITHOUT_LEDGER: Final = frozenset({"template", "demo", "config"})
_AT_A_LEDGER: Final = tuple(name for name in COMMANDS if name not in _WITHOUT_LEDGER)


def build_app(command: str | None, verb: str | None = None) -> typer.Typer:
    """Build the command line, with only one command if `command` is the name of one.

    If that has a command `verb` under it, it has no other one. A broker waits for every module that
    is loaded and every option that is set up, so anything that is not called is left out. Help,
    completion and error messages need them all.
    """
    app = typer.Typer(
        cls=RootGroup,
        help="help.app",
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
        context_settings={"help_option_names": ["--help", "-h"]},
    )
    app.callback()(root)
    wanted = [COMMANDS[command]] if command in COMMANDS else COMMANDS.values()
    for module in dict.fromkeys(wanted):
        import_module(f"kmtrack.cli.{module}").register(app)
    if command in COMMANDS:
        app.registered_groups = [
            _only(verb, group) for group in app.registered_groups if group.name == command
        ]
    return app


def _only(verb: str | None, group: TyperInfo) -> TyperInfo:
    """Return a copy of a group with only one of its commands, or the group if it has none with that name."""
    whole = group.typer_instance
    commands = [each for each in whole.registered_commands if each.name == verb] if whole else []
    if not (whole and commands):
        return group
    one, narrow = copy(group), copy(whole)
    narrow.registered_commands = commands
    one.typer_instance = narrow
    return one


def _version(asked: bool) -> None:  # noqa: FBT001 - Typer calls it so
    if asked:
        typer.echo(f"kmtrack {__version__} (JSON {JSON_VERSION})")
        raise typer.Exit


def root(
    context: typer.Context,
    ledger: Annotated[
        str | None,
        typer.Option(
            "--ledger",
            metavar="metavar.file",
            help="help.global.ledger",
            show_default="default.ledger",
        ),
    ] = None,
    lang: Annotated[
        str | None,
        typer.Option(
            "--lang",
            metavar="metavar.language",
            help="help.global.lang",
            show_default="default.lang",
        ),
    ] = None,
    no_input: Annotated[bool, typer.Option("--no-input", help="help.global.no_input")] = False,
    plain: Annotated[bool, typer.Option("--plain", help="help.global.plain")] = False,
    version: Annotated[
        bool,
        typer.Option("--version", help="help.global.version", callback=_version, is_eager=True),
    ] = False,
) -> None:
    del lang, plain, version  # these are known before anything is shown
    answers: Answers = context.obj or NO_ANSWERS  # to what this command line was asked before
    given = context.obj = from_options(ledger, answers, no_input=no_input)
    # Suggested commands repeat the ledger named on this command line, but never a password.
    named = ledger if ledger and not given.is_password_typed else None
    begin_commands(as_typed(["kmtrack", "--ledger", named]) if named else "", _AT_A_LEDGER)
