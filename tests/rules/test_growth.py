"""The growth target: no number of the note, so only a contract that sets one can be met."""

from __future__ import annotations

import pytest

from builders import contract, day
from kmtrack.rules.growth import Rise, growth_status

CONTRACT = contract()


@pytest.mark.parametrize(
    ("minimum", "hired", "rise", "on", "state"),
    [
        pytest.param(None, 0, Rise(), "2011-06-30", "not-started", id="nothing known"),
        pytest.param(None, 0, Rise(), "2013-01-01", "late", id="nothing known, too late"),
        pytest.param(None, 1, Rise(), "2011-06-30", "under-way", id="one hired"),
        pytest.param(None, 0, Rise(1, 2, 2), "2011-06-30", "under-way", id="one answered"),
        pytest.param(None, 99, Rise(), "2013-06-30", "under-way", id="no number to miss"),
        pytest.param(2, 1, Rise(), "2012-12-31", "under-way", id="the day before it is late"),
        pytest.param(2, 1, Rise(), "2013-01-01", "late", id="late"),
        pytest.param(2, 2, Rise(), "2013-01-01", "met", id="met"),
    ],
)
def test_the_state(minimum: int | None, hired: int, rise: Rise, on: str, state: str) -> None:
    target = CONTRACT.target("growth")
    assert target is not None
    target = target._replace(minimum=minimum)
    assert growth_status(target, CONTRACT, hired, rise, day(on)).state == state


@pytest.mark.parametrize(("before", "after", "more"), [(0, 0, 0), (3, 5, 2), (5, 3, -2)])
def test_the_rise(before: int, after: int, more: int) -> None:
    assert Rise(2, before, after).more == more
