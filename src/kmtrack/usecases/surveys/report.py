"""The survey report, and the respondents who are due."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from kmtrack.ledger.contract import contract_in_force
from kmtrack.ledger.queries.surveys import counted_hires, surveys_answered
from kmtrack.municipalities import municipality_name
from kmtrack.rules.dates import months_after
from kmtrack.rules.survey_reports import WHOLE, SurveyData, growth_on, report_on
from kmtrack.rules.survey_results import Answered, DueRespondent, SurveyReport
from kmtrack.text import in_danish_order
from kmtrack.usecases.surveys.questionnaire import questionnaire

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from kmtrack.ledger.store.base import Store, StoredRow
    from kmtrack.rules.survey_reports import GroupKey
    from kmtrack.rules.survey_results import GroupReport, Growth


GROUPINGS: Final = ("municipality", "level")


def growth_of(store: Store, as_of: date) -> Growth:
    """Return the highly educated before and after in the companies that answered both by `as_of`."""
    answered = _answered(surveys_answered(store, "company", as_of), "company_id")
    return growth_on(questionnaire(), SurveyData(as_of, "company", frozenset(), answered))


def report_of(store: Store, as_of: date) -> SurveyReport:
    """Report what was answered by `as_of`, as a whole and in each grouping.

    All of it can be shown together, whichever part is asked for.
    """
    found = survey_data(store, as_of)
    return as_report(*(report_on(questionnaire(), data) for data in found))


class ReportData(NamedTuple):
    """The basis of a report: the answers of companies and those of municipalities."""

    companies: SurveyData
    municipalities: SurveyData


def survey_data(
    store: Store, as_of: date, compared: Iterable[int] | None = None, *, is_older: bool = False
) -> ReportData:
    """Read who a report is about, and what they answered by `as_of`.

    A workbook states the reports that it is `compared` with, by their positions; None if it is not
    for a workbook.
    """
    with store.reading():
        rows = surveys_answered(store, "company", as_of)
        hired = _first_hires(store, as_of)
        asked = frozenset(one.key for one in _companies_due(hired, rows, "after", as_of))
        groups = {
            grouping: {key: row[grouping] or "" for key, row in hired.items()}
            for grouping in GROUPINGS
        }
        companies = SurveyData(
            as_of,
            "company",
            asked,
            _answered(rows, "company_id"),
            groups,
            tuple(compared or ()),
            is_workbook=compared is not None,
            is_older=is_older,
        )
        rows = surveys_answered(store, "municipality", as_of)
        asked = frozenset(one.key for one in _municipalities_due(store, rows, "after", as_of))
        answered = _answered(rows, "municipality")
        municipalities = companies._replace(
            asks="municipality", asked=asked, answered=answered, groups={}
        )
        return ReportData(companies, municipalities)


def as_report(
    companies: Mapping[GroupKey, GroupReport], municipalities: Mapping[GroupKey, GroupReport]
) -> SurveyReport:
    """Return one report of what companies and municipalities answered."""
    groups: dict[str, dict[str, GroupReport]] = {grouping: {} for grouping in GROUPINGS}
    for (grouping, group), report in companies.items():
        if grouping:
            groups[grouping][group] = report
    named = sorted(
        groups["municipality"].items(), key=lambda pair: in_danish_order(municipality_name(pair[0]))
    )
    return SurveyReport(
        companies[WHOLE], municipalities[WHOLE], groups | {"municipality": dict(named)}
    )


def due(store: Store, wave: str, as_of: date) -> list[DueRespondent]:
    """List who is due by `as_of`: those who have not answered first; companies, then municipalities."""
    with store.reading():
        companies = surveys_answered(store, "company", as_of)
        municipalities = surveys_answered(store, "municipality", as_of)
        found = [
            *_companies_due(_first_hires(store, as_of), companies, wave, as_of),
            *_municipalities_due(store, municipalities, wave, as_of),
        ]
    return sorted(
        found,
        key=lambda one: (one.answered is not None, one.asks, one.due, in_danish_order(one.name)),
    )


def _municipalities_due(
    store: Store, rows: Sequence[StoredRow], wave: str, as_of: date
) -> list[DueRespondent]:
    """List the participating municipalities, due when the contract begins and when it is over."""
    contract = contract_in_force(store)
    from_day = contract.first_day if wave == "before" else contract.last_day
    if from_day > as_of:
        return []
    days = _days_answered(rows, "municipality", wave)
    return [
        DueRespondent("municipality", code, municipality_name(code), None, from_day, days.get(code))
        for code in dict.fromkeys(span.municipality for span in contract.participation)
    ]


def _companies_due(
    hired: dict[str, StoredRow], rows: Sequence[StoredRow], wave: str, as_of: date
) -> list[DueRespondent]:
    """List the companies with a hire that counts, which are due to answer in a wave.

    The wave before the hire is due immediately, the wave after it some months later.
    """
    months = questionnaire().after_months if wave == "after" else 0
    days = _days_answered(rows, "company_id", wave)
    found = []
    for key, row in hired.items():
        from_day = months_after(date.fromisoformat(row["day"]), months)
        if from_day <= as_of:
            found.append(
                DueRespondent("company", key, row["name"], row["cvr"], from_day, days.get(key))
            )
    return found


def _first_hires(store: Store, as_of: date) -> dict[str, StoredRow]:
    """Return the first hire that counts of each company, by its id."""
    found: dict[str, StoredRow] = {}
    for row in counted_hires(store, as_of):
        found.setdefault(row["company_id"], row)
    return found


def _answered(rows: Sequence[StoredRow], respondent: str) -> list[Answered]:
    return [
        Answered(row[respondent], row["wave"], json.loads(row["answers"]), row["id"])
        for row in rows
    ]


def _days_answered(rows: Sequence[StoredRow], respondent: str, wave: str) -> dict[Any, date]:
    """Return the day of the last answers of each respondent in a wave."""
    return {row[respondent]: date.fromisoformat(row["date"]) for row in rows if row["wave"] == wave}
