"""Text as a terminal may have it: nothing that it would obey, that nobody sees, or that nobody may see."""

from __future__ import annotations

import re
from typing import Final

# In an address, however it got into the text: behind the user's name, and as a setting.
_CREDENTIAL: Final = r"(?i)(?<=:)(//?[^\s/:@]*:)[^\s@/]+(?=@)|(\bpassword=)[^\s&;]+"


def visible(text: str) -> str:
    """The text with its line breaks, a visible form of every other invisible character, no password."""
    if (":/" in text and "@" in text) or "password=" in text.casefold():
        text = re.sub(_CREDENTIAL, r"\1\2***", text)
    if text.isprintable() or text.replace("\n", "").isprintable():
        return text
    return "".join(
        letter if letter.isprintable() or letter == "\n" else _form(letter) for letter in text
    )


def _form(letter: str) -> str:
    return " " if letter.isspace() else letter.encode("unicode_escape").decode("ascii")
