"""Entries: immutable facts of commands, each chained to the one before it."""

from __future__ import annotations

import json
import os
import re
from hashlib import sha256
from itertools import groupby
from json.encoder import encode_basestring as _quoted
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple

from kmtrack.ledger.commitments import legible, with_commitments
from kmtrack.ledger.schema.ids import chunks
from kmtrack.ledger.schema.nouns import text_columns_of
from kmtrack.ledger.voids import COMMAND, Voids

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from kmtrack.ledger.store.base import Store, StoredRow

# An edit holds what changed, a join the other record of the same company; an erasure removes a person, a
# redaction holds what is left of a text. "void" is an undo: its record is a command, named by its token.
# "arrive" tells which commands a merge brought; its record is the merge itself.
# "undo" is one of the first versions: it holds the columns of a row as they were.
Action = Literal[
    "add", "edit", "withdraw", "undo", "join", "erase", "redact", "void", "arrive", "correct-time"
]
FIRST_DIGEST: Final = ""
# The order is the same in every ledger that holds the same commands.
_ON_RECORDS: Final = """
    SELECT entry.record_id, entry.action, entry.facts, command.recorded_at, entry.command, entry.number
    FROM entry JOIN command ON command.number = entry.command
    WHERE entry.noun = :noun AND entry.record_id IN (SELECT value FROM json_each(:ids))
    AND (:known_at IS NULL OR coalesce(command.arrived_at, command.recorded_at) <= :known_at)
    ORDER BY command.recorded_at, command.token, entry.number
"""
_ON_NOUN: Final = """
    SELECT entry.record_id, entry.action, entry.facts, command.recorded_at, entry.command, entry.number
    FROM entry JOIN command ON command.number = entry.command
    WHERE entry.noun = :noun
    AND (:known_at IS NULL OR coalesce(command.arrived_at, command.recorded_at) <= :known_at)
    ORDER BY entry.record_id, command.recorded_at, command.token, entry.number
"""
# By the entry that adds the record as it is now: an earlier one may be void.
# A record that was undone and added again is entered where it was added again.
_IN_ORDER: Final = """
    SELECT entry.record_id FROM entry JOIN command ON command.number = entry.command
    JOIN {noun} AS record ON record.id = entry.record_id
    WHERE entry.noun = :noun AND entry.action = 'add' AND command.recorded_at = record.recorded_at
    AND entry.record_id IN (SELECT value FROM json_each(:ids))
    ORDER BY command.recorded_at, command.token, entry.number
"""
_COMMANDS: Final = "SELECT number, token, recorded_at FROM command"
_ADDITIONS: Final = "SELECT number, command, noun, record_id FROM entry WHERE action = 'add'"
_OF_RECORDS: Final = " AND record_id IN (SELECT value FROM json_each(:ids))"
_NUMBERED: Final = " WHERE number IN (SELECT value FROM json_each(:ids))"
_COPY_COMMAND: Final = """
    INSERT INTO command (number, token, recorded_at, recorded_by, name, previous)
    VALUES (:number, :token, :recorded_at, '', '', '')
"""
_COPY_ADDITION: Final = """
    INSERT INTO entry (number, command, noun, record_id, action, facts, digest)
    VALUES (:number, :command, :noun, :record_id, 'add', '', '')
"""
# A text of JSON, or a number with a negative exponent, of which zeros in front are left out.
_SMALL_NUMBER: Final = r'"(?:[^"\\]|\\.)*"|(-?([0-9])(?:\.([0-9]+))?)e-0*([1-9][0-9]*)'
# Made once: `json.dumps` makes one for every value.
_JSON: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
_SEPARATOR: Final = "\x1f"  # occurs in no part: control characters are removed from texts


class Entry(NamedTuple):
    """An action upon one record, with its facts as JSON.

    `secret` (hex) keys the commitments to the texts among the facts; None where there are none.
    """

    noun: str
    record_id: str
    action: Action
    facts: str
    secret: str | None = None

    @classmethod
    def new(
        cls, noun: str, record_id: str, action: Action, facts: Mapping[str, Any]
    ) -> tuple[Entry, str]:
        """Make an entry; return it with the text that its digest covers."""
        text, texts = as_json(facts), text_columns_of(noun)
        if texts.isdisjoint(facts):
            return cls(noun, record_id, action, text), text
        secret = os.urandom(16).hex()
        covered = as_json(with_commitments(facts, texts, secret))
        return cls(noun, record_id, action, text, secret), covered

    def covered(self) -> str:
        """Return what the digest of a stored entry covers: its facts, with commitments to its texts."""
        texts = text_columns_of(self.noun)
        facts = json.loads(self.facts)
        return (
            self.facts
            if texts.isdisjoint(facts)
            else as_json(with_commitments(facts, texts, self.secret))
        )


class CommandHeader(NamedTuple):
    """What all entries of one command share; `recorded_at` is UTC, `token` names the command."""

    token: str
    recorded_at: str
    recorded_by: str
    name: str


def as_json(value: Any) -> str:
    """Return a value as the JSON text that the ledger keeps: compact, with every letter as it is.

    Digests are over this text, so its bytes never change. They were pydantic's first, which writes
    a small number as `1e-7` where Python writes `1e-07`.
    """
    if type(value) is dict:  # texts, nearly always: half the time of the encoder
        pairs = [
            f"{_quoted(name)}:{_quoted(each) if type(each) is str else _JSON.encode(each)}"
            for name, each in value.items()
        ]
        text = f"{{{','.join(pairs)}}}"
    else:
        text = _JSON.encode(value)
    return re.sub(_SMALL_NUMBER, _shortened, text) if "e-" in text else text


def _shortened(found: re.Match[str]) -> str:
    number, whole, decimals, exponent = found.groups()
    if number is None:  # a text, whatever it spells
        return found[0]
    if exponent == "5":
        return f"{'-' if number[0] == '-' else ''}0.0000{whole}{decimals or ''}"
    return f"{number}e-{exponent}"


class Links(NamedTuple):
    """What a command is chained to, each by its last digest: the one before it, of whoever gave it.

    `previous` is that of the same person, and `follows` that of anybody in the ledger where it is made.
    """

    previous: str
    follows: str


def command_digest(
    header: CommandHeader, links: Links, commitment: str | None, login: str | None
) -> str:
    """Return the digest of a command itself, from which that of its first entry continues.

    `commitment` is that to its reason, `login` who was logged in on a server.
    """
    text = _SEPARATOR.join((COMMAND, *links, *header, commitment or "", login or ""))
    return sha256(text.encode()).hexdigest()


def arrival_facts(tokens: Sequence[str]) -> dict[str, Any]:
    """Return the facts of the entry that tells what a merge brought: commands, in their order here."""
    return {"commands": len(tokens), "digest": sha256("\n".join(tokens).encode()).hexdigest()}


class Chain:
    """Computes the digests of the entries of one command."""

    def __init__(self, header: CommandHeader, previous: str) -> None:
        self._header = _SEPARATOR.join(header)
        self._digest = previous

    def add(self, entry: Entry, covered: str | None = None) -> str:
        """Return the digest of an entry, over itself, its command and the entry before it.

        `covered` is what the digest covers of its facts, where that is known already.
        """
        facts = entry.covered() if covered is None else covered
        text = _SEPARATOR.join((self._digest, self._header, *entry[:3], facts))
        self._digest = sha256(text.encode()).hexdigest()
        return self._digest


class StoredEntry(NamedTuple):
    """One entry on a record: its facts, when (UTC), and the numbers of its command and its own.

    `is_void` is true for the entry that adds a record which only void commands add.
    """

    record_id: str
    action: Any
    facts: dict[str, Any]
    recorded_at: str
    command: int
    entry: int
    is_void: bool = False


def entries_on(
    store: Store, noun: str, ids: Iterable[str], voids: Voids | None = None
) -> list[StoredEntry]:
    """Read the entries in force on these records, in order, as `entries_in_force` returns them."""
    voids = voids or Voids(store)
    named = {"noun": noun, "ids": json.dumps(list(ids)), "known_at": voids.known_at}
    return entries_in_force(list(map(_stored, store.each(_ON_RECORDS, **named))), voids)


def all_entries_on(store: Store, noun: str, ids: Iterable[str]) -> list[StoredEntry]:
    """Read all entries on these records, in order, those of void commands too."""
    named = {"noun": noun, "ids": json.dumps(list(ids)), "known_at": None}
    return list(map(_stored, store.each(_ON_RECORDS, **named)))


def entries_by_record(
    store: Store, noun: str, voids: Voids | None = None
) -> Iterator[tuple[str, list[StoredEntry]]]:
    """Read the entries in force on each record of a noun, in the order of their ids."""
    voids = voids or Voids(store)
    void, known_at = voids.all(), voids.known_at
    rows = store.each(_ON_NOUN, noun=noun, known_at=known_at)
    for record_id, group in groupby(rows, key=lambda row: row[0]):
        entries = list(map(_stored, group))
        yield record_id, without_void(entries, void, voids.kept) if void else entries


def entries_in_force(entries: list[StoredEntry], voids: Voids) -> list[StoredEntry]:
    """Leave out the entries of void commands, but for `add` where nothing else adds the record.

    That one is void, unless the record is kept.
    """
    void = voids.among({entry.command for entry in entries})
    return without_void(entries, void, voids.kept) if void else entries


def without_void(
    entries: list[StoredEntry], void: Collection[int], kept: Collection[str] = ()
) -> list[StoredEntry]:
    """Leave out the entries of these commands, as `entries_in_force` does; `kept` records stay."""
    added = {e.record_id for e in entries if e.action == "add" and e.command not in void}
    return [
        entry if entry.command not in void else entry._replace(is_void=entry.record_id not in kept)
        for entry in entries
        if entry.command not in void or (entry.action == "add" and entry.record_id not in added)
    ]


def by_entry(table: str) -> str:
    """Return the terms by which SQL sorts records of a table: by moment, then in order of entry."""
    return f"""{table}.recorded_at,
        (SELECT min(command.token) FROM entry JOIN command ON command.number = entry.command
         WHERE entry.record_id = {table}.id AND command.recorded_at = {table}.recorded_at),
        (SELECT min(entry.number) FROM entry JOIN command ON command.number = entry.command
         WHERE entry.record_id = {table}.id AND command.recorded_at = {table}.recorded_at)"""  # noqa: S608 - a name of ours


def in_order_of_entry(store: Store, noun: str, ids: Iterable[str]) -> list[str]:
    """Return the ids of these records of a noun in the order in which they were entered."""
    rows = store.each(_IN_ORDER.format(noun=noun), noun=noun, ids=json.dumps(list(ids)))
    return list(dict.fromkeys(row["record_id"] for row in rows))


def copy_order(source: Store, target: Store, ids: Collection[str] | None = None) -> None:
    """Copy the order of entry of all records, or of these, to an empty ledger, and nothing else."""
    if ids is None:
        target.run_many(_COPY_COMMAND, map(dict, source.each(_COMMANDS)))
        target.run_many(_COPY_ADDITION, map(dict, source.each(_ADDITIONS)))
        return
    additions = [
        dict(row)
        for some in chunks(ids)
        for row in source.all(_ADDITIONS + _OF_RECORDS, ids=json.dumps(some))
    ]
    numbers = json.dumps(sorted({row["command"] for row in additions}))
    target.run_many(_COPY_COMMAND, map(dict, source.all(_COMMANDS + _NUMBERED, ids=numbers)))
    target.run_many(_COPY_ADDITION, additions)


def _stored(row: StoredRow) -> StoredEntry:
    record_id, action, facts, *when_and_where = row
    return StoredEntry(record_id, action, legible(json.loads(facts)), *when_and_where)
