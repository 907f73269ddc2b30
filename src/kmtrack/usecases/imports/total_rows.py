"""Total rows: the sums that a spreadsheet adds below its records."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Final

from kmtrack.i18n import LANGUAGES, texts_of
from kmtrack.ledger.schema.nouns import NOUNS
from kmtrack.ledger.schema.values import looks_like_cvr
from kmtrack.municipalities import municipalities
from kmtrack.usecases.imports.cells import means_nothing
from kmtrack.usecases.imports.columns import folded

if TYPE_CHECKING:
    from collections.abc import Sequence

_TOTAL_WORDS: Final = (
    "ialt total totalt totaler totals sum summer summa subtotal subtotaler subtotals delsum"
    " mellemsum delresultat hovedtotal totalsum samlet sammenlagt gennemsnit gns average"
    " sammentælling"
)
_TOTALS: Final = frozenset(_TOTAL_WORDS.split())
_WORDS_BESIDES: Final = (
    "i alt antal for af alle of the all number count no rækker række rows row records poster"
    " stk virksomhed virksomheder kontakt kontakter besøg visits møder ansatte medarbejdere"
    " employees grand kommune kommuner municipality sum timer hours studerende students pr per"
    " year år måned måneder month months uge week kvartal quarter halvår"
    " januar februar marts april maj juni juli august september oktober november december"
    " january february march may june july october"
)
_BESIDES: Final = frozenset(_WORDS_BESIDES.split())
# With one of these words, or after a number, a count is a total: "Antal besøg: 3", "2 rækker".
_COUNTS: Final = frozenset({"antal", "number", "count"})
_COUNTED: Final = _BESIDES & frozenset(
    ["rækker", "rows", "records", "poster", "virksomheder", "kontakter", "besøg", "visits", "møder"]
) | frozenset({"companies", "contacts"})
_NUMBER: Final = re.compile(
    r"(?:kr\.?|dkk|eur|€)?\s?[-+\u2212]?[0-9][0-9.,\s\xa0]*\s?(?:%|kr\.?|dkk|eur|€|stk\.?)?",
    re.IGNORECASE,
)


def is_total_row(row: Sequence[object], cvr: int | None, municipality: int | None) -> bool:
    """Return whether a row contains a word for a total, and nothing else but numbers.

    `cvr` and `municipality` are the positions of these columns: a company with such a name has one
    of them.
    """
    cells = [(at, str(cell).strip()) for at, cell in enumerate(row) if cell is not None]
    cells = [(at, text) for at, text in cells if text and not means_nothing(text)]
    labels = {at for at, text in cells if is_total(text)}
    if not labels:
        return False
    return all(
        _NUMBER.fullmatch(text) and at != municipality and not (at == cvr and looks_like_cvr(text))
        for at, text in cells
        if at not in labels
    )


def is_total(text: str) -> bool:
    """Return whether a text is a word for a total, perhaps with its subject: "Viborg i alt"."""
    return not text.isdecimal() and _is_total(text)  # most rows begin with a CVR number


@lru_cache(maxsize=4096)
def _is_total(text: str) -> bool:
    if len(text) > len("Antal virksomheder i alt i Ringkøbing-Skjern Kommune"):
        return False
    found = folded(text).split()
    words = [word for word in found if not word.isdecimal()]
    rest = [word for word in words if word not in _TOTALS and word not in _BESIDES]
    if words and found[1:] == words and found[0].isdecimal() and _COUNTED.issuperset(words):
        return True
    is_one = not _TOTALS.isdisjoint(words) or "i alt" in " ".join(words)
    is_one = is_one or (len(words) > 1 and not _COUNTS.isdisjoint(words) and not rest)
    return is_one and all(word in _places() for word in rest)


@cache
def _places() -> frozenset[str]:
    """Return the possible subjects of totals: words in the names of municipalities and nouns."""
    names = [name for place in municipalities().values() for name in (place.name, *place.former)]
    nouns = [
        texts_of(language).get(f"nouns.{noun}", "") for language in LANGUAGES for noun in NOUNS
    ]
    return frozenset(word for name in (*names, *nouns) for word in folded(name).split())
