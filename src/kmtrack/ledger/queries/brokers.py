"""Queries about brokers: their initials and the business councils where they are stationed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from kmtrack.ledger.schema.fields import fields_of
from kmtrack.ledger.schema.nouns import NOUNS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kmtrack.ledger.store.base import Store

_BROKER: Final = "SELECT * FROM broker WHERE id = :id"
_BROKERS: Final = "SELECT * FROM broker WHERE withdrawn IS NULL ORDER BY initials"
_ALL: Final = "SELECT initials, withdrawn FROM broker"
_NAMED: Final = """
    SELECT {column} AS named, count(*) AS number FROM {noun}
    WHERE withdrawn IS NULL AND {column} IS NOT NULL GROUP BY {column} ORDER BY {column}
"""
_NOBODYS: Final = "SELECT id FROM {noun} WHERE withdrawn IS NULL AND broker IS NULL ORDER BY id"


def broker_row(store: Store, initials: str) -> dict[str, Any] | None:
    """Return the row of a broker, a withdrawn one too, or None."""
    row = store.one(_BROKER, id=initials)
    return dict(row) if row else None


def initials_ever(store: Store) -> dict[str, bool]:
    """Return the initials of every broker there ever was, and whether that broker is still in force."""
    return {row["initials"]: row["withdrawn"] is None for row in store.all(_ALL)}


def brokers_of_records(store: Store) -> Iterator[tuple[str, int]]:
    """Yield the initials found in records that are not withdrawn, each with the number of records.

    The same initials come once for each noun and each field.
    """
    for noun in NOUNS.values():
        if noun.facts is None or noun.name == "broker":
            continue
        for field in fields_of(noun.facts):
            if field.kind.metavar == "initials":
                named = _NAMED.format(noun=noun.name, column=field.name)
                for row in store.each(named):
                    yield from ((initials, row["number"]) for initials in row["named"].split())


def events_without_broker(store: Store, noun: str) -> list[str]:
    """Return the ids of the events of a noun that have no broker."""
    return [row["id"] for row in store.all(_NOBODYS.format(noun=noun))]


def live_brokers(store: Store) -> list[dict[str, Any]]:
    """Return the facts of every broker who is not withdrawn, by initials."""
    return [{name: row[name] for name in NOUNS["broker"].fields} for row in store.each(_BROKERS)]
