"""Erasure: remove persons and texts from a ledger for good, while every digest and count stays valid."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from kmtrack.errors import Refusal
from kmtrack.ledger.mentions import found_name, mentions, named_persons
from kmtrack.ledger.redactions import (
    Redaction,
    all_redactions,
    redact,
    redact_reason,
    text_of,
)
from kmtrack.ledger.schema.names import name_key
from kmtrack.ledger.schema.nouns import COMMAND
from kmtrack.ledger.settings import (
    CHOSEN_COLUMNS,
    all_settings,
    drop_setting,
    put_setting,
    setting_names,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kmtrack.ledger.rows import Row
    from kmtrack.ledger.store.base import Store
    from kmtrack.ledger.unit_of_work import UnitOfWork
    from kmtrack.ledger.written_names import WrittenName

_ENTRY: Final = "SELECT number, facts, secret FROM entry WHERE number = :number"
# Kept as a setting too: the ledger may be restored to a time before the person was in it.
_PREFIX: Final = "erased:"
_KEPT: Final = "redacted:"
_EXISTS: Final = "SELECT 1 FROM person WHERE id = :id"
_ERASED: Final = "SELECT id FROM person WHERE withdrawn = 'erased'"
_LAST_ERASED: Final = """
    SELECT record_id FROM entry WHERE noun = 'person' AND action = 'erase'
    ORDER BY number DESC LIMIT 1
"""
_NAMED: Final = """
    SELECT id, name FROM person
    WHERE name IS NOT NULL AND coalesce(withdrawn, '') <> 'erased'
      AND id IN (SELECT value FROM json_each(:ids)) ORDER BY id
"""


def require_compaction(store: Store) -> None:
    """Raise Refusal `not_allowed` if the user may not compact the store, so that traces would stay."""
    if not store.is_owned:
        raise Refusal("not_allowed", path=store.location)


def erased_persons(store: Store) -> list[str]:
    """List the ids of all persons who were ever erased from a ledger."""
    rows = store.all(_ERASED)
    return sorted({*(row["id"] for row in rows), *setting_names(store, _PREFIX)})


def last_erased_person(store: Store) -> str | None:
    """Return the id of the person who was erased last, if any."""
    row = store.one(_LAST_ERASED)
    return row["record_id"] if row else None


def erased_persons_with_names(store: Store) -> list[Row]:
    """Read erased persons who came back with a name from a copy that did not know of the erasure."""
    return [dict(row) for row in store.all(_NAMED, ids=json.dumps(setting_names(store, _PREFIX)))]


def erase_person(work: UnitOfWork, person_id: str, name: str) -> int:
    """Erase a person from their row and from every text; return how often texts named them.

    A copy of the ledger may be older than the row, and yet have texts with the name.
    """
    if work.store.one(_EXISTS, id=person_id):
        work.append("person", person_id, "erase", {})
    note_erased(work.store, [person_id])
    return redact_name(work, name) if name else 0


def times_in(store: Store, name: str) -> int:
    """Return how often the texts of a ledger contain a name or another text."""
    return sum(mention.times for mention in mentions(store, found_name(store, name)))


def holds_name(store: Store, name: str) -> bool:
    """Return whether a ledger has a contact person of that name, or contains it in a text."""
    written = found_name(store, name)
    return bool(named_persons(store, written)) or any(True for _ in mentions(store, written))


def note_erased(store: Store, persons: Iterable[str]) -> None:
    """Remember in this file that persons are erased."""
    for person_id in persons:
        put_setting(store, f"{_PREFIX}{person_id}")


def keep_redactions(store: Store, copy: Store) -> None:
    """Remember in this file the redactions of texts that the copy which replaces it does not have.

    Those texts may come back by a merge.
    """
    for stated in all_redactions(store):
        if text_of(copy, stated) is None:
            put_setting(store, f"{_KEPT}{json.dumps(stated[:4])}", stated.left)


def kept_redactions(store: Store) -> list[Redaction]:
    """Read the redactions of texts that were lost by a restore."""
    found = []
    for name, left in all_settings(store):
        if name.startswith(_KEPT):
            entry, noun, record_id, field = json.loads(name.removeprefix(_KEPT))
            found.append(Redaction(entry, noun, record_id, field, left))
    return found


def _redact_kept(store: Store, name: WrittenName) -> None:
    """Take a name out of what is remembered of lost texts."""
    for stated in kept_redactions(store):
        left, times = name.without(stated.left)
        if times:
            put_setting(store, f"{_KEPT}{json.dumps(stated[:4])}", left)


def _forget_columns(store: Store, name: str) -> None:
    """Forget the column choices remembered for headings that contain a name."""
    letters = name_key(name).replace(" ", "")
    for chosen, fields in list(all_settings(store)):
        if chosen.startswith(CHOSEN_COLUMNS) and letters in fields:
            drop_setting(store, chosen)


def redact_name(work: UnitOfWork, name: str) -> int:
    """Remove a name, or another text, from every text; return how often it occurred.

    For each redacted text an entry is appended, with the digest of the entry that contains the
    text.
    """
    work.flush()
    store = work.store
    written = found_name(store, name)
    found = list(mentions(store, written))
    _redact_kept(store, written)
    _forget_columns(store, name)
    for mention in found:
        if mention.noun == COMMAND and not mention.digest:
            redact_reason(work, mention.record_id, mention.left["reason"])
            continue
        entry = store.get(_ENTRY, number=mention.number)
        for field in redact(store, entry, mention.left):
            facts = {"entry": mention.digest, "field": field, "left": mention.left[field]}
            work.append(mention.noun, mention.record_id, "redact", facts)
    work.judge()
    return sum(mention.times for mention in found)
