"""Queries of commands and their entries: which there are, when, by whom, and how each one ends."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from kmtrack.ledger.store.base import Store, StoredRow

_LAST_ENTRIES: Final = """
    SELECT command.number, command.token, command.recorded_at, command.recorded_by,
           command.arrived_at, entry.digest
    FROM entry JOIN command ON command.number = entry.command
    WHERE entry.number IN (SELECT max(number) FROM entry GROUP BY command)
    ORDER BY command.recorded_at, command.token
"""
_CHAIN_HEADS: Final = """
    SELECT counted.recorded_by, counted.entries, counted.recorded_at, entry.digest
    FROM (
        SELECT command.recorded_by, count(*) AS entries, max(command.recorded_at) AS recorded_at,
               max(entry.number) AS last
        FROM entry JOIN command ON command.number = entry.command
        GROUP BY command.recorded_by
    ) AS counted
    JOIN entry ON entry.number = counted.last
    ORDER BY counted.recorded_by
"""
_DIGESTS: Final = "SELECT digest FROM entry"
_ENTRIES: Final = "SELECT number, noun, record_id, action, facts FROM entry"
_RECORDS: Final = "SELECT DISTINCT record_id FROM entry WHERE noun = :noun"
_NEWEST: Final = "SELECT number, token FROM command ORDER BY number DESC LIMIT 1"
_IS_STORED: Final = "SELECT 1 FROM command WHERE number = :number AND token = :token"
_PEOPLE: Final = """
    SELECT DISTINCT record_id FROM entry
    WHERE noun = 'person' AND command IN (SELECT value FROM json_each(:commands))
"""
_IN_ORDER: Final = """
    SELECT number, token, name, recorded_at, recorded_by, reason, arrived_at
    FROM command ORDER BY number
"""
_WITH_REASON: Final = """
    SELECT number, name, recorded_at, recorded_by, reason FROM command
    WHERE reason IS NOT NULL ORDER BY number
"""
_NUMBER_AND_LAST: Final = "SELECT count(*) AS number, max(recorded_at) AS last FROM command"
_INIT: Final = "SELECT token FROM command WHERE name = 'init' AND arrived_at IS NULL"
_ENTRY: Final = """
    SELECT entry.facts, command.recorded_at, command.recorded_by
    FROM entry JOIN command ON command.number = entry.command WHERE entry.number = :number
"""
_ON_RECORDS: Final = """
    SELECT command.recorded_at, command.recorded_by, command.name, entry.action, command.reason
    FROM entry JOIN command ON command.number = entry.command
    WHERE entry.record_id IN (SELECT value FROM json_each(:ids))
    ORDER BY command.recorded_at, command.token, entry.number
"""


class CommandEnd(NamedTuple):
    """A command, with the digest of its last entry; `arrived_at` is when it was merged in.

    Moments are UTC.
    """

    number: int
    token: str
    recorded_at: str
    recorded_by: str
    arrived_at: str | None
    digest: str


class CommandName(NamedTuple):
    """A command by the number that it has in this ledger, and by its token, which it has in all."""

    number: int
    token: str


class ChainHead(NamedTuple):
    """The last entry of one person: how many there are, when (UTC) it was recorded, its digest."""

    recorded_by: str
    entries: int
    recorded_at: str
    digest: str


def last_entries(store: Store) -> Iterator[CommandEnd]:
    """Yield the last entry of each command that has entries, by the moments of the commands."""
    return (CommandEnd(*row) for row in store.each(_LAST_ENTRIES))


def chain_heads(store: Store) -> list[ChainHead]:
    """Return the last entry of everybody who recorded something: proof that nothing was removed."""
    return [ChainHead(*row) for row in store.all(_CHAIN_HEADS)]


def all_digests(store: Store) -> set[str]:
    """Return the digests of all entries."""
    return {row["digest"] for row in store.each(_DIGESTS)}


def all_entries(store: Store) -> Iterator[StoredRow]:
    """Yield every entry: number, noun, record_id, action, facts (JSON)."""
    return store.each(_ENTRIES)


def records_with_entries(store: Store, noun: str) -> list[str]:
    """Return the ids of the records of a noun that any entry is about."""
    return [row["record_id"] for row in store.each(_RECORDS, noun=noun)]


def newest_command(store: Store) -> CommandName:
    """Return the command that was stored last. Raises LookupError for an empty ledger."""
    return CommandName(*store.get(_NEWEST))


def is_stored(store: Store, number: int, token: str) -> bool:
    """Tell whether the command of this number has this token."""
    return store.one(_IS_STORED, number=number, token=token) is not None


def people_in(store: Store, commands: Iterable[int]) -> list[str]:
    """Return the ids of the people that these commands are about."""
    return [row["record_id"] for row in store.all(_PEOPLE, commands=json.dumps(list(commands)))]


def commands_in_order(store: Store) -> Iterator[StoredRow]:
    """Yield every command by number: number, token, name, recorded_at/_by, reason, arrived_at."""
    return store.each(_IN_ORDER)


def commands_with_reason(store: Store) -> list[StoredRow]:
    """Return the commands that state a reason: number, name, recorded_at, recorded_by, reason."""
    return store.all(_WITH_REASON)


def number_and_last(store: Store) -> tuple[int, str]:
    """Return the number of commands, and when (UTC) the last of them was recorded."""
    row = store.get(_NUMBER_AND_LAST)
    return row["number"], row["last"]


def token_of_init(store: Store) -> str | None:
    """Return the token of the command that made this ledger; it tells ledgers apart."""
    row = store.one(_INIT)
    return row["token"] if row else None


def entry_with_command(store: Store, number: int) -> StoredRow:
    """Return the facts (JSON) of an entry, with when and by whom its command was recorded."""
    return store.get(_ENTRY, number=number)


def commands_on(store: Store, ids: Iterable[str]) -> Iterator[StoredRow]:
    """Yield when, by whom, by which command and why each entry on these records was made, in order."""
    return store.each(_ON_RECORDS, ids=json.dumps(list(ids)))
