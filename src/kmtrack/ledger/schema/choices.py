"""Choices: the fixed words that a field may hold, and how a typed word finds its value."""

from __future__ import annotations

import unicodedata
from functools import cache
from typing import Final

from kmtrack.errors import BadValue, Phrase
from kmtrack.i18n import LANGUAGES, texts_of
from kmtrack.ledger.schema.plain_text import shown
from kmtrack.rules.contract_format import CHANNELS, COLLABORATION_KINDS, LEVELS, TERMS
from kmtrack.rules.vocabulary import (
    ASSESSMENTS,
    AUDIENCES,
    METHOD_AUDIENCES,
    METHOD_KINDS,
    STEPS,
    WAVES,
)

CHOICES: Final[dict[str, tuple[str, ...]]] = {
    "channel": CHANNELS,
    "collaboration_kind": COLLABORATION_KINDS,
    "level": LEVELS,
    "terms": TERMS,
    "company_kind": ("company", "public", "association"),
    "method_kind": METHOD_KINDS,
    "method_audience": METHOD_AUDIENCES,
    "audience": AUDIENCES,
    "assessment": ASSESSMENTS,
    "step": STEPS,
    "wave": WAVES,
    "status": ("counted", "waiting", "excluded"),
    "status_grouping": ("municipality", "broker", "council", "month", "kind"),
    "survey_grouping": ("municipality", "level"),
    "yes_no": ("yes", "no"),
    "visited_before": ("yes",),
    "since": ("beginning",),
    "preference": ("language", "channel", "pager", "colours", "plain"),
    "language": LANGUAGES,
}

# Of shorter words, and of those with fewer letters in common, it is not known what was meant.
_SHORTEST: Final = 4
_NEAR: Final = 0.8


def missing_choice(field: str) -> BadValue:
    """Return the error for a missing value of `field`, with its allowed values."""
    return BadValue("missing_choice", among=_among(field))


def _among(field: str) -> list[Phrase]:
    return [choice_word(field, choice) for choice in CHOICES[field]]


def choose(field: str, value: object, *, strict: bool = True) -> str:
    """Return the value of `field` that a word in either language names.

    "" if it names none and the look-up is not `strict`; otherwise raise BadValue `unknown_choice`,
    or `choice_near` if one is nearly the same.
    """
    if isinstance(value, bool):
        value = "yes" if value else "no"
    if value in CHOICES[field]:
        return str(value)
    found = _words(field).get(_folded(str(value)), "")
    if not found and strict:
        near = _nearest(field, _folded(str(value)))
        if near:
            meant = choice_word(field, near)
            raise BadValue("choice_near", value=shown(value), near=meant, among=_among(field))
        raise BadValue("unknown_choice", value=shown(value), among=_among(field))
    return found


def choice_word(field: str, value: str) -> Phrase:
    """Return a phrase for the word of a value of `field`, worded in the language in use when it is shown."""
    return Phrase(f"choice.{field}.{value}")


@cache
def _words(field: str) -> dict[str, str]:
    words: dict[str, str] = {}
    for language in LANGUAGES:
        texts = texts_of(language)
        for value in CHOICES[field]:
            key = f"choice.{field}.{value}"
            for word in (value, texts[key], *texts.get(f"{key}.also", "").split("|")):
                words.setdefault(_folded(word), value)
    words.pop("", None)
    return words


@cache
def _nearest(field: str, folded: str) -> str:
    """Return the value whose word a folded one is nearest to, or begins; "" for none."""
    from difflib import get_close_matches  # few words are mistyped

    words = _words(field)
    if len(folded) < _SHORTEST:
        return ""
    begun = {value for word, value in words.items() if word.startswith(folded)}
    if len(begun) == 1:
        return begun.pop()
    near = get_close_matches(folded, words, n=1, cutoff=_NEAR)
    return words[near[0]] if near else ""


def _folded(word: str) -> str:
    """Return only the letters and digits of a word: "Cand. Merc.", "cand.merc." and "candmerc" are equal."""
    letters = unicodedata.normalize("NFC", word).casefold()
    return "".join(filter(str.isalnum, letters))
