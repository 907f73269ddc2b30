"""What is an answer to a question, what is missing, and when a company is asked again."""

from __future__ import annotations

from typing import Any

import pytest

from builders import day, questionnaire
from kmtrack.rules.dates import months_after
from kmtrack.rules.questionnaire import (
    NotAnAnswer,
    Question,
    checked_answer,
    unanswered,
)

SHIPPED = questionnaire()


def question(question_id: str) -> Question:
    return next(one for one in SHIPPED.questions if one.id == question_id)


@pytest.mark.parametrize(
    ("asked", "value", "answer"),
    [
        ("employees", 0, 0),
        ("employees", 12.0, 12),
        ("employees", " 12 ", 12),
        ("employees", 100_000, 100_000),
        ("product", 0, 0),
        ("product", 4, 4),
        ("product", "3", 3),
        ("product", "unknown", "unknown"),
        ("additionality", "later", "later"),
        ("additionality", "unknown", "unknown"),
        ("students-again", True, True),
        ("students-again", False, False),
        ("product-example", "En app", "En app"),
    ],
)
def test_an_answer(asked: str, value: object, answer: object) -> None:
    found = checked_answer(question(asked), value)
    assert (found, type(found)) == (answer, type(answer))


@pytest.mark.parametrize(
    ("asked", "value", "reason"),
    [
        ("employees", -1, "out_of_range"),
        ("employees", 100_001, "out_of_range"),
        ("employees", 1.5, "not_a_number"),
        ("employees", True, "not_a_number"),
        ("employees", "twelve", "not_a_number"),
        ("employees", "٣", "not_a_number"),
        ("employees", "9" * 5000, "not_a_number"),
        ("employees", "unknown", "not_a_number"),
        ("product", 5, "not_a_degree"),
        ("product", 7, "not_a_degree"),
        ("product", -1, "not_a_degree"),
        ("product", True, "not_a_degree"),
        ("product", "not at all", "not_a_degree"),
        ("additionality", "perhaps", "not_a_choice"),
        ("students-again", 1, "not_yes_or_no"),
        ("students-again", "yes", "not_yes_or_no"),
        ("product-example", "", "not_a_text"),
        ("product-example", 3, "not_a_text"),
    ],
)
def test_no_answer(asked: str, value: object, reason: str) -> None:
    with pytest.raises(NotAnAnswer) as refused:
        checked_answer(question(asked), value)
    assert refused.value.reason == reason


def test_not_to_know_is_an_answer_and_not_to_answer_is_none() -> None:
    required = {q.id for q in SHIPPED.asked("company", "after") if q.required}
    assert set(unanswered(SHIPPED, "company", "after", {})) == required
    left = unanswered(SHIPPED, "company", "after", {"product": "unknown"})
    assert set(left) == required - {"product"}


@pytest.mark.parametrize(
    ("first", "months", "later"),
    [
        ("2011-06-30", 0, "2011-06-30"),
        ("2011-06-30", 6, "2011-12-30"),
        ("2011-08-31", 6, "2012-02-29"),
        ("2012-08-31", 6, "2013-02-28"),
        ("2011-12-01", 1, "2012-01-01"),
        ("2011-11-30", 13, "2012-12-30"),
    ],
)
def test_months_after(first: str, months: int, later: str) -> None:
    assert months_after(day(first), months) == day(later)


def test_it_asks_what_the_note_wants_documented() -> None:
    after = {q.id: q for q in SHIPPED.asked("company", "after")}
    degrees = [q for q in after.values() if q.kind == "degree" and q.measures == "outcome"]
    assert [q.id for q in degrees] == ["product", "process", "business-method"]
    assert set(after["business-method"].oslo) == {"organisational", "marketing"}
    for wave in ("before", "after"):
        asked: Any = {q.measures for q in SHIPPED.asked("company", wave)}
        assert {"employees", "highly-educated"} <= asked
    municipal = {q.measures for q in SHIPPED.asked("municipality", "after")}
    assert municipal == {"reach", "anchoring", "co-financing"}
