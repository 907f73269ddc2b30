"""Completion: what may follow on a command line when Tab is pressed; it never reports errors."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final, cast

from kmtrack.cli.shells import Answer, Offer, Typed, joined_by_equals, shell_in, shown_in, typed_in
from kmtrack.i18n import say

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from typer._click.core import Command, Context, Parameter

_OF_FISH: Final = "_TYPER_COMPLETE_FISH_ACTION"


def complete(environment: Mapping[str, str]) -> int:
    """Print what may follow the typed words, in the shell's format, and return the exit code.

    Tab is no place for a message: after any failure, nothing is suggested.
    """
    shell = shell_in(environment) or ""
    answer, typed = Answer(), Typed((), "")
    with suppress(Exception):
        typed = typed_in(shell, environment)
        answer = answer_to(typed, joined=joined_by_equals(shell))
    if environment.get(_OF_FISH) == "is-args":  # whether fish is to offer no file names
        return int(answer.kind == "files")
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(encoding="utf-8", errors="replace")
    with suppress(OSError):
        print("\n".join(shown_in(shell, answer, typed)))
    return 0


def answer_to(typed: Typed, *, joined: bool = False) -> Answer:
    """Return what may follow. With `joined` a value after "--option=" is suggested together with the option."""
    from kmtrack.cli.command_line import choose_language, commands_meant, hoist_globals

    with suppress(Exception):  # a wrong --lang offers in the language used without it
        choose_language(typed.words, os.environ)
    words = hoist_globals(typed.words)
    if not words and not typed.current.startswith("-"):
        return _commands(typed.current)
    return _below(words, typed, commands_meant(words), joined=joined)


def _commands(begun: str) -> Answer:
    """Return the commands with this beginning, without loading their modules."""
    from kmtrack.cli.app import COMMANDS

    names = [name for name in (*COMMANDS, "help") if name.startswith(begun.casefold())]
    offers = [(name, name) for name in names]
    if not offers:
        from kmtrack.cli.typer_patches.aliases import commands_begun

        offers = commands_begun(COMMANDS, begun, at_root=True)
    return Answer(offers=tuple(Offer(word, say(f"help.{name}")) for word, name in offers))


def _below(words: list[str], typed: Typed, meant: Sequence[str | None], *, joined: bool) -> Answer:
    from typer._click.shell_completion import _resolve_context, _resolve_incomplete
    from typer.core import TyperGroup
    from typer.main import get_command

    from kmtrack.cli.app import build_app
    from kmtrack.cli.typer_patches.coercion import take_texts_as_typed
    from kmtrack.cli.typer_patches.words import (
        take_words_as_people_type_them,
        with_english_options,
    )

    take_texts_as_typed()
    take_words_as_people_type_them()
    root = cast("Any", get_command(build_app(*meant)))
    context = _resolve_context(root, {}, "kmtrack", words)
    before = list(with_english_options(context.command, context, words))
    at_cursor = typed.current
    if "=" in at_cursor:
        (at_cursor,) = with_english_options(context.command, context, [at_cursor])
    found, current = _resolve_incomplete(context, before, at_cursor)
    named = _name_under_way(context, found, typed)
    if named is not None:
        found, said = named
        return _values(context, found, said, current)
    if not hasattr(found, "param_type_name"):
        if isinstance(found, TyperGroup) and (context._protected_args or context.args):  # noqa: SLF001 - of Typer's own
            return Answer()  # behind a word that is no command
        return _names_of(found, context, current)
    answer = _values(context, cast("Parameter", found), "", current)
    option = typed.current.partition("=")[0]
    if joined and len(before) > len(words) and answer.kind != "files":
        offers = (Offer(f"{option}={word}", about) for word, about in answer.offers)
        return answer._replace(offers=tuple(offers))
    return answer


def _name_under_way(context: Context, found: object, typed: Typed) -> tuple[Parameter, str] | None:
    """Return the argument that the word at the cursor continues, and its words so far."""
    from kmtrack.cli.typer_patches.words import argument_of_several_words, typed_in_context

    if found is not context.command or typed.current.startswith("-"):
        return None
    argument = argument_of_several_words(context.command, context)
    before = typed_in_context(context)
    if argument is None or len(before) != 1 or before[0].startswith("-"):
        return None
    return argument, before[0]


def _values(context: Context, parameter: Parameter, before: str, current: str) -> Answer:
    from kmtrack.cli.completion_values import values_of

    return values_of(context, parameter, before, current)


def _names_of(command: Command, context: Context, begun: str) -> Answer:
    """Return the commands of a group, or the options of a command, with this beginning.

    Danish ones are suggested if no English one has it.
    """
    from kmtrack.cli.typer_patches.localise import localise

    localise(command)
    items = command.shell_complete(context, begun)
    if not items and begun:
        return Answer(offers=tuple(_danish_names_of(command, context, begun)))
    return Answer(offers=tuple(Offer(str(item.value), item.help or "") for item in items))


def _danish_names_of(command: Command, context: Context, begun: str) -> Iterator[Offer]:
    from kmtrack.cli.typer_patches.aliases import commands_begun, options_begun

    if begun.startswith("-"):
        helps = {
            name: p for p in command.get_params(context) for name in (*p.opts, *p.secondary_opts)
        }
        for word, name in options_begun(command, context, begun):
            yield Offer(word, str(getattr(helps[name], "help", None) or ""))
        return
    below: Mapping[str, Command] = getattr(command, "commands", {})
    for word, name in commands_begun(below, begun, at_root=context.parent is None):
        yield Offer(word, (below[name].help or "") if name in below else say("help.help"))
