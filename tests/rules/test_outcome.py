"""The report on the answers: what is counted, over how many, and what is left out."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import questionnaire
from kmtrack.rules.growth import Rise
from kmtrack.rules.survey_reports import WHOLE, SurveyData, growth_on, reports_on
from kmtrack.rules.survey_results import (
    Answered,
    Growth,
    QuestionResult,
    growth_of,
    latest,
    pairs_of,
    share,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from kmtrack.rules.questionnaire import AnswerValue
    from kmtrack.rules.survey_results import GroupReport

SHIPPED = questionnaire()
DAY = date(2011, 6, 30)


def after(company: str, **answers: AnswerValue) -> Answered:
    return Answered(company, "after", {name.replace("_", "-"): a for name, a in answers.items()})


def before(company: str, **answers: AnswerValue) -> Answered:
    return after(company, **answers)._replace(wave="before")


def data(answered: Sequence[Answered], asked: Iterable[str] = ()) -> SurveyData:
    return SurveyData(DAY, "company", frozenset(asked), answered)


def report_on(answered: Sequence[Answered], asked: Iterable[str] = ()) -> GroupReport:
    """Report on all companies together."""
    (found,) = reports_on(SHIPPED, [data(answered, asked)])
    return found[WHOLE]


def degrees(report: GroupReport, question: str) -> QuestionResult:
    return next(one for one in report.of_kind("degree") if one.question.id == question)


def test_degrees_keep_what_is_not_known_and_not_answered_apart() -> None:
    answered = [
        *(after(f"c{n}", product=degree) for n, degree in enumerate((0, 2, 4, 4))),
        after("c8", product="unknown"),
        after("c9"),
    ]
    found = degrees(report_on(answered), "product")
    assert not found.is_withheld
    assert found.counts == {0: 1, 1: 0, 2: 1, 3: 0, 4: 2}
    assert (found.answers, found.unknown, found.unanswered) == (4, 1, 1)
    assert found.shares == (25, 0, 25, 0, 50)
    assert found.mean == 2.5


def test_no_mean_is_taken_over_no_answer() -> None:
    found = degrees(report_on([after("c1"), after("c2"), after("c3")]), "product")
    assert not found.is_withheld
    assert (found.answers, found.mean, found.shares) == (0, None, (0, 0, 0, 0, 0))


def test_a_figure_over_two_answers_is_withheld_though_many_answered() -> None:
    answered = [after("c1", product=1), after("c2", product=2), after("c3"), after("c4")]
    report = report_on(answered)
    assert report.answered == 4
    assert degrees(report, "product") == QuestionResult(
        SHIPPED.asked("company", "after")[3], is_withheld=True
    )


def test_choices_and_yes_and_no_are_counted_by_option() -> None:
    answered = [after(f"c{n}", additionality="no", students_again=n > 0) for n in range(3)]
    chosen = {
        one.question.id: one
        for one in report_on(answered).of_kind("choice", "yes-no")
        if not one.is_withheld
    }
    assert chosen["additionality"].counts["no"] == 3
    assert chosen["additionality"].counts["unknown"] == 0
    assert chosen["students-again"].counts == {True: 2, False: 1}


def test_numbers_are_added_up_over_those_that_answered() -> None:
    answered = [after(f"c{n}", students=n, employees=9) for n in range(4)] + [after("c5")]
    (found,) = report_on(answered).of_kind("number")
    assert not found.is_withheld
    assert (found.question.id, found.total, found.answers, found.unanswered) == (
        "students",
        6,
        4,
        1,
    )


def test_no_total_is_taken_over_no_answer() -> None:
    (found,) = report_on([after("c1"), after("c2"), after("c3")]).of_kind("number")
    assert not found.is_withheld
    assert (found.total, found.answers) == (None, 0)


def test_a_total_over_two_answers_is_withheld() -> None:
    answered = [after("c1", students=3), after("c2", students=4), after("c3")]
    (found,) = report_on(answered).of_kind("number")
    assert found.is_withheld


@pytest.mark.parametrize(
    ("answered", "expected"),
    [
        pytest.param([], Rise(), id="nobody"),
        pytest.param([before("c1", highly_educated=1)], Rise(), id="only before"),
        pytest.param([after("c1", highly_educated=1)], Rise(), id="only after"),
        pytest.param(
            [before("c1", highly_educated=1), after("c1", product=1)], Rise(), id="not stated after"
        ),
        pytest.param(
            [before("c1", highly_educated=1), after("c2", highly_educated=3)], Rise(), id="others"
        ),
        pytest.param(
            [
                before("c1", highly_educated=0),
                after("c1", highly_educated=2),
                before("c2", highly_educated=4),
                after("c2", highly_educated=3),
            ],
            Rise(2, 4, 5),
            id="two",
        ),
    ],
)
def test_the_rise_is_over_those_that_stated_both(answered: list[Answered], expected: Rise) -> None:
    assert growth_of(list(pairs_of(SHIPPED, latest(answered)).values())).rise == expected


def test_first_are_those_that_had_none_and_have_some() -> None:
    pairs = [(0, 1), (0, 0), (1, 2), (0, 3)]
    answered = [
        answer
        for n, (then, now) in enumerate(pairs)
        for answer in (before(f"c{n}", highly_educated=then), after(f"c{n}", highly_educated=now))
    ]
    report = report_on(answered)
    assert report.growth == growth_on(SHIPPED, data(answered)) == Growth(Rise(4, 1, 6), 2)
    two = answered[:4]
    assert report_on(two).growth == growth_on(SHIPPED, data(two)) == Growth()


def test_the_response_is_of_those_asked_and_of_those_who_answered_unasked() -> None:
    report = report_on([after("c2"), after("c3"), before("c1")], ["c1", "c2"])
    assert (report.asked, report.answered) == (3, 2)


@pytest.mark.parametrize(
    ("part", "of", "percent"),
    [(0, 0, 0), (0, 3, 0), (1, 3, 33), (2, 3, 67), (1, 8, 13), (3, 3, 100)],
)
def test_shares_are_rounded(part: int, of: int, percent: int) -> None:
    assert share(part, of) == percent


_ANSWERS = st.lists(
    st.builds(
        Answered,
        st.sampled_from([f"c{number}" for number in range(12)]),
        st.sampled_from(["before", "after"]),
        st.fixed_dictionaries(
            {},
            optional={
                "product": st.sampled_from([0, 1, 2, 3, 4, "unknown"]),
                "highly-educated": st.integers(0, 5),
                "additionality": st.sampled_from(["same", "no", "unknown"]),
                "students": st.integers(0, 9),
            },
        ),
    ),
    unique_by=lambda one: (one.respondent, one.wave),
)


@given(_ANSWERS, st.randoms())
def test_the_order_of_entry_changes_nothing(answered: list[Answered], chance: object) -> None:
    shuffled = list(answered)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert report_on(shuffled) == report_on(answered)


@given(_ANSWERS)
def test_every_answer_is_in_one_place(answered: list[Answered]) -> None:
    report = report_on(answered)
    for found in report.results:
        if not found.is_withheld:
            assert found.answers + found.unknown + found.unanswered == report.answered
