"""The methods target: collected, assessed and passed on to those whom each is for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import contract, day
from kmtrack.rules.methods import Assessment, Dissemination, Method, methods_status
from kmtrack.rules.vocabulary import ASKED_AUDIENCES, ASSESSMENTS, AUDIENCES, METHOD_AUDIENCES

if TYPE_CHECKING:
    from datetime import date

    from kmtrack.rules.methods import MethodsStatus

CONTRACT = contract()
FIRST, LAST = day("2011-03-01"), day("2012-12-31")


def method(audience: str = "both", verdict: str | None = None, *told: str) -> Method:
    assessed = (Assessment(FIRST, verdict),) if verdict else ()
    return Method(
        "m1", "M", FIRST, audience, assessed, tuple(Dissemination(FIRST, who) for who in told)
    )


def standing(*methods: Method, on: date = LAST) -> MethodsStatus:
    target = CONTRACT.target("methods")
    assert target is not None
    return methods_status(target, CONTRACT, methods, on)


@pytest.mark.parametrize(
    ("methods", "state"),
    [
        pytest.param([], "not-started", id="nothing collected"),
        pytest.param([method()], "under-way", id="only collected"),
        pytest.param([method("both", "keep")], "under-way", id="nobody told"),
        pytest.param([method("both", "keep", "companies")], "under-way", id="one of two told"),
        pytest.param([method("companies", "keep", "companies")], "met", id="those it is for told"),
        pytest.param([method("companies", "keep", "region")], "under-way", id="others told"),
        pytest.param([method("both", "adapt", "companies", "institutions")], "met", id="all told"),
        pytest.param(
            [method("both", None, "companies", "institutions")], "under-way", id="unjudged"
        ),
        pytest.param([method("both", "drop")], "met", id="dropped"),
        pytest.param([method("both", "drop"), method()], "under-way", id="one of them open"),
    ],
)
def test_the_state(methods: list[Method], state: str) -> None:
    assert standing(*methods).state == state


@pytest.mark.parametrize("methods", [[], [method()]])
def test_what_is_not_done_by_the_last_day_is_late(methods: list[Method]) -> None:
    assert standing(*methods, on=day("2013-01-01")).state == "late"


def test_what_is_later_than_the_day_asked_for_is_not_seen() -> None:
    later = method("companies", "keep", "companies")
    assert standing(later, on=day("2011-02-28")).collected == 0
    assert standing(later._replace(day=day("2011-02-01")), on=day("2011-02-28")).assessed == 0


def test_the_latest_assessment_stands_whatever_the_order() -> None:
    dropped, kept = Assessment(FIRST, "drop"), Assessment(day("2011-04-01"), "keep")
    for order in ((dropped, kept), (kept, dropped)):
        assert method()._replace(assessments=order).verdict == "keep"


def test_of_two_assessments_on_a_day_the_one_recorded_last_stands() -> None:
    assert (
        method()
        ._replace(assessments=(Assessment(FIRST, "keep"), Assessment(FIRST, "drop")))
        .verdict
        == "drop"
    )


def test_what_is_missing_is_named() -> None:
    found = standing(
        method("companies")._replace(name="A"),
        method("both", "keep", "companies")._replace(name="B"),
    )
    assert found.not_assessed == ("A",)
    assert found.not_disseminated == {"companies": ("A",), "institutions": ("B",)}
    assert (found.disseminated, found.to_disseminate) == (
        {"companies": 1, "institutions": 0},
        {"companies": 2, "institutions": 1},
    )


METHODS = st.builds(
    method,
    st.sampled_from(METHOD_AUDIENCES),
    st.none() | st.sampled_from(ASSESSMENTS),
).flatmap(
    lambda one: st.lists(st.sampled_from(AUDIENCES)).map(
        lambda told: one._replace(disseminations=tuple(Dissemination(FIRST, who) for who in told))
    )
)


@given(st.lists(METHODS))
def test_what_is_told_and_what_is_not_is_all_that_is_to_be_told(methods: list[Method]) -> None:
    found = standing(*methods)
    for who in ASKED_AUDIENCES:
        assert (
            found.disseminated[who] + len(found.not_disseminated[who]) == found.to_disseminate[who]
        )
    assert found.assessed + len(found.not_assessed) == found.collected == len(methods)
