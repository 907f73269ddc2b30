"""Heading rows: which row of a table has the headings, and which noun its rows belong to."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Final, NamedTuple

from kmtrack.ledger.schema.nouns import EVENTS
from kmtrack.usecases.imports.columns import (
    BARE_NAMES,
    CVR,
    DISTINCTIVE,
    IMPORTABLE,
    REQUIRED,
    Strength,
    may_mean,
    meaning,
)
from kmtrack.usecases.imports.heading_keys import key_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from kmtrack.usecases.imports.column_choices import ColumnChoice, ColumnChoices
    from kmtrack.usecases.imports.columns import Meaning
    from kmtrack.usecases.imports.table import FileTable, NumberedRow

# The headings may be preceded by a title, a date, or the name of the list's owner.
_SEARCHED: Final = 20
# Words about contacts rather than people.
_OF_CONTACTS: Final = ("date", "channel", "note", "next")
_ENOUGH: Final = 2
# A list of companies has one of these beside the names, else it may be one of people.
_OF_COMPANIES: Final = frozenset({CVR, "municipality", "employees"})

# People have these apart; companies have one name.
_GIVEN_NAMES: Final = frozenset(map(key_of, ("fornavn", "fornavne", "first name", "given name")))
_FAMILY_NAMES: Final = frozenset(
    map(key_of, ("efternavn", "last name", "family name", "surname", "slægtsnavn"))
)
# Columns that a person has and a company does not.
_OF_PERSONS: Final = frozenset(
    key_of(text)
    for text in (
        *(
            "cpr",
            "cpr nr",
            "cpr nummer",
            "personnummer",
            "person nr",
            "alder",
            "age",
            "køn",
            "gender",
        ),
        *(
            "sex",
            "fødselsdag",
            "fødselsdato",
            "født",
            "fødeår",
            "birthday",
            "birth date",
            "birthdate",
        ),
        *("date of birth", "year of birth", "fornavn", "fornavne", "first name", "given name"),
    )
)


class HeadingRow(NamedTuple):
    """The row of a table with the headings, and the rows `above` it, which are not records."""

    number: int
    cells: Sequence[object]
    above: Sequence[NumberedRow] = ()

    @property
    def texts(self) -> list[str]:
        """The texts of its headings."""
        return [text for cell in self.cells if (text := text_of_heading(cell))]


def heading_row_of(
    table: FileTable, choices: ColumnChoices, noun: str | None = None
) -> HeadingRow | None:
    """Find the heading row among the first rows of a table; None for an empty one.

    It is the first row with two known headings and all required ones, else the first for which
    either is true, else the first of all.
    """
    rows = [HeadingRow(number, cells) for number, cells in islice(table.rows(), _SEARCHED)]
    if not rows:
        return None
    nouns = (noun,) if noun else IMPORTABLE
    known = [_known_in(row, nouns, choices) for row in rows]
    whole = (at for at, row in enumerate(known) if row.number >= _ENOUGH and row.is_complete)
    part = (at for at, row in enumerate(known) if row.number >= _ENOUGH or row.is_complete)
    at = next(whole, next(part, 0))
    return rows[at]._replace(above=[(row.number, row.cells) for row in rows[:at]])


def recognised(cells: Sequence[object]) -> int:
    """Count the cells that are headings of any noun."""
    texts = HeadingRow(0, cells).texts
    return sum(any(meaning(noun, text) for noun in IMPORTABLE) for text in texts)


def nouns_that_fit(row: HeadingRow, choices: ColumnChoices) -> list[str]:
    """Return the nouns whose rows may have these headings; a single one if there is no doubt.

    A noun fits if its distinguishing columns are present. Of two nouns the one is meant whose
    columns include all that the other has, and more.
    """
    texts = row.texts
    if chosen := choices.noun_of(texts):
        return [chosen]
    found = {
        noun: _columns_known(noun, texts, Strength.SPARE, choices.of(noun, texts))
        for noun in IMPORTABLE
    }
    fields = {noun: set(columns.values()) for noun, columns in found.items()}
    for noun in IMPORTABLE:
        if CVR in fields[noun]:
            fields[noun].add("company")
    if _names_companies_besides(texts, fields["company"]):
        fields["company"].add("name")
    fitting = [noun for noun in IMPORTABLE if DISTINCTIVE[noun] <= fields[noun]]
    if _OF_COMPANIES.isdisjoint(fields["company"]):
        fitting = [noun for noun in fitting if noun != "company"]
    if column_of_persons(row, choices):
        fitting = [noun for noun in fitting if noun != "company"]
    if "company" in fitting and any(
        _is_rather(found[noun], found["company"]) for noun in fitting if noun in EVENTS
    ):
        fitting.remove("company")
    if fitting == ["company"] and _tells_of_contacts(texts):
        return ["company", "contact"]
    best = [one for one in fitting if all(_is_better(one, o, found, texts) for o in fitting)]
    return best if len(best) == 1 else fitting


def _tells_of_contacts(texts: Sequence[str]) -> bool:
    """Return whether a list of companies says how and on which day they were reached: "Seneste kontakt"."""
    known = [meaning("contact", text) for text in texts]
    has_day = any(one.field == "date" for found in known for one in found)
    return has_day and any(_sure(found, "channel") for found in known)


def _is_better(
    noun: str, other: str, found: Mapping[str, Mapping[str, str]], texts: Sequence[str]
) -> bool:
    """Return whether a noun knows all columns that another knows, or many more and possibly the rest.

    "Type" may be the channel of a contact as well as the kind of a collaboration.
    """
    missed = found[other].keys() - found[noun].keys()
    if not missed:
        return True
    has_more = len(found[noun]) >= len(found[other]) + _ENOUGH
    return has_more and missed <= {text for text in texts if may_mean(noun, text)}


def has_required(row: HeadingRow, noun: str, choices: ColumnChoices) -> bool:
    """Return whether a heading row has all columns that a noun requires."""
    return _known_in(row, (noun,), choices).is_complete


def may_be_people(row: HeadingRow, choices: ColumnChoices) -> bool:
    """Return whether a list has names, and nothing that shows them to be companies'."""
    texts = row.texts
    known = _columns_known("company", texts, Strength.SPARE, choices.of("company", texts))
    if "name" not in known.values() or not _OF_COMPANIES.isdisjoint(known.values()):
        return False
    return not any(
        _sure(meaning("contact", text), field) for text in texts for field in _OF_CONTACTS
    )


def is_of_people(row: HeadingRow) -> bool:
    """Return whether each row of a list is a person, with separate given and family names."""
    keys = frozenset(map(key_of, row.texts))
    return not (keys.isdisjoint(_GIVEN_NAMES) or keys.isdisjoint(_FAMILY_NAMES))


def column_of_persons(row: HeadingRow, choices: ColumnChoices) -> str | None:
    """Return the heading of a column that only persons have, beside names that may be persons'.

    None if a column of CVR numbers or headcounts, or one that can only name companies, settles it.
    """
    texts = row.texts
    known = _columns_known("company", texts, Strength.SPARE, choices.of("company", texts))
    names = [key_of(text) for text, field in known.items() if field == "name"]
    if (
        not {CVR, "employees"}.isdisjoint(known.values())
        or not names
        or not BARE_NAMES.issuperset(names)
    ):
        return None
    return next((text for text in texts if key_of(text) in _OF_PERSONS), None)


def _is_rather(event: Mapping[str, str], company: Mapping[str, str]) -> bool:
    """Return whether a list that fits both is one of events, which has columns of companies besides."""
    of_events, of_companies = len(event.keys() - company.keys()), len(company.keys() - event.keys())
    return of_events >= _ENOUGH or (of_events == 1 and not of_companies)


def _names_companies_besides(texts: Sequence[str], fields: Collection[str]) -> bool:
    """Return whether "Contact" names the company: there is a CVR number, and another column of persons."""
    if "name" in fields or CVR not in fields:
        return False
    names = [text for text in texts if any(one.field == "name" for one in meaning("company", text))]
    persons = [text for text in texts if _sure(meaning("contact", text), "person")]
    return bool(names and persons)


def _sure(meanings: Sequence[Meaning], field: str) -> bool:
    return any(one.field == field and one.strength < Strength.WEAK for one in meanings)


class _Known(NamedTuple):
    """How many headings of a row are known, and whether all that a noun requires are among them."""

    number: int
    is_complete: bool


def _known_in(row: HeadingRow, nouns: Sequence[str], choices: ColumnChoices) -> _Known:
    texts = [
        text for cell in row.cells if isinstance(cell, str) and (text := text_of_heading(cell))
    ]
    columns = {
        noun: _columns_known(noun, texts, Strength.WEAK, choices.of(noun, texts)) for noun in nouns
    }
    known = set[str]().union(*columns.values())
    # A heading that a person chose to leave out counts too.
    known |= {text for noun in nouns for text in _left_out(texts, choices.of(noun, texts))}
    return _Known(len(known), any(_has_required(noun, columns[noun].values()) for noun in nouns))


def _left_out(texts: Iterable[str], chosen: Mapping[str, ColumnChoice]) -> list[str]:
    return [text for text in texts if (key := key_of(text)) in chosen and not chosen[key].field]


def _has_required(noun: str, fields: Collection[str]) -> bool:
    return all(
        field in fields or (field == "company" and CVR in fields) for field in REQUIRED[noun]
    )


def _columns_known(
    noun: str, texts: Iterable[str], weakest: Strength, chosen: Mapping[str, ColumnChoice]
) -> dict[str, str]:
    """Return the field of each heading that is known for `noun` or was chosen, by the heading's text."""
    found: dict[str, str] = {}
    for text in texts:
        choice, known = chosen.get(key_of(text)), meaning(noun, text)
        if choice is not None:
            found.update({text: choice.field} if choice.field else {})
        elif known and known[0].strength <= weakest:
            found[text] = known[0].field
    return found


def text_of_heading(cell: object) -> str:
    """Return the text of a heading, without line breaks and invisible characters."""
    text = str(cell or "")
    if not text.isprintable():
        text = "".join(map(_seen, text))
    return " ".join(text.split())


def _seen(letter: str) -> str:
    return letter if letter.isprintable() or letter.isspace() else ""
