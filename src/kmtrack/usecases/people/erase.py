"""Erasing a person: from rows, entries and texts, and from the backups that kmtrack made."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Final, NamedTuple

from kmtrack.errors import Refusal
from kmtrack.files import sweep
from kmtrack.ledger.erasure import erase_person, mentions
from kmtrack.ledger.store.base import open_store
from kmtrack.ledger.store.copies import find_copies
from kmtrack.ledger.store.sqlite import SCHEMA_VERSION, version_at
from kmtrack.ledger.timeline import as_list
from kmtrack.usecases.people.search import records_of_person

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from kmtrack.ledger.rows import Row
    from kmtrack.ledger.store.base import Store
    from kmtrack.usecases.session import Session

_CONTACTS: Final = """
    SELECT count(*) FROM contact WHERE person_id IN (SELECT value FROM json_each(:ids))
"""


class Plan(NamedTuple):
    """The records of who is to be erased, in how many contacts they are, how often texts name them."""

    records: list[Row]
    contacts: int
    mentions: int


class ErasureReport(NamedTuple):
    """How far an erasure reached: the copies that are clean now, and the others.

    `away` are folders with copies that are not there or that nobody may read. `traces` is what kept
    the ledger itself from being compacted, if anything did.
    """

    cleaned: list[Path]
    remaining: list[Path]
    away: list[Path]
    traces: Refusal | None = None


class Erased(NamedTuple):
    """Who was erased, how often texts named them, and how far that reached."""

    ids: list[str]
    company: str
    mentions: int
    reached: ErasureReport


def plan_of_erasure(store: Store, reference: str) -> Plan:
    """What an erasure would reach. Raises Refusal `unknown_person` or `several_persons`."""
    records = records_of_person(store, reference)
    ids = as_list(row["id"] for row in records)
    names = {row["name"] for row in records}
    times = sum(mention.times for name in names for mention in mentions(store, name))
    return Plan(records, int(store.get(_CONTACTS, ids=ids)[0]), times)


def erase_persons(session: Session, *persons: Row) -> Erased:
    """Erase persons for good: nothing brings their names back, and no count changes.

    Raises Refusal `not_allowed` where the user cannot see to it that nothing is left.
    """
    # A backup of the day would be one more place that holds the name.
    times = _erase(session._replace(backs_up=False), persons)
    ids = [person["id"] for person in persons]
    return Erased(ids, persons[0]["company"], times, erase_traces(session, persons))


def erase_traces(session: Session, persons: Sequence[Row]) -> ErasureReport:
    """Erase what is left of persons whom the ledger holds no more: in its file, and in its copies.

    No copy that cannot be cleaned, and nothing that keeps the file from being compacted, ends it.
    """
    bare = session._replace(backs_up=False, token=None)
    found: dict[Path, bool] = {}
    for _ in range(2):  # what is unfinished at the first look may be in its place at the second
        copies = find_copies(session.store)
        for copy in copies.files:
            if copy not in found:
                found[copy] = _erase_in_copy(bare, copy, persons)
    cleaned = [copy for copy, is_clean in found.items() if is_clean]
    remaining = [copy for copy in found if copy not in cleaned]
    remaining += [path for path in copies.unfinished if not sweep(path)]
    return ErasureReport(cleaned, remaining, copies.away, _compact(session.store))


def erase_in(session: Session, persons: Sequence[Row]) -> None:
    """Erase persons in one ledger, and what its file still held of them.

    Raises Refusal `not_compacted`.
    """
    _erase(session, persons)
    traces = _compact(session.store)
    if traces:
        raise traces


def _erase(session: Session, persons: Sequence[Row]) -> int:
    if not session.store.can_compact:
        raise Refusal("not_allowed", path=session.store.place)
    with session.unit_of_work("person erase") as work:
        return sum(erase_person(work, person["id"], person["name"]) for person in persons)


def _compact(store: Store) -> Refusal | None:
    try:
        store.compact()
    except Refusal as error:
        return Refusal("not_compacted", path=store.place, cause=error.cause())
    return None


def _erase_in_copy(session: Session, copy: Path, persons: Sequence[Row]) -> bool:
    """Erase persons in a copy of the ledger; whether it is without them now."""
    try:
        if version_at(copy) != SCHEMA_VERSION:
            return False  # it would have to be brought forward, after a backup of its own
        with closing(open_store(copy)) as store:
            erase_in(session._replace(store=store), persons)
    except Exception:  # noqa: BLE001 - a copy may be damaged in any way: it is told as one that remains
        return False
    return True
