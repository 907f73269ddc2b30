"""Aliases: Danish words for commands and options, if no English one is typed.

A command line is read in English first, so that English costs nothing more. Only a word in the
place of a command or an option is looked up; never a name, a note or any other value.
"""

from __future__ import annotations

import unicodedata
from functools import cache
from typing import TYPE_CHECKING, Final, cast

from typer import Exit, echo
from typer.core import TyperOption

from kmtrack.cli.globals import GLOBAL_FLAGS, GLOBAL_OPTIONS, GlobalOptionInDanish

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from typer._click.core import Command, Context
    from typer.core import TyperGroup

    from kmtrack.cli.typer_patches.localise import LocalisedContext

HELP: Final = "help"
_ALL_OPTIONS: Final = frozenset({"options", "tilvalg"})  # a page of help that is of no command
_GLOBALS: Final = GLOBAL_OPTIONS | GLOBAL_FLAGS
_SPELLED: Final = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa", "é": "e", "_": "-"})
_NEAR: Final = 0.6  # as Typer measures what a mistyped word is near to
_MOST: Final = 3  # that are suggested


def command_in_english(word: str, known: Iterable[str]) -> str | None:
    """Return the command after `kmtrack` that a Danish word means; None for none."""
    from kmtrack.texts.aliases import COMMANDS

    return _in_english(word, COMMANDS, known)


def verb_in_english(word: str) -> str | None:
    """Return the command of a noun that a Danish word may mean; None for none."""
    from kmtrack.texts.aliases import VERBS

    return _in_english(word, VERBS, VERBS)


def globals_in_english(arguments: Sequence[str]) -> list[str]:
    """Return the arguments with the global options in English, up to a bare `--`."""
    found: list[str] = []
    for number, word in enumerate(arguments):
        if word == "--":
            return [*found, *arguments[number:]]
        name, equals, value = word.partition("=")
        found.append(f"{option_in_english(name, _GLOBALS) or name}{equals}{value}")
    return found


def options_in_english(command: Command, context: Context, args: list[str]) -> list[str]:
    """Return the words after a command with its options in English.

    Raises GlobalOptionInDanish for an option of the root command.
    """
    options = {name: p for p in command.get_params(context) for name in _names(p)}
    if all(word.partition("=")[0] in options for word in args if word.startswith("--")):
        return args
    found: list[str] = []
    ahead = iter(args)
    for word in ahead:
        if word == "--":
            return [*found, word, *ahead]
        name, equals, value = word.partition("=")
        if word.startswith("--"):
            name = name if name in options else _option_of(name, options, context)
        found.append(f"{name}{equals}{value}")
        parameter = options.get(name)
        if isinstance(parameter, TyperOption) and not (parameter.is_flag or equals):
            found += [value for value in [next(ahead, None)] if value is not None]
    return found


def nearest_commands(group: Command, context: Context, typed: str) -> list[str]:
    """Return the commands of a group nearest to a word, in the language in which it is nearest."""
    known: Mapping[str, Command] = getattr(group, "commands", {})
    from kmtrack.texts.aliases import MEANT

    if context.parent is None and folded(typed) in MEANT:
        return MEANT[folded(typed)].split("|") if MEANT[folded(typed)] else []
    words = _words_of(_table_of(context), [*known, HELP])
    return _verbs_of_nouns(known, typed) or _nearest(folded(typed), words)


def _verbs_of_nouns(known: Mapping[str, Command], typed: str) -> list[str]:
    """Return some commands that end with a word typed without its noun: `kmtrack add`."""
    from kmtrack.texts.aliases import COMMANDS, VERBS

    english = [noun for noun in known if folded(typed) in _commands_of(known[noun])]
    if english:
        return [f"{noun} {folded(typed)}" for noun in english[:_MOST]]
    danish = [noun for noun in known if _in_english(typed, VERBS, _commands_of(known[noun]))]
    return [f"{COMMANDS[noun].split('|')[0]} {typed}" for noun in danish[:_MOST]]


def _commands_of(command: Command) -> Mapping[str, Command]:
    found: Mapping[str, Command] = getattr(command, "commands", {})
    return found


def nearest_options(command: Command, context: Context, typed: str) -> list[str]:
    """Return the options of a command nearest to one, in the language in which it is nearest."""
    from kmtrack.texts.aliases import OPTIONS

    names = [
        name.removeprefix("--")
        for parameter in command.get_params(context)
        for name in _names(parameter)
        if name.startswith("--")
    ]
    found = _nearest(folded(typed.removeprefix("--")), _words_of(OPTIONS, names))
    return [f"--{word}" for word in found]


def commands_begun(known: Iterable[str], beginning: str, *, at_root: bool) -> list[tuple[str, str]]:
    """Return the Danish words for these commands, or for help, with a beginning, each with the English one."""
    from kmtrack.texts.aliases import COMMANDS, VERBS

    words = _words_of(COMMANDS if at_root else VERBS, [*known, HELP])
    return _begun(words, beginning)


def options_begun(command: Command, context: Context, beginning: str) -> list[tuple[str, str]]:
    """Return the Danish options of a command with a beginning, each with the English one."""
    from kmtrack.texts.aliases import OPTIONS

    names = [name for parameter in command.get_params(context) for name in _names(parameter)]
    long = [name.removeprefix("--") for name in names if name.startswith("--")]
    found = _begun(_words_of(OPTIONS, long), beginning.removeprefix("--"))
    return [(f"--{word}", f"--{name}") for word, name in found]


def _begun(words: Iterable[tuple[str, str, bool]], beginning: str) -> list[tuple[str, str]]:
    """Return the Danish words with a beginning, the first one for each English name."""
    begun = folded(beginning)
    first_of_each: dict[str, str] = {}
    for word, name, is_danish in words:
        if is_danish and folded(word).startswith(begun):
            first_of_each.setdefault(name, word)
    return [(word, name) for name, word in first_of_each.items()]


def resolve_in_danish(
    group: TyperGroup, context: Context, args: Sequence[str]
) -> tuple[str | None, Command | None, list[str]]:
    """Resolve the command of a group by a Danish word, or the one that `help` is asked for."""
    typed, *rest = args
    meant = typed
    if rest and (both := _in_english(f"{typed} {rest[0]}", _table_of(context), group.commands)):
        return both, group.commands[both], rest[1:]
    if typed not in group.commands:
        table, known = _table_of(context), [*group.commands, HELP]
        meant = _in_english(typed, table, known) or typed
        # Some are two words: "i dag", "gør om", "slå sammen".
        if meant == typed and rest and (both := _in_english(f"{typed}-{rest[0]}", table, known)):
            meant, rest = both, rest[1:]
    if meant == HELP:
        return _helped(group, context, rest)
    return group._click_resolve_command(context, [meant, *rest])  # noqa: SLF001 - it is Typer's own


def _helped(
    group: TyperGroup, context: Context, rest: list[str]
) -> tuple[str | None, Command | None, list[str]]:
    """Return the command that help is asked for, and the option that shows it."""
    about = [word for word in rest if not word.startswith("-")]
    if context.resilient_parsing:  # what may follow is being completed
        return (HELP, group, []) if not about else resolve_in_danish(group, context, about)
    if context.parent is None and folded("".join(about)) in _ALL_OPTIONS:
        echo(cast("LocalisedContext", context).options_help())
        raise Exit
    if about:
        name, command, below = resolve_in_danish(group, context, about)
        return name, command, [*below, "--help"]
    echo(context.get_help())
    raise Exit


def _option_of(name: str, options: Iterable[str], context: Context) -> str:
    """Return an option of a command in English; unchanged if it is none."""
    meant = option_in_english(name, set(options) - _GLOBALS)
    if meant is None and not context.resilient_parsing and option_in_english(name, _GLOBALS):
        raise GlobalOptionInDanish
    return meant or name


def option_in_english(name: str, options: Iterable[str]) -> str | None:
    from kmtrack.texts.aliases import OPTIONS

    if not name.startswith("--"):
        return None
    known = [each.removeprefix("--") for each in options if each.startswith("--")]
    meant = _in_english(name.removeprefix("--"), OPTIONS, known)
    return f"--{meant}" if meant else None


def _names(parameter: object) -> list[str]:
    """Return all names of an option; an argument has none."""
    if not isinstance(parameter, TyperOption):
        return []
    return [*parameter.opts, *parameter.secondary_opts]


def _table_of(context: Context) -> Mapping[str, str]:
    from kmtrack.texts.aliases import COMMANDS, VERBS

    return COMMANDS if context.parent is None else VERBS


def _in_english(word: str, table: Mapping[str, str], known: Iterable[str]) -> str | None:
    typed = folded(word)
    own = set(known)
    if typed in own:  # in capitals
        return typed
    for name, words in table.items():
        if name in own and typed in _spellings(words):
            return name
    return None


@cache
def _spellings(words: str) -> frozenset[str]:
    return frozenset(filter(None, map(folded, words.split("|"))))


def folded(word: str) -> str:
    """Return a word in lower case and with letters that every keyboard has."""
    return unicodedata.normalize("NFC", word).casefold().translate(_SPELLED)


def _words_of(table: Mapping[str, str], names: Iterable[str]) -> list[tuple[str, str, bool]]:
    """Return every word that can be typed for these, with the name and whether it is Danish."""
    own = list(names)
    english = [(name, name, False) for name in own]
    return english + [
        (word, name, True) for name in own for word in table.get(name, "").split("|") if word
    ]


def _nearest(typed: str, words: Sequence[tuple[str, str, bool]]) -> list[str]:
    from difflib import SequenceMatcher  # few words are mistyped

    scored = [
        (SequenceMatcher(None, folded(word), typed).ratio(), word, name, is_danish)
        for word, name, is_danish in words
    ]
    near = sorted((each for each in scored if each[0] >= _NEAR), key=lambda each: -each[0])
    of_one_language = [each for each in near if each[3] == near[0][3]]
    first_of_each: dict[str, str] = {}
    for _, word, name, _ in of_one_language:
        first_of_each.setdefault(name, word)
    return list(first_of_each.values())[:_MOST]
