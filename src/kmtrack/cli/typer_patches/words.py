"""Words: those before the first option make up one name, and Danish ones are read as English."""

from __future__ import annotations

import re
from itertools import takewhile
from typing import TYPE_CHECKING, Final

from typer._click.core import Command
from typer._click.exceptions import NoSuchOption
from typer.core import TyperArgument, TyperCommand, TyperGroup, TyperOption

from kmtrack.text import as_typed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from typer._click.core import Context

# Placeholders of arguments that name something in a person's words; a path needs quotation marks.
_NAMES: Final = frozenset(
    f"metavar.{name}"
    for name in (
        "about", "company", "deliverable", "id", "ids", "id_or_target", "method", "name", "person",
        "words",
    )
)  # fmt: skip
# Placeholders of options whose value is one word, so that the next word cannot belong to it.
_OF_ONE_WORD: Final = frozenset(
    f"metavar.{name}"
    for name in (
        "amount", "assessment", "audience", "channel", "collaboration_kind", "company_kind", "cvr",
        "grouping", "headcount", "id", "initials", "language", "method_kind", "noun", "number",
        "terms", "yes_no",
    )
)  # fmt: skip
# As word processors and phones write two dashes.
LONG_DASH: Final = r"(?i)(?=.*[\u2012-\u2015\u2212])[-\u2012-\u2015\u2212]{1,3}(?P<name>[a-zæøåé][a-zæøåé-]*)(?:=.*)?"
_TYPED: Final = "kmtrack.typed"


def take_words_as_people_type_them() -> None:
    """Accept several words for the one argument that names something, and Danish words for commands.

    `aliases.py` is loaded only for a word that is no English command or option.
    """
    TyperCommand.parse_args = _parse_args  # type: ignore[assignment, method-assign]
    TyperGroup.parse_args = _parse_group_args  # type: ignore[assignment, method-assign]
    TyperGroup.resolve_command = _resolve_command  # type: ignore[assignment, method-assign]


def _resolve_command(
    group: TyperGroup, context: Context, args: list[str]
) -> tuple[str | None, Command | None, list[str]]:
    if (both := " ".join(args[:2])) in group.commands:  # a command of two words
        return both, group.commands[both], args[2:]
    has_verbs = len(args) > 1 and any(name.startswith(f"{args[0]} ") for name in group.commands)
    if args[0] in group.commands and args[0] != "help" and not has_verbs:
        return args[0], group.commands[args[0]], args[1:]
    from kmtrack.cli.typer_patches.aliases import resolve_in_danish

    return resolve_in_danish(group, context, args)


def _parse_group_args(group: TyperGroup, context: Context, args: list[str]) -> list[str]:
    before = list(takewhile(_is_option, args))
    return _PARSE_GROUP_ARGS(
        group, context, [*with_english_options(group, context, before), *args[len(before) :]]
    )


_PARSE_GROUP_ARGS: Final = TyperGroup.parse_args


def with_english_options(command: Command, context: Context, args: list[str]) -> list[str]:
    """Return the words after a command with its options in English."""
    typed = [word.partition("=")[0] for word in args if word.startswith("--")]
    if not typed:
        return args
    known = {name for p in command.get_params(context) for name in (*p.opts, *p.secondary_opts)}
    if known.issuperset(typed):
        return args
    from kmtrack.cli.typer_patches.aliases import options_in_english

    return options_in_english(command, context, args)


def _parse_args(command: TyperCommand, context: Context, args: list[str]) -> list[str]:
    args = with_english_options(command, context, args)
    _refuse_long_dash(command, context, args)
    together = list(takewhile(lambda word: not _is_option(word), args))
    if len(together) > 1 and _takes_one_name(command, context):
        args = [" ".join(together), *args[len(together) :]]
    context.meta[_TYPED] = tuple(args)
    return Command.parse_args(command, context, args)


def _refuse_long_dash(command: Command, context: Context, args: Sequence[str]) -> None:
    """Raise NoSuchOption for an option of the command after a dash that a word processor made long."""
    if all(map(str.isascii, args)):
        return
    options = {name: p for p in command.get_params(context) for name in p.opts}
    known = {name: p for name, p in options.items() if isinstance(p, TyperOption)}
    for option, words in _pieces(args, known):
        for word in [option] if option else words:
            if meant := meant_by_long_dash(word, context):
                raise NoSuchOption(word, possibilities=[meant], ctx=context)


def meant_by_long_dash(word: str, context: Context) -> str | None:
    """Return the option that a word with a long dash means; None for none."""
    match = re.fullmatch(LONG_DASH, word)
    if match is None:
        return None
    meant = f"--{match['name'].lower()}"
    root = context.find_root()
    own = [*context.command.get_params(context), *root.command.get_params(root)]
    known = [name for parameter in own for name in parameter.opts]
    if meant in known:
        return meant
    from kmtrack.cli.typer_patches.aliases import option_in_english

    return meant if option_in_english(meant, known) else None


def _takes_one_name(command: Command, context: Context) -> bool:
    return argument_of_several_words(command, context) is not None


def argument_of_several_words(command: Command, context: Context) -> TyperArgument | None:
    """Return the only argument of a command if it names something, so that it may be several words."""
    arguments = [p for p in command.get_params(context) if isinstance(p, TyperArgument)]
    is_name = [(each.nargs, each.metavar in _NAMES) for each in arguments] == [(1, True)]
    return arguments[0] if is_name else None


def typed_in_context(context: Context) -> tuple[str, ...]:
    """Return the words after a command, those of one name joined."""
    return tuple(context.meta.get(_TYPED, ()))


def quoted_together(context: Context) -> str | None:
    """Return the first surplus word in quotation marks with the text that it seems to belong to.

    That is the value of the option before it, or else the only argument. None if it may be one of
    several arguments.
    """
    parameters = context.command.get_params(context)
    options = {name: p for p in parameters if isinstance(p, TyperOption) for name in p.opts}
    expected = sum(isinstance(p, TyperArgument) for p in parameters)
    names: list[str] = []
    before, value = "", list[str]()
    for option, words in _pieces(context.meta.get(_TYPED, ()), options):
        if option:
            before, value = option, words
            continue
        missing = expected - len(names)
        names += words
        if len(names) > expected:
            if value and options[before].metavar not in _OF_ONE_WORD:
                # Of words after an option the last ones are the arguments, if none came before.
                return as_typed([before, " ".join([*value, *words[: len(words) - missing]])])
            return as_typed([" ".join(names)]) if expected == 1 else None
    return None


def _pieces(
    typed: Sequence[str], options: Mapping[str, TyperOption]
) -> Iterator[tuple[str, list[str]]]:
    """Yield each option with its value, and under "" the words that belong to no option."""
    words: list[str] = []
    ahead = iter(typed)
    for word in ahead:
        if word == "--":
            words += ahead
        elif not _is_option(word):
            words.append(word)
        else:
            yield "", words
            words = []
            name, equals, value = word.partition("=")
            takes_value = name in options and not options[name].is_flag
            yield name, [value if equals else next(ahead, "")] if takes_value else []
    yield "", words


def _is_option(word: str) -> bool:
    return word.startswith("-") and word != "-"
