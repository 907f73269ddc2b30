"""Erasure in copies: repeat in a copy the erasures of its ledger, by what the ledger still knows of them.

So a copy can be cleaned long after the erasure, when nobody knows the names any more.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from kmtrack.ledger.erasure import (
    erase_person,
    erased_persons,
    note_erased,
    redact_name,
)
from kmtrack.ledger.redactions import REASON, Redaction, entry_with, reapply_redactions, texts_in
from kmtrack.ledger.schema.nouns import COMMAND
from kmtrack.ledger.settings import CHOSEN_COLUMNS, drop_setting, setting_names
from kmtrack.ledger.written_names import MARK

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from kmtrack.ledger.store.base import Store
    from kmtrack.ledger.unit_of_work import UnitOfWork

_REDACTIONS: Final = """
    SELECT noun, record_id, facts FROM entry WHERE action = 'redact' ORDER BY number
"""
_MADE_BY: Final = """
    SELECT command.token FROM entry JOIN command ON command.number = entry.command
    WHERE entry.number = :number
"""
_SAME: Final = """
    SELECT entry.digest FROM entry JOIN command ON command.number = entry.command
    WHERE entry.number = :number AND command.token = :token
      AND entry.noun = :noun AND entry.record_id = :record_id
"""
_IN_ROW: Final = """
    SELECT id, name FROM person
    WHERE id IN (SELECT value FROM json_each(:ids))
      AND (name IS NOT NULL OR coalesce(withdrawn, '') <> 'erased')
"""
_REASONS: Final = "SELECT token, reason FROM command WHERE reason IS NOT NULL"


def names_of_erased(copy: Store, persons: Iterable[str]) -> dict[str, str | None]:
    """Return the names that a copy still has of these persons; None stands for a record without one."""
    rows = copy.all(_IN_ROW, ids=json.dumps(sorted(persons)))
    return {row["id"]: row["name"] for row in rows}


def erase_as_in(ledger: Store, work: UnitOfWork, names: Iterable[str]) -> None:
    """Erase from a copy, in its unit of work, the persons and texts that its ledger has erased.

    `names` are those known to be erased: they may be in texts that the ledger has lost.
    """
    copy, persons = work.store, erased_persons(ledger)
    there = names_of_erased(copy, persons)
    for person_id, name in there.items():
        erase_person(work, person_id, name or "")
    note_erased(copy, persons)
    for name in sorted({*names} - {*there.values()}):
        redact_name(work, name)
    for columns in {*setting_names(copy, CHOSEN_COLUMNS)} - {
        *setting_names(ledger, CHOSEN_COLUMNS)
    }:
        drop_setting(copy, f"{CHOSEN_COLUMNS}{columns}")
    work.flush()
    reapply_redactions(work, [*_redactions_for(copy, ledger), *_reasons_for(copy, ledger)])


def _redactions_for(copy: Store, ledger: Store) -> Iterator[Redaction]:
    """Yield the redactions for texts of which the copy has more left than the ledger."""
    seen: set[tuple[str, str]] = set()
    for row in ledger.all(_REDACTIONS):
        stated = Redaction.of(row)
        if stated.is_of_reason or (stated.entry, stated.field) in seen:
            continue
        seen.add((stated.entry, stated.field))
        entry = entry_with(ledger, stated.entry)
        token = ledger.get(_MADE_BY, number=entry["number"])["token"]
        named = {name: entry[name] for name in ("number", "noun", "record_id")}
        same = copy.one(_SAME, token=token, **named)
        left = texts_in(entry["noun"], json.loads(entry["facts"])).get(stated.field)
        if same is not None and left is not None:
            yield stated._replace(entry=same["digest"], left=left)


def _reasons_for(copy: Store, ledger: Store) -> Iterator[Redaction]:
    """Yield the redactions for the reasons of commands in a copy."""
    ours = {row["token"]: row["reason"] for row in ledger.all(_REASONS) if MARK in row["reason"]}
    for row in copy.all(_REASONS):
        left = ours.get(row["token"])
        if left is not None and left != row["reason"]:
            yield Redaction("", COMMAND, row["token"], REASON, left)
