"""What the rows of a sheet say, counted while they are written."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_COUNTED_BY: Final = ("municipality", "brokers", "hires")
_DAYS: Final = ("date", "day")


class WrittenRows:
    """The number of rows by target, and by the value of each field that a formula looks at.

    Counted from what is written, not from the ledger's tally, so that the values of formulas are
    true of the rows beside them, and in memory that does not grow with the number of rows.
    """

    def __init__(self, fields: Sequence[str]) -> None:
        self.rows = 0
        self._target = fields.index("target") if "target" in fields else None
        self._fields = [(n, field) for n, field in enumerate(fields) if field in _COUNTED_BY]
        self._day = next((n for n, field in enumerate(fields) if field in _DAYS), None)
        self._numbers: Counter[tuple[str, str | None, Any]] = Counter()

    def add(self, row: Sequence[Any]) -> None:
        """Count a row of values as they are stored."""
        self.rows += 1
        target = None if self._target is None else row[self._target]
        numbers = self._numbers
        numbers["target", target, None] += 1
        for position, field in self._fields:
            numbers[field, target, row[position]] += 1
        if self._day is not None:
            numbers["month", target, (row[self._day] or "")[:7]] += 1

    def of_target(self, target: str) -> int:
        """Return the number of rows of a target."""
        return self._numbers["target", target, None]

    def where(self, field: str, fits: Callable[[Any], bool], target: str | None = None) -> int:
        """Return the number of rows, of a target if one is given, whose value of a field fits.

        The value of `month` is the beginning of the row's day, YYYY-MM.
        """
        return sum(
            number
            for (counted_by, of, value), number in self._numbers.items()
            if counted_by == field and target in {None, of} and fits(value)
        )
