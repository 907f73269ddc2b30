"""Erasing a person: from rows, entries and texts, and from the backups that kmtrack made."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, NamedTuple

from kmtrack.errors import KmtrackError
from kmtrack.ledger.backups import all_copies
from kmtrack.ledger.erasing import erase_person, mentions
from kmtrack.ledger.headers import SCHEMA_VERSION, version_at
from kmtrack.ledger.store import open_store
from kmtrack.usecases.persons.finding import find_person

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from kmtrack.ledger.rows import Row
    from kmtrack.ledger.store import Store
    from kmtrack.usecases.desk import Desk


class NotCompacted(KmtrackError):
    """The person is erased, but the file may still hold traces of the name."""


class Plan(NamedTuple):
    """Who is to be erased, in how many contacts they are, and how often texts name them."""

    person: Row
    contacts: int
    mentions: int
    copies: int


class Erased(NamedTuple):
    """Who was erased, from how many places, and the copies that were cleaned or that remain."""

    id: str
    company: str
    mentions: int
    cleaned: list[Path]
    remaining: list[Path]


def plan_of_erasure(store: Store, reference: str) -> Plan:
    """What an erasure would reach. Raises UnknownPerson or SeveralPersons."""
    person = find_person(store, reference)
    contacts = store.get("SELECT count(*) FROM contact WHERE person_id = :id", id=person["id"])
    times = sum(mention.times for mention in mentions(store, person["name"]))
    return Plan(person, int(contacts[0]), times, len(all_copies(store)))


def erase_persons(desk: Desk, person: Row) -> Erased:
    """Erase a person for good: nothing brings the name back, and no count changes."""
    # A backup of the day would be one more place that holds the name.
    bare = desk._replace(backs_up=False)
    times = erase_in(bare, person["id"], person["name"])
    cleaned, remaining = erase_in_copies(bare, [person])
    return Erased(person["id"], person["company"], times, cleaned, remaining)


def erase_in_copies(desk: Desk, persons: Sequence[Row]) -> tuple[list[Path], list[Path]]:
    """Erase persons in every copy of the ledger; those that are without them, and the others."""
    desk = desk._replace(token=None)
    cleaned, remaining = [], []
    for copy in all_copies(desk.store):
        if all(_erase_in_copy(desk, copy, person) for person in persons):
            cleaned.append(copy)
        else:
            remaining.append(copy)
    return cleaned, remaining


def erase_in(desk: Desk, person_id: str, name: str) -> int:
    """Erase a person in one ledger, and what its file still held of them."""
    with desk.change("person erase") as change:
        times = erase_person(change, person_id, name)
    try:
        desk.store.compact()
    except KmtrackError as error:
        raise NotCompacted(path=desk.store.place, cause=error.sentence()) from error
    return times


def _erase_in_copy(desk: Desk, copy: Path, person: Row) -> bool:
    """Erase a person in a copy of the ledger; whether it is without them now."""
    try:
        if version_at(copy) != SCHEMA_VERSION:
            return False  # it would have to be brought forward, after a backup of its own
        with closing(open_store(copy)) as store:
            if store.one("SELECT 1 FROM person WHERE id = :id", id=person["id"]) is not None:
                erase_in(desk._replace(store=store), person["id"], person["name"])
    except KmtrackError:
        return False
    return True
