"""Usage errors: what was wrong with a command line, in the language in use, and what to type instead."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from typer._click.exceptions import (
    BadOptionUsage,
    ClickException,
    MissingParameter,
    NoSuchOption,
    UsageError,
)
from typer.core import TyperArgument, TyperOption

from kmtrack.cli.typer_patches.aliases import nearest_commands, nearest_options
from kmtrack.cli.typer_patches.localise import localise
from kmtrack.cli.typer_patches.words import LONG_DASH, meant_by_long_dash, quoted_together
from kmtrack.i18n import either, say
from kmtrack.ledger.schema.plain_text import shown

if TYPE_CHECKING:
    from typer import Context as PublicContext
    from typer._click.core import Context

_EXTRA: Final = "Got unexpected extra"
# An argument in a usage line: in braces, or in brackets where it may be left out.
_BRACKETS: Final = re.compile(r"^[{\[](.*?)(?:\.\.\.)?[}\]](?:\.\.\.)?$")


def sentence_of(error: ClickException) -> str:
    """Return the sentence for a refusal by Typer, whose own sentences are in English only."""
    context = error.ctx if isinstance(error, UsageError) else None
    command = context.command_path if context else "kmtrack"
    if context and error.message.startswith(_EXTRA):
        return _extra(error, context, command)
    if context:
        localise(context.command)  # a sentence may name the placeholder of a value
    if isinstance(error, NoSuchOption):
        return _no_such_option(error, context, command)
    if isinstance(error, MissingParameter):
        return _missing(error, context, command)
    if isinstance(error, BadOptionUsage):
        return _option_misused(error, context)
    return _by_its_words(error, context, command)


def missing_parameter(context: PublicContext, name: str | None) -> MissingParameter:
    """Return the error of a parameter that a command needs if nobody can be asked for it."""
    own = [each for each in context.command.params if isinstance(each, TyperArgument | TyperOption)]
    parameter = next(each for each in own if each.name == name)
    return MissingParameter(ctx=context, param=parameter)


def _no_such_option(error: NoSuchOption, context: Context | None, command: str) -> str:
    option = shown(error.option_name)
    if error.possibilities and re.fullmatch(LONG_DASH, error.option_name):
        return say("usage.long_dash", typed=option, option=next(iter(error.possibilities)))
    if lists := _lists_with(error.option_name, command):
        return say("usage.filter_of_others", command=command, option=option, lists=either(lists))
    near = nearest_options(context.command, context, error.option_name) if context else []
    if near:
        nearest = either(near)
        return say("usage.no_such_option_near", command=command, option=option, nearest=nearest)
    return say("usage.no_such_option", command=command, option=option)


def _lists_with(option: str, command: str) -> list[str]:
    """Return the commands of other lists that have a filter which the typed list does not have."""
    if not command.endswith(" list"):
        return []
    from kmtrack.ledger.schema.filters import lists_with

    return [f"kmtrack {name} list" for name in lists_with(option.removeprefix("--"))]


def _missing(error: MissingParameter, context: Context | None, command: str) -> str:
    parameter = error.param
    if parameter is None:
        return say("usage.wrong", command=command)
    metavar = parameter.metavar or ""
    name = parameter.opts[0] if parameter.param_type_name == "option" else metavar
    pieces = context.command.collect_usage_pieces(context)[1:] if context else []
    words = [_BRACKETS.sub(r"\1", piece) for piece in pieces]
    own = context.command.params if context else [parameter]
    options = [each for each in own if each.param_type_name == "option"]
    needed = [each for each in options if each.required or each is parameter]
    words += [f"{each.opts[0]} {each.metavar or ''}".rstrip() for each in needed]
    return say("usage.missing", name=name, example=" ".join([command, *words]))


def _option_misused(error: BadOptionUsage, context: Context | None) -> str:
    option = shown(error.option_name)
    if "does not take" in error.message:
        return say("usage.takes_no_value", option=option)
    parameters = context.command.get_params(context) if context else []
    metavars = [p.metavar for p in parameters if error.option_name in p.opts and p.metavar]
    return say(
        "usage.needs_value", option=option, metavar=metavars[0] if metavars else say("usage.value")
    )


def _extra(error: ClickException, context: Context, command: str) -> str:
    extra = shown(error.message.rpartition(" (")[2].removesuffix(")"))
    together = quoted_together(context)
    if together is None:
        return say("usage.extra", extra=extra, command=command)
    return say("usage.extra_together", extra=extra, together=together, command=command)


def _by_its_words(error: ClickException, context: Context | None, command: str) -> str:
    """Return the sentence for refusals that can only be distinguished by Typer's message."""
    message = error.message
    if message.startswith("No such command "):
        name = shown(message.removeprefix("No such command ").rstrip(".").strip("'\""))
        if context is not None and (meant := meant_by_long_dash(name, context)):
            return say("usage.long_dash", typed=name, option=meant)
        if context is not None and (near := nearest_commands(context.command, context, name)):
            words = either(near)
            return say("usage.no_such_command_near", command=command, name=name, nearest=words)
        return say("usage.no_such_command", command=command, name=name)
    if message.startswith("Missing command") and context is not None:
        among = ", ".join(getattr(context.command, "commands", {}))
        return say("usage.missing_command", command=command, among=among)
    return say("usage.wrong", command=command)
