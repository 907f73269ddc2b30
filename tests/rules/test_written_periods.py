"""Months, quarters and years as people write them for a filter."""

from __future__ import annotations

from datetime import date

import pytest

from kmtrack.rules.written_days import NotADay
from kmtrack.rules.written_periods import read_period

TODAY = date(2011, 6, 30)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("juni", "2011-06-01", "2011-06-30"),
        ("Juli", "2010-07-01", "2010-07-31"),
        ("i december", "2010-12-01", "2010-12-31"),
        ("feb. 2012", "2012-02-01", "2012-02-29"),
        ("in May 2009", "2009-05-01", "2009-05-31"),
        ("2011-06", "2011-06-01", "2011-06-30"),
        ("6/2011", "2011-06-01", "2011-06-30"),
        ("06-2011", "2011-06-01", "2011-06-30"),
        ("2010", "2010-01-01", "2010-12-31"),
        ("i år", "2011-01-01", "2011-12-31"),
        ("sidste år", "2010-01-01", "2010-12-31"),
        ("denne måned", "2011-06-01", "2011-06-30"),
        ("sidste maaned", "2011-05-01", "2011-05-31"),
        ("i forrige måned", "2011-05-01", "2011-05-31"),
        ("the previous month", "2011-05-01", "2011-05-31"),
        ("next month", "2011-07-01", "2011-07-31"),
        ("dette kvartal", "2011-04-01", "2011-06-30"),
        ("last quarter", "2011-01-01", "2011-03-31"),
        ("4. kvartal", "2010-10-01", "2010-12-31"),
        ("Q2 2012", "2012-04-01", "2012-06-30"),
        ("2nd quarter", "2011-04-01", "2011-06-30"),
    ],
)
def test_a_period_has_a_first_and_a_last_day(text: str, first: str, last: str) -> None:
    assert read_period(text, TODAY) == (date.fromisoformat(first), date.fromisoformat(last))


def test_a_month_ahead_is_the_first_that_is_not_over() -> None:
    assert read_period("juni", TODAY, is_ahead=True).last == date(2011, 6, 30)
    assert read_period("maj", TODAY, is_ahead=True).last == date(2012, 5, 31)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        *((text, "bad_day") for text in ("", "hede", "juni hede", "20112", "Q5", "uge 12")),
        ("2011-13", "no_such_month"),
        ("juni 1899", "no_such_year"),
    ],
)
def test_another_text_is_none(text: str, reason: str) -> None:
    with pytest.raises(NotADay) as refused:
        read_period(text, TODAY)
    assert refused.value.reason == reason
