"""Contact persons: search, disclosure of stored data, and erasure."""

from __future__ import annotations

import json
from contextlib import closing
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from kmtrack.errors import Refusal
from kmtrack.files import sweep
from kmtrack.ledger.commitments import legible
from kmtrack.ledger.erasure import erase_person, require_compaction
from kmtrack.ledger.mentions import found_name, mentions
from kmtrack.ledger.open import open_store
from kmtrack.ledger.queries.commands import commands_with_reason, entry_with_command
from kmtrack.ledger.queries.companies import company_names
from kmtrack.ledger.queries.people import (
    contacts_of_person,
    number_of_contacts,
    people_not_met_since,
    people_with_company,
)
from kmtrack.ledger.schema.names import name_key
from kmtrack.ledger.schema.plain_text import shown
from kmtrack.ledger.store.copies import find_copies
from kmtrack.ledger.store.sqlite import SCHEMA_VERSION, version_at
from kmtrack.ledger.voids import COMMAND
from kmtrack.usecases.doubts import Choice, Doubt
from kmtrack.usecases.lookup import rows_named, rows_near
from kmtrack.usecases.session import UNWATCHED

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from pathlib import Path

    from kmtrack.ledger.rows import Row
    from kmtrack.ledger.store.base import Store
    from kmtrack.usecases.session import Session

_SHOWN: Final = 5


def find_persons(session: Session, reference: str) -> list[Row]:
    """Return the persons of that name or id, else those whose names have these words, or begin so.

    Raises Refusal `unknown_person`, and the doubts `several_persons` and `person_near`.
    """
    persons = [dict(row) for row in people_with_company(session.store)]
    found = rows_named(persons, "person", reference)
    if found:
        return found
    nearly = rows_near(persons, reference)
    if not nearly:
        raise Refusal("unknown_person", reference=shown(reference))
    return _of_one_person(session, reference, nearly, is_near=True)


def records_of_person(session: Session, reference: str) -> list[Row]:
    """Return the records of the one person that is meant; each of two laptops may have made one.

    Raises as `find_persons`.
    """
    return _of_one_person(session, reference, find_persons(session, reference))


def _of_one_person(
    session: Session, reference: str, rows: Sequence[Row], *, is_near: bool = False
) -> list[Row]:
    """Return those of these records that are of the person who is meant. Raises the doubt who it is."""
    persons: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        persons.setdefault((name_key(row["name"]), row["company_id"]), []).append(row)
    labels = {
        same[0]["id"]: f"{same[0]['name']}, {same[0]['company']} ({same[0]['id']})"
        for same in persons.values()
    }
    if len(persons) == 1:
        if is_near:
            [(id_, label)] = labels.items()
            doubt = Doubt("person_near", reference, reference=shown(reference), name=label, id=id_)
            session.settle(doubt)
        return list(rows)
    chosen = session.settle(
        Doubt(
            "several_persons",
            reference,
            choices=[Choice(id_, label) for id_, label in labels.items()],
            reference=shown(reference),
            among=list(labels.values())[:_SHOWN],
        )
    )
    return next(same for same in persons.values() if same[0]["id"] == chosen)


def person_record(store: Store, row: Row) -> dict[str, Any]:
    """Return everything that is held of a person: their contacts, and the texts that name them.

    The texts include reasons of commands, and names of companies; those stay when the person is
    erased, since they are in a public register.
    """
    texts = []
    name = found_name(store, row["name"])
    for mention in mentions(store, name):
        if mention.noun == COMMAND:
            continue
        entry = entry_with_command(store, mention.number)
        facts = legible(json.loads(entry["facts"]))
        texts.append(
            {
                "id": mention.record_id,
                "noun": mention.noun,
                "recorded_at": entry["recorded_at"],
                "recorded_by": entry["recorded_by"],
                "texts": {
                    field: facts[field]
                    for field, left in mention.left.items()
                    if facts[field] != left
                },
            }
        )
    contacts = [dict(contact) for contact in contacts_of_person(store, row["id"])]
    reasons = [dict(each) for each in commands_with_reason(store) if name.spans(each["reason"])]
    companies = [
        dict(each) for each in company_names(store) if name.spans(each["name"], of_firm=True)
    ]
    held = {"contacts": contacts, "texts": texts, "reasons": reasons, "companies": companies}
    return {**row, **held}


def stale_persons(store: Store, before: date) -> list[dict[str, Any]]:
    """Return the persons last met before a day, longest ago first."""
    return [dict(row) for row in people_not_met_since(store, before)]


class Plan(NamedTuple):
    """What an erasure would reach: records of the person, contacts with them, mentions in texts."""

    records: list[Row]
    contacts: int
    mentions: int


class ErasureReport(NamedTuple):
    """How far an erasure reached: the copies that are clean now, and the others.

    `away` are folders of copies that are missing or unreadable. `traces` is what kept the ledger
    file itself from being compacted, if anything did.
    """

    cleaned: list[Path]
    remaining: list[Path]
    away: list[Path]
    traces: Refusal | None = None


class Erased(NamedTuple):
    """A finished erasure: who was erased, mentions in texts, and how far it reached."""

    ids: list[str]
    company: str
    mentions: int
    reached: ErasureReport


def plan_of_erasure(session: Session, reference: str) -> Plan:
    """Return what an erasure would reach. Raises as `records_of_person`."""
    store, records = session.store, records_of_person(session, reference)
    ids = [row["id"] for row in records]
    names = {row["name"] for row in records}
    times = sum(
        mention.times for name in names for mention in mentions(store, found_name(store, name))
    )
    return Plan(records, number_of_contacts(store, ids), times)


def erase_persons(session: Session, *persons: Row) -> Erased:
    """Erase persons for good: nothing brings their names back, and no count changes.

    Raises Refusal `not_allowed` where the user may not compact the ledger, so traces would stay.
    """
    # A backup of the day would be one more place that holds the name.
    times = _erase(session._replace(backs_up=False), persons)
    ids = [person["id"] for person in persons]
    return Erased(ids, persons[0]["company"], times, erase_traces(session, persons))


def erase_traces(session: Session, persons: Sequence[Row]) -> ErasureReport:
    """Erase what is left of persons already erased from the rows: in the file, and in its copies.

    Neither a copy that cannot be cleaned nor a file that cannot be compacted stops it.
    """
    bare = session._replace(backs_up=False, token=None)
    found: dict[Path, bool] = {}
    for _ in range(2):  # a copy that is unfinished in the first pass may be in place in the second
        copies = find_copies(session.store)
        for copy in copies.files:
            if copy not in found:
                found[copy] = _erase_in_copy(bare, copy, persons)
    cleaned = [copy for copy, is_clean in found.items() if is_clean]
    remaining = [copy for copy in found if copy not in cleaned]
    remaining += [path for path in copies.unfinished if not sweep(path)]
    return ErasureReport(cleaned, remaining, copies.away, _compact(session.store))


def erase_in(session: Session, persons: Sequence[Row]) -> None:
    """Erase persons in one ledger, and compact its file.

    Raises Refusal `not_compacted`.
    """
    _erase(session, persons)
    traces = _compact(session.store)
    if traces:
        raise traces


def _erase(session: Session, persons: Sequence[Row]) -> int:
    require_compaction(session.store)
    with session.unit_of_work("person erase") as work:
        return sum(erase_person(work, person["id"], person["name"]) for person in persons)


def _compact(store: Store) -> Refusal | None:
    try:
        store.compact()
    except Refusal as error:
        return Refusal("not_compacted", path=store.location, cause=error.cause())
    return None


def _erase_in_copy(session: Session, copy: Path, persons: Sequence[Row]) -> bool:
    """Erase persons in a copy of the ledger; return whether it is clean now."""
    try:
        if version_at(copy) != SCHEMA_VERSION:
            return False  # it would have to be brought forward, after a backup of its own
        with closing(open_store(copy)) as store:
            erase_in(session._replace(store=store, change=UNWATCHED), persons)
    except Exception:  # noqa: BLE001 - a copy may be damaged in any way: it is reported as one that remains
        return False
    return True
