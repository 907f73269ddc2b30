"""Erasing a person: from rows, entries and texts, and from the backups that kmtrack made."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Final, NamedTuple

from kmtrack.errors import KmtrackError
from kmtrack.ledger.backups import all_copies
from kmtrack.ledger.erasing import erase_person, mentions
from kmtrack.ledger.errors import NotAllowed
from kmtrack.ledger.headers import SCHEMA_VERSION, version_at
from kmtrack.ledger.store import open_store
from kmtrack.usecases.history.commands import as_list
from kmtrack.usecases.persons.finding import records_of_person

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from kmtrack.ledger.rows import Row
    from kmtrack.ledger.store import Store
    from kmtrack.usecases.desk import Desk

_CONTACTS: Final = """
    SELECT count(*) FROM contact WHERE person_id IN (SELECT value FROM json_each(:ids))
"""
_THERE: Final = "SELECT 1 FROM person WHERE id = :id"


class NotCompacted(KmtrackError):
    """The person is erased, but the file may still hold traces of the name."""


class Plan(NamedTuple):
    """The records of who is to be erased, in how many contacts they are, how often texts name them."""

    records: list[Row]
    contacts: int
    mentions: int
    copies: int


class Erased(NamedTuple):
    """Who was erased, from how many places, and the copies that were cleaned or that remain."""

    ids: list[str]
    company: str
    mentions: int
    cleaned: list[Path]
    remaining: list[Path]


def plan_of_erasure(store: Store, reference: str) -> Plan:
    """What an erasure would reach. Raises UnknownPerson or SeveralPersons."""
    records = records_of_person(store, reference)
    ids = as_list(row["id"] for row in records)
    names = {row["name"] for row in records}
    times = sum(mention.times for name in names for mention in mentions(store, name))
    return Plan(records, int(store.get(_CONTACTS, ids=ids)[0]), times, len(all_copies(store)))


def erase_persons(desk: Desk, *persons: Row) -> Erased:
    """Erase persons for good: nothing brings their names back, and no count changes."""
    # A backup of the day would be one more place that holds the name.
    bare = desk._replace(backs_up=False)
    times = erase_in(bare, persons)
    cleaned, remaining = erase_in_copies(bare, persons)
    ids = [person["id"] for person in persons]
    return Erased(ids, persons[0]["company"], times, cleaned, remaining)


def erase_in_copies(desk: Desk, persons: Sequence[Row]) -> tuple[list[Path], list[Path]]:
    """Erase persons in every copy of the ledger; those that are without them, and the others."""
    desk = desk._replace(token=None)
    cleaned: list[Path] = []
    remaining: list[Path] = []
    for copy in all_copies(desk.store):
        (cleaned if _erase_in_copy(desk, copy, persons) else remaining).append(copy)
    return cleaned, remaining


def erase_in(desk: Desk, persons: Sequence[Row]) -> int:
    """Erase persons in one ledger, and what its file still held of them; how often texts named them.

    Raises NotAllowed where the user cannot see to it that nothing is left.
    """
    if not desk.store.can_compact:
        raise NotAllowed(path=desk.store.place)
    with desk.change("person erase") as change:
        times = sum(erase_person(change, person["id"], person["name"]) for person in persons)
    try:
        desk.store.compact()
    except KmtrackError as error:
        raise NotCompacted(path=desk.store.place, cause=error.cause()) from error
    return times


def _erase_in_copy(desk: Desk, copy: Path, persons: Sequence[Row]) -> bool:
    """Erase persons in a copy of the ledger; whether it is without them now."""
    try:
        if version_at(copy) != SCHEMA_VERSION:
            return False  # it would have to be brought forward, after a backup of its own
        with closing(open_store(copy)) as store:
            there = [person for person in persons if store.one(_THERE, id=person["id"])]
            if there:
                erase_in(desk._replace(store=store), there)
    except KmtrackError:
        return False
    return True
