"""Columns of an import: which each noun has, and which cells of a heading row name them."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, NamedTuple

from kmtrack.errors import Refusal
from kmtrack.i18n import LANGUAGES, texts_of
from kmtrack.ledger.schema.fields import imported
from kmtrack.ledger.schema.nouns import EVENTS, NOUNS
from kmtrack.ledger.schema.phrases import heading_phrase
from kmtrack.ledger.schema.plain_text import shown
from kmtrack.ledger.schema.surveys import RespondentFacts
from kmtrack.usecases.surveys.questionnaire import question_of, questionnaire

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

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


def _fields(noun: str) -> list[Field]:
    facts = RespondentFacts if noun == "survey" else NOUNS[noun].facts
    return imported(facts) if facts else []


def _columns(noun: str) -> tuple[str, ...]:
    company = ("company",) if noun in _LED_BY_COMPANY else ()
    questions = QUESTIONS if noun == "survey" else ()
    return (*company, *(field.column for field in _fields(noun)), *questions)


def _required(noun: str) -> tuple[str, ...]:
    company = ("company",) if noun in EVENTS else ()
    return (*company, *(field.column for field in _fields(noun) if field.is_required))


# In the order in which the template has them. Of an event, `company` names whose it is and
# `person` whom the brokers met; `method` and `deliverable` name what a row is about; the rest are
# facts, or answers to the questions of the questionnaire.
COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {noun: _columns(noun) for noun in IMPORTABLE}
REQUIRED: Final[Mapping[str, tuple[str, ...]]] = {noun: _required(noun) for noun in IMPORTABLE}
_PLAIN_HEADINGS: Final[Mapping[str, str]] = {
    field.column: field.heading for noun in IMPORTABLE for field in _fields(noun)
}
# A list of hires has a level; without that column it could be a list of anything.
_DISTINCTIVE: Final[Mapping[str, frozenset[str]]] = {
    **{noun: frozenset(fields) for noun, fields in REQUIRED.items()},
    "hire": frozenset({"company", "level"}),
}
# In place of `company`, or beside it, where a list has a column of CVR numbers.
CVR: Final = "cvr"
# In lists and workbooks that come from a ledger: the records that they hold.
ID: Final = "id"

_NOT_A_LETTER: Final = re.compile(r"[\W_]+")


class Heading(NamedTuple):
    """A recognised heading: the position of its column, its field, and the text in the file."""

    position: int
    field: str
    text: str


class Headings(NamedTuple):
    """A heading row: its recognised headings, the other texts, and the number of its columns."""

    known: list[Heading]
    unknown: list[str]
    width: int


def heading_fact(noun: str, field: str) -> Phrase | Wording:
    """Return the heading of a column as a fact, in the language in use where it is shown."""
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
    """Return the field that a column is of; None for a company that is named, or a question."""
    return next((field for field in _fields(noun) if field.column == column), None)


def plain_heading(column: str) -> str:
    """Return the heading of a column that needs no language, as in a CSV file: `visited-before`."""
    return _PLAIN_HEADINGS.get(column, column)


def read_headings(
    noun: str,
    cells: Sequence[object],
    sheet: str,
    chosen: Mapping[str, str] = MappingProxyType({}),
    stated: Collection[str] = (),
) -> Headings:
    """Read a heading row as that of `noun`.

    `chosen` has the fields of headings that a person chose, `stated` the fields that need no column.
    Raises Refusal `double_column` or `missing_column`.
    """
    names = _names(noun)
    known: dict[str, Heading] = {}
    unknown: list[str] = []
    width = 0
    for position, cell in enumerate(cells):
        text = " ".join(str(cell or "").split())
        width = position + 1 if text else width
        field = chosen.get(text) or names.get(folded(text))
        if field is None:
            unknown += [text] if text else []
        elif field in known:
            raise Refusal(
                "double_column", sheet=sheet, heading=shown(text), other=known[field].text
            )
        else:
            known[field] = Heading(position, field, shown(text))
    for field in REQUIRED[noun]:
        if field not in {*known, *stated} and not (field == "company" and CVR in known):
            raise Refusal(
                "missing_column",
                sheet=sheet,
                column=heading_fact(noun, field),
                option=plain_heading(field),
                found=", ".join([found.text for found in known.values()] + unknown)[:200] or "-",
            )
    return Headings(list(known.values()), unknown, width)


def recognised(cells: Sequence[object]) -> int:
    """Count the cells that are headings of any noun."""
    return sum(any(folded(str(cell)) in _names(noun) for noun in IMPORTABLE) for cell in cells)


def nouns_that_fit(cells: Sequence[object]) -> list[str]:
    """Return the nouns whose rows may have these headings.

    A noun fits if its distinguishing columns are present, and none that only other nouns have.
    """
    texts = [folded(str(cell)) for cell in cells if cell not in (None, "")]
    texts = [text for text in texts if any(text in _names(noun) for noun in IMPORTABLE)]
    fitting = []
    for noun in IMPORTABLE:
        fields = {_names(noun).get(text) for text in texts}
        if CVR in fields:
            fields.add("company")
        if None not in fields and _DISTINCTIVE[noun] <= fields:
            fitting.append(noun)
    return fitting


def folded(text: str) -> str:
    """Return a heading or title as it is compared: lower case, without punctuation, single blanks."""
    composed = unicodedata.normalize("NFC", text).casefold()
    return _NOT_A_LETTER.sub(" ", composed).strip()


@cache
def _names(noun: str) -> dict[str, str]:
    names: dict[str, str] = {ID: ID}
    for field in COLUMNS[noun]:
        names[folded(field)] = names[folded(plain_heading(field))] = field
        for language in LANGUAGES:
            names[folded(heading(noun, field, language))] = field
            others = texts_of(language).get(f"import.heading.{field}", "")
            names.update((folded(other), field) for other in others.split("|") if other)
        if noun == "survey" and field in QUESTIONS:
            names.update((folded(other), field) for other in question_of(field).also)
    if noun == "company":
        for language in LANGUAGES:
            names.setdefault(folded(heading("contact", "company", language)), "name")
    else:
        # Only a list of companies has a column of CVR numbers of its own.
        names.update({text: CVR for text, field in _names("company").items() if field == CVR})
    return names
