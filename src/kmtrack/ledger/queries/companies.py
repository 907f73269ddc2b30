"""Queries about companies."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from kmtrack.ledger.schema.ids import chunks
from kmtrack.ledger.schema.names import BY_NAME, name_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from kmtrack.ledger.queries.record_filters import CompanyFilter
    from kmtrack.ledger.rows import Row
    from kmtrack.ledger.store.base import Store, StoredRow

_BY_ID: Final = "SELECT * FROM company WHERE id = :id"
_VISITS_BEFORE: Final = """
    SELECT id, visited_before FROM company WHERE id IN (SELECT value FROM json_each(:ids))
"""
_LIVE_BY_CVR: Final = "SELECT * FROM company WHERE cvr = :cvr AND withdrawn IS NULL"
_LIVE_BY_NAME: Final = """
    SELECT * FROM company WHERE name_key = :key AND withdrawn IS NULL ORDER BY id
"""
_LIVE: Final = "SELECT * FROM company WHERE withdrawn IS NULL"
_AMONG: Final = """
    SELECT * FROM company WHERE {column} IN (SELECT value FROM json_each(:values)) ORDER BY id
"""
_LIVE_NUMBERS: Final = """
    SELECT cvr, id FROM company WHERE cvr IS NOT NULL AND withdrawn IS NULL LIMIT :most
"""
# Sorted by the caller: asked for in the order of ids, SQLite reads every company for these few.
_PARTS: Final = "SELECT id, part_of FROM company WHERE part_of IS NOT NULL"
_JOINED: Final = "SELECT id, joined, withdrawn FROM company WHERE joined IS NOT NULL"
_TOGETHER: Final = """
    SELECT id FROM company WHERE part_of IN (
        SELECT coalesce(part_of, id) FROM company WHERE id IN (SELECT value FROM json_each(:ids))
    )
    UNION SELECT part_of FROM company
    WHERE part_of IS NOT NULL AND id IN (SELECT value FROM json_each(:ids))
"""
_BY_CVR: Final = "SELECT * FROM company WHERE cvr = :cvr"
_OTHER_NAMES: Final = """
    SELECT id, other_names FROM company WHERE other_names IS NOT NULL AND id IN (
        SELECT part_of FROM company WHERE part_of IS NOT NULL
    )
"""
_RECORDS: Final = """
    SELECT id, recorded_at FROM company WHERE coalesce(part_of, id) = (
        SELECT coalesce(part_of, id) FROM company WHERE id = :id
    )
"""
_WITHDRAWN: Final = "SELECT * FROM company WHERE withdrawn IS NOT NULL"
_KEYS: Final = "SELECT id, cvr, name_key FROM company LIMIT :most"
_NAMED_LIKE: Final = """
    SELECT id, name FROM company NOT INDEXED WHERE name LIKE :like ORDER BY id
"""

_LISTED: Final = """
    SELECT * FROM company WHERE company.withdrawn IS NULL {narrowed}
    ORDER BY {order}, id LIMIT :limit
"""
_ALL_LISTED: Final = """
    SELECT * FROM company WHERE company.withdrawn IS NULL {narrowed} ORDER BY {order}, id
"""
_WITH_LATER: Final = "SELECT * FROM company WHERE withdrawn IS NULL AND later IS NOT NULL"
_NUMBER: Final = "SELECT count(*) FROM company WHERE withdrawn IS NULL"
_PARTS_OF: Final = "SELECT id FROM company WHERE part_of = :id"


def company_by_id(store: Store, company_id: str) -> Row | None:
    """Return the row of a company, withdrawn or not."""
    row = store.one(_BY_ID, id=company_id)
    return None if row is None else dict(row)


def company_row(store: Store, company_id: str) -> Row:
    """Return the row of a company that is known to exist. Raises LookupError otherwise."""
    return dict(store.get(_BY_ID, id=company_id))


def live_companies_by_cvr(store: Store, cvr: str) -> list[Row]:
    """Return the companies with this CVR number that are not withdrawn."""
    return [dict(row) for row in store.all(_LIVE_BY_CVR, cvr=cvr)]


def live_companies_by_name(store: Store, key: str) -> list[Row]:
    """Return the companies with this name key that are not withdrawn, in the order of their ids."""
    return [dict(row) for row in store.all(_LIVE_BY_NAME, key=key)]


def companies_among(store: Store, column: str, values: Iterable[str]) -> dict[str, list[Row]]:
    """Return the companies that have one of these values in a column, withdrawn ones too, by value.

    `column` is id, cvr or name_key. Each list is in the order of ids.
    """
    found: dict[str, list[Row]] = {value: [] for value in values}
    statement = _AMONG.format(column=column)
    for chunk in chunks(found):
        for row in store.all(statement, values=json.dumps(chunk)):
            found[row[column]].append(dict(row))
    return found


def live_companies(store: Store) -> Iterator[StoredRow]:
    """Yield the companies that are not withdrawn."""
    return store.each(_LIVE)


def live_cvr_numbers(store: Store, most: int) -> dict[str, str]:
    """Return up to `most` CVR numbers with the ids of the live companies that have them."""
    return {row["cvr"]: row["id"] for row in store.all(_LIVE_NUMBERS, most=most)}


def company_keys(store: Store, most: int) -> set[str] | None:
    """Return the ids, CVR numbers and name keys of all companies; None if there are more than `most`."""
    rows = store.all(_KEYS, most=most + 1)
    return None if len(rows) > most else {key for row in rows for key in row if key}


def withdrawn_companies(store: Store) -> list[Row]:
    """Return the companies that are withdrawn."""
    return [dict(row) for row in store.all(_WITHDRAWN)]


def visits_before(store: Store, ids: Iterable[str]) -> dict[str, str | None]:
    """Return when each of these companies was visited before the ledger began, if it was."""
    rows = store.each(_VISITS_BEFORE, ids=json.dumps(sorted(ids)))
    return {row["id"]: row["visited_before"] for row in rows}


def company_parts(store: Store) -> dict[str, str]:
    """Return the duplicate records of companies, each with its main record."""
    return dict(sorted((row["id"], row["part_of"]) for row in store.all(_PARTS)))


def joined_companies(store: Store) -> list[StoredRow]:
    """Return the records that were joined with another: id, joined, withdrawn."""
    return store.all(_JOINED)


def companies_together(store: Store, ids: Iterable[str]) -> set[str]:
    """Return the other records that are stored as one company with any of these."""
    return {row["id"] for row in store.all(_TOGETHER, ids=json.dumps(sorted(ids)))}


def companies_by_cvr(store: Store, cvr: str) -> list[Row]:
    """Return the companies with this CVR number: those not withdrawn or, if there are none, the others."""
    # The index holds those that are not withdrawn; the others are looked for only if need be.
    return live_companies_by_cvr(store, cvr) or [dict(row) for row in store.all(_BY_CVR, cvr=cvr)]


def earlier_names(store: Store) -> set[tuple[str, str]]:
    """Return the key and the id of every former name of a company with several records."""
    return {
        (name_key(name), row["id"])
        for row in store.all(_OTHER_NAMES)
        for name in json.loads(row["other_names"])
    }


def companies_like(store: Store, like: str) -> list[StoredRow]:
    """Return the id and name of each company, withdrawn or not, whose name fits a pattern of LIKE."""
    return store.all(_NAMED_LIKE, like=like)


def all_at_once(store: Store, limit: int, sought: CompanyFilter) -> list[Row]:
    """Return up to `limit` of the companies that `all_listed_companies` yields, in one query."""
    parts, named = _narrowed(sought)
    return [dict(row) for row in store.all(_LISTED.format(**parts), **named, limit=limit)]


def all_listed_companies(store: Store, sought: CompanyFilter) -> Iterator[Row]:
    """Yield all matching live companies, by name or in the order asked for, as they are read."""
    parts, named = _narrowed(sought)
    return map(dict, store.each(_ALL_LISTED.format(**parts), **named))


def _narrowed(sought: CompanyFilter) -> tuple[dict[str, str], dict[str, Any]]:
    """Return the SQL that filters and sorts companies, and its parameters."""
    from kmtrack.ledger.queries.record_filters import company_conditions_of, order_of

    narrowed, named = company_conditions_of(sought)
    sort = sought.records.sort
    order = f"{order_of('company', sort)}, {BY_NAME}" if sort else BY_NAME
    return {"narrowed": narrowed, "order": order}, named


def companies_with_later_facts(store: Store) -> list[Row]:
    """Return the live companies some of whose facts hold from a later day on."""
    return [dict(row) for row in store.all(_WITH_LATER)]


def number_of_companies(store: Store) -> int:
    """Return how many companies are not withdrawn."""
    return int(store.get(_NUMBER)[0])


def parts_of_company(store: Store, company_id: str) -> list[str]:
    """Return the duplicate records of a main record."""
    return [row["id"] for row in store.all(_PARTS_OF, id=company_id)]


def records_of_company(store: Store, company_id: str) -> dict[str, str]:
    """Return the ids of all records of a company, with the moment (UTC) each was recorded.

    `company_id` is the id of any of them.
    """
    return {row["id"]: row["recorded_at"] for row in store.all(_RECORDS, id=company_id)}
