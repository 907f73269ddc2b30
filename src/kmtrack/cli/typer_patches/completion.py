"""Completion: installed in the language in use, and shown without loading rich."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kmtrack.i18n import either, say

if TYPE_CHECKING:
    from typer._click.core import Context, Parameter


def install_completion(context: Context, parameter: Parameter, value: object) -> object:
    """Install completion for the shell that this runs in, say so, and end the command.

    Raises WrongUsage where there is no such shell, or one that Typer cannot complete in.
    """
    del parameter
    if not value or context.resilient_parsing:
        return value
    from typer._completion_shared import Shells, _get_shell_name, install

    from kmtrack.errors import WrongUsage

    shell = _get_shell_name()
    known = [each.value for each in Shells]
    if shell not in known:
        raise WrongUsage("no_completion", shell=shell or "?", among=either(known))
    _, path = install(shell)
    print(say("usage.completion_installed", shell=shell, path=path))
    context.exit()
    return value


def take_descriptions_as_written() -> None:
    """Let a shell show our descriptions as they are; Typer loads rich to look for markup in them."""
    from typer import _completion_classes

    vars(_completion_classes).update(_sanitize_help_text=str)
