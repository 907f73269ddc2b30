"""Report days: the days of the year on which the region follows up on the contract."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kmtrack.rules.contract import Contract


def next_report(contract: Contract, after: date) -> date | None:
    """Return the first report day after a day; the very last one is the first after the contract's end."""
    return next((day for day in _reports(contract) if day > after), None)


def previous_report(contract: Contract, before: date) -> date | None:
    """Return the last report day before a day; None if there was none."""
    return max((day for day in _reports(contract) if day < before), default=None)


def _reports(contract: Contract) -> Iterator[date]:
    """Yield the report days within the contract, except its first day, and the one after its end."""
    for year in range(contract.first_day.year, contract.last_day.year + 2):
        for each in sorted(contract.report_days):
            day = date(year, each.month, each.day)
            if day > contract.first_day:
                yield day
                if day > contract.last_day:
                    return


def is_every_year(month: int, day: int) -> bool:
    """Return whether a month has that day every year."""
    try:
        date(date.min.year, month, day)  # no leap year
    except ValueError:
        return False
    return True
