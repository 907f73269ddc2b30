"""Queries about contacts, collaborations and hires that the rows of a file are compared with."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from kmtrack.ledger.rows import ERASED, UNDONE
from kmtrack.ledger.schema.ids import chunks
from kmtrack.ledger.schema.nouns import NOUNS
from kmtrack.ledger.voids import Voids

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from kmtrack.ledger.rows import Row
    from kmtrack.ledger.store.base import Store

# The name of the command whose entries say what a file said.
IMPORT: Final = "import"
_COMMANDS: Final = "SELECT number FROM command WHERE name = :name"
_CORRECTED: Final = """
    SELECT DISTINCT entry.record_id, entry.command FROM command
    JOIN entry ON entry.command = command.number
    WHERE command.name = :name AND entry.noun = :noun AND entry.action = 'edit'
"""
_COMPANIES: Final = """
    SELECT DISTINCT company_id FROM {noun} WHERE withdrawn IS NULL OR withdrawn <> :undone
"""
_AT: Final = """
    SELECT record.* FROM {noun} AS record
    WHERE record.{column} IN (SELECT value FROM json_each(:ids))
    AND (record.withdrawn IS NULL OR record.withdrawn <> :undone)
"""
_PERSONS: Final = """
    SELECT id, name, withdrawn FROM person WHERE id IN (SELECT value FROM json_each(:ids))
"""
_MET: Final = """
    SELECT contact.id, contact.person_id, person.name
    FROM contact LEFT JOIN person ON person.id = contact.person_id
    WHERE contact.id IN (SELECT value FROM json_each(:ids))
"""
_STATED: Final = """
    SELECT record_id, command, action FROM entry
    WHERE noun = :noun AND record_id IN (SELECT value FROM json_each(:ids))
"""


def import_commands(store: Store) -> set[int]:
    """Return the numbers of all commands that read a file."""
    return {row["number"] for row in store.each(_COMMANDS, name=IMPORT)}


def corrected_by_imports(store: Store, noun: str) -> set[str]:
    """Return the records (ids) of a noun that a later import of their rows corrected."""
    found = store.all(_CORRECTED, name=IMPORT, noun=noun)
    void = Voids(store).among({row["command"] for row in found}) if found else set()
    return {row["record_id"] for row in found if row["command"] not in void}


def companies_with(store: Store, noun: str) -> set[str]:
    """Return the companies (ids) that have records of a noun, undone ones left out."""
    rows = store.each(_COMPANIES.format(noun=NOUNS[noun].name), undone=UNDONE)
    return {row["company_id"] for row in rows}


def events_at(store: Store, noun: str, companies: Iterable[str]) -> Iterator[Row]:
    """Yield the records of a noun at these companies, withdrawn but not undone ones included."""
    return _events(store, noun, "company_id", companies)


def events_of(store: Store, noun: str, ids: Iterable[str]) -> Iterator[Row]:
    """Yield the records of a noun with these ids, likewise."""
    return _events(store, noun, "id", ids)


def _events(store: Store, noun: str, column: str, ids: Iterable[str]) -> Iterator[Row]:
    statement = _AT.format(noun=NOUNS[noun].name, column=column)
    for chunk in chunks(ids):
        yield from map(dict, store.all(statement, ids=json.dumps(chunk), undone=UNDONE))


def person_names(store: Store, ids: Iterable[str]) -> dict[str, str | None]:
    """Return the names of contact persons by id; None for an erased one."""
    return {
        row["id"]: None if row["withdrawn"] == ERASED else row["name"]
        for chunk in chunks(ids)
        for row in store.all(_PERSONS, ids=json.dumps(chunk))
    }


def persons_met(store: Store, ids: Iterable[str]) -> dict[str, str | None]:
    """Return the name of the person met in each of these contacts: "" for nobody, None for an erased one."""
    return {
        row["id"]: (row["name"] or None) if row["person_id"] else ""
        for chunk in chunks(ids)
        for row in store.all(_MET, ids=json.dumps(chunk))
    }


def stated_on(store: Store, noun: str, ids: Iterable[str]) -> Iterator[tuple[str, int, str]]:
    """Yield the record, the command's number and the action of every entry on these records of a noun."""
    for chunk in chunks(ids):
        for row in store.all(_STATED, noun=noun, ids=json.dumps(chunk)):
            yield row[0], row[1], row[2]
