"""Names of companies as they are searched, compared and sorted: one key for all spellings."""

from __future__ import annotations

import re
import unicodedata
from functools import reduce
from typing import Final

from kmtrack.text import LAST_LETTERS

_DANISH: Final = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa", "ä": "ae", "ö": "oe"})
_NOT_A_LETTER: Final = re.compile(r"[^0-9a-z]+")
_FORMS: Final = frozenset({"aps", "as", "is", "ivs", "ks", "ps", "amba", "smba", "fmba", "holding"})
_SLASHED_FORMS: Final = re.compile(r"\b([akip])/s\b")

# SQLite knows the order of ASCII only: by this it sorts companies as Danish does.
BY_NAME: Final = reduce(
    lambda expression, letter: f"replace({expression}, '{letter[0]}', '{letter[1]}')",
    LAST_LETTERS.items(),
    "lower(company.name)",
)


def name_key(name: str) -> str:
    """Return the key of a name: lower case, æøå spelled out, no accents, no punctuation, single blanks.

    Composed and decomposed Unicode give the same key, and so do Århus and Aarhus.
    """
    folded = unicodedata.normalize("NFC", name).casefold().translate(_DANISH)
    folded = _SLASHED_FORMS.sub(r"\1s", folded)
    plain = unicodedata.normalize("NFKD", folded).encode("ascii", "ignore").decode()
    return _NOT_A_LETTER.sub(" ", plain).strip() or folded


def core_of(key: str) -> str:
    """Return a name key without its legal form (ApS, A/S, I/S, …), by which two names look alike."""
    words = [word for word in key.split() if word not in _FORMS]
    return " ".join(words) or key
