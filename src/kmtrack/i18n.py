"""Look up user-facing texts by key, in Danish or English."""

from __future__ import annotations

import re
from importlib import import_module
from os import PathLike
from typing import TYPE_CHECKING, Final, Literal, NamedTuple, cast

from kmtrack.text import as_typed

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

Language = Literal["da", "en"]
LANGUAGES: Final[tuple[Language, ...]] = ("da", "en")
DEFAULT_LANGUAGE: Final[Language] = "da"

# Keys of texts that are written to files or name a command for another ledger: their commands do
# not get the prefix of `begin_commands`.
_NEVER_PREFIXED: Final = (
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
_in_csv: Language | None = None
_prefix: _Prefix | None = None


class _Prefix(NamedTuple):
    """The words that replace the bare program name in suggested commands."""

    found: re.Pattern[str]
    words: str


def begin_commands(words: str, commands: Iterable[str]) -> None:
    """Start every suggested command among `commands` with `words` instead of "kmtrack".

    Suggestions then work on the ledger that this command line named; "" leaves them unchanged.
    """
    global _prefix  # noqa: PLW0603 - as below
    _prefix = None
    if words:
        # Some texts take the noun or the command itself from a fact.
        found = re.compile(rf"\bkmtrack (?=(?:{'|'.join(commands)})\b|\{{(?:noun|command)\}})")
        _prefix = _Prefix(found, words)


def use(language: Language) -> None:
    """Set the current language, for all that is shown and written."""
    global _current, _in_csv
    _current, _in_csv = language, None


def current() -> Language:
    """Return the current language."""
    return _current


def use_in_csv(language: Language) -> None:
    """Set the language whose separator CSV files have, if that differs from the current one."""
    global _in_csv  # noqa: PLW0603 - as above
    _in_csv = language


def csv_language() -> Language:
    """Return the language whose separator CSV files have."""
    return _in_csv or _current


def texts_of(language: Language) -> dict[str, str]:
    """Return all texts of a language by key; load them on first use, as few commands need both."""
    if language not in _loaded:
        module = import_module(f"kmtrack.texts.{language}")
        _loaded[language] = cast("dict[str, str]", module.TEXTS)
    return _loaded[language]


class _Fact:
    """A value to put into a text: with plural (`{number:command|commands}`), capital or quotation marks.

    `{word:capital}` begins with a capital letter, `{name:typed}` is one word of a command to type.
    """

    __slots__ = ("_value",)

    def __init__(self, value: object) -> None:
        self._value = value

    def __format__(self, format_spec: str) -> str:
        one, is_plural, many = format_spec.partition("|")
        if is_plural:
            return one if str(self._value) == "1" else many
        if format_spec == "capital":
            return str(self._value).capitalize()
        if format_spec == "typed":
            return as_typed([str(self._value)])
        return format(self._value, format_spec)


def _filled(template: str, values: Sequence[object], facts: Mapping[str, object]) -> str:
    named = {name: _Fact(fact) for name, fact in facts.items()}
    return template.format(*map(_Fact, values), **named)


def say(key: str, /, *values: object, **facts: object) -> str:
    """Return the text of `key` in the current language, formatted with `values` and `facts`.

    Raises KeyError for an unknown key: a missing text is a bug, and the key is never shown instead.
    """
    return say_in(_current, key, *values, **facts)


def say_in(language: Language, key: str, /, *values: object, **facts: object) -> str:
    """Return the text of `key` in `language`, as `say` does. Raises KeyError for an unknown key."""
    template = texts_of(language)[key]
    if _prefix is None or key.startswith(_NEVER_PREFIXED):
        return _formatted(template, values, facts)
    # Insert the prefix last: it may contain braces, and a fact may look like a command.
    text = _formatted(_prefix.found.sub("\0", template), values, facts)
    return text.replace("\0", f"{_prefix.words} ")


def _formatted(template: str, values: Sequence[object], facts: Mapping[str, object]) -> str:
    """Format a text; in a command at its end, quote paths as the shell requires."""
    begins = max(template.rfind("\0"), template.rfind("kmtrack "))
    paths = {name: fact for name, fact in facts.items() if isinstance(fact, PathLike)}
    if not (paths and begins >= 0):
        return _filled(template, values, facts) if values or facts else template
    typed = {name: as_typed([str(path)]) for name, path in paths.items()}
    command = _filled(template[begins:], values, {**facts, **typed})
    return _filled(template[:begins], values, facts) + command


def either(words: Sequence[str]) -> str:
    """Return the words joined as "a, b or c" in the current language."""
    return _joined(words, "word.or")


def enumerated(words: Sequence[str]) -> str:
    """Return the words joined as "a, b and c" in the current language."""
    return _joined(words, "word.and")


def _joined(words: Sequence[str], key: str) -> str:
    *first, last = words
    return f"{', '.join(first)} {say(key)} {last}" if first else last


def has(key: str) -> bool:
    """Return whether the current language has a text for `key`."""
    return key in texts_of(_current)
