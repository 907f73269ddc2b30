"""The filled questionnaires of the demonstration, read back some months after the hires."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, Final

from kmtrack.ledger.change import changing
from kmtrack.ledger.facts.surveys import SurveyFacts
from kmtrack.rules.headcount import headcount_bounds
from kmtrack.rules.questionnaire import UNKNOWN
from kmtrack.usecases.demonstration import phrases
from kmtrack.usecases.demonstration.chance import Chance
from kmtrack.usecases.demonstration.story import stated
from kmtrack.usecases.demonstration.telling import stamp
from kmtrack.usecases.surveys.answering import Respondent, hire_that_counts, survey_id
from kmtrack.usecases.surveys.outcome import due
from kmtrack.usecases.surveys.questionnaires import questionnaire

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kmtrack.ledger.store import Store
    from kmtrack.rules.outcome import Asked
    from kmtrack.rules.questionnaire import Answer, Question

READ_ON: Final = (date(2011, 12, 12), date(2012, 6, 18), date(2012, 12, 17), date(2013, 1, 21))
_ANSWER: Final = 84  # in a hundred
_DEGREES: Final[Mapping[Answer | None, int]] = {
    0: 12,
    1: 18,
    2: 28,
    3: 24,
    4: 10,
    UNKNOWN: 5,
    None: 3,
}
_SATISFIED: Final[Mapping[Answer | None, int]] = {1: 4, 2: 16, 3: 46, 4: 34}
_OTHERWISE: Final[Mapping[Answer | None, int]] = {
    "same": 16,
    "later": 34,
    "lower": 14,
    "no": 28,
    UNKNOWN: 8,
}


def moment_of(day: date) -> datetime:
    """When the forms that had come back by a day were read."""
    return datetime(day.year, day.month, day.day, 13, 5, 51, 317_004, tzinfo=UTC)


def read_forms(store: Store, day: date) -> None:
    """Read, in one command, the forms that had come back by `day`."""
    chance = Chance(f"questionnaires {day}")
    with changing(store, stamp(moment_of(day)), phrases.MANAGER, "survey import") as change:
        for wave in ("before", "after"):
            for one in _asked(store, wave, day):
                if not chance.happens(_ANSWER):
                    continue
                facts = _facts(store, chance, one, wave, day)
                respondent = Respondent(one.asks, one.key, one.name)
                change.add("survey", facts, survey_id(respondent, wave))


def _asked(store: Store, wave: str, day: date) -> list[Asked]:
    return [one for one in due(store, wave, day) if one.answered is None]


def _facts(store: Store, chance: Chance, one: Asked, wave: str, day: date) -> dict[str, Any]:
    is_company = one.asks == "company"
    answers = _known(store, one, wave) if is_company else {}
    for question in questionnaire().asked(one.asks, wave):
        if wave == "after" or not is_company:
            answers[question.id] = answers.get(question.id, _answer(chance, question, answers))
    given = {name: answer for name, answer in answers.items() if answer is not None}
    facts = stated(
        SurveyFacts,
        day,
        questionnaire=questionnaire().edition,
        asks=one.asks,
        wave=wave,
        date=day,
        municipality=None if is_company else one.key,
        hire_id=hire_that_counts(store, one.key) if is_company else None,
        answers=json.dumps(dict(sorted(given.items())), ensure_ascii=False),
        broker=phrases.MANAGER,
    )
    return {**facts, "company_id": one.key} if is_company else facts


def _known(store: Store, one: Asked, wave: str) -> dict[str, Any]:
    """What a company says of its staff, which fits to what it said before."""
    row = store.get("SELECT employees FROM company WHERE id = :id", id=one.key)
    lowest = headcount_bounds(row["employees"])[0] if row["employees"] else 8
    own = Chance(f"questionnaire {one.key}")
    before = own.weighted({0: 45, 1: 30, 2: 15, 4: 10})
    educated = before if wave == "before" else before + own.weighted({0: 6, 1: 74, 2: 20})
    employees = max(lowest, educated + 1)
    return {"employees": employees, "highly-educated": educated}


def _answer(chance: Chance, question: Question, others: Mapping[str, Any]) -> Answer | None:
    if question.id == "satisfaction":
        return chance.weighted(_SATISFIED)
    if question.kind == "degree":
        return chance.weighted(_DEGREES)
    if question.kind == "choice":
        return chance.weighted(_OTHERWISE)
    if question.kind == "number":
        return _number(chance, question, others)
    if question.kind == "yes-no":
        return chance.happens(70)
    return _example(chance, question, others)


def _number(chance: Chance, question: Question, others: Mapping[str, Any]) -> int | None:
    if question.id == "co-financing-sum":
        sums = {50_000: 30, 75_000: 40, 120_000: 30}
        return chance.weighted(sums) if others.get("co-financing") else None
    return chance.weighted({0: 40, 1: 35, 2: 20, 4: 5})


def _example(chance: Chance, question: Question, others: Mapping[str, Any]) -> str | None:
    """An example of what there was much of."""
    degree = others.get(question.id.removesuffix("-example"))
    known = phrases.EXAMPLES.get(question.id)
    if known is None or degree not in {3, 4}:
        return None
    return chance.weighted(dict.fromkeys(known, 1))
