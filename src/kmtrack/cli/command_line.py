"""The command line: its language, its global options and its commands, read before Typer sees it."""

from __future__ import annotations

import re
import sys
from collections import deque
from contextlib import suppress
from typing import TYPE_CHECKING, Final, NamedTuple

from kmtrack.cli.globals import GLOBAL_FLAGS, GLOBAL_OPTIONS
from kmtrack.errors import WrongUsage
from kmtrack.i18n import LANGUAGES, Language, use, use_in_csv

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_LOCALE: Final = r"([A-Za-z]{2})[_-][A-Za-z]{2}([.@][\w.@-]*)?"
_DANISH_LOCALES: Final = frozenset({"da", "danish", "dansk"})
_PRIMARY_LANGUAGE: Final = 0x3FF  # the lower bits of a Windows language id; the rest is the region
_LANG_DANISH: Final = 0x06


def choose_language(arguments: Sequence[str], environment: Mapping[str, str]) -> None:
    """Use the language asked for; an unknown one is refused in the language used without it.

    CSV files are for other programs: they follow the command line and the machine, not what a
    person has set for reading.
    """
    try:
        asked_for = _asked_for(arguments, environment)
    except WrongUsage:
        use(_own_language(environment))
        with suppress(WrongUsage):
            use(language_of([], environment))
        raise
    use(asked_for or _own_language(environment))
    use_in_csv(asked_for or _machine_language(environment))


def language_of(arguments: Sequence[str], environment: Mapping[str, str]) -> Language:
    """Return the language of `--lang`, else of KMTRACK_LANG, else the preference, else the machine's.

    Raises WrongUsage `unknown_language`.
    """
    return _asked_for(arguments, environment) or _own_language(environment)


def _asked_for(arguments: Sequence[str], environment: Mapping[str, str]) -> Language | None:
    typed = [value for option, value in taken_apart(arguments).given if option == "--lang"]
    if typed:
        return _language(typed[-1])
    named = environment.get("KMTRACK_LANG")
    return _language(_of_locale(named)) if named else None


def _own_language(environment: Mapping[str, str]) -> Language:
    """Return the language that a person has set, else that of the machine."""
    from kmtrack.preferences import preferred_language

    return preferred_language(environment) or _machine_language(environment)


def hoist_globals(arguments: Sequence[str]) -> list[str]:
    """Return the arguments with the global options first, as `--lang=da`, wherever they were.

    What follows a bare `--` stays. A global option without a value is left in place with what
    precedes it, so that Typer refuses it instead of taking the next word for its value.
    """
    given, flags, rest, lacking = taken_apart(arguments)
    front = [f"{option}={value}" for option, value in given]
    return [*front, *flags, *(rest if lacking is None else [lacking])]


def commands_in(hoisted: Sequence[str]) -> list[str | None]:
    """Return the first two words after the global options: the command and the verb, if they are that."""
    given = GLOBAL_OPTIONS | GLOBAL_FLAGS
    words = (word for word in hoisted if word.partition("=")[0] not in given)
    return [next(words, None), next(words, None)]


def commands_meant(hoisted: Sequence[str]) -> list[str | None]:
    """Return the same as `commands_in`, but in English; for help, the command that it is about."""
    from kmtrack.cli.app import COMMANDS

    first, second = commands_in(hoisted)
    if first is None or first in COMMANDS or first.startswith("-"):
        return [first, second]
    from kmtrack.cli.typer_patches.aliases import HELP, command_in_english, verb_in_english

    meant = command_in_english(first, [*COMMANDS, HELP])
    if HELP not in {first, meant}:
        return [meant, verb_in_english(second) if second else None]
    return commands_meant(hoisted[hoisted.index(first) + 1 :])


class Arguments(NamedTuple):
    """Global options with values, flags, the other words, and an option without its value."""

    given: list[tuple[str, str]]
    flags: list[str]
    rest: list[str]
    lacking: str | None


def taken_apart(arguments: Sequence[str]) -> Arguments:
    """Return the global options, with their values, and the other words of a command line."""
    given: list[tuple[str, str]] = []
    flags: list[str] = []
    rest: list[str] = []
    ahead = deque(arguments)
    while ahead:
        word = ahead.popleft()
        option, equals, value = word.partition("=")
        if word == "--":
            return Arguments(given, flags, [*rest, word, *ahead], None)
        if word in GLOBAL_FLAGS:
            flags.append(word)
        elif option not in GLOBAL_OPTIONS:
            rest.append(word)
        elif equals:
            given.append((option, value))
        elif ahead and ahead[0] != "--":
            given.append((option, ahead.popleft()))
        else:
            return Arguments(given, flags, rest, option)
    return Arguments(given, flags, rest, None)


def _language(value: str) -> Language:
    language = value.strip().casefold()
    if language not in LANGUAGES:
        raise WrongUsage("unknown_language", value=value[:60])
    return language


def _of_locale(name: str) -> str:
    """Return the language in the name of a locale, such as da_DK.UTF-8; any other name unchanged."""
    found = re.fullmatch(_LOCALE, name.strip())
    return found[1] if found else name


def _machine_language(environment: Mapping[str, str]) -> Language:
    if sys.platform == "win32":
        return "da" if _windows_language() & _PRIMARY_LANGUAGE == _LANG_DANISH else "en"
    settings = (environment.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    locale = next(filter(None, settings), "C")
    name = locale.replace(".", "_").replace("@", "_").partition("_")[0]
    return "da" if name.casefold() in _DANISH_LOCALES else "en"


def _windows_language() -> int:
    import ctypes  # only on Windows, where the locale variables say nothing of the person

    kernel = getattr(ctypes, "windll").kernel32  # noqa: B009 - mypy knows it on Windows only
    return int(kernel.GetUserDefaultUILanguage())
