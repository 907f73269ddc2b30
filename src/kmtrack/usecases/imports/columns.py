"""Columns of an import: which each noun has, and which headings mean them."""

from __future__ import annotations

import re
import unicodedata
from enum import IntEnum
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from kmtrack.i18n import LANGUAGES, texts_of
from kmtrack.ledger.schema.fields import imported
from kmtrack.ledger.schema.headings import Headings
from kmtrack.ledger.schema.nouns import EVENTS, NOUNS
from kmtrack.ledger.schema.phrases import heading_phrase
from kmtrack.ledger.schema.surveys import RespondentFacts
from kmtrack.usecases.imports.heading_keys import forms_of, forms_without_owner, key_of, keys_of
from kmtrack.usecases.imports.ignored_headings import is_exactly_no_fact, is_no_fact
from kmtrack.usecases.surveys.questionnaire import question_of, questionnaire

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from kmtrack.errors import Phrase
    from kmtrack.i18n import Language
    from kmtrack.ledger.schema.fields import Field
    from kmtrack.rules.document import Wording

# One that several respondents are asked is one column.
QUESTIONS: Final = tuple(dict.fromkeys(question.id for question in questionnaire().questions))
_LED_BY_COMPANY: Final = (*EVENTS, "survey")
IMPORTABLE: Final = (
    *("company", *EVENTS),
    *("method", "assessment", "dissemination", "delivery", "survey"),
)
# Companies and methods first, since the rows of others name them.
READ_ORDER: Final = tuple(sorted(IMPORTABLE, key=lambda noun: noun not in {"company", "method"}))
# Those that an option of the command states for all rows.
STATED: Final = ("channel", "broker", "level", "kind", "terms")
# The methods that were used in a contact, which are records of their own.
METHODS_USED: Final = "methods_used"


def _fields(noun: str) -> list[Field]:
    facts = RespondentFacts if noun == "survey" else NOUNS[noun].facts
    return imported(facts) if facts else []


def _columns(noun: str) -> tuple[str, ...]:
    company = ("company",) if noun in _LED_BY_COMPANY else ()
    questions = QUESTIONS if noun == "survey" else ()
    methods = (METHODS_USED,) if noun == "contact" else ()
    return (*company, *(field.column for field in _fields(noun)), *methods, *questions)


def _required(noun: str) -> tuple[str, ...]:
    company = ("company",) if noun in EVENTS else ()
    return (*company, *(field.column for field in _fields(noun) if field.is_required))


# In the order in which the template has them. Of an event, `company` names whose it is and
# `person` whom the brokers met; `method` and `deliverable` name what a row is about; the rest are
# facts, or answers to the questions of the questionnaire.
COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {noun: _columns(noun) for noun in IMPORTABLE}
REQUIRED: Final[Mapping[str, tuple[str, ...]]] = {noun: _required(noun) for noun in IMPORTABLE}
_PLAIN_HEADINGS: Final[Mapping[str, str]] = {
    METHODS_USED: "methods-used",
    **{field.column: field.heading for noun in IMPORTABLE for field in _fields(noun)},
}
# A list of hires has a level; without that column it could be a list of anything.
DISTINCTIVE: Final[Mapping[str, frozenset[str]]] = {
    **{noun: frozenset(fields) for noun, fields in REQUIRED.items()},
    "hire": frozenset({"company", "level"}),
}
# In place of `company`, or beside it, where a list has a column of CVR numbers.
CVR: Final = "cvr"
# Fields whose headings may have "name" behind them.
_NAMED: Final = frozenset({"name", "company", "person"})
# Of a person as well as of a company.
BARE_NAMES: Final = frozenset({"navn", "name"})
# Compounds that end so mean the field, whatever is in front.
_LAST_PARTS: Final[Mapping[str, tuple[str, ...]]] = {
    "note": ("noter", "notat", "notater", "notes", "referat", "bemaerkning", "bemaerkninger"),
    "broker": ("owner",),
}
_LONGEST_COMPOUND: Final = 80
_BETWEEN_PARTS: Final = re.compile(r"\s*[/|+&]\s*|\s+(?:og|and|eller|or)\s+", re.IGNORECASE)
_OF_OWNERS: Final = frozenset({CVR, "municipality", "employees"})
# In lists and workbooks that come from a ledger: the records that they hold.
ID: Final = "id"

_NOT_A_LETTER: Final = re.compile(r"[\W_]+")


class Strength(IntEnum):
    """How certainly a heading means a field: see `ledger/schema/headings.py`; its own names come first."""

    OWN = 0
    CERTAIN = 1
    SPARE = 2
    WEAK = 3


def heading_fact(noun: str, field: str) -> Phrase | Wording:
    """Return a phrase for the heading of a column, worded in the language in use when it is shown."""
    if noun == "survey" and field in QUESTIONS:
        return question_of(field).wording
    return heading_phrase(noun, field)


def heading(noun: str, field: str, language: Language) -> str:
    """Return the heading of a column in a language."""
    if noun == "survey" and field in QUESTIONS:
        return question_of(field).wording.in_language(language)
    texts = texts_of(language)
    special = f"field.{noun}.{field}"
    return texts[special if special in texts else f"field.{field}"]


def field_of(noun: str, column: str) -> Field | None:
    """Return the field of a column; None for the name of a company, or a question."""
    return next((field for field in _fields(noun) if field.column == column), None)


def plain_heading(column: str) -> str:
    """Return the heading of a column that needs no language, as in a CSV file: `visited-before`."""
    return _PLAIN_HEADINGS.get(column, column)


def folded(text: str) -> str:
    """Return a heading or title in the form for comparison: lower case, no punctuation, single blanks."""
    composed = unicodedata.normalize("NFC", text).casefold()
    return _NOT_A_LETTER.sub(" ", composed).strip()


class Meaning(NamedTuple):
    """A field that a heading means, and its `rank` among the headings that mean it: lower is better."""

    field: str
    strength: Strength
    rank: int = 0


@cache
def meanings(noun: str) -> Mapping[str, Sequence[Meaning]]:
    """Return what headings mean in a list of `noun`, by their keys; of several fields the first wins."""
    found: dict[str, list[Meaning]] = {ID: [Meaning(ID, Strength.OWN)]}
    synonyms = _synonyms(noun)
    for field in COLUMNS[noun]:
        for text in own_headings(noun, field):
            found.setdefault(key_of(text), [Meaning(field, Strength.OWN)])
    for strength in (Strength.CERTAIN, Strength.SPARE, Strength.WEAK):
        for field, headings in synonyms:
            for rank, text in enumerate(filter(None, headings[strength - 1].split("|"))):
                for key in keys_of(text):
                    known = found.setdefault(key, [])
                    # What a heading means for certain, it does not mean otherwise.
                    if not known or (strength == known[0].strength == Strength.WEAK):
                        known.append(Meaning(field, strength, rank))
    return found


@cache
def doubtful(noun: str) -> Mapping[str, str]:
    """Return the fields that headings may mean in a list of `noun`, by their keys."""
    found: dict[str, str] = {}
    for field, headings in _synonyms(noun):
        for text in filter(None, headings.doubtful.split("|")):
            for key in keys_of(text):
                found.setdefault(key, field)
    return found


# Every cell of the first rows is asked for, once for each delimiter that a file may have.
@lru_cache(maxsize=16384)
def meaning(noun: str, text: str) -> Sequence[Meaning]:
    """Return what a heading means in a list of `noun`; nothing for an unknown one."""
    known = meanings(noun)
    first, *others = forms_of(text)
    if first in known or is_exactly_no_fact(text):
        return known.get(first, ())
    if found := next((known[form] for form in others if form in known), None):
        return found
    if len(text) > _LONGEST_COMPOUND or not any(map(str.isalpha, text)):
        return ()
    # "CompanyEmployees" is the headcount of the company, but "CustomerType" says nothing of ours.
    besides = (known[form] for form in forms_without_owner(text) if form in known)
    if found := next((found for found in besides if found[0].field in _OF_OWNERS), None):
        return found
    return _of_compound(noun, text) or _of_both(noun, text)


def _of_compound(noun: str, text: str) -> Sequence[Meaning]:
    """Return the meaning of a heading by its last part: "Arbejdsgivers navn", "Mødenoter", "Deal owner"."""
    known, key = meanings(noun), key_of(text)
    for ending in ("navn", "name"):
        if key.endswith(ending):
            owner = key.removesuffix(ending)
            owners = (owner, owner.removesuffix("s"), owner.removesuffix("ens"))
            found = next((known[one] for one in owners if one in known), ())
            return found if found and found[0].field in _NAMED else ()
    for field, endings in _LAST_PARTS.items():
        if field in COLUMNS[noun] and key.endswith(endings):
            return (Meaning(field, Strength.CERTAIN),)
    return ()


def _of_both(noun: str, text: str) -> Sequence[Meaning]:
    """Return the meaning of a heading whose parts mean the same: "Bemærkninger/noter"."""
    parts = [part for part in _BETWEEN_PARTS.split(text) if part.strip()]
    if len(parts) == 1:
        return ()
    found = [meaning(noun, part) for part in parts]
    fields = {one[0].field for one in found if one}
    others = [part for part, one in zip(parts, found, strict=True) if not one]
    if len(fields) != 1 or any(is_no_fact(part) or may_mean(noun, part) for part in others):
        return ()
    return next(one for one in found if one)


def may_mean(noun: str, text: str) -> str | None:
    """Return the field that a heading may mean in a list of `noun`, if there is one."""
    known = doubtful(noun)
    return next((known[form] for form in forms_of(text) if form in known), None)


def field_named(noun: str, text: str) -> str | None:
    """Return the column of `noun` that a person names, by its option or heading in either language."""
    found = next(
        (one.field for one in meaning(noun, text) if one.strength <= Strength.CERTAIN), None
    )
    if found is None:
        wanted = key_of(text)
        found = next((f.column for f in _fields(noun) if key_of(f.option) == wanted), None)
        # Beside an event, a municipality is that of the company.
        if found and noun in EVENTS and wanted in meanings("company"):
            return None
    return found


def own_headings(noun: str, field: str) -> Iterator[str]:
    """Yield our own headings of a column: its names, and its headings in both languages."""
    yield field
    yield plain_heading(field)
    for language in LANGUAGES:
        yield heading(noun, field, language)
        if noun == "company" and field == "name":
            yield heading("contact", "company", language)
    if noun == "survey" and field in QUESTIONS:
        yield from question_of(field).also


def _synonyms(noun: str) -> list[tuple[str, Headings]]:
    """Return the headings of other lists by the columns that they mean."""
    own = [(field.column, field.headings) for field in _fields(noun)]
    if noun == "company":
        return own
    # Only a list of companies has a column of CVR numbers of its own.
    cvr = _company_field(CVR)
    numbers = Headings("|".join((cvr.headings.certain, *own_headings("company", CVR))))
    companies = [(CVR, numbers)]
    if noun in _LED_BY_COMPANY:
        # "Name" alone may be that of a person.
        names = _company_field("name").headings._replace(doubtful="navn|name")
        companies.append(("company", names))
    return [*companies, *own]


def _company_field(column: str) -> Field:
    return next(field for field in _fields("company") if field.column == column)
