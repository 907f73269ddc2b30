"""Keys of headings: the forms in which headings of a file are compared with known ones."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from kmtrack.ledger.schema.names import name_key

# "KundeNavn", "kunde_navn" and "Kunde-navn" are one heading, so blanks count for nothing.
_NOT_A_LETTER: Final = re.compile("[^0-9a-z]+")
_IN_BRACKETS: Final = re.compile(r"[(\[][^)\]]*[)\]]")
# What is in brackets says how to fill in a column, except where it says what a sum is of.
_OF_MONEY: Final = re.compile(
    r"kr|dkk|eur|usd|sek|nok|gbp|€|\$|£|mio|mill|mia|lcy|rv|1[.,]?000", re.IGNORECASE
)
# Programs without the letters write them with two others, or leave the signs out.
_WITHOUT_SIGNS: Final = str.maketrans("æøåäöÆØÅÄÖ", "aoaaoAOAAO")
# Plurals and definite forms, in both languages.
_ENDINGS: Final = ("s", "er", "r", "e", "es", "en", "et", "n", "erne", "ne")
_SHORTEST: Final = 3
# What a CRM puts before the headings of companies.
_OWNERS: Final = (
    *("virksomhedens", "virksomheds", "virksomhed", "firmaets", "firma", "kundens", "kunde"),
    *("organisationens", "organisations", "organisation", "organization", "company", "customer"),
    *("account", "debitor", "kontakt", "contact", "person"),
)


@lru_cache(maxsize=8192)
def key_of(text: str) -> str:
    """Return the key of a heading: lower case, æøå spelled out, without anything between letters."""
    if text.isascii():  # as most of the many known ones are: the same, and faster
        return _NOT_A_LETTER.sub("", text.lower()) or name_key(text)
    return name_key(text).replace(" ", "")


def keys_of(text: str) -> tuple[str, ...]:
    """Return the keys of a known heading, with and without the signs of æ, ø and å."""
    key = key_of(text)
    if text.isascii():
        return (key,)
    plain = key_of(text.translate(_WITHOUT_SIGNS))
    return (key,) if key == plain else (key, plain)


def forms_without_owner(text: str) -> tuple[str, ...]:
    """Return the keys of a heading without a leading word for a company: "CompanyEmployees"."""
    key = key_of(text)
    rest = next((key.removeprefix(owner) for owner in _OWNERS if key.startswith(owner)), "")
    return forms_of(rest) if len(rest) >= _SHORTEST else ()


@lru_cache(maxsize=8192)
def forms_of(text: str) -> tuple[str, ...]:
    """Return the keys that may identify a heading of a file: as it is, and its simpler forms."""
    keys = [key_of(text)]
    # What comes first is no note: "(Do Not Modify) Account".
    notes = _IN_BRACKETS.findall(text) if not _IN_BRACKETS.match(text.strip()) else []
    if notes and not any(map(_OF_MONEY.search, notes)):
        keys.append(key_of(_IN_BRACKETS.sub(" ", text)))
    forms = list(keys)
    for key in keys:
        forms += [
            key.removesuffix(ending)
            for ending in _ENDINGS
            if key.endswith(ending) and len(key) - len(ending) >= _SHORTEST
        ]
        if key.endswith("ies"):
            forms.append(f"{key.removesuffix('ies')}y")
    return tuple(dict.fromkeys(forms))
