"""Queries about methods."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Final

from kmtrack.ledger.order_of_entry import by_entry
from kmtrack.ledger.schema.nouns import NOUNS
from kmtrack.rules.methods import Assessment, Dissemination, Method

if TYPE_CHECKING:
    from kmtrack.ledger.queries.record_filters import RecordFilter
    from kmtrack.ledger.rows import Row
    from kmtrack.ledger.store.base import Store, StoredRow

_BY_ID: Final = "SELECT * FROM method WHERE id = :id"
_IN_ORDER: Final = {
    noun: f"{NOUNS[noun].select} WHERE withdrawn IS NULL ORDER BY {by_entry(noun)}"
    for noun in ("method", "assessment", "dissemination")
}
_SOUGHT: Final = f"""
    SELECT * FROM method AS record WHERE record.withdrawn IS NULL {{narrowed}}
    ORDER BY {by_entry("record")}
"""  # noqa: S608 - a name of ours
_OF_METHOD: Final = " WHERE method_id = :method AND withdrawn IS NULL ORDER BY date, "
_CONTACTS: Final = """
    SELECT contact.id, contact.date, contact.company_id, company.name AS company
    FROM usage JOIN contact ON contact.id = usage.contact_id
    JOIN company ON company.id = contact.company_id
    WHERE usage.method_id = :method AND usage.withdrawn IS NULL AND contact.withdrawn IS NULL
      AND contact.date <= :as_of
    ORDER BY contact.date, contact.id
"""
# Only what counts, agreed at a company on the day of the first such contact or later.
_AFTERWARDS: Final = """
    SELECT verdict.noun, count(DISTINCT verdict.record_id) AS number FROM verdict
    JOIN (SELECT contact.company_id, min(contact.date) AS day
          FROM usage JOIN contact ON contact.id = usage.contact_id
          WHERE usage.method_id = :method AND usage.withdrawn IS NULL
            AND contact.withdrawn IS NULL AND contact.date <= :as_of
          GROUP BY contact.company_id) AS used ON used.company_id = verdict.company_id
    WHERE verdict.outcome = 'counted' AND verdict.noun <> 'contact' AND verdict.day BETWEEN used.day AND :as_of
    GROUP BY verdict.noun
"""
_USED_IN: Final = """
    SELECT 1 FROM usage
    WHERE method_id = :method AND contact_id = :contact AND withdrawn IS NULL
"""


def method_by_id(store: Store, method_id: str) -> Row:
    """Return the row of a method, withdrawn or not."""
    return dict(store.get(_BY_ID, id=method_id))


def live_methods(store: Store, sought: RecordFilter | None = None) -> list[Row]:
    """Return the matching methods, or all, that are not withdrawn, in the order recorded."""
    if sought is None:
        return [dict(row) for row in store.all(_SOUGHT.format(narrowed=""))]
    from kmtrack.ledger.queries.record_filters import conditions_of, has_all_words

    narrowed, named = conditions_of("method", sought, "record.date")
    rows = store.all(_SOUGHT.format(narrowed=narrowed), **named)
    return [dict(row) for row in rows if has_all_words("method", sought.words, row)]


def methods_with_statements(store: Store) -> list[Method]:
    """Return the methods with their assessments and disseminations, in the order recorded."""
    store.foresee(*(partial(store.each, statement) for statement in _IN_ORDER.values()))
    assessed: dict[str, list[Assessment]] = defaultdict(list)
    passed_on: dict[str, list[Dissemination]] = defaultdict(list)
    for row in store.each(_IN_ORDER["assessment"]):
        assessed[row["method_id"]].append(Assessment(_day(row), row["verdict"]))
    for row in store.each(_IN_ORDER["dissemination"]):
        passed_on[row["method_id"]].append(Dissemination(_day(row), row["audience"]))
    return [
        Method(
            row["id"],
            row["name"],
            _day(row),
            row["audience"],
            tuple(assessed[row["id"]]),
            tuple(passed_on[row["id"]]),
        )
        for row in store.each(_IN_ORDER["method"])
    ]


def statements_of_method(store: Store, noun: str, method_id: str) -> list[Row]:
    """Return the assessments or disseminations (`noun`) of a method, by day."""
    statement = NOUNS[noun].select + _OF_METHOD + by_entry(noun)
    return [dict(row) for row in store.each(statement, method=method_id)]


def contacts_with_method(store: Store, method_id: str, as_of: date = date.max) -> list[Row]:
    """Return the contacts, dated `as_of` or before, that used a method."""
    return [dict(row) for row in store.each(_CONTACTS, method=method_id, as_of=str(as_of))]


def is_used_in(store: Store, method_id: str, contact_id: str) -> bool:
    """Return whether it is recorded that a contact used a method."""
    return store.one(_USED_IN, method=method_id, contact=contact_id) is not None


def counted_after_method(store: Store, method_id: str, as_of: date = date.max) -> dict[str, int]:
    """Return how many collaborations and hires count at companies where a method was used.

    They were agreed between the day of the first such contact and `as_of`; this does not show that
    the method caused them.
    """
    rows = store.each(_AFTERWARDS, method=method_id, as_of=str(as_of))
    numbers = {row["noun"]: row["number"] for row in rows}
    return {noun: numbers.get(noun, 0) for noun in ("collaboration", "hire")}


def _day(row: StoredRow) -> date:
    return date.fromisoformat(row["date"])
