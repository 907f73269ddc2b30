"""Answering a questionnaire at a terminal: what is asked, asked again, kept and given up."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from keyboard import typing_at

if TYPE_CHECKING:
    from cli_runner import Runner
    from keyboard import Typing

WHOLE = ["12", "1", "yes, but later", "3", "a new app", "do not know", "", "0", "", "2", "yes", "4"]


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> Typing:
    """Let somebody type lines at a terminal."""
    return typing_at(monkeypatch)


@pytest.fixture
def hired(stocked: Runner) -> Runner:
    stocked.done("hire", "add", "13748136", "--level", "master", "--agreed", "2011-06-01")
    return stocked


def answers(runner: Runner) -> dict[str, Any]:
    (record,) = json.loads(runner.done("survey", "list", "--json"))
    shown = json.loads(runner.done("survey", "show", record["id"], "--json"))
    found: dict[str, Any] = shown["answers"]
    return found


def test_every_question_is_asked_and_stored(hired: Runner, typed: Typing) -> None:
    typed(*WHOLE)
    outcome = hired("survey", "answer", "13748136")
    assert outcome.code == 0, outcome.err
    assert outcome.err.count("> ") == len(WHOLE)
    assert "4 - to a very high degree" in outcome.err
    assert answers(hired) == {
        "employees": 12,
        "highly-educated": 1,
        "additionality": "later",
        "product": 3,
        "product-example": "a new app",
        "process": "unknown",
        "business-method": 0,
        "students": 2,
        "students-again": True,
        "satisfaction": 4,
    }


def test_what_is_no_answer_is_asked_again(hired: Runner, typed: Typing) -> None:
    typed("many", "", "12", "13", "1", *WHOLE[2:3], "7", *WHOLE[3:])
    outcome = hired("survey", "answer", "13748136")
    assert outcome.code == 0, outcome.err
    assert "“many” is not an answer here" in outcome.err
    assert "13 highly educated staff are more than 12 employees" in outcome.err
    assert "Must be answered; type - if there is no answer" in outcome.err
    assert "“7” is not an answer here" in outcome.err
    assert (answers(hired)["employees"], answers(hired)["product"]) == (12, 3)


def test_what_was_answered_before_is_kept_by_an_empty_line(hired: Runner, typed: Typing) -> None:
    typed(*WHOLE)
    hired.done("survey", "answer", "13748136")
    before = answers(hired)
    typed(*[""] * 3, "1", "-", *[""] * 7)
    assert hired("survey", "answer", "13748136").code == 0
    expected = {**before, "product": 1}
    del expected["product-example"]
    assert answers(hired) == expected


def test_whoever_goes_away_has_stored_nothing(hired: Runner, typed: Typing) -> None:
    typed("12", "1")
    assert hired("survey", "answer", "13748136").code == 130
    assert json.loads(hired.done("survey", "list", "--json")) == []


def test_nobody_is_asked_in_vain(stocked: Runner, typed: Typing) -> None:
    typed(*WHOLE)
    outcome = stocked("survey", "answer", "13748136")
    assert outcome.code == 1
    assert "does not have a hire that counts" in outcome.err
    assert "> " not in outcome.err


def test_the_company_is_asked_for_where_none_is_typed(hired: Runner, typed: Typing) -> None:
    typed("smedje", *WHOLE)
    outcome = hired("survey", "answer")
    assert outcome.code == 0, outcome.err
    assert answers(hired)["employees"] == 12


def test_one_can_go_back_to_a_question(hired: Runner, typed: Typing) -> None:
    typed(*WHOLE[:2], "<", "<", "14", "", *WHOLE[2:])
    outcome = hired("survey", "answer", "13748136")
    assert outcome.code == 0, outcome.err
    assert (answers(hired)["employees"], answers(hired)["highly-educated"]) == (14, 1)
