"""Text: as a terminal may show it, as a shell takes it, and as Danish sorts it."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

# A password in an address: behind the user's name, or as a setting.
_CREDENTIAL: Final = r"(?i)(?<=:)(//?[^\s/:@]*:)[^\s@/]+(?=@)|(\bpassword=)[^\s&;]+"
# æ, ø and å come last, aa is filed as å: signs that follow z in ASCII sort them in place.
LAST_LETTERS: Final = {
    "æ": "{", "Æ": "{", "ä": "{", "Ä": "{",
    "ø": "|", "Ø": "|", "ö": "|", "Ö": "|",
    "å": "}", "Å": "}", "aa": "}",
}  # fmt: skip


def visible(text: str) -> str:
    """Return the text with its line breaks, other invisible characters spelled out, and no password."""
    if (":/" in text and "@" in text) or "password=" in text.casefold():
        text = re.sub(_CREDENTIAL, r"\1\2***", text)
    if text.isprintable() or text.replace("\n", "").isprintable():
        return text
    return "".join(
        letter if letter.isprintable() or letter == "\n" else _form(letter) for letter in text
    )


def _form(letter: str) -> str:
    return " " if letter.isspace() else letter.encode("unicode_escape").decode("ascii")


def as_typed(words: Sequence[str]) -> str:
    """Return words as they are typed on this machine's command line, quoted where they need it."""
    if os.name == "nt":
        import subprocess

        return subprocess.list2cmdline(words)
    import shlex

    return shlex.join(words)


def in_danish_order(name: str) -> str:
    """Return the key by which Danish names are sorted."""
    key = name.casefold()
    for letter, sign in LAST_LETTERS.items():
        key = key.replace(letter, sign)
    return key
