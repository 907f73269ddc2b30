"""Queries about completed questionnaires and the hires that they concern."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kmtrack.ledger.order_of_entry import by_entry

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from kmtrack.ledger.queries.record_filters import RecordFilter
    from kmtrack.ledger.store.base import Store, StoredRow

_WITH_RESPONDENT: Final = """
    SELECT record.*, company.name AS company, company.other_names, company.cvr FROM survey AS record
    LEFT JOIN company ON company.id = record.company_id
"""
_CURRENT: Final = (
    _WITH_RESPONDENT
    + """
    WHERE record.withdrawn IS NULL {narrowed}
    ORDER BY record.date DESC, record.recorded_at DESC, record.id
"""
)
_FIRST_HIRE: Final = f"""
    SELECT verdict.record_id FROM verdict JOIN hire ON hire.id = verdict.record_id
    WHERE verdict.company_id = :company AND verdict.noun = 'hire' AND verdict.outcome = 'counted'
    ORDER BY verdict.day, {by_entry("hire")} LIMIT 1
"""  # noqa: S608 - a name of ours
_HIRES: Final = f"""
    SELECT verdict.company_id, verdict.day, verdict.municipality, hire.level,
           company.name, company.cvr
    FROM verdict JOIN hire ON hire.id = verdict.record_id
    JOIN company ON company.id = verdict.company_id
    WHERE verdict.noun = 'hire' AND verdict.outcome = 'counted'
      AND verdict.day <= :as_of AND verdict.day <> ''
    ORDER BY verdict.day, {by_entry("hire")}
"""  # noqa: S608 - a name of ours
_ANSWERED: Final = f"""
    SELECT id, company_id, municipality, wave, date, answers FROM survey
    WHERE withdrawn IS NULL AND asks = :asks AND date <= :as_of
    ORDER BY date, {by_entry("survey")}
"""  # noqa: S608 - a name of ours
_NUMBER: Final = "SELECT count(*) FROM survey WHERE withdrawn IS NULL AND date <= :as_of"


def number_of_surveys(store: Store, as_of: date) -> int:
    """Return how many completed questionnaires are dated `as_of` or before."""
    return int(store.get(_NUMBER, as_of=str(as_of))[0])


def survey_by_id(store: Store, survey_id: str) -> StoredRow | None:
    """Return a completed questionnaire, withdrawn or not, with the name of its `company`."""
    return store.one(_WITH_RESPONDENT + " WHERE record.id = :id", id=survey_id)


def current_surveys(store: Store, sought: RecordFilter) -> list[StoredRow]:
    """Return the matching completed questionnaires, newest first, each with the name of its `company`."""
    from kmtrack.ledger.queries.record_filters import conditions_of, has_all_words

    narrowed, named = conditions_of("survey", sought, "record.date")
    rows = store.all(_CURRENT.format(narrowed=narrowed), **named)
    return [row for row in rows if has_all_words("survey", sought.words, row)]


def surveys_answered(store: Store, asks: str, as_of: date) -> list[StoredRow]:
    """Return what companies, or municipalities, answered by a day, in order."""
    return store.all(_ANSWERED, asks=asks, as_of=str(as_of))


def first_counted_hire(store: Store, company_id: str) -> str | None:
    """Return the id of the first hire of a company that counts, if it has one."""
    row = store.one(_FIRST_HIRE, company=company_id)
    return str(row["record_id"]) if row else None


def counted_hires(store: Store, as_of: date) -> Iterator[StoredRow]:
    """Yield the hires that count by a day, in order, without undated ones."""
    return store.each(_HIRES, as_of=str(as_of))
