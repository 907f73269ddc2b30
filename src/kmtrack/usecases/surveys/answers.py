"""Answers to the questionnaire: stored once for each respondent and wave, listed, shown, withdrawn."""

from __future__ import annotations

import json
from datetime import date
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from kmtrack.errors import BadValue, Refusal
from kmtrack.ledger.queries.surveys import current_surveys, first_counted_hire, survey_by_id
from kmtrack.ledger.rows import UNDONE
from kmtrack.ledger.schema.facts import FieldError
from kmtrack.ledger.schema.ids import id_from
from kmtrack.ledger.schema.people import ReasonFacts
from kmtrack.ledger.schema.surveys import SurveyFacts
from kmtrack.municipalities import municipality_code, municipality_name
from kmtrack.rules.questionnaire import more_educated_than_employed
from kmtrack.usecases.company_lookup import find_company
from kmtrack.usecases.optimistic_reads import rehearsed
from kmtrack.usecases.record_filters import NOTHING, filter_of
from kmtrack.usecases.record_lookup import find_record, find_records
from kmtrack.usecases.records import statements_on
from kmtrack.usecases.surveys.questionnaire import questionnaire

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kmtrack.ledger.rows import Row
    from kmtrack.ledger.store.base import Store, StoredRow
    from kmtrack.ledger.unit_of_work import UnitOfWork
    from kmtrack.rules.questionnaire import AnswerValue
    from kmtrack.usecases.record_filters import Typed
    from kmtrack.usecases.session import Session

StoreResult = Literal["added", "amended", "same"]


class Respondent(NamedTuple):
    """A company (`key` is its id) or a municipality (its code) that is asked."""

    asks: str
    key: str
    name: str


class Filled(NamedTuple):
    """A questionnaire that a respondent completed for a wave, on `day` if it states one."""

    respondent: Respondent
    wave: str
    answers: Mapping[str, AnswerValue]
    day: date | None = None


def company_respondent(session: Session, reference: str) -> Respondent:
    """Return the company that `reference` names. Raises what `find_company` raises."""
    row = find_company(session, reference)
    return Respondent("company", row["id"], row["name"])


def municipality_respondent(name: str) -> Respondent:
    """Return the municipality with that name or code. Raises BadValue `unknown_municipality`."""
    code = municipality_code(name)
    return Respondent("municipality", code, municipality_name(code))


@rehearsed
def answer_survey(session: Session, filled: Filled, day: date) -> tuple[str, StoreResult]:
    """Store one questionnaire answered on `day`; return its id, and whether it was new."""
    session = session.identified({})
    with session.unit_of_work("survey answer") as work:
        return store_filled(session, work, filled, day)


def store_filled(
    session: Session, work: UnitOfWork, filled: Filled, day: date
) -> tuple[str, StoreResult]:
    """Add a completed questionnaire to a unit of work, or amend the answers stored before.

    `day` applies to answers that do not state their own. A respondent has one questionnaire for
    each wave, so reading a form twice changes nothing the second time. Raises Refusal
    `nothing_answered`, `before_hire`, `more_educated_than_employed`.
    """
    if not filled.answers:
        raise Refusal("nothing_answered", name=filled.respondent.name)
    if found := contradiction(filled.answers):
        raise found.error
    record_id, row = _current(session.store, filled.respondent, filled.wave)
    answers = json.dumps(dict(sorted(filled.answers.items())), ensure_ascii=False)
    if row is not None and row["withdrawn"] is None:
        stated = {"answers": answers}
        if filled.day is not None:
            stated["date"] = filled.day.isoformat()
        changed = {name: value for name, value in stated.items() if row[name] != value}
        if not changed:
            return record_id, "same"
        work.edit("survey", row, changed)
        work.flush()
        return record_id, "amended"
    stated = _facts(session, filled, answers, filled.day or day)
    facts = session.validate(SurveyFacts, stated).stated()
    if filled.respondent.asks == "company":
        facts["company_id"] = filled.respondent.key
    add = work.add if row is None else work.add_again
    add("survey", facts, record_id)
    work.flush()
    return record_id, "added"


def contradiction(answers: Mapping[str, AnswerValue]) -> FieldError | None:
    """Return the answer that rules another one out, if there is one."""
    found = more_educated_than_employed(questionnaire(), answers)
    if found is None:
        return None
    question, educated, employees = found
    return FieldError(
        question, BadValue("more_educated_than_employed", educated=educated, employees=employees)
    )


def survey_id(respondent: Respondent, wave: str, withdrawn: str = "") -> str:
    """Return the id of a respondent's questionnaire in a wave: the same on every laptop.

    After a withdrawal it is derived from the id of the `withdrawn` one too.
    """
    parts = (questionnaire().edition, *respondent[:2], wave, withdrawn)
    return id_from("survey", sha256("\x1f".join(parts).encode()).digest())


def answers_of(store: Store, respondent: Respondent, wave: str) -> dict[str, AnswerValue]:
    """Return a respondent's answers in a wave so far."""
    filled = filled_by(store, respondent, wave)
    return dict(filled.answers) if filled else {}


def filled_by(store: Store, respondent: Respondent, wave: str) -> Filled | None:
    """Return the questionnaire that a respondent completed for a wave, if there is one."""
    _, row = _current(store, respondent, wave)
    if row is None or row["withdrawn"] is not None:
        return None
    answers: dict[str, AnswerValue] = json.loads(row["answers"])
    return Filled(respondent, wave, answers, date.fromisoformat(row["date"]))


def hire_answered_for(store: Store, respondent: Respondent, wave: str) -> str | None:
    """Return the id of the hire that the answers of a wave concern, if there is one.

    Raises Refusal `before_hire`.
    """
    if respondent.asks != "company":
        return None
    hire = first_counted_hire(store, respondent.key)
    if hire is None and wave == "after":
        raise Refusal("before_hire", name=respondent.name, id=respondent.key)
    return hire


@rehearsed
def withdraw_surveys(session: Session, references: str, reason: str) -> list[dict[str, Any]]:
    """Withdraw completed questionnaires, by their ids; return each one's id, noun, respondent and reason."""
    why = session.validate(ReasonFacts, {"reason": reason}).reason
    with session.unit_of_work("survey withdraw", why) as work:
        rows = find_records(session, references, ["survey"])
        for row in rows.values():
            work.withdraw("survey", row, why)
        return [
            {
                "id": id_,
                "noun": "survey",
                "name": _respondent_name(session.store, id_),
                "withdrawn": why,
            }
            for id_ in rows
        ]


def surveys(session: Session, typed: Typed = NOTHING) -> list[dict[str, Any]]:
    """Return the completed questionnaires that match the typed options of their list, newest first.

    Each comes with how many questions it answers. Raises what `filter_of` raises.
    """
    sought = filter_of(session, "survey", typed)
    return [
        {
            "id": row["id"],
            "date": row["date"],
            "wave": row["wave"],
            "asks": row["asks"],
            "respondent": _name(row),
            "questionnaire": row["questionnaire"],
            "answered": len(json.loads(row["answers"])),
        }
        for row in current_surveys(session.store, sought)
    ]


def survey_record(session: Session, reference: str) -> dict[str, Any]:
    """Return one completed questionnaire with its answers. Raises what `find_record` raises."""
    store = session.store
    with store.reading():
        _, row = find_record(session, reference, ["survey"], withdrawn=True)
        return {
            "id": row["id"],
            "noun": "survey",
            "respondent": _respondent_name(store, row["id"]),
            **{name: row[name] for name in ("questionnaire", "asks", "wave", "date", "hire_id")},
            "broker": row["broker"],
            "answers": json.loads(row["answers"]),
            "withdrawn": row["withdrawn"],
            "stated": statements_on(store, row["id"]),
        }


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


def _current(store: Store, respondent: Respondent, wave: str) -> tuple[str, Row | None]:
    """Return the id and row of a respondent's questionnaire in a wave; no row if there is none.

    The row of one that was undone is withdrawn.
    """
    record_id = survey_id(respondent, wave)
    while (row := survey_by_id(store, record_id)) is not None:
        if row["withdrawn"] in {None, UNDONE}:
            return record_id, dict(row)
        record_id = survey_id(respondent, wave, record_id)
    return record_id, None


def _respondent_name(store: Store, record_id: str) -> str:
    row = survey_by_id(store, record_id)
    return _name(row) if row else ""


def _name(row: StoredRow) -> str:
    """Return the company or municipality that answered."""
    if row["asks"] == "municipality":
        return municipality_name(row["municipality"])
    return str(row["company"])
