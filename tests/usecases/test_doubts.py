"""Doubts: what settles them, and when they stop a command."""

from __future__ import annotations

import pytest

from kmtrack.usecases.doubts import AGREED, NO_ANSWERS, YES, Answers, Choice, Doubt

NEAR = Doubt("looks_alike", "c1")
BY_YES = Doubt("looks_alike", "c1", yes_settles=True)
REPORTED = Doubt("looks_alike", "c1", is_only_reported=True)
MANY = Doubt("looks_alike", "c1", choices=(Choice("c1", "One"), Choice("c2", "Two")))


@pytest.mark.parametrize(
    ("doubt", "answers", "settled"),
    [
        (NEAR, NO_ANSWERS, None),
        (NEAR, AGREED, None),
        (NEAR, Answers(can_ask=True), None),
        (NEAR, NO_ANSWERS.plus(NEAR, YES), YES),
        (BY_YES, NO_ANSWERS, None),
        (BY_YES, AGREED, YES),
        (REPORTED, NO_ANSWERS, YES),
        (REPORTED, Answers(can_ask=True), None),
        (MANY, AGREED, None),
        (MANY, NO_ANSWERS.plus(MANY, "c2"), "c2"),
    ],
)
def test_what_settles_a_doubt(doubt: Doubt, answers: Answers, settled: str | None) -> None:
    if settled is None:
        with pytest.raises(Doubt) as raised:
            answers.to(doubt)
        assert raised.value is doubt
    else:
        assert answers.to(doubt) == settled


def test_an_answer_holds_for_its_subject_only() -> None:
    answers = NO_ANSWERS.plus(NEAR, YES)
    with pytest.raises(Doubt):
        answers.to(Doubt("looks_alike", "c2"))
    with pytest.raises(Doubt):
        answers.to(Doubt("broker_near", "c1"))
