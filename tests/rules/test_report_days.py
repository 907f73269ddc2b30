"""The days on which the region follows the contract up: the last one and the next."""

from __future__ import annotations

from datetime import date

import pytest

from builders import contract, day
from kmtrack.rules.contract import YearDay
from kmtrack.rules.report_days import is_every_year, next_report, previous_report

MARCH, SEPTEMBER = YearDay(3, 1), YearDay(9, 1)


@pytest.mark.parametrize(
    ("on", "previous", "following"),
    [
        ("2010-12-31", None, "2011-03-01"),
        ("2011-01-01", None, "2011-03-01"),
        ("2011-02-28", None, "2011-03-01"),
        ("2011-03-01", None, "2011-09-01"),
        ("2011-03-02", "2011-03-01", "2011-09-01"),
        ("2011-06-30", "2011-03-01", "2011-09-01"),
        ("2011-09-01", "2011-03-01", "2012-03-01"),
        ("2012-12-31", "2012-09-01", "2013-03-01"),  # what was reached is told after the end
        ("2013-02-28", "2012-09-01", "2013-03-01"),
        ("2013-03-01", "2012-09-01", None),
        ("2014-01-01", "2013-03-01", None),
    ],
)
def test_the_reports_about_a_day(on: str, previous: str | None, following: str | None) -> None:
    made = contract(report_days=(SEPTEMBER, MARCH))  # in any order
    assert previous_report(made, day(on)) == (day(previous) if previous else None)
    assert next_report(made, day(on)) == (day(following) if following else None)


def test_without_days_there_is_no_report() -> None:
    made = contract(report_days=())
    assert next_report(made, date(2011, 6, 30)) is None
    assert previous_report(made, date(2011, 6, 30)) is None


def test_the_first_day_of_the_contract_is_no_report_of_it() -> None:
    made = contract(report_days=(YearDay(1, 1),))
    assert next_report(made, date(2010, 6, 30)) == date(2012, 1, 1)


def test_a_day_of_every_year() -> None:
    assert is_every_year(2, 28)
    assert not is_every_year(2, 29)
    assert not is_every_year(13, 1)
    assert not is_every_year(4, 31)
