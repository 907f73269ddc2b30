"""Queries about records of any noun: the names that people know them by, their ids and references."""

from __future__ import annotations

import json
from collections import defaultdict
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Final, NamedTuple

from kmtrack.ledger.queries.companies import joined_companies
from kmtrack.ledger.rows import UNDONE
from kmtrack.ledger.schema.ids import chunks, noun_of
from kmtrack.ledger.schema.nouns import COMPANY_COLUMNS, KEEPING, NOUNS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from kmtrack.ledger.rows import Row
    from kmtrack.ledger.schema.nouns import Reference
    from kmtrack.ledger.store.base import Store, StoredRow

_OWN_NAME: Final = "SELECT {noun}.id, name, NULL AS day, NULL AS municipality FROM {noun}"
_OF_COMPANY: Final = """
    SELECT {noun}.id, company.name, {noun}.{day} AS day, NULL AS municipality
    FROM {noun} JOIN company ON company.id = {noun}.company_id
"""
_OF_METHOD: Final = """
    SELECT {noun}.id, method.name, {noun}.date AS day, NULL AS municipality
    FROM {noun} JOIN method ON method.id = {noun}.method_id
"""
# The query for the display names of a noun's records.
_NAMES: Final = {
    "company": _OWN_NAME.format(noun="company"),
    "person": _OWN_NAME.format(noun="person"),
    "method": _OWN_NAME.format(noun="method"),
    "contact": _OF_COMPANY.format(noun="contact", day="date"),
    "collaboration": _OF_COMPANY.format(noun="collaboration", day="agreed"),
    "hire": _OF_COMPANY.format(noun="hire", day="agreed"),
    "succession": _OF_COMPANY.format(noun="succession", day="since"),
    "assessment": _OF_METHOD.format(noun="assessment"),
    "dissemination": _OF_METHOD.format(noun="dissemination"),
    "usage": """
        SELECT usage.id, method.name || ', ' || company.name AS name, contact.date AS day,
               NULL AS municipality
        FROM usage JOIN method ON method.id = usage.method_id
        JOIN contact ON contact.id = usage.contact_id
        JOIN company ON company.id = contact.company_id
    """,
    "delivery": """
        SELECT delivery.id, target AS name, delivery.date AS day, NULL AS municipality FROM delivery
    """,
    "survey": """
        SELECT survey.id, company.name, survey.date AS day, survey.municipality
        FROM survey LEFT JOIN company ON company.id = survey.company_id
    """,
}
# What a merge brought was entered elsewhere.
_LAST_ADDED: Final = """
    SELECT record.id, entry.number FROM command
    JOIN entry ON entry.command = command.number
    JOIN {noun} AS record ON record.id = entry.record_id
    WHERE command.recorded_by = :who AND command.arrived_at IS NULL
    AND entry.noun = :noun AND entry.action = 'add'
    AND (record.withdrawn IS NULL OR record.withdrawn <> :undone)
    ORDER BY command.number DESC, entry.number DESC LIMIT :most
"""
_USING: Final = """
    SELECT id FROM {noun}
    WHERE (withdrawn IS NULL OR withdrawn <> :undone)
    AND "{column}" IN (SELECT value FROM json_each(:ids)) ORDER BY recorded_at, id
"""
_BROKEN: Final = """
    SELECT child.id AS child, parent.id AS parent
    FROM {child} AS child JOIN {parent} AS parent ON parent.id = child."{column}"
    WHERE child.withdrawn IS NULL AND parent.withdrawn IS NOT NULL
    AND (child.id IN (SELECT value FROM json_each(:children))
         OR parent.id IN (SELECT value FROM json_each(:parents)))
"""


class RecordName(NamedTuple):
    """What people call a record: its name, or that of its company and the record's day."""

    name: str
    day: date | None = None


class BrokenReference(NamedTuple):
    """The ids of a live record and of the withdrawn record that it refers to."""

    child: str
    parent: str


def withdrawal_by_id(store: Store, noun: str) -> dict[str, str | None]:
    """Return why each record of a noun was withdrawn, None for one that was not, by id."""
    rows = store.each(f"SELECT id, withdrawn FROM {NOUNS[noun].name}")  # noqa: S608 - a name of ours
    return {row["id"]: row["withdrawn"] for row in rows}


def withdrawn_as(store: Store, noun: str, reason: str) -> set[str]:
    """Return the ids of the records of a noun that were withdrawn for a reason."""
    statement = f"SELECT id FROM {NOUNS[noun].name} WHERE withdrawn = :reason"  # noqa: S608 - as above
    return {row["id"] for row in store.each(statement, reason=reason)}


def records_by_prefix(store: Store, noun: str, prefix: str, most: int) -> list[Row]:
    """Return up to `most` records of a noun whose id begins with `prefix`, by id."""
    # "{" follows every character of the alphabet: the range is a prefix that an index serves.
    rows = store.all(
        NOUNS[noun].select + " WHERE id >= :low AND id < :high ORDER BY id LIMIT :most",
        low=prefix,
        high=prefix + "{",
        most=most,
    )
    return [dict(row) for row in rows]


def last_added(store: Store, who: str, nouns: Iterable[str]) -> tuple[str, str] | None:
    """Return the noun and id of the record of these nouns that a person entered here last; undone ones not."""
    found: list[tuple[int, str, str]] = []
    reads = {noun: partial(_last_of, store, who, noun) for noun in nouns}
    store.foresee(*reads.values())
    for noun, read in reads.items():
        row = read()
        if row is not None:
            found.append((row["number"], noun, row["id"]))
    return max(found)[1:] if found else None


def _last_of(store: Store, who: str, noun: str) -> StoredRow | None:
    statement = _LAST_ADDED.format(noun=NOUNS[noun].name)
    return store.one(statement, who=who, noun=noun, undone=UNDONE, most=1)


def last_added_records(store: Store, who: str, nouns: Iterable[str], most: int) -> list[str]:
    """Return the ids of the last `most` records of each of these nouns that a person entered here.

    The last one comes first; undone records are left out.
    """
    found = [
        (row["number"], row["id"])
        for noun in nouns
        for row in store.all(
            _LAST_ADDED.format(noun=NOUNS[noun].name), who=who, noun=noun, undone=UNDONE, most=most
        )
    ]
    return [id_ for _, id_ in sorted(found, reverse=True)]


def ids_at_company(store: Store, noun: str, company_id: str) -> list[str]:
    """Return the ids of the records of a noun at a company, withdrawn or not."""
    refers = " OR ".join(f"{column} = :id" for column in COMPANY_COLUMNS[noun])
    statement = f"SELECT id FROM {NOUNS[noun].name} WHERE {refers}"  # noqa: S608 - as above
    return [row["id"] for row in store.all(statement, id=company_id)]


def rows_of(store: Store, noun: str, ids: Iterable[str]) -> Iterator[StoredRow]:
    """Yield the rows of these records of a noun."""
    for chunk in chunks(ids):
        statement = NOUNS[noun].select + " WHERE id IN (SELECT value FROM json_each(:ids))"  # noqa: S608 - as above
        yield from store.all(statement, ids=json.dumps(chunk))


def records_using(store: Store, noun: str, ids: Collection[str]) -> Iterator[tuple[str, str]]:
    """Yield the noun and id of each record whose row refers to one of these; persons and undone records not."""
    named = {"ids": json.dumps(sorted(ids)), "undone": UNDONE}
    for reference in KEEPING:
        if reference.refers_to == noun:
            statement = _USING.format(noun=reference.noun, column=reference.column)
            for row in store.all(statement, **named):
                yield reference.noun, row["id"]
    if noun == "company":
        for row in joined_companies(store):
            if row["withdrawn"] == UNDONE:
                continue
            others = row["joined"].split()
            if not set(others).isdisjoint(ids):
                yield noun, row["id"]
            if row["id"] in ids:
                yield from ((noun, other) for other in others)


def record_names(store: Store, ids: Iterable[str]) -> dict[str, RecordName]:
    """Return the display names of these records by id; an erased person has none."""
    by_noun: dict[str, list[str]] = defaultdict(list)
    for id_ in sorted(set(ids)):
        by_noun[noun_of(id_) or ""].append(id_)
    from kmtrack.municipalities import municipality_name

    names: dict[str, RecordName] = {}
    for noun, query in _NAMES.items():
        if not by_noun[noun]:
            continue
        where = f" WHERE {noun}.id IN (SELECT value FROM json_each(:ids))"  # noqa: S608 - as above
        for row in store.all(query + where, ids=json.dumps(by_noun[noun])):
            name = row["name"] or municipality_name(row["municipality"] or "")
            if name:
                day = date.fromisoformat(row["day"]) if row["day"] else None
                names[row["id"]] = RecordName(name, day)
    return names


def broken_references(
    store: Store, reference: Reference, ids: Collection[str]
) -> list[BrokenReference]:
    """Return the references of live records to withdrawn ones; one of the two is among `ids`."""
    statement = _BROKEN.format(
        child=reference.noun, column=reference.column, parent=reference.refers_to
    )
    among = json.dumps(sorted(ids))
    return [BrokenReference(*row) for row in store.all(statement, children=among, parents=among)]
