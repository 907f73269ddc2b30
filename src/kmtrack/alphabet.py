"""The Danish alphabet: æ, ø and å come last, and aa is filed as å."""

from __future__ import annotations

from typing import Final

# The signs that follow z in ASCII, so that a plain comparison puts the letters where they belong.
LAST_LETTERS: Final = {
    "æ": "{", "Æ": "{", "ä": "{", "Ä": "{",
    "ø": "|", "Ø": "|", "ö": "|", "Ö": "|",
    "å": "}", "Å": "}", "aa": "}",
}  # fmt: skip


def in_danish_order(name: str) -> str:
    """The key by which names are sorted."""
    key = name.casefold()
    for letter, sign in LAST_LETTERS.items():
        key = key.replace(letter, sign)
    return key
