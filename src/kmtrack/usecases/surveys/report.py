"""What the answers in a ledger say, and whom to ask."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from kmtrack.alphabet import in_danish_order
from kmtrack.ledger.contract import contract_in_force
from kmtrack.municipalities import municipality_name
from kmtrack.rules.answers import Answered, rise
from kmtrack.rules.questionnaire import months_after
from kmtrack.rules.survey_results import Asked, GroupReport, SurveyReport, by_group, report_on
from kmtrack.usecases.surveys.questionnaire import questionnaire

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kmtrack.ledger.store.base import Store
    from kmtrack.rules.growth import Rise

_ANSWERS: Final = """
    SELECT company_id, wave, answers, date FROM survey
    WHERE withdrawn IS NULL AND asks = 'company' AND date <= :as_of
    ORDER BY date, recorded_at, id
"""
_HIRED: Final = """
    SELECT verdict.company_id, verdict.day, verdict.municipality, hire.level, hire.id,
           company.name, company.cvr
    FROM verdict JOIN hire ON hire.id = verdict.record_id
    JOIN company ON company.id = verdict.company_id
    WHERE verdict.noun = 'hire' AND verdict.outcome = 'counted'
      AND verdict.day <= :as_of AND verdict.day <> ''
    ORDER BY verdict.day, verdict.record_id
"""
_MUNICIPALITIES: Final = """
    SELECT municipality, wave, date, answers FROM survey
    WHERE withdrawn IS NULL AND asks = 'municipality' AND date <= :as_of
    ORDER BY date, recorded_at, id
"""


def rise_of(store: Store, as_of: date) -> Rise:
    """The highly educated before and after in the companies that answered both by `as_of`."""
    return rise(questionnaire(), _answered(store, as_of))


def report_of(store: Store, as_of: date, grouping: str | None = None) -> SurveyReport:
    """What was answered by `as_of`, with the groups of `grouping` (municipality or level) if asked."""
    with store.reading():
        hired, answered = _hired(store, as_of), _answered(store, as_of)
        asked = {one.key for one in _companies_asked(store, "after", as_of)}
        municipalities = _of_municipalities(store, as_of)
        whole = report_on(questionnaire(), asked, answered)
        if grouping is None:
            return SurveyReport(whole, municipalities, None, {})
        names = {key: _group(row, grouping) for key, row in hired.items()}
        groups = {one.respondent: names.get(one.respondent, "") for one in answered}
        found = by_group(questionnaire(), {key: names[key] for key in asked}, groups, answered)
    if grouping == "municipality":
        found = dict(
            sorted(found.items(), key=lambda pair: in_danish_order(municipality_name(pair[0])))
        )
    return SurveyReport(whole, municipalities, grouping, found)


def due(store: Store, wave: str, as_of: date) -> list[Asked]:
    """Whom to ask by `as_of`, those who have not answered first; companies, then municipalities."""
    with store.reading():
        found = _companies_asked(store, wave, as_of) + _municipalities_asked(store, wave, as_of)
    return sorted(
        found,
        key=lambda one: (one.answered is not None, one.asks, one.due, in_danish_order(one.name)),
    )


def _of_municipalities(store: Store, as_of: date) -> GroupReport:
    rows = store.each(_MUNICIPALITIES, as_of=str(as_of))
    answered = [
        Answered(row["municipality"], row["wave"], json.loads(row["answers"])) for row in rows
    ]
    asked = [one.key for one in _municipalities_asked(store, "after", as_of)]
    return report_on(questionnaire(), asked, answered, "municipality")


def _municipalities_asked(store: Store, wave: str, as_of: date) -> list[Asked]:
    """The participating municipalities, once the contract began, and again once it is over."""
    contract = contract_in_force(store)
    from_day = contract.first_day if wave == "before" else contract.last_day
    if from_day > as_of:
        return []
    rows = store.each(_MUNICIPALITIES, as_of=str(as_of))
    days = {row["municipality"]: row["date"] for row in rows if row["wave"] == wave}
    return [
        Asked("municipality", code, municipality_name(code), None, from_day, _day(days.get(code)))
        for code in dict.fromkeys(span.municipality for span in contract.participation)
    ]


def _companies_asked(store: Store, wave: str, as_of: date) -> list[Asked]:
    """Companies with a hire that counts: at once before, some months later after ("efter")."""
    months = questionnaire().after_months if wave == "after" else 0
    days = {
        row["company_id"]: row["date"]
        for row in store.each(_ANSWERS, as_of=str(as_of))
        if row["wave"] == wave
    }
    found = []
    for key, row in _hired(store, as_of).items():
        from_day = months_after(date.fromisoformat(row["day"]), months)
        if from_day <= as_of:
            answered = _day(days.get(key))
            found.append(Asked("company", key, row["name"], row["cvr"], from_day, answered))
    return found


def _hired(store: Store, as_of: date) -> dict[str, Any]:
    """The first hire that counts of each company; one without a day cannot be asked after."""
    found: dict[str, Any] = {}
    for row in store.each(_HIRED, as_of=str(as_of)):
        found.setdefault(row["company_id"], row)
    return found


def _answered(store: Store, as_of: date) -> list[Answered]:
    rows = store.each(_ANSWERS, as_of=str(as_of))
    return [Answered(row["company_id"], row["wave"], json.loads(row["answers"])) for row in rows]


def _group(hire: Mapping[str, Any], grouping: str) -> str:
    return hire[grouping] or ""


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
