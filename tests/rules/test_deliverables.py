"""The deliverables: handed in by a day with all its points, or kept running."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from builders import contract, day
from kmtrack.rules.deliverables import (
    DeliveryStep,
    RunningStatus,
    SubmissionStatus,
    deliverable_status,
)

if TYPE_CHECKING:
    from kmtrack.rules.deliverables import DeliverableStatus

CONTRACT = contract()
POINTS = (
    "resources",
    "anchoring",
    "with-municipalities",
    "with-institutions",
    "with-business-service",
)
ALL = tuple(DeliveryStep("check", day("2011-06-01"), point) for point in POINTS)


def stands(target_id: str, on: str, *steps: DeliveryStep) -> DeliverableStatus:
    target = CONTRACT.target(target_id)
    assert target is not None
    return deliverable_status(target, CONTRACT, steps, day(on))


def model(on: str, *steps: DeliveryStep) -> SubmissionStatus:
    found = stands("continuation-model", on, *steps)
    assert isinstance(found, SubmissionStatus)
    return found


def submitted(on: str) -> DeliveryStep:
    return DeliveryStep("submit", day(on))


def ticked(on: str, point: str = POINTS[0]) -> DeliveryStep:
    return DeliveryStep("check", day(on), point)


@pytest.mark.parametrize(
    ("steps", "on", "state"),
    [
        pytest.param([], "2011-06-30", "open", id="the last day"),
        pytest.param([], "2011-07-01", "late", id="the day after"),
        pytest.param([*ALL, submitted("2011-06-30")], "2011-06-30", "met", id="30 June"),
        pytest.param([*ALL, submitted("2011-07-01")], "2011-07-01", "late", id="1 July"),
        pytest.param([*ALL, submitted("2011-06-30")], "2012-12-31", "met", id="looked at later"),
        pytest.param([*ALL, submitted("2011-06-30")], "2011-06-29", "open", id="looked at before"),
        pytest.param([submitted("2011-06-30")], "2011-06-30", "incomplete", id="without points"),
        pytest.param(
            [*ALL[1:], submitted("2011-06-30")], "2011-06-30", "incomplete", id="all but one"
        ),
        pytest.param(
            [*ALL, submitted("2011-06-30"), submitted("2011-08-01")],
            "2011-09-01",
            "met",
            id="twice",
        ),
        pytest.param(ALL, "2011-06-30", "open", id="checked and not handed in"),
        pytest.param(
            [*ALL[1:], ticked("2011-06-30"), submitted("2011-06-30")],
            "2012-03-01",
            "met",
            id="a point on the due day",
        ),
        pytest.param(
            [*ALL[1:], ticked("2011-07-01"), submitted("2011-06-30")],
            "2012-03-01",
            "late",
            id="a point the day after",
        ),
        pytest.param(
            [*ALL[1:], ticked("2011-07-01"), submitted("2011-06-30")],
            "2011-06-30",
            "incomplete",
            id="a point the day after, not there yet",
        ),
        pytest.param(
            [*ALL, ticked("2012-03-01"), submitted("2011-06-30")],
            "2012-03-01",
            "met",
            id="a point once more",
        ),
        pytest.param(
            [*ALL[2:], ticked("2011-07-01"), submitted("2011-06-30")],
            "2012-03-01",
            "incomplete",
            id="a point too late, another missing",
        ),
    ],
)
def test_the_state_of_what_is_handed_in(steps: list[DeliveryStep], on: str, state: str) -> None:
    assert model(on, *steps).state == state


@pytest.mark.parametrize(("on", "days"), [("2011-06-29", 1), ("2011-06-30", 0), ("2011-07-01", -1)])
def test_the_days_left(on: str, days: int) -> None:
    assert model(on).days_left == days


@pytest.mark.parametrize("point", ["co-financing", "resources"])
def test_either_of_two_alternatives_meets_their_demand(point: str) -> None:
    found = model("2011-06-30", DeliveryStep("check", day("2011-06-01"), point), *ALL[1:])
    assert found.missing == ()


def test_the_demands_that_are_missing_are_named() -> None:
    found = model("2011-06-30", *ALL[2:])
    missing = [[point.id for point in demand.points] for demand in found.missing]
    assert missing == [["co-financing", "resources"], ["anchoring"]]


def test_the_points_ticked_off_after_the_due_day_are_named() -> None:
    found = model("2012-03-01", *ALL[2:], ticked("2011-07-01"), ticked("2011-06-30", POINTS[1]))
    late = [[point.id for point in demand.points] for demand in found.ticked_late]
    assert late == [["co-financing", "resources"]]


def test_the_earlier_of_two_alternatives_decides() -> None:
    either = (ticked("2011-07-01"), ticked("2011-06-30", "co-financing"))
    found = model("2012-03-01", *ALL[1:], *either, submitted("2011-06-30"))
    assert (found.state, found.ticked_late) == ("met", ())


def management(on: str, *days: str) -> RunningStatus:
    found = stands("project-management", on, *(DeliveryStep("log", day(one)) for one in days))
    assert isinstance(found, RunningStatus)
    return found


@pytest.mark.parametrize(
    ("days", "on", "state"),
    [
        pytest.param([], "2011-06-30", "not-started", id="nothing logged"),
        pytest.param(["2011-01-10"], "2011-01-10", "running", id="logged today"),
        pytest.param(["2011-01-10"], "2011-04-12", "running", id="92 days later"),
        pytest.param(["2011-01-10"], "2011-04-13", "silent", id="93 days later"),
        pytest.param(["2011-01-10"], "2011-01-09", "not-started", id="logged later"),
        pytest.param(["2012-10-01"], "2013-06-01", "running", id="ran until the end"),
        pytest.param(["2012-09-01"], "2013-06-01", "silent", id="silent at the end"),
        pytest.param(["2011-04-01", "2011-01-10"], "2011-06-30", "running", id="in any order"),
        pytest.param(["2011-01-10", "2011-04-12"], "2011-06-30", "running", id="92 days apart"),
        pytest.param(["2011-04-13", "2011-01-10"], "2011-06-30", "gap", id="93 days apart"),
        pytest.param(["2011-01-10", "2011-04-13"], "2011-04-12", "running", id="no gap yet"),
        pytest.param(["2011-01-10", "2011-06-01"], "2011-12-01", "silent", id="a gap and silent"),
        pytest.param(["2012-10-01", "2013-03-01"], "2013-06-01", "running", id="after the end"),
        pytest.param(["2012-09-01", "2013-03-01"], "2013-06-01", "gap", id="a gap to the end"),
        pytest.param([], "2012-12-31", "not-started", id="nothing, on the last day"),
        pytest.param([], "2013-01-01", "late", id="nothing, after the last day"),
    ],
)
def test_the_state_of_what_is_kept_running(days: list[str], on: str, state: str) -> None:
    assert management(on, *days).state == state


def test_each_gap_is_named_by_its_entries() -> None:
    found = management("2012-03-01", "2011-01-03", "2012-02-28", "2011-06-01", "2011-06-02")
    assert found.gaps == (
        (day("2011-01-03"), day("2011-06-01")),
        (day("2011-06-02"), day("2012-02-28")),
    )
    assert [gap.days for gap in found.gaps] == [149, 271]


def test_nothing_more_is_due_after_the_contract() -> None:
    assert management("2013-06-01", "2012-09-29").suffices_until == day("2012-12-30")
    assert management("2012-12-20", "2012-09-30").suffices_until is None
    assert management("2013-06-01", "2012-10-01", "2013-03-01").suffices_until is None
