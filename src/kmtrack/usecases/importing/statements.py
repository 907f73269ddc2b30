"""Stating the facts of row after row, where each text of a column is checked only once."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final

from pydantic import TypeAdapter, ValidationError

from kmtrack.errors import BadValue
from kmtrack.ledger.choices import choose
from kmtrack.ledger.facts.base import MissingValue, Mistake, Mistakes
from kmtrack.ledger.values import clean_day, shown
from kmtrack.usecases.importing.errors import DayMoves, ErrorInCell

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kmtrack.ledger.facts.base import Facts

# Facts that must agree with one another: a row that states one is checked as a whole.
_TOGETHER: Final = frozenset({"next", "start", "end", "sme", "basis"})
_REMEMBERED: Final = 4096
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
    ]
    + ["#I/T", "#REFERENCE!", "#VÆRDI!", "#DIVISION/0!", "#NAVN?", "#NUL!", "#OVERLØB!", "#BEREGN!"]
)


class Statements:
    """The rows of one noun as facts: cell by cell, and as a whole where facts must agree.

    Whatever a cell says is judged by the facts class; this only remembers what it answered.
    """

    def __init__(self, facts: type[Facts], today: date) -> None:
        self._facts = facts
        self._today = today
        self._context = {"today": today}
        self._fields = [
            (
                name,
                TypeAdapter(info.rebuild_annotation()),
                None if info.is_required() else info.default,
                info.is_required(),
            )
            for name, info in facts.model_fields.items()
        ]
        self._days = facts.days()
        self._known: dict[str, dict[object, object]] = {name: {} for name in facts.model_fields}

    def state(self, cells: Mapping[str, object]) -> dict[str, Any]:
        """The facts that a row states, as `Facts.stated` gives them. Raises Mistakes."""
        if not _TOGETHER.isdisjoint(cells):
            return self._state_whole(cells)
        facts: dict[str, Any] = {}
        mistakes: list[Mistake] = []
        for name, adapter, default, is_required in self._fields:
            if name in cells:
                cell = cells[name]
                known = self._known[name]
                value = known[cell] if cell in known else self._learn(name, adapter, cell)
                if value is None:
                    value = default
                elif isinstance(value, BadValue):
                    mistakes.append(Mistake(name, value))
            else:
                value = default
            if value is not None:
                facts[name] = value
            elif is_required:
                mistakes.append(Mistake(name, MissingValue()))
        if mistakes:
            raise Mistakes(mistakes)
        return facts

    def _learn(self, name: str, adapter: TypeAdapter[Any], cell: object) -> object:
        known = self._known[name]
        if len(known) >= _REMEMBERED:
            known.clear()
        try:
            value = adapter.validate_python(self._readable(name, cell), context=self._context)
        except BadValue as error:
            value = error
        except ValidationError as error:
            value = error.errors()[0]["ctx"]["error"]
        known[cell] = value.isoformat() if isinstance(value, date) else value
        return known[cell]

    def _state_whole(self, cells: Mapping[str, object]) -> dict[str, Any]:
        mistakes, readable = [], {}
        for name, cell in cells.items():
            try:
                readable[name] = self._readable(name, cell)
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

    def _readable(self, name: str, cell: object) -> object:
        """A cell that the facts class can judge. Raises the BadValue that it stands for."""
        if isinstance(cell, BadValue):
            raise cell
        if isinstance(cell, str):
            if cell.strip().upper() in _ERRORS:
                raise ErrorInCell(value=shown(cell))
            if name in self._days and not _says_yes(name, cell):
                return self._steady_day(cell)
        return cell

    def _steady_day(self, text: str) -> object:
        """The day that a text names whenever it is read, or the text if it names none."""
        try:
            day = clean_day(text, self._today)
        except BadValue:
            return text
        try:
            same = clean_day(text, self._today + _A_YEAR)
        except BadValue:  # 29.2. in another year
            same = None
        if day != same:
            raise DayMoves(value=shown(text))
        return day


def _says_yes(name: str, text: str) -> bool:
    return name == "visited_before" and bool(choose("visited_before", text, strict=False))
