"""Text as a terminal may have it: nothing in it that it would obey, and nothing that nobody sees."""

from __future__ import annotations


def visible(text: str) -> str:
    """The text with its line breaks, and a visible form of every other invisible character."""
    if text.isprintable() or text.replace("\n", "").isprintable():
        return text
    return "".join(
        letter if letter.isprintable() or letter == "\n" else _form(letter) for letter in text
    )


def _form(letter: str) -> str:
    return " " if letter.isspace() else letter.encode("unicode_escape").decode("ascii")
