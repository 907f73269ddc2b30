"""Queries about what happens at companies: contacts, collaborations and hires."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from kmtrack.ledger.rows import UNDONE
from kmtrack.ledger.schema.names import BY_NAME

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import date

    from kmtrack.ledger.queries.record_filters import RecordFilter
    from kmtrack.ledger.store.base import Store, StoredRow

# The newest are picked before anything is joined to them.
_NEWEST: Final = """
    WITH newest AS MATERIALIZED (
        SELECT record.* FROM {noun} AS record {joined}
        WHERE record.withdrawn IS NULL {narrowed}
        ORDER BY {order}, record.recorded_at DESC, record.id LIMIT :limit
    )
    SELECT {shown} FROM newest AS record JOIN company ON company.id = record.company_id
    ORDER BY {order}, record.recorded_at DESC, record.id
"""
SHOWN: Final = """
    record.*, company.name AS company, company.cvr AS cvr, company.other_names,
    (SELECT group_concat(verdict.target || ' ' || verdict.outcome || ' ' ||
                         coalesce(verdict.municipality, ''), ',') FROM verdict
     WHERE verdict.company_id = record.company_id AND verdict.record_id = record.id
    ) AS standings
"""
# In one walk through the table: looked up one by one in their order, records of a large ledger are read
# from all over the file. Those of a company, or of some days, come from an index.
_ALL_SOUGHT: Final = f"""
    SELECT {SHOWN} FROM {{noun}} AS record{{walked}} CROSS JOIN company
    WHERE company.id = record.company_id AND record.withdrawn IS NULL {{narrowed}}
    ORDER BY {{order}}, record.recorded_at DESC, record.id
"""  # noqa: S608 - ours
_STATING: Final = """
    SELECT 1 FROM {noun} AS record {joined}
    WHERE record.withdrawn IS NULL {narrowed} AND record."{field}" IS NOT NULL LIMIT 1
"""
_ALL_OF_COMPANY: Final = """
    SELECT * FROM {noun} AS record WHERE company_id = :company AND withdrawn IS NULL
    ORDER BY {day} DESC NULLS FIRST, recorded_at DESC, id LIMIT :limit
"""
_JOINED: Final = "JOIN company ON company.id = record.company_id"
DAY_OF: Final = {
    "contact": "record.date",
    "collaboration": "record.agreed",
    "hire": "record.agreed",
}
# Neither reads the records: the database counts the leaves of an index, and few are withdrawn.
_NUMBER: Final = """
    SELECT (SELECT count(*) FROM {noun})
           - (SELECT count(*) FROM {noun} WHERE withdrawn IS NOT NULL) AS number
"""
_NUMBER_OF_COMPANY: Final = """
    SELECT count(*) AS number FROM {noun} WHERE company_id = :company AND withdrawn IS NULL
"""
_ON_DAY: Final = """
    SELECT record.* FROM {noun} AS record WHERE record.company_id = :company AND {day} = :day
    AND (record.withdrawn IS NULL OR record.withdrawn <> :undone) ORDER BY record.id
"""
_VERDICTS: Final = "SELECT coalesce(sum(number), 0) AS number FROM tally WHERE target = :target"
_VERDICTS_OF_COMPANY: Final = """
    SELECT count(*) AS number FROM verdict WHERE company_id = :company AND target = :target
"""
_BY_ID: Final = """
    SELECT id, company_id, date, channel, withdrawn FROM contact
    WHERE id IN (SELECT value FROM json_each(:ids))
"""
# A planned contact is made as well by one with a company that took the other over, by then. Of several
# plans the one of the latest contact is meant, on the same day the one that was entered last.
_MADE: Final = """
    AND since.withdrawn IS NULL AND since.id <> record.id
    AND (since.date >= record.next OR (since.next IS NOT NULL
         AND (since.date, since.recorded_at, since.id) > (record.date, record.recorded_at, record.id)))
"""
_DUE: Final = """
    WITH RECURSIVE later (company_id, successor_id, since) AS (
        SELECT company_id, successor_id, since FROM succession WHERE withdrawn IS NULL
        UNION
        SELECT later.company_id, further.successor_id, further.since
        FROM later JOIN succession AS further ON further.company_id = later.successor_id
        WHERE further.withdrawn IS NULL
    )
    SELECT record.*, company.name AS company, company.cvr AS cvr, company.other_names
    FROM contact AS record JOIN company ON company.id = record.company_id
    WHERE record.withdrawn IS NULL AND record.next IS NOT NULL AND record.next <= :until_day
    {narrowed}
      AND NOT EXISTS (
          SELECT 1 FROM contact AS since WHERE since.company_id = record.company_id {made})
      AND NOT EXISTS (
          SELECT 1 FROM later JOIN contact AS since ON since.company_id = later.successor_id
          WHERE later.company_id = record.company_id AND since.date >= later.since {made})
    ORDER BY record.next, {by_name}, record.id
"""


_AT_COMPANY: Final = "AND record.company_id = :company"
_EVER: Final = "9999-12-31"

# Two records of a company with these facts equal are hardly two: a visit, an agreement, a hire.
SAME_FACTS: Final = {
    "contact": ("date",),
    "collaboration": ("kind", "agreed", "title", "municipality"),
    "hire": ("level", "agreed", "field", "municipality"),
}
_SAME: Final = """
    SELECT * FROM {noun} AS record
    WHERE record.company_id = :company_id AND record.withdrawn IS NULL AND record.id <> :id
      AND {equal} ORDER BY record.recorded_at, record.id LIMIT 1
"""
_EQUAL: Final = "coalesce(record.{fact}, '') = coalesce(:{fact}, '')"


def same_event(store: Store, noun: str, row: Mapping[str, Any]) -> StoredRow | None:
    """Return another record of the same company with the same facts as this one, if there is one."""
    facts = SAME_FACTS[noun]
    equal = " AND ".join(_EQUAL.format(fact=fact) for fact in facts)
    named = {name: row[name] for name in ("company_id", "id", *facts)}
    return store.one(_SAME.format(noun=noun, equal=equal), **named)


def contacts_by_id(store: Store, ids: Iterable[str]) -> dict[str, StoredRow]:
    """Return these contacts by id: id, company_id, date, channel, withdrawn."""
    return {row["id"]: row for row in store.each(_BY_ID, ids=json.dumps(sorted(ids)))}


def whole_page(store: Store, noun: str, limit: int, sought: RecordFilter) -> list[StoredRow]:
    """Return the newest matching records of one company, or of all."""
    parts, named = _parts_of(noun, sought)
    return store.all(_NEWEST.format(noun=noun, shown=SHOWN, **parts), **named, limit=limit)


def all_events(store: Store, noun: str, sought: RecordFilter) -> Iterator[StoredRow]:
    """Yield all matching live records of a noun, with the columns and in the order of pages."""
    from kmtrack.ledger.queries.record_filters import has_all_words

    parts, named = _parts_of(noun, sought)
    walked = "" if sought.company or sought.since or sought.until else " NOT INDEXED"
    for row in store.each(_ALL_SOUGHT.format(noun=noun, walked=walked, **parts), **named):
        if has_all_words(noun, sought.words, row):
            yield row


def is_stated(store: Store, noun: str, sought: RecordFilter, field: str) -> bool | None:
    """Return whether any matching record states a field; None if only the words searched for decide that."""
    if sought.words:
        return None
    parts, named = _parts_of(noun, sought)
    return store.one(_STATING.format(noun=noun, field=field, **parts), **named) is not None


def _parts_of(noun: str, sought: RecordFilter) -> tuple[dict[str, str], dict[str, Any]]:
    """Return the SQL that filters and sorts the records, and its parameters."""
    from kmtrack.ledger.queries.record_filters import conditions_of, order_of_list

    narrowed, named = conditions_of(noun, sought, DAY_OF[noun])
    order = order_of_list(noun, sought.sort, DAY_OF[noun])
    joined = "" if sought.sort is None or sought.sort.key == "day" else _JOINED
    return {"joined": joined, "narrowed": narrowed, "order": order}, named


def events_of_company(store: Store, noun: str, company_id: str, limit: int) -> list[StoredRow]:
    """Return the newest live records of a noun at a company, those without a day first."""
    statement = _ALL_OF_COMPANY.format(noun=noun, day=DAY_OF[noun])
    return store.all(statement, company=company_id, limit=limit)


def number_of_events(store: Store, noun: str, company: str | None = None) -> int:
    """Return how many live records of a noun there are, of one company if it is given."""
    if company is None:
        return int(store.get(_NUMBER.format(noun=noun))["number"])
    return int(store.get(_NUMBER_OF_COMPANY.format(noun=noun), company=company)["number"])


def number_of_verdicts(store: Store, target: str, company: str | None = None) -> int:
    """Return how many verdicts there are on a target, of one company if it is given."""
    if company is None:
        return int(store.get(_VERDICTS, target=target)["number"])
    return int(store.get(_VERDICTS_OF_COMPANY, target=target, company=company)["number"])


def events_on(store: Store, noun: str, company_id: str, day: date) -> list[dict[str, Any]]:
    """Return the records of a noun at a company on a day, except undone ones, in the order of their ids."""
    statement = _ON_DAY.format(noun=noun, day=DAY_OF[noun])
    named = {"company": company_id, "day": day.isoformat(), "undone": UNDONE}
    return [dict(row) for row in store.all(statement, **named)]


def contacts_due(store: Store, until: date, sought: RecordFilter) -> list[StoredRow]:
    """Return the contacts that planned a next one for `until` or before which has not taken place, by that day.

    It has taken place once the company, or one that took it over, is met on the planned day or
    later; a later plan moves it, even to an earlier day: a company has one planned contact at most.
    """
    from kmtrack.ledger.queries.record_filters import conditions_of, has_all_words

    narrowed, named = conditions_of("contact", sought, "record.date")
    statement = _DUE.format(made=_MADE, narrowed=narrowed, by_name=BY_NAME)
    rows = store.all(statement, **named, until_day=until.isoformat())
    return [row for row in rows if has_all_words("contact", sought.words, row)]


def contact_planned(store: Store, company_id: str) -> StoredRow | None:
    """Return the contact of a company that planned a next one still to take place, as `contacts_due` does."""
    statement = _DUE.format(made=_MADE, narrowed=_AT_COMPANY, by_name=BY_NAME)
    return next(iter(store.all(statement, company=company_id, until_day=_EVER)), None)
