"""Completion: our scripts in place of Typer's, installed and shown in the language in use."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kmtrack.i18n import either, say

if TYPE_CHECKING:
    from typer._click.core import Context, Parameter


def install_completion(context: Context, parameter: Parameter, value: object) -> object:
    """Install completion for the present shell, report it, and end the command.

    Raises WrongUsage if there is no shell, or no script for it.
    """
    del parameter
    if not value or context.resilient_parsing:
        return value
    from typer._completion_shared import install

    shell = _shell()
    _, path = install(shell)
    print(say("usage.completion_installed", shell=shell, path=path))
    context.exit()
    return value


def show_completion(context: Context, parameter: Parameter, value: object) -> object:
    """Print the script for the present shell, and end the command. Raises as above."""
    del parameter
    if not value or context.resilient_parsing:
        return value
    from typer._completion_shared import get_completion_script

    from kmtrack.cli.globals import COMPLETION

    shell = _shell()
    print(get_completion_script(prog_name="kmtrack", complete_var=COMPLETION, shell=shell))
    context.exit()
    return value


def _shell() -> str:
    """Return the present shell, and let Typer know our scripts.

    Raises WrongUsage `no_completion` if there is none.
    """
    from typer import _completion_shared as shared

    from kmtrack.cli.shells import SCRIPTS
    from kmtrack.errors import WrongUsage

    # Typer fills its scripts in with "%".
    shared._completion_scripts.update(  # noqa: SLF001 - there is no other way to have our own
        {name: script.replace("%", "%%") for name, script in SCRIPTS.items()}
    )
    shell = shared._get_shell_name()  # noqa: SLF001 - as Typer's own option does
    known = [each.value for each in shared.Shells]
    if shell is None or shell not in known:
        raise WrongUsage("no_completion", shell=shell or "?", among=either(known))
    return shell
