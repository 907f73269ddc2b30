"""Text functions: escaping for terminals, CSV and shells, typing errors, and Danish collation."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

# A password in a server address: after the user name, or as a `password=` setting.
_CREDENTIAL: Final = r"(?i)(?<=:)(//?[^\s/:@]*:)[^\s@/]+(?=@)|(\bpassword=)[^\s&;]+"
_PICTURES: Final = (
    "\u00a9\u00ae\u203c\u2049\u2122\u2139\u2190-\u21ff\u2300-\u23ff\u2460-\u24ff\u25a0-\u27bf"
    "\u2900-\u297f\u2b00-\u2bff\u3030\u303d\u3297\u3299\U0001f000-\U0001faff"
)
# What makes one emoji of several characters: invisible by itself, and part of what is seen.
EMOJI_JOINERS: Final = (
    rf"(?<=[{_PICTURES}\ufe0f])\u200d(?=[{_PICTURES}])|(?<=[{_PICTURES}])\ufe0f"
    r"|(?<=[0-9#*])\ufe0f(?=\u20e3)"
)
# Danish sorts æ, ø, å after z, and aa as å: map them to characters that follow z in ASCII.
LAST_LETTERS: Final = {
    "æ": "{", "Æ": "{", "ä": "{", "Ä": "{",
    "ø": "|", "Ø": "|", "ö": "|", "Ö": "|",
    "å": "}", "Å": "}", "aa": "}",
}  # fmt: skip

# The letters with accents that names here have most often. A statement can replace only few: SQLite
# refuses one that is nested deeper.
ACCENTED_LETTERS: Final = {
    form: plain
    for letter, plain in zip("éèčšü", "eecsy", strict=True)
    for form in (letter, letter.upper())
}

_LISTED: Final = 200
_STARTS_A_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def visible(text: str) -> str:
    """Return the text with control and invisible characters escaped and passwords masked.

    Line breaks are kept.
    """
    if (":/" in text and "@" in text) or "password=" in text.casefold():
        text = re.sub(_CREDENTIAL, r"\1\2***", text)
    if text.isprintable() or text.replace("\n", "").isprintable():
        return text
    if re.sub(EMOJI_JOINERS, "", text).replace("\n", "").isprintable():
        return text
    return "".join(
        letter if letter.isprintable() or letter == "\n" else _escaped(letter) for letter in text
    )


def _escaped(letter: str) -> str:
    return " " if letter.isspace() else letter.encode("unicode_escape").decode("ascii")


def with_guard(text: str) -> str:
    """Return a text for CSV with an apostrophe if a spreadsheet would take it for a formula.

    A text that looks as if it had one gets another, so that `without_guard` returns every text
    unchanged.
    """
    return f"'{text}" if text.lstrip("'").startswith(_STARTS_A_FORMULA) else text


def without_guard(text: str) -> str:
    """Return a text from CSV without the apostrophe that keeps a spreadsheet from calculating it."""
    guarded = text.startswith("'") and text.lstrip("'").startswith(_STARTS_A_FORMULA)
    return text[1:] if guarded else text


def as_typed(words: Sequence[str]) -> str:
    """Return words joined to a command line, quoted for this system's shell."""
    if os.name == "nt":
        import subprocess

        return subprocess.list2cmdline(words)
    import shlex

    return shlex.join(words)


def listed(texts: Iterable[str]) -> str:
    """Return texts separated by commas; "…" replaces those that a message has no room for."""
    found, room = list[str](), _LISTED
    for text in texts:
        room -= len(text) + len(", ")
        if room < 0 and found:
            return ", ".join((*found, "…"))
        found.append(text)
    return ", ".join(found)


def in_danish_order(name: str) -> str:
    """Return the sort key of a name in Danish alphabetical order; É sorts as E, and Ü as Y."""
    key = name.casefold()
    for letter, sign in (LAST_LETTERS | ACCENTED_LETTERS).items():
        key = key.replace(letter, sign)
    if key.isascii():
        return key
    import unicodedata  # few names have other accents

    parts = unicodedata.normalize("NFKD", key)
    return "".join(part for part in parts if not unicodedata.combining(part))


def slips(typed: str, letters: Iterable[str]) -> set[str]:
    """Return a word and its variants with one letter more, fewer, changed, or exchanged with the next."""
    every = {*letters, *typed}
    found = {typed}
    for at in range(len(typed) + 1):
        left, right = typed[:at], typed[at:]
        found.update(left + letter + right for letter in every)
        found.update(left + letter + right[1:] for letter in every if right)
        found.add(left + right[1:])
        found.add(left + right[1:2] + right[:1] + right[2:])
    return found
