"""The filled questionnaires of a ledger, listed, named and shown."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from kmtrack.i18n import current
from kmtrack.municipalities import municipality_name
from kmtrack.usecases.lookup import find_record
from kmtrack.usecases.records import statements_on
from kmtrack.usecases.surveys.questionnaire import answer_in_words, questionnaire

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kmtrack.ledger.store.base import Store

_SURVEYS: Final = """
    SELECT survey.*, company.name AS company FROM survey
    LEFT JOIN company ON company.id = survey.company_id
    WHERE survey.withdrawn IS NULL ORDER BY survey.date DESC, survey.recorded_at DESC, survey.id
"""


def surveys(store: Store) -> list[dict[str, Any]]:
    """All filled questionnaires, newest first, with how many questions each answers."""
    return [
        {
            "id": row["id"],
            "date": row["date"],
            "wave": row["wave"],
            "asks": row["asks"],
            "respondent": _respondent(dict(row)),
            "questionnaire": row["questionnaire"],
            "answered": len(json.loads(row["answers"])),
        }
        for row in store.each(_SURVEYS)
    ]


def survey_record(store: Store, reference: str) -> dict[str, Any]:
    """One filled questionnaire with its answers. Raises what `find_record` raises."""
    with store.reading():
        _, row = find_record(store, reference, ["survey"], withdrawn=True)
        return {
            "id": row["id"],
            "noun": "survey",
            "respondent": respondent_name(store, row),
            **{name: row[name] for name in ("questionnaire", "asks", "wave", "date", "hire_id")},
            "broker": row["broker"],
            "answers": (answers := json.loads(row["answers"])),
            "in_words": _in_words(answers),
            "withdrawn": row["withdrawn"],
            "stated": statements_on(store, row["id"]),
        }


def _in_words(answers: Mapping[str, Any]) -> list[dict[str, str]]:
    return [
        {
            "question": question.wording.in_language(current()),
            "answer": answer_in_words(question, answers[question.id]),
        }
        for question in questionnaire().questions
        if question.id in answers
    ]


def respondent_name(store: Store, row: Mapping[str, Any]) -> str:
    """The company or municipality that answered."""
    company = store.one("SELECT name FROM company WHERE id = :id", id=row["company_id"])
    return _respondent({**row, "company": company["name"] if company else None})


def _respondent(row: Mapping[str, Any]) -> str:
    if row["asks"] == "municipality":
        return municipality_name(row["municipality"])
    return str(row["company"])
