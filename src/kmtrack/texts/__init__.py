"""Every sentence and word that a person reads, in Danish and English, found by key."""

from __future__ import annotations

from importlib import import_module
from typing import Final, Literal, cast

Language = Literal["da", "en"]
LANGUAGES: Final[tuple[Language, ...]] = ("da", "en")
DEFAULT_LANGUAGE: Final[Language] = "da"

_loaded: dict[Language, dict[str, str]] = {}
_current: Language = DEFAULT_LANGUAGE


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


def say(key: str, /, **facts: object) -> str:
    """The text of `key` in the language in use, with `facts` filled in.

    Raises KeyError for a key that the language does not have: a missing text is a fault in the
    program, never shown as its key.
    """
    return say_in(_current, key, **facts)


def say_in(language: Language, key: str, /, **facts: object) -> str:
    """The text of `key` in `language`, with `facts` filled in. Raises KeyError as `say` does."""
    template = texts_of(language)[key]
    return template.format(**facts) if facts else template


def has(key: str) -> bool:
    """Whether the current language has a text under `key`."""
    return key in texts_of(_current)
