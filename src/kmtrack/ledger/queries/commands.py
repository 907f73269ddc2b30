"""Queries of commands and their entries: which there are, when, by whom, and how each one ends."""

from __future__ import annotations

import json
from collections import defaultdict
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from kmtrack.ledger.store.base import Store, StoredRow

_LAST_ENTRIES: Final = """
    SELECT command.number, command.token, command.recorded_at, command.recorded_by, entry.digest
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
_COMMANDS: Final = "SELECT token, recorded_at, recorded_by, name, reason FROM command"
_ENTRIES: Final = "SELECT number, noun, record_id, action, facts FROM entry"
_RECORDS: Final = "SELECT DISTINCT record_id FROM entry WHERE noun = :noun"
_FIRST_AFTER: Final = """
    SELECT recorded_by, recorded_at FROM command WHERE recorded_at > :moment
    ORDER BY recorded_at LIMIT 1
"""
_RECORDED_AFTER: Final = """
    SELECT recorded_by, max(recorded_at) FROM command
    WHERE number IN (SELECT value FROM json_each(:commands)) AND recorded_at > :moment
    GROUP BY recorded_by ORDER BY recorded_by
"""
_NEWEST: Final = "SELECT number, token FROM command ORDER BY number DESC LIMIT 1"
_IS_STORED: Final = "SELECT 1 FROM command WHERE number = :number AND token = :token"
_AFTER: Final = """
    SELECT number FROM command WHERE number > :after AND number <= :until
    AND EXISTS (SELECT 1 FROM entry WHERE entry.command = command.number) ORDER BY number
"""
_SINCE: Final = """
    SELECT number FROM command
    WHERE coalesce(arrived_at, recorded_at) >= :since AND number <= :until
    AND EXISTS (SELECT 1 FROM entry WHERE entry.command = command.number) ORDER BY number
"""
_PEOPLE: Final = """
    SELECT DISTINCT record_id FROM entry
    WHERE noun = 'person' AND command IN (SELECT value FROM json_each(:commands))
"""
_PREDECESSORS: Final = """
    SELECT recorded_by, previous FROM command
    WHERE number IN (SELECT value FROM json_each(:commands))
"""
_ENTRIES_BY: Final = """
    SELECT noun, record_id, facts FROM entry
    WHERE command IN (SELECT value FROM json_each(:commands))
"""
_ADDED_BY: Final = """
    SELECT DISTINCT noun, record_id FROM entry
    WHERE action = 'add' AND command IN (SELECT value FROM json_each(:commands)) ORDER BY noun
"""
_WAS_ADDED: Final = """
    SELECT DISTINCT record_id FROM entry
    WHERE noun = :noun AND action = 'add' AND record_id IN (SELECT value FROM json_each(:ids))
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


class CommandEnd(NamedTuple):
    """A command (its moment is UTC) with the digest of its last entry."""

    number: int
    token: str
    recorded_at: str
    recorded_by: str
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


def all_commands(store: Store) -> Iterator[StoredRow]:
    """Yield every command: token, recorded_at, recorded_by, name, reason."""
    return store.each(_COMMANDS)


def all_entries(store: Store) -> Iterator[StoredRow]:
    """Yield every entry: number, noun, record_id, action, facts (JSON)."""
    return store.each(_ENTRIES)


def records_with_entries(store: Store, noun: str) -> list[str]:
    """Return the ids of the records of a noun that any entry is about."""
    return [row["record_id"] for row in store.each(_RECORDS, noun=noun)]


def first_recorded_after(store: Store, moment: str) -> StoredRow | None:
    """Return the first command recorded after a moment (UTC): recorded_by, recorded_at."""
    return store.one(_FIRST_AFTER, moment=moment)


def recorded_after(store: Store, commands: Iterable[int], moment: str) -> list[StoredRow]:
    """Return who recorded any of these commands after a moment (UTC), each with the last such moment."""
    return store.all(_RECORDED_AFTER, commands=_json(commands), moment=moment)


def newest_command(store: Store) -> CommandName:
    """Return the command that was stored last. Raises LookupError for an empty ledger."""
    return CommandName(*store.get(_NEWEST))


def is_stored(store: Store, number: int, token: str) -> bool:
    """Tell whether the command of this number has this token."""
    return store.one(_IS_STORED, number=number, token=token) is not None


def commands_after(store: Store, after: int, until: int) -> list[int]:
    """Return the numbers of commands with entries, from one after `after` up to `until`."""
    return [row["number"] for row in store.all(_AFTER, after=after, until=until)]


def commands_since(store: Store, since: str, until: int) -> list[int]:
    """Return the numbers, up to `until`, of commands with entries that are here since a moment (UTC)."""
    return [row["number"] for row in store.all(_SINCE, since=since, until=until)]


def people_in(store: Store, commands: Iterable[int]) -> list[str]:
    """Return the ids of the people that these commands are about."""
    return [row["record_id"] for row in store.all(_PEOPLE, commands=_json(commands))]


def predecessors(store: Store, commands: Iterable[int]) -> list[StoredRow]:
    """Return by whom each of these commands was recorded, and the digest before it (`previous`)."""
    return store.all(_PREDECESSORS, commands=_json(commands))


def entries_by(store: Store, commands: Iterable[int]) -> Iterator[StoredRow]:
    """Yield the entries of these commands: noun, record_id, facts (JSON)."""
    return store.each(_ENTRIES_BY, commands=_json(commands))


def added_by(store: Store, commands: Iterable[int]) -> dict[str, set[str]]:
    """Return the ids of the records that these commands added, by noun."""
    added: dict[str, set[str]] = defaultdict(set)
    for row in store.all(_ADDED_BY, commands=_json(commands)):
        added[row["noun"]].add(row["record_id"])
    return added


def was_added(store: Store, noun: str, ids: Iterable[str]) -> set[str]:
    """Return those of these ids that some entry adds as a record of the noun."""
    return {row["record_id"] for row in store.all(_WAS_ADDED, noun=noun, ids=_json(ids))}


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


def _json(values: Iterable[object]) -> str:
    """Write ids or numbers as the JSON list that `json_each` takes apart."""
    return json.dumps(list(values))
