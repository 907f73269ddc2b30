"""Contact persons: search, disclosure of stored data, and erasure."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from kmtrack.errors import Refusal
from kmtrack.ledger.commitments import legible
from kmtrack.ledger.erasure import erase_person, erased_persons, redact_name, require_compaction
from kmtrack.ledger.mentions import found_name, mentions, registered_companies
from kmtrack.ledger.queries.commands import commands_with_reason, entry_with_command
from kmtrack.ledger.queries.companies import companies_like
from kmtrack.ledger.queries.people import (
    company_of_person,
    contacts_of_person,
    name_of,
    people_not_met_since,
    people_with_company,
)
from kmtrack.ledger.schema.names import name_key
from kmtrack.ledger.schema.nouns import COMMAND
from kmtrack.ledger.schema.plain_text import shown
from kmtrack.ledger.voids import ERASING
from kmtrack.usecases.clean_up import clean_up, note_left
from kmtrack.usecases.doubts import Choice, Doubt
from kmtrack.usecases.lookup import rows_named, rows_near

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from kmtrack.ledger.rows import Row
    from kmtrack.ledger.store.base import Store
    from kmtrack.usecases.clean_up import ErasureReport
    from kmtrack.usecases.session import Session

_SHOWN: Final = 5


def find_persons(session: Session, reference: str) -> list[Row]:
    """Return the persons of that name or id, else those whose names have these words, or begin with them.

    Raises Refusal `unknown_person`, and the Doubts `several_persons` and `person_near`.
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
    """Return the records of the one person who is meant; two laptops may each have made one.

    Raises as `find_persons`.
    """
    return _of_one_person(session, reference, find_persons(session, reference))


def _of_one_person(
    session: Session, reference: str, rows: Sequence[Row], *, is_near: bool = False
) -> list[Row]:
    """Return those of these records that belong to the person who is meant. Raises the doubt who it is."""
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


def person_records(store: Store, rows: Iterable[Row]) -> list[dict[str, Any]]:
    """Return everything stored about persons: their contacts, and the texts that name them.

    The texts include reasons of commands, and names of companies; those of companies with a CVR
    number stay when the person is erased, since they are in a public register. They are searched
    once for each name, however many persons have it.
    """
    held: dict[str, dict[str, Any]] = {}
    records = []
    for row in rows:
        if row["name"] not in held:
            held[row["name"]] = _held_of_name(store, row["name"])
        contacts = [dict(contact) for contact in contacts_of_person(store, row["id"])]
        records.append({**row, "contacts": contacts, **held[row["name"]]})
    return records


def _held_of_name(store: Store, named: str) -> dict[str, Any]:
    texts = []
    name = found_name(store, named)
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
    reasons = [dict(each) for each in commands_with_reason(store) if name.spans(each["reason"])]
    named_so = [
        dict(each)
        for each in companies_like(store, name.like)
        if name.spans(each["name"], titled=True)
    ]
    registered = registered_companies(store, {each["id"] for each in named_so})
    companies = [each for each in named_so if each["id"] in registered]
    return {"texts": texts, "reasons": reasons, "companies": companies}


def stale_persons(store: Store, before: date) -> list[dict[str, Any]]:
    """Return the persons last met before a day, longest ago first."""
    return [dict(row) for row in people_not_met_since(store, before)]


class Erased(NamedTuple):
    """A finished erasure: who was erased, how often texts named them, and how far it reached.

    With `was_erased` they had been erased before, and only what remained was cleaned.
    """

    ids: list[str]
    company: str | None
    mentions: int
    reached: ErasureReport
    was_erased: bool = False


def erase_persons(session: Session, *persons: Row, texts: Sequence[str] = ()) -> Erased:
    """Erase persons and texts for good: nothing brings them back, and no count changes.

    Raises Refusal `not_allowed` if the user may not compact the ledger, so that traces would stay.
    """
    # A backup of the day would be one more place that holds the name.
    bare = session._replace(backs_up=False)
    names = [*(person["name"] for person in persons), *texts]
    require_compaction(session.store)
    with bare.unit_of_work(ERASING) as work:
        times = sum(erase_person(work, person["id"], person["name"]) for person in persons)
        times += sum(redact_name(work, text) for text in texts)
        note_left(session, names)
    reached = clean_up(session, names)
    company = persons[0]["company"] if persons else None
    return Erased([person["id"] for person in persons], company, times, reached)


def finish_erasure(session: Session, reference: str) -> Erased | None:
    """Clean again every place that may contain the name of the erased person with this id.

    Return None for any other reference. Raises as `erase_persons`.
    """
    store, person_id = session.store, reference.strip()
    if person_id not in erased_persons(store) or name_of(store, person_id) is not None:
        return None
    require_compaction(store)
    with store.writing(os.urandom(16).hex()):
        note_left(session)
    session.change.store()
    company = company_of_person(store, person_id)
    return Erased([person_id], company, 0, clean_up(session), was_erased=True)
