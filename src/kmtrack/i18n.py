"""Every sentence and word that a person reads, in Danish and English, found by key."""

from __future__ import annotations

import re
import string
from importlib import import_module
from os import PathLike
from typing import TYPE_CHECKING, Final, Literal, NamedTuple, cast

from kmtrack.text import as_typed

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

Language = Literal["da", "en"]
LANGUAGES: Final[tuple[Language, ...]] = ("da", "en")
DEFAULT_LANGUAGE: Final[Language] = "da"

# Texts that stand in files, or name a command for another ledger than the one at hand.
_READ_ELSEWHERE: Final = (
    *("help.", "usage.", "template.", "workbook.", "definition.", "bundle."),
    *(
        "survey.form.",
        "error.clock_far_ahead",
        "error.command_differs",
        "error.bundle_no_ledger",
        "error.no_bundle_in_place",
    ),
)

_loaded: dict[Language, dict[str, str]] = {}
_current: Language = DEFAULT_LANGUAGE
_begun: _Beginning | None = None


class _Beginning(NamedTuple):
    """What a command that is to be typed begins with, in place of the program's bare name."""

    found: re.Pattern[str]
    words: str


def begin_commands(words: str, commands: Iterable[str]) -> None:
    """Let these commands of the program begin with `words` wherever a text says to type one.

    So they are for the ledger that was named on this command line; "" lets them be as they are.
    """
    global _begun  # noqa: PLW0603 - as below
    # Some texts are of the commands of whichever noun a fact names.
    found = re.compile(rf"\bkmtrack (?=(?:{'|'.join(commands)})\b|\{{(?:noun|command)\}})")
    _begun = _Beginning(found, words) if words else None


def use(language: Language) -> None:
    """Make `language` the one that `say` speaks from now on."""
    global _current  # noqa: PLW0603 - one process serves one person, who reads one language
    _current = language


def current() -> Language:
    """The language that `say` speaks when it is told no other."""
    return _current


def texts_of(language: Language) -> dict[str, str]:
    """All texts of one language by key; loaded on first use, since no command needs both."""
    if language not in _loaded:
        module = import_module(f"kmtrack.texts.{language}")
        _loaded[language] = cast("dict[str, str]", module.TEXTS)
    return _loaded[language]


class _Filler(string.Formatter):
    """Fills in facts; `{number:command|commands}` is the word that goes with that number.

    `{word:capital}` is the word with a capital letter.
    """

    def format_field(self, value: object, format_spec: str) -> str:
        one, is_plural, many = format_spec.partition("|")
        if is_plural:
            return one if str(value) == "1" else many
        if format_spec == "capital":
            return str(value).capitalize()
        return str(super().format_field(value, format_spec))


_FILLER: Final = _Filler()


def say(key: str, /, *values: object, **facts: object) -> str:
    """The text of `key` in the language in use, with `values` (`{0}`) and `facts` filled in.

    Raises KeyError for a key that the language does not have: a missing text is a fault in the
    program, never shown as its key.
    """
    return say_in(_current, key, *values, **facts)


def say_in(language: Language, key: str, /, *values: object, **facts: object) -> str:
    """The text of `key` in `language`, filled in as by `say`. Raises KeyError as `say` does."""
    template = texts_of(language)[key]
    if _begun is None or key.startswith(_READ_ELSEWHERE):
        return _filled(template, values, facts)
    # The words may hold braces, and the facts something that reads like a command.
    text = _filled(_begun.found.sub("\0", template), values, facts)
    return text.replace("\0", f"{_begun.words} ")


def _filled(template: str, values: Sequence[object], facts: Mapping[str, object]) -> str:
    """A text with its facts; a path in the command that it ends with stands there as it is typed."""
    begins = max(template.rfind("\0"), template.rfind("kmtrack "))
    paths = {name: fact for name, fact in facts.items() if isinstance(fact, PathLike)}
    if not (paths and begins >= 0):
        return _FILLER.vformat(template, values, facts) if values or facts else template
    typed = {name: as_typed([str(path)]) for name, path in paths.items()}
    command = _FILLER.vformat(template[begins:], values, {**facts, **typed})
    return _FILLER.vformat(template[:begins], values, facts) + command


def either(words: Sequence[str]) -> str:
    """Join words as "a, b or c"."""
    *first, last = words
    return f"{', '.join(first)} {say('word.or')} {last}" if first else last


def has(key: str) -> bool:
    """Whether the current language has a text under `key`."""
    return key in texts_of(_current)
