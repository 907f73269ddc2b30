"""Storing what somebody answered: a first answer is added, a changed one amended."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple

from kmtrack.errors import BadValue, Refusal
from kmtrack.ledger.schema.facts import FieldError
from kmtrack.ledger.schema.ids import id_from
from kmtrack.ledger.schema.people import ReasonFacts
from kmtrack.ledger.schema.surveys import SurveyFacts
from kmtrack.municipalities import municipality_code, municipality_name
from kmtrack.rules.questionnaire import more_educated_than_employed
from kmtrack.usecases.lookup import find_company, find_record
from kmtrack.usecases.surveys.questionnaire import questionnaire
from kmtrack.usecases.surveys.survey_lists import respondent_name

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from kmtrack.ledger.rows import Row
    from kmtrack.ledger.store.base import Store
    from kmtrack.ledger.unit_of_work import UnitOfWork
    from kmtrack.rules.questionnaire import Answer
    from kmtrack.usecases.session import Session

Stored = Literal["added", "amended", "same"]

_HIRED: Final = """
    SELECT record_id FROM verdict
    WHERE company_id = :company AND noun = 'hire' AND outcome = 'counted'
    ORDER BY day, record_id LIMIT 1
"""


class Respondent(NamedTuple):
    """Who answers: a company (`key` is its id) or a municipality (its code)."""

    asks: str
    key: str
    name: str


class Filled(NamedTuple):
    """A questionnaire that a respondent filled in for a wave."""

    respondent: Respondent
    wave: str
    answers: Mapping[str, Answer]


def company_respondent(store: Store, reference: str) -> Respondent:
    """The company that `reference` names, as a respondent. Raises what `find_company` raises."""
    row = find_company(store, reference)
    return Respondent("company", row["id"], row["name"])


def municipality_respondent(name: str) -> Respondent:
    """The municipality of that name or code. Raises BadValue `unknown_municipality`."""
    code = municipality_code(name)
    return Respondent("municipality", code, municipality_name(code))


def answer_survey(session: Session, filled: Filled, day: date) -> tuple[str, Stored]:
    """Store one filled questionnaire as answered on `day`; its id, and whether it was new."""
    with session.unit_of_work("survey answer") as work:
        return store_filled(session, work, filled, day)


def store_filled(
    session: Session, work: UnitOfWork, filled: Filled, day: date
) -> tuple[str, Stored]:
    """Add a filled questionnaire in a change, or amend the answers that are there.

    A respondent has one for each wave, so reading a form twice changes nothing the second time.
    Raises Refusal `nothing_answered`, `before_hire`, `more_educated_than_employed`.
    """
    if not filled.answers:
        raise Refusal("nothing_answered", name=filled.respondent.name)
    if found := contradiction(filled.answers):
        raise found.error
    record_id, row = _standing(session.store, filled.respondent, filled.wave)
    answers = json.dumps(dict(sorted(filled.answers.items())), ensure_ascii=False)
    if row is not None:
        if row["answers"] == answers:
            return record_id, "same"
        work.edit("survey", row, {"answers": answers})
        work.flush()
        return record_id, "amended"
    facts = session.validate(SurveyFacts, _facts(session, filled, answers, day)).stated()
    if filled.respondent.asks == "company":
        facts["company_id"] = filled.respondent.key
    work.add("survey", facts, record_id)
    work.flush()
    return record_id, "added"


def contradiction(answers: Mapping[str, Answer]) -> FieldError | None:
    """The answer that another one makes impossible."""
    found = more_educated_than_employed(questionnaire(), answers)
    if found is None:
        return None
    question, educated, employees = found
    return FieldError(
        question, BadValue("more_educated_than_employed", educated=educated, employees=employees)
    )


def survey_id(respondent: Respondent, wave: str, again: str = "") -> str:
    """The id of what a respondent answers in a wave: the same on every laptop."""
    parts = (questionnaire().edition, *respondent[:2], wave, again)
    return id_from("survey", sha256("\x1f".join(parts).encode()).digest())


def answers_of(store: Store, respondent: Respondent, wave: str) -> dict[str, Answer]:
    """What a respondent has answered in a wave so far."""
    _, row = _standing(store, respondent, wave)
    if row is None:
        return {}
    answers: dict[str, Answer] = json.loads(row["answers"])
    return answers


def hire_that_counts(store: Store, company_id: str) -> str | None:
    """The id of the first hire of a company that counts: what its outcome is of."""
    row = store.one(_HIRED, company=company_id)
    return row["record_id"] if row else None


def hire_answered_for(store: Store, respondent: Respondent, wave: str) -> str | None:
    """The hire that what a respondent answers in a wave is of, if there is one.

    Raises Refusal `before_hire`.
    """
    if respondent.asks != "company":
        return None
    hire = hire_that_counts(store, respondent.key)
    if hire is None and wave == "after":
        raise Refusal("before_hire", name=respondent.name)
    return hire


def withdraw_survey(session: Session, reference: str, reason: str) -> dict[str, Any]:
    """Take back what somebody answered; the record and the reason."""
    why = session.validate(ReasonFacts, {"reason": reason}).reason
    with session.unit_of_work("survey withdraw", why) as work:
        _, row = find_record(session.store, reference, ["survey"])
        work.withdraw("survey", row, why)
        name = respondent_name(session.store, row)
        return {"id": row["id"], "noun": "survey", "name": name, "withdrawn": why}


def _facts(session: Session, filled: Filled, answers: str, day: date) -> dict[str, Any]:
    asks, key, _ = filled.respondent
    return {
        "questionnaire": questionnaire().edition,
        "asks": asks,
        "wave": filled.wave,
        "date": day,
        "municipality": key if asks == "municipality" else None,
        "hire_id": hire_answered_for(session.store, filled.respondent, filled.wave),
        "answers": answers,
        "broker": session.broker,
    }


def _standing(store: Store, respondent: Respondent, wave: str) -> tuple[str, Row | None]:
    """The id and row of what a respondent answers in a wave; no row if there is none that stands.

    What is answered after a withdrawal gets another id, reckoned from the one before.
    """
    record_id = survey_id(respondent, wave)
    while (row := store.one("SELECT * FROM survey WHERE id = :id", id=record_id)) is not None:
        if row["withdrawn"] is None:
            return record_id, dict(row)
        record_id = survey_id(respondent, wave, record_id)
    return record_id, None
