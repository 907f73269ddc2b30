"""Stating the facts of row after row, where each text of a column is checked only once."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final

from pydantic import TypeAdapter, ValidationError

from kmtrack.errors import BadValue
from kmtrack.ledger.schema.choices import choose
from kmtrack.ledger.schema.facts import Mistake, Mistakes, missing
from kmtrack.ledger.schema.plain_text import shown
from kmtrack.ledger.schema.values import BadDay, clean_day

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pydantic.fields import FieldInfo

    from kmtrack.ledger.schema.facts import Facts

# Facts that must agree with one another: a row that states one is checked as a whole.
_TOGETHER: Final = frozenset({"next", "start", "end", "sme", "basis", "others"})
_REMEMBERED: Final = 4096
_VISITED: Final = "visited_before"
_UNKNOWN: Final = date.min.isoformat()  # as lists have a day that nobody knows
_A_YEAR: Final = timedelta(days=366)
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


class Statements:
    """The rows of one sheet as facts: cell by cell, and as a whole where facts must agree.

    Whatever a cell says is judged by the facts class; this only remembers what it answered.
    """

    def __init__(self, facts: type[Facts], today: date, positions: Mapping[str, int]) -> None:
        self._facts = facts
        self._today = today
        self._blank = dict.fromkeys(facts.model_fields)
        days = facts.days()
        columns = {
            name: _Column(name, info, today, is_day=name in days)
            for name, info in facts.model_fields.items()
        }
        self._names = [name for name in columns if name in positions]
        self._columns = [(positions[name], columns[name]) for name in self._names]
        self._together = [positions[name] for name in self._names if name in _TOGETHER]
        # What is stated all the same where the sheet has no such column.
        self._defaults = {
            name: column.default
            for name, column in columns.items()
            if name not in positions and column.default is not None
        }
        self._sources = {
            name: (positions.get(name), column)
            for name, column in columns.items()
            if name in positions or name in self._defaults
        }
        self._width = max(positions.values(), default=-1) + 1

    def state(self, row: Sequence[object]) -> dict[str, Any]:
        """The facts that a row states, as `Facts.stated` gives them. Raises Mistakes."""
        if self._together and any(row[at] for at in self._together):
            return self._state_whole(row)
        try:
            values = [column[row[at]] for at, column in self._columns]
        except BadValue:
            raise Mistakes(self._mistakes(row)) from None
        facts = dict(zip(self._names, values, strict=True))
        if self._defaults:  # in the order of the fields, whichever are there
            facts = {**self._blank, **self._defaults, **facts}
        if None in facts.values():
            return {name: value for name, value in facts.items() if value is not None}
        return facts

    def state_all(self, rows: Sequence[Sequence[object]]) -> dict[str, list[object]]:
        """A column for each fact that rows may state; None where one does not state it.

        Raises BadValue or Mistakes if any row has a mistake; `state` tells all of them.
        """
        cells = list(zip(*rows, strict=True)) or [()] * self._width
        stated = {
            name: [column.default] * len(rows)
            if at is None
            else list(map(column.__getitem__, cells[at]))
            for name, (at, column) in self._sources.items()
        }
        for number, row in enumerate(rows) if any(any(cells[at]) for at in self._together) else ():
            if any(row[at] for at in self._together):
                whole = self._state_whole(row)
                for name, column in stated.items():
                    column[number] = whole.get(name)
        return stated

    def _mistakes(self, row: Sequence[object]) -> list[Mistake]:
        mistakes = []
        for name, (at, column) in zip(self._names, self._columns, strict=True):
            try:
                column[row[at]]
            except BadValue as error:
                mistakes.append(Mistake(name, error))
        return mistakes

    def _state_whole(self, row: Sequence[object]) -> dict[str, Any]:
        mistakes, readable = [], {}
        for name, (at, column) in zip(self._names, self._columns, strict=True):
            try:
                readable[name] = column.readable(row[at])
            except BadValue as error:
                mistakes.append(Mistake(name, error))
        try:
            stated = self._facts.state(readable, self._today).stated()
        except Mistakes as error:
            unread = {mistake.field for mistake in mistakes}
            mistakes += [found for found in error.mistakes if found.field not in unread]
        if mistakes:
            raise Mistakes(mistakes)
        return stated


class _Column(dict[object, object]):
    """The good cells of one column that were met, with their values; a bad one raises BadValue."""

    def __init__(self, name: str, info: FieldInfo, today: date, *, is_day: bool) -> None:
        super().__init__()
        self._bad: dict[object, BadValue] = {}
        self.default = None if info.is_required() else info.default
        self._is_required = info.is_required()
        self._info = info
        self._name = name
        self._is_day = is_day
        self._today = today
        self._context = {"today": today}
        self._validate = TypeAdapter(info.rebuild_annotation()).validator.validate_python

    def __missing__(self, cell: object) -> object:
        if cell in self._bad:
            raise self._bad[cell].with_traceback(None)  # else it keeps all that it came through
        if len(self) + len(self._bad) >= _REMEMBERED:
            self.clear()
            self._bad.clear()
        try:
            value = self[cell] = self._value(cell)
        except BadValue as error:
            self._bad[cell] = error
            raise
        return value

    def readable(self, cell: object) -> object:
        """A cell that the facts class can judge. Raises the BadValue that it stands for."""
        if isinstance(cell, BadValue):
            raise cell.with_traceback(None)
        if isinstance(cell, str):
            if cell[:1] == "#" and cell.strip().upper() in _ERRORS:
                raise BadValue("error_in_cell", value=shown(cell))
            if self._is_day and cell.strip() and not self._says_yes(cell):
                is_unknown = self._name == _VISITED and cell == _UNKNOWN
                return date.min if is_unknown else self._steady_day(cell)
        return cell

    def _value(self, cell: object) -> object:
        if cell is None or (isinstance(cell, str) and not cell.strip()):
            value = None
        else:
            try:
                value = self._validate(self.readable(cell), context=self._context)
            except ValidationError as error:
                found = error.errors(include_url=False, include_input=False)
                raise found[0]["ctx"]["error"] from None
        if value is None:
            if self._is_required:
                raise missing(self._info)
            return self.default
        return value.isoformat() if isinstance(value, date) else value

    def _says_yes(self, cell: str) -> bool:
        return self._name == _VISITED and bool(choose(_VISITED, cell, strict=False))

    def _steady_day(self, text: str) -> object:
        """The day that a text names whenever it is read, or the text if it names none."""
        try:
            day = clean_day(text, self._today)
        except BadDay:
            raise BadValue("day_unreadable", value=shown(text)) from None
        except BadValue:
            return text
        try:
            same = clean_day(text, self._today + _A_YEAR)
        except BadValue:  # 29.2. in another year
            same = None
        if day != same:
            raise BadValue("day_moves", value=shown(text))
        return day
