"""The schedule: what is expected by a day, the state of a target in a word, and the whole status."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from builders import HIRES, LATER, NEW, contract, day
from kmtrack.rules.deliverables import RunningStatus, SubmissionStatus
from kmtrack.rules.growth import GrowthStatus, Rise
from kmtrack.rules.methods import MethodsStatus
from kmtrack.rules.status import (
    Group,
    expected_by,
    months_between,
    needed_per_month,
    percent_of,
    state_of,
    status_from,
    with_groups,
)
from kmtrack.rules.tallies import Tally

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kmtrack.rules.contract import Contract, Target
    from kmtrack.rules.status import DeliveredStatus

CONTRACT = contract()


def target(minimum: int | None = 1000, due: str | None = None) -> Target:
    found = CONTRACT.target(NEW)
    assert found is not None
    return found._replace(minimum=minimum, due=day(due) if due else None)


@pytest.mark.parametrize(
    ("of", "on", "expected"),
    [
        # 2011 and 2012 have 731 days.
        pytest.param(target(), "2010-12-31", 0, id="the day before the period"),
        pytest.param(target(), "2011-01-01", 1, id="the first day"),
        pytest.param(target(731), "2011-01-01", 1, id="one a day, the first day"),
        pytest.param(target(731), "2011-12-31", 365, id="one a day, the first year"),
        pytest.param(target(730), "2011-01-01", 0, id="rounded down"),
        pytest.param(target(), "2012-12-30", 998, id="the day before the last"),
        pytest.param(target(), "2012-12-31", 1000, id="the last day"),
        pytest.param(target(), "2014-01-01", 1000, id="long after the period"),
        pytest.param(target(None), "2012-12-31", None, id="no minimum"),
        pytest.param(target(365, "2011-12-31"), "2011-12-30", 364, id="the day before its own due"),
        pytest.param(target(365, "2011-12-31"), "2011-12-31", 365, id="on its own due day"),
        pytest.param(target(10, "2011-01-01"), "2011-01-01", 10, id="due on the first day"),
        pytest.param(target(10, "2010-06-01"), "2011-01-01", 10, id="due before the period"),
        pytest.param(target(10, "2010-06-01"), "2010-12-31", 0, id="due before, looked at before"),
    ],
)
def test_what_is_expected_by_a_day(of: Target, on: str, expected: int | None) -> None:
    assert expected_by(of, CONTRACT, day(on)) == expected


@pytest.mark.parametrize(
    ("of", "on", "counted", "needed"),
    [
        # The last year has 366 days, 12.02 months of the mean length.
        pytest.param(target(120), "2012-01-01", 0, 10, id="a year is left"),
        pytest.param(target(121), "2012-01-01", 0, 11, id="rounded up"),
        pytest.param(target(240), "2009-05-01", 0, 10, id="from the first day of the period on"),
        pytest.param(target(120), "2012-01-01", 119, 1, id="one is missing"),
        pytest.param(target(120), "2012-01-01", 120, 0, id="met"),
        pytest.param(target(120), "2012-01-01", 500, 0, id="more than met"),
        pytest.param(target(120), "2012-12-20", 100, 20, id="in less than a month all of them"),
        pytest.param(target(120), "2012-12-31", 100, 20, id="on the last day all of them"),
        pytest.param(target(120), "2013-01-01", 100, None, id="too late"),
        pytest.param(target(120), "2013-01-01", 120, 0, id="met, and over"),
        pytest.param(target(None), "2012-01-01", 0, None, id="no minimum"),
        pytest.param(target(12, "2011-12-31"), "2011-01-01", 0, 2, id="by its own due day"),
    ],
)
def test_what_is_still_needed_each_month(
    of: Target, on: str, counted: int, needed: int | None
) -> None:
    assert needed_per_month(of, CONTRACT, day(on), counted) == needed


@pytest.mark.parametrize(
    ("counted", "minimum", "percent"),
    [
        (0, 1000, 0),
        (9, 1000, 0),
        (10, 1000, 1),
        (999, 1000, 99),
        (1000, 1000, 100),
        (1559, 1000, 155),
        (7, None, None),
    ],
    ids=["0", "0.9", "1", "99.9", "100", "over 100", "no minimum"],
)
def test_the_percentage_is_rounded_down_and_never_clipped(
    counted: int, minimum: int | None, percent: int | None
) -> None:
    assert percent_of(counted, minimum) == percent


@pytest.mark.parametrize(
    ("of", "on", "counted", "worked_on", "state"),
    [
        pytest.param(target(), "2011-06-30", 0, 0, "not-started", id="nobody worked on it"),
        pytest.param(target(), "2010-12-31", 0, 0, "not-started", id="nobody, before the period"),
        pytest.param(target(), "2013-01-01", 0, 0, "late", id="nobody, after its due day"),
        pytest.param(target(), "2012-12-31", 0, 0, "not-started", id="nobody, on its due day"),
        pytest.param(target(), "2011-06-30", 0, 5, "behind", id="all that was done waits"),
        # 181 of 731 days: 247.
        pytest.param(target(), "2011-06-30", 246, 300, "behind", id="one short of the plan"),
        pytest.param(target(), "2011-06-30", 247, 300, "on-schedule", id="on the plan"),
        pytest.param(target(), "2011-06-30", 999, 999, "on-schedule", id="far ahead"),
        pytest.param(target(), "2011-06-30", 1000, 1000, "met", id="met early"),
        pytest.param(target(), "2013-01-01", 1000, 1000, "met", id="met, after its due day"),
        pytest.param(target(), "2012-12-31", 999, 999, "behind", id="one short on its due day"),
        pytest.param(target(), "2013-01-01", 999, 999, "late", id="one short after it"),
        pytest.param(target(None), "2012-12-31", 0, 0, "not-started", id="no minimum, nothing"),
        pytest.param(target(None), "2013-01-01", 0, 0, "late", id="no minimum, nothing, too late"),
        pytest.param(target(None), "2013-01-01", 0, 3, "on-schedule", id="no minimum, some"),
        pytest.param(target(10, "2011-06-29"), "2011-06-30", 9, 9, "late", id="its own due day"),
    ],
)
def test_the_state_of_a_target(
    of: Target, on: str, counted: int, worked_on: int, state: str
) -> None:
    assert state_of(of, CONTRACT, day(on), counted, worked_on) == state


@pytest.mark.parametrize(
    ("first", "last", "months"),
    [
        ("2011-03-31", "2011-03-31", ["2011-03"]),
        ("2011-03-31", "2011-04-01", ["2011-03", "2011-04"]),
        ("2011-11-15", "2012-02-01", ["2011-11", "2011-12", "2012-01", "2012-02"]),
        ("2012-01-01", "2011-12-31", []),
    ],
    ids=["one day", "two days in two months", "over the year", "none"],
)
def test_the_months_between_two_days(first: str, last: str, months: list[str]) -> None:
    assert months_between(day(first), day(last)) == months


OUTCOMES: Mapping[str, DeliveredStatus] = {
    "project-management": RunningStatus("not-started", 0, None, None, 92),
    "continuation-model": SubmissionStatus("open", day("2011-06-30"), 0, None, ()),
    "methods": MethodsStatus("not-started", 0, 0, {}, {}, (), {}),
    "growth": GrowthStatus("not-started", 0, Rise()),
}


def status_targets(
    tallies: dict[str, Tally], by: Contract = CONTRACT
) -> dict[str, tuple[int, int | None, int | None, str]]:
    status = status_from(by, day("2011-06-30"), tallies, OUTCOMES)
    return {t.target.id: (t.tally.counted, t.percent, t.expected, t.state) for t in status.targets}


def test_every_target_has_its_row_though_nobody_worked_on_it() -> None:
    assert status_targets({}) == {
        "new-contacts": (0, 0, 247, "not-started"),
        "follow-ups": (0, 0, 123, "not-started"),
        "collaborations": (0, 0, 74, "not-started"),
        "hires": (0, 0, 12, "not-started"),
        "project-management": (0, None, None, "not-started"),
        "continuation-model": (0, None, None, "open"),
        "methods": (0, None, None, "not-started"),
        "growth": (0, None, None, "not-started"),
    }


def test_each_target_has_its_own_tally() -> None:
    rows = status_targets({NEW: Tally(1559, 1, 1), HIRES: Tally(0, 1, 0), LATER: Tally(0, 0, 1)})
    assert [rows[NEW], rows[HIRES], rows[LATER]] == [
        (1559, 155, 247, "met"),
        (0, 0, 12, "behind"),
        (0, 0, 123, "behind"),
    ]


def test_the_groups_of_a_target_are_its_own() -> None:
    groups = [Group("791", "Viborg", Tally(1, 0, 0))]
    status = with_groups(
        status_from(CONTRACT, day("2011-06-30"), {}, OUTCOMES), "municipality", {NEW: groups}
    )
    assert {t.target.id: t.groups for t in status.targets if t.groups} == {NEW: groups}


def test_a_target_without_a_due_day_is_due_on_the_last_day_of_the_contract() -> None:
    assert CONTRACT.due_day(target()) == day("2012-12-31")


def test_a_target_with_a_due_day_is_due_then() -> None:
    assert CONTRACT.due_day(target(due="2011-06-30")) == day("2011-06-30")


def test_all_records_of_a_tally_are_those_that_count_wait_or_are_excluded() -> None:
    assert Tally(4, 2, 1).all == 7
