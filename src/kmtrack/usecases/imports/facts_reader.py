"""Facts in the cells of a row: each is read as the field of its column, or refused."""

from __future__ import annotations

from datetime import date
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from kmtrack.errors import BadValue
from kmtrack.ledger.schema.choices import choose
from kmtrack.ledger.schema.facts import FieldError, FieldErrors
from kmtrack.ledger.schema.fields import fields_of
from kmtrack.ledger.schema.plain_text import shown
from kmtrack.ledger.schema.values import BadDay, read_day
from kmtrack.usecases.imports.cells import day_without_time, is_blank, without_zeros

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from kmtrack.ledger.schema.facts import Facts
    from kmtrack.ledger.schema.fields import Field

_REMEMBERED: Final = 4096
_UNKNOWN: Final = date.min.isoformat()  # how lists write an unknown date
VISITED: Final = "visited_before"
# What spreadsheets show for a failed formula, and what the Danish one writes into a CSV file.
_ERRORS: Final = frozenset(
    [
        "#N/A",
        "#REF!",
        "#VALUE!",
        "#DIV/0!",
        "#NAME?",
        "#NUM!",
        "#NULL!",
        "#SPILL!",
        "#CALC!",
        "#GETTING_DATA",
        "#I/T",
        "#REFERENCE!",
        "#VÆRDI!",
        "#DIVISION/0!",
        "#NAVN?",
        "#NUL!",
        "#OVERLØB!",
        "#BEREGN!",
    ]
)


class FactsReader:
    """Reads the facts in the rows of one sheet; `columns` are its fields, `stated` those given for all rows.

    It caches the value of each distinct cell of a column: a long file repeats the same days,
    brokers and channels, and cleaning them each time takes a third of an import.
    """

    def __init__(
        self,
        facts: type[Facts],
        columns: Collection[str],
        today: date,
        stated: Mapping[str, Any] = MappingProxyType({}),
    ) -> None:
        self._facts = facts
        self._columns = {
            field.name: _Column(field, today, stated.get(field.column))
            for field in fields_of(facts)
            if field.column in columns and not field.kind.reference
        }
        self._stated = {
            field.name: stated[field.column]
            for field in fields_of(facts)
            if field.column in stated and field.column not in columns
        }

    def column_of(self, field: str) -> str:
        """Return the column of a field."""
        return self._columns[field].heading if field in self._columns else field

    def read(self, cells: Mapping[str, object], links: Mapping[str, Any]) -> dict[str, Any]:
        """Return the facts in a row, as `Facts.stated` gives them.

        Facts among `links` are given by naming a record. Raises FieldErrors.
        """
        values = {**self._stated, **links}
        errors = []
        for name, column in self._columns.items():
            if name in links:
                continue
            try:
                values[name] = column[cells[column.heading]]
            except BadValue as error:
                errors.append(FieldError(name, error))
        return self._facts.of_clean(values, errors).stated()

    def given(self, cells: Mapping[str, object]) -> dict[str, Any]:
        """Return the facts in the cells that are not blank, likewise. Raises FieldErrors."""
        values: dict[str, Any] = {}
        errors = []
        for name, column in self._columns.items():
            if is_blank(cells[column.heading]):
                continue
            try:
                values[name] = column[cells[column.heading]]
            except BadValue as error:
                errors.append(FieldError(name, error))
        if errors:
            raise FieldErrors(errors)
        return {
            name: value.isoformat() if isinstance(value, date) else value
            for name, value in values.items()
            if value is not None
        }


class _Column(dict[object, object]):
    """The valid cells of one column so far, with their values; a bad one raises BadValue."""

    def __init__(self, field: Field, today: date, stated: object) -> None:
        super().__init__()
        self.heading = field.column
        self._field = field
        self._today = today
        self._stated = stated

    def __missing__(self, cell: object) -> object:
        if self._stated is not None and is_blank(cell):
            value = self._stated
        else:
            value = self._field.read(_readable(self._field, cell), self._today)
        if len(self) >= _REMEMBERED:
            self.clear()
        self[cell] = value
        return value


def _readable(field: Field, cell: object) -> object:
    """Return a cell in a form that a field can read. Raises BadValue for an error cell."""
    if isinstance(cell, BadValue):
        raise cell.with_traceback(None)
    if not isinstance(cell, str) or is_blank(cell):
        return cell
    if cell[:1] == "#" and cell.strip().upper() in _ERRORS:
        raise BadValue("error_in_cell", value=shown(cell))
    if field.kind.metavar == "headcount":
        return without_zeros(cell)
    if field.type is not date:
        return cell
    if field.name == VISITED:
        if choose(VISITED, cell, strict=False):
            return cell
        if cell == _UNKNOWN:
            return date.min
    return day_in_full(cell)


def day_in_full(text: str) -> date:
    """Return the day that a text names no matter when it is read. Raises BadValue."""
    text = day_without_time(text)
    try:
        day = read_day(text)
    except BadDay:
        raise BadValue("day_unreadable", value=shown(text)) from None
    if not isinstance(day, date):
        raise BadValue("day_moves", value=shown(text))
    return day
