"""Fields: the metadata of each field, written once in its facts class.

A field is annotated with its kind (`Line`, `Day`, `Channel`, ...), which has what such fields
share, and with `Details` where it differs: `title: Annotated[Line, Details(width=30)] = None`. The
options of `add` and `edit`, the columns of an import and of the template, the lists, the sheets of
an export and the tables are made from what `fields_of` returns.
"""

from __future__ import annotations

import dataclasses
from datetime import date
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple, get_args

from kmtrack.errors import BadValue
from kmtrack.ledger.schema.choices import missing_choice
from kmtrack.ledger.schema.headings import NO_HEADINGS, Headings
from kmtrack.ledger.schema.values import (
    day_meant,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Container

    from kmtrack.rules.dates import DayUse, Reading
    from kmtrack.rules.written_days import WrittenDay

# The kind of spreadsheet cell; free text is protected from being read as a formula.
Cell = Literal["day", "number", "text", "word"]


class Kind(NamedTuple):
    """What the fields of one kind have in common."""

    # Makes the stored value of what was typed or read; takes the day today too. Raises BadValue.
    # A day of which something is missing stays a WrittenDay: what it is may depend on other fields.
    clean: Callable[[Any, date], Any]
    metavar: str = "text"
    cell: Cell = "word"
    # Text cells in the template: else a spreadsheet takes 10-19 for a date and drops leading zeros.
    is_verbatim: bool = False
    # A person writes it freely, so that the chain of entries holds a commitment in its place.
    is_free_text: bool = False
    # The name of the fixed words that it is one of, and of the list that it is filled in from.
    choice: str | None = None
    filled_from: str | None = None
    # The option takes no value: it says yes, and its opposite "--no-…" says no.
    is_flag: bool = False
    # The option may be given several times.
    is_repeated: bool = False
    # A number without decimals is shown as a whole one, whatever number the table holds.
    is_whole_if_possible: bool = False
    # The noun whose records it refers to.
    reference: str | None = None
    example: object = None
    sheet_width: int = 14
    # Of a day: what it is for, which decides what is missing of it, and whether it may lie ahead.
    day_use: DayUse = "dated"
    is_past: bool = False
    headings: Headings = NO_HEADINGS


class Details(NamedTuple):
    """The metadata that a field adds to its kind; None where it adds nothing."""

    # Its name in an import, in a CSV heading and as an option, where that is another one.
    column: str | None = None
    heading: str | None = None
    option: str | None = None
    # Headings of other lists that mean it, besides those of its kind.
    headings: Headings = NO_HEADINGS
    # The keys of its help and of that of `edit`, behind "help.field.".
    help: str | None = None
    edit_help: str | None = None
    # Of a field that `add` takes as an argument: its placeholder, and whether every command does so.
    argument: str | None = None
    is_always_argument: bool = False
    # Whether it has an option, and a column in an import.
    is_asked: bool = True
    is_imported: bool = True
    # Its place among the options and columns: lower ones first, equal ones as they are declared.
    order: int = 5
    option_order: int | None = None
    is_verbatim: bool = False
    example: object = None
    width: int | None = None
    # Its place among the questions of `add` at a terminal, which begin where one that is `sought` is not
    # given; None where it is not asked for.
    question: int | None = None
    is_sought: bool = False
    # Whether lists on the screen show it, and when it gives way to others: first 1, 0 for never.
    is_listed: bool = False
    spared: int = 0
    # Its place in the region's workbook and its width there; without a place it stays with the operator.
    # On the sheets of the nouns named it is a detail, which is there only if it is asked for.
    exported: int | None = None
    detail_of: tuple[str, ...] = ()
    sheet_width: int | None = None
    # The table has an index on it.
    is_indexed: bool = False
    # It may change from a day on; other fields are only ever corrected.
    is_dated: bool = False
    # The key, behind "default.", of what holds where it is not given, and its default does not say so.
    unless_given: str | None = None
    # The fields whose day it follows; the latest of them is the record's own day for it.
    follows: tuple[str, ...] = ()


class Field(NamedTuple):
    """A field with all its metadata."""

    name: str
    type: type
    kind: Kind
    details: Details
    default: Any
    is_required: bool

    @property
    def column(self) -> str:
        """The name of the field in imports and in texts."""
        return self.details.column or self.name

    @property
    def heading(self) -> str:
        """The heading in a CSV file that needs no language."""
        return self.details.heading or self.column.replace("_", "-")

    @property
    def option(self) -> str:
        """Its option, without the leading dashes."""
        return self.details.option or self.heading

    @property
    def headings(self) -> Headings:
        """The headings in other lists that mean it."""
        pairs = zip(self.details.headings, self.kind.headings, strict=True)
        return Headings(*("|".join(filter(None, pair)) for pair in pairs))

    @property
    def stated_as(self) -> str:
        """The key under which a command passes on what was typed; a reference is typed as a name."""
        return self.column if self.kind.reference else self.name

    @property
    def metavar(self) -> str:
        """The key of the placeholder for its value."""
        return f"metavar.{self.kind.metavar}"

    @property
    def is_verbatim(self) -> bool:
        """Whether a spreadsheet must leave its values as typed."""
        return self.kind.is_verbatim or self.details.is_verbatim

    @property
    def example(self) -> Any:
        """What the template shows as an example: a value, or one of the fixed words."""
        return self.kind.example if self.details.example is None else self.details.example

    @property
    def sheet_width(self) -> int:
        """The width of its column in the region's workbook."""
        return self.details.sheet_width or self.kind.sheet_width

    @property
    def option_order(self) -> int:
        """Its place among the options."""
        order = self.details.option_order
        return self.details.order if order is None else order

    @property
    def is_sought(self) -> bool:
        """Whether a terminal asks questions if it is not given; a day is then today's."""
        return self.details.is_sought or (self.is_required and self.type is not date)

    @property
    def default_text(self) -> str | None:
        """The key of the text for the value of a new record where none is given; None if there is no value."""
        if self.details.unless_given:
            return f"default.{self.details.unless_given}"
        if self.kind.choice and self.default is not None:
            return f"choice.{self.kind.choice}.{self.default}"
        return "default.today" if self.is_required and self.type is date else None

    def help(self, *, edit: bool = False) -> str:
        """Return the key of its help."""
        own = (self.details.edit_help if edit else None) or self.details.help or self.column
        return f"help.field.{own}"

    def read(self, value: Any, today: date) -> Any:
        """Return the clean value, or the default if none is given. Raises BadValue."""
        if not is_given(value):
            if self.is_required:
                raise self.missing()
            return self.default
        return self.clean(value, today)

    def clean(self, value: Any, today: date) -> Any:
        """Return the clean form of a given value. Raises BadValue."""
        cleaned = self.kind.clean(value, today)
        if cleaned is None and self.is_required:
            raise self.missing()
        return cleaned

    def day_meant(self, written: WrittenDay, reading: Reading) -> date:
        """Return the day meant by what was written. Raises BadValue."""
        day = day_meant(written, reading, is_past=self.kind.is_past)
        if self.kind.is_past and day > reading.today:
            raise BadValue("future_day", day=day, today=reading.today)
        return day

    def missing(self) -> BadValue:
        """Return the refusal of a record without a value for this field."""
        choice = self.kind.choice
        return missing_choice(choice) if choice else BadValue("missing_value")


def is_given(value: object) -> bool:
    """Return whether a value is given: None and blank text are not."""
    return value is not None and not (type(value) is str and (not value or value.isspace()))


_FIELDS: Final[dict[type, tuple[Field, ...]]] = {}


def fields_of(facts: type) -> tuple[Field, ...]:
    """Return the fields of a facts class, in the order in which entries hold them."""
    known = _FIELDS.get(facts)
    if known is None:
        known = _FIELDS[facts] = tuple(map(_field, dataclasses.fields(facts)))
    return known


_DEFAULTS: Final[dict[type, dict[str, Any]]] = {}


def defaults_of(facts: type) -> dict[str, Any]:
    """Return the default values of the fields of a facts class, in the same order."""
    known = _DEFAULTS.get(facts)
    if known is None:
        known = _DEFAULTS[facts] = {field.name: field.default for field in fields_of(facts)}
    return known


def _field(declared: dataclasses.Field[Any]) -> Field:
    annotation: Any = declared.type
    kind, *rest = annotation.__metadata__
    types = [each for each in get_args(annotation.__origin__) if each is not type(None)]
    is_required = declared.default is dataclasses.MISSING
    return Field(
        declared.name,
        types[0] if types else annotation.__origin__,
        kind,
        rest[-1] if rest else Details(),
        None if is_required else declared.default,
        is_required,
    )


def asked(facts: type) -> list[Field]:
    """Return the fields that have options, in the order of help."""
    fields = [field for field in fields_of(facts) if field.details.is_asked]
    return sorted(fields, key=lambda field: field.option_order)


def questioned(facts: type) -> list[Field]:
    """Return the fields that a terminal asks for, in the order in which people tell them."""
    fields = [field for field in fields_of(facts) if field.details.question is not None]
    return sorted(fields, key=lambda field: field.details.question or 0)


def is_anything_sought(facts: type, given: Container[str]) -> bool:
    """Return whether a fact is missing that makes a terminal ask questions."""
    return any(field.is_sought and field.stated_as not in given for field in questioned(facts))


def imported(facts: type) -> list[Field]:
    """Return the fields that have an import column, in the order of the template."""
    fields = [field for field in fields_of(facts) if field.details.is_imported]
    return sorted(fields, key=lambda field: field.details.order)


def exported(facts: type) -> list[Field]:
    """Return the fields that go to the region, including details, in the order of the workbook."""
    fields = [field for field in fields_of(facts) if field.details.exported is not None]
    return sorted(fields, key=lambda field: field.details.exported or 0)
