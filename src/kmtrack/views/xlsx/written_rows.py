"""What the rows of a sheet contain, counted while they are written."""

from __future__ import annotations

from array import array
from collections import Counter
from itertools import pairwise, starmap
from operator import eq
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date

_COUNTED_BY: Final = (
    *("municipality", "brokers", "councils", "records", "hires"),
    *("channel", "level", "paid", "lasting"),
)
_DAYS: Final = ("date", "agreed", "day")
_ID_BASE: Final = 36  # an id is a letter and a number in digits and letters


class WrittenRows:
    """The number of rows by target, and by the value of each field that a formula looks at.

    Counted from what is written, not from the ledger's tally, so that the values of formulas are
    true of the rows beside them. Of each row only the number in its id is kept.
    """

    def __init__(self, fields: Sequence[str], first_day: date, last_day: date, as_of: date) -> None:
        self.rows = 0
        self.ids = 0  # rows with an id
        self.outside = 0  # rows whose day is outside the period
        self.late = 0  # rows whose day is after that of the report
        self.met_late = 0  # rows whose earlier contact is after their day
        self._period = (first_day.isoformat(), last_day.isoformat())
        self._as_of = as_of.isoformat()
        self._met = fields.index("met_day") if "met_day" in fields else None
        self._target = fields.index("target") if "target" in fields else None
        self._fields = [(n, field) for n, field in enumerate(fields) if field in _COUNTED_BY]
        self.day_field = next((field for field in fields if field in _DAYS), None)
        self._day = None if self.day_field is None else fields.index(self.day_field)
        self._id = fields.index("id")
        self._numbers: Counter[tuple[str, str | None, Any]] = Counter()
        self._ids = array("d")  # as a spreadsheet computes them
        self._has_other_ids = False

    def add(self, row: Sequence[Any]) -> None:
        """Count a row of values as they are stored."""
        self.rows += 1
        target = None if self._target is None else row[self._target]
        numbers = self._numbers
        numbers["target", target, None] += 1
        for position, field in self._fields:
            numbers[field, target, row[position]] += 1
        if self._day is not None:
            day = row[self._day] or ""
            numbers["day", target, day] += 1
            if day > self._as_of:
                self.late += 1
            if self._met is not None and (row[self._met] or "") > day:
                self.met_late += 1
            if day and not self._period[0] <= day <= self._period[1]:
                self.outside += 1
        if row[self._id]:
            self.ids += 1
            try:
                self._ids.append(int(row[self._id][1:], _ID_BASE))
            except ValueError:
                self._has_other_ids = True

    def of_target(self, target: str) -> int:
        """Return the number of rows of a target."""
        return self._numbers["target", target, None]

    def where(self, field: str, fits: Callable[[Any], bool], target: str | None = None) -> int:
        """Return the number of rows, of a target if one is given, whose value of a field matches.

        The value of `day` is the row's own, YYYY-MM-DD.
        """
        return sum(
            number
            for (counted_by, of, value), number in self._numbers.items()
            if counted_by == field and target in {None, of} and fits(value)
        )

    def total(self, field: str) -> int:
        """Return the sum of a field of numbers."""
        return sum(
            value * number
            for (counted_by, _, value), number in self._numbers.items()
            if counted_by == field
        )

    def repeated(self) -> int | None:
        """Return the number of rows whose id is in a row before; None if an id has another form."""
        return None if self._has_other_ids else sum(starmap(eq, pairwise(sorted(self._ids))))
