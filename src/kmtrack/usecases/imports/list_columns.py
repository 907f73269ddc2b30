"""Columns of a list: which headings are read as which fields, and what the others are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple, NoReturn

from kmtrack.errors import Phrase, Refusal
from kmtrack.ledger.schema.plain_text import shown
from kmtrack.text import as_typed, listed
from kmtrack.usecases.imports.columns import (
    BARE_NAMES,
    CVR,
    IMPORTABLE,
    REQUIRED,
    STATED,
    Strength,
    field_of,
    heading_fact,
    may_mean,
    meaning,
    own_headings,
    plain_heading,
)
from kmtrack.usecases.imports.heading_keys import key_of
from kmtrack.usecases.imports.heading_rows import is_of_people, text_of_heading
from kmtrack.usecases.imports.ignored_headings import is_no_fact

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from kmtrack.usecases.imports.column_choices import ColumnChoice, Source
    from kmtrack.usecases.imports.columns import Meaning
    from kmtrack.usecases.imports.heading_rows import HeadingRow

# Facts about the companies that a list of events may contain.
_OF_COMPANIES_BESIDE: Final = frozenset({"municipality", "employees"})
# Columns that only a company has: beside these a bare name is a person's.
_FIRMS: Final = frozenset(
    key_of(text)
    for text in (
        *(
            "firma",
            "firmanavn",
            "firmaets navn",
            "virksomhed",
            "virksomhedsnavn",
            "virksomhedens navn",
        ),
        *("company", "company name", "arbejdsplads", "arbejdsgiver", "ansættelsessted", "employer"),
    )
)
_INITIALS: Final = frozenset({"initialer", "initials"})
_LIKE: Final = 0.6


class Heading(NamedTuple):
    """A column that is read: its position, its field, and its text in the file."""

    position: int
    field: str
    text: str
    source: Source = "known"


class Unread(NamedTuple):
    """A column that is not read; `looks_like` is the field that it may be.

    `is_no_fact` if it is known to concern nothing that is stored here; `fact_of` is the noun whose
    records have such a fact, if those of the list do not. One that `is_second` means the same as a
    column that is read.
    """

    position: int
    text: str
    looks_like: str | None = None
    is_no_fact: bool = False
    fact_of: str | None = None
    is_second: bool = False


class TableHeadings(NamedTuple):
    """The columns of a table: those that are read, the better of one field first, and the others.

    `left_out` are the positions of those that a person chose to leave out.
    """

    known: list[Heading]
    unread: list[Unread]
    left_out: set[int]
    width: int


def read_headings(
    noun: str,
    row: HeadingRow,
    sheet: str,
    chosen: Mapping[str, ColumnChoice],
    stated: Collection[str] = (),
) -> TableHeadings:
    """Read a heading row as that of `noun`.

    `chosen` has a person's choices, by the keys of the headings, `stated` the fields that need no
    column. Raises Refusal `double_column`, `same_heading` or `missing_column`.
    """
    texts = [(at, text) for at, cell in enumerate(row.cells) if (text := text_of_heading(cell))]
    width = texts[-1][0] + 1 if texts else 0
    reading = _Reading(noun, sheet, stated, has_names_apart=is_of_people(row))
    reading.choose(texts, chosen)
    reading.understand([(at, text) for at, text in texts if key_of(text) not in chosen])
    left_out = {at for at, text in texts if key_of(text) in chosen}
    left_out -= {known.position for known in reading.known()}
    found = TableHeadings(reading.known(), reading.unread(texts, chosen), left_out, width)
    _require(noun, sheet, found, stated)
    return found


def company_headings(events: TableHeadings, chosen: Mapping[str, ColumnChoice]) -> TableHeadings:
    """Return the columns of a table of events that hold facts about the companies.

    Their names and numbers are in the columns that name them; `chosen` has a person's choices for
    the others.
    """
    free = [(unread.position, unread.text) for unread in events.unread]
    reading = _Reading("company", "")
    reading.choose(free, chosen)
    reading.understand([(at, text) for at, text in free if key_of(text) not in chosen])
    known = [one for one in reading.known() if one.field in _OF_COMPANIES_BESIDE]
    naming = {"company": "name", CVR: CVR}
    known += [one._replace(field=naming[one.field]) for one in events.known if one.field in naming]
    return TableHeadings(known, [], set(), events.width)


class _Reading:
    """Assigns the columns of one heading row to the fields of a noun."""

    def __init__(
        self,
        noun: str,
        sheet: str,
        stated: Collection[str] = (),
        *,
        has_names_apart: bool = False,
    ) -> None:
        self._noun = noun
        self._stated = stated
        self._has_names_apart = has_names_apart
        self._sheet = sheet
        self._columns: dict[str, list[Heading]] = {}

    def choose(self, texts: Sequence[tuple[int, str]], chosen: Mapping[str, ColumnChoice]) -> None:
        """Assign the columns that a person chose. Raises Refusal `same_heading`."""
        for at, text in texts:
            choice = chosen.get(key_of(text))
            if choice is None or choice.field is None:
                continue
            if choice.field in self._columns:
                raise Refusal("same_heading", sheet=self._sheet, heading=shown(text))
            column = Heading(at, choice.field, shown(text), choice.source)
            self._columns[choice.field] = [column]

    def understand(self, texts: Sequence[tuple[int, str]]) -> None:
        """Assign the columns whose headings are known. Raises Refusal `double_column`."""
        fixed = frozenset(self._columns)
        found = [(one, at, text) for at, text in texts for one in self._meaning(text)]
        found = [each for each in found if each[0].field not in fixed]
        if self._noun == "company" and any(key_of(text) in _FIRMS for _, _, text in found):
            found = [each for each in found if key_of(each[2]) not in BARE_NAMES]
        for strength in (Strength.OWN, Strength.CERTAIN):
            free = frozenset(self._columns)
            for one, at, text in found:
                if one.strength == strength and one.field not in free:
                    self._only(one.field, at, text)
        self._refuse_people_beside_companies(found)
        for one, at, text in sorted(found, key=lambda each: each[0].rank):
            if one.strength == Strength.SPARE:
                self._columns.setdefault(one.field, []).append(Heading(at, one.field, shown(text)))
        used = {heading.position for columns in self._columns.values() for heading in columns}
        for one, at, text in sorted(found, key=lambda each: each[0].rank):
            if one.strength == Strength.WEAK and at not in used and self._is_free(one.field):
                self._columns[one.field] = [Heading(at, one.field, shown(text))]
                used.add(at)

    def known(self) -> list[Heading]:
        """Return the columns that are read, in the order of the file but by preference within one field."""
        columns = sorted(self._columns.values(), key=lambda columns: columns[0].position)
        return [heading for headings in columns for heading in headings]

    def unread(
        self, texts: Sequence[tuple[int, str]], chosen: Mapping[str, ColumnChoice]
    ) -> list[Unread]:
        """Return the other columns; one that a person left out looks like nothing any more."""
        used = {heading.position for heading in self.known()}
        return [
            Unread(at, shown(text), is_no_fact=True)
            if key_of(text) in chosen
            else self._unread(at, text)
            for at, text in texts
            if at not in used
        ]

    def _unread(self, at: int, text: str) -> Unread:
        if looks_like := self._looks_like(text):
            if looks_like in self._stated:
                return Unread(at, shown(text), is_no_fact=True)
            return Unread(at, shown(text), looks_like)
        if self._meaning(text):
            return Unread(at, shown(text), is_second=True)
        if is_no_fact(text):
            return Unread(at, shown(text), is_no_fact=True)
        others = (noun for noun in IMPORTABLE if noun != self._noun and meaning(noun, text))
        return Unread(at, shown(text), fact_of=next(others, None))

    def _meaning(self, text: str) -> Sequence[Meaning]:
        """Return the meaning of a heading; beside given and family names, initials belong to that person."""
        if self._has_names_apart and key_of(text) in _INITIALS:
            return ()
        return meaning(self._noun, text)

    def _looks_like(self, text: str) -> str | None:
        sure = (one for one in self._meaning(text) if one.strength <= Strength.CERTAIN)
        found = next((one.field for one in sure), None) or may_mean(self._noun, text)
        # A second column for a field that is read already is not a missing fact.
        return found if found not in self._columns else None

    def _refuse_people_beside_companies(self, found: Sequence[tuple[Meaning, int, str]]) -> None:
        """Raise Refusal `double_column` if "Name" may be a person's, as companies have another column."""
        named = self._columns.get("name", ())
        if self._noun != "company" or not named or key_of(named[0].text) not in BARE_NAMES:
            return
        for one, _, text in found:
            if one.field == "name" and one.strength == Strength.CERTAIN:
                self._refuse_double("name", named[0].text, shown(text))

    def _refuse_double(self, field: str, other: str, heading: str) -> NoReturn:
        option = column_option(field, heading if key_of(other) in BARE_NAMES else other)
        raise Refusal(
            "double_column", sheet=self._sheet, heading=heading, other=other, option=option
        )

    def _is_free(self, field: str) -> bool:
        if field == "company" and CVR in self._columns:
            return False
        return field not in self._columns

    def _only(self, field: str, at: int, text: str) -> None:
        if field in self._columns:
            other = self._columns[field][0].text
            if key_of(other) == key_of(text):
                raise Refusal("same_heading", sheet=self._sheet, heading=shown(text))
            self._refuse_double(field, other, shown(text))
        self._columns[field] = [Heading(at, field, shown(text))]


def column_option(field: str, heading: str) -> str:
    """Return the option that reads a column as a field, as it is typed."""
    return as_typed(["--column", f"{plain_heading(field)}={heading}"])


def _require(noun: str, sheet: str, found: TableHeadings, stated: Collection[str]) -> None:
    """Raise Refusal `missing_column` unless everything that `noun` requires is there."""
    fields = [known.field for known in found.known]
    texts = [(column.position, column.text) for column in found.known]
    texts += [(column.position, column.text) for column in found.unread]
    for field in REQUIRED[noun]:
        if field in {*fields, *stated} or (field == "company" and CVR in fields):
            continue
        likeliest = _likeliest(noun, field, found.unread)
        any_column = Phrase("import.any_column", field=plain_heading(field))
        raise Refusal(
            "missing_column",
            sheet=sheet,
            column=heading_fact(noun, field),
            option=column_option(field, likeliest) if likeliest else any_column,
            otherwise=_option_for_all(noun, field),
            found=listed(text for _, text in sorted(texts)) or "-",
        )


def _option_for_all(noun: str, column: str) -> Phrase | str:
    """Return the option that states a column for all rows, as part of a sentence; "" for none."""
    field = field_of(noun, column)
    if field is None or column not in STATED:
        return ""
    return Phrase("import.or_for_all", option=f"--{column}", metavar=Phrase(field.metavar))


def _likeliest(noun: str, field: str, unread: Sequence[Unread]) -> str | None:
    """Return the heading of the column most like a field, as a suggestion, if any may be it."""
    from difflib import SequenceMatcher

    own = [key_of(text) for text in own_headings(noun, field)]

    def likeness(column: Unread) -> float:
        key = key_of(column.text)
        return max(SequenceMatcher(None, key, known).ratio() for known in own)

    for column in unread:
        if column.looks_like == field:
            return column.text
    others = [column for column in unread if not any(column[2:])]
    if not others:
        return None
    best = max(others, key=likeness)
    return best.text if likeness(best) >= _LIKE else others[0].text
