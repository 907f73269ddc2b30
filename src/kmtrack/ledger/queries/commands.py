"""Queries of commands and their entries: which commands there are, when, by whom, and how each chain ends."""

from __future__ import annotations

import json
from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from kmtrack.ledger.schema.ids import chunks
from kmtrack.ledger.schema.nouns import COMPANY_COLUMNS
from kmtrack.ledger.store.base import EVERYTHING
from kmtrack.ledger.voids import PROTECTED, PROTECTING, Voids, all_undos

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from kmtrack.ledger.store.base import Store, StoredRow

# The index of commands has the noun; the action is only read of the few entries on commands.
_LAST_ENTRIES: Final = """
    SELECT command.number, command.token, command.recorded_at, command.recorded_by,
           command.arrived_at, entry.digest
    FROM entry JOIN command ON command.number = entry.command
    WHERE entry.number IN (
        SELECT max(number) FROM entry
        WHERE NOT (noun = 'command' AND action = 'arrive') GROUP BY command
    )
    ORDER BY command.recorded_at, command.token
"""
_CHAIN_HEADS: Final = """
    SELECT counted.recorded_by, counted.entries, counted.recorded_at, entry.digest
    FROM (
        SELECT command.recorded_by, count(*) AS entries, max(command.recorded_at) AS recorded_at,
               max(entry.number) AS last
        FROM entry JOIN command ON command.number = entry.command
        WHERE entry.action <> 'arrive'
        AND (:known_at IS NULL OR coalesce(command.arrived_at, command.recorded_at) <= :known_at)
        GROUP BY command.recorded_by
    ) AS counted
    JOIN entry ON entry.number = counted.last
    ORDER BY counted.recorded_by
"""
_FIRST_COMMAND: Final = "SELECT token FROM command ORDER BY number LIMIT 1"
_LAST_KNOWN: Final = "SELECT max(coalesce(arrived_at, recorded_at)) FROM command"
# Where a clock was put right later, workbooks and forms bear the moment that it gave.
_LAST_STATED: Final = "SELECT max(coalesce(arrived_at, stated_at, recorded_at)) FROM command"
_MOMENT_IN_FORCE: Final = """
    SELECT max(coalesce(arrived_at, recorded_at)) FROM command
    WHERE coalesce(arrived_at, stated_at, recorded_at) = :stated
"""
_DIGESTS: Final = "SELECT digest FROM entry"
_COMMAND: Final = """
    SELECT number, token, name, recorded_at, recorded_by, reason, arrived_at, stated_at FROM command
"""
_COMMANDS: Final = f"{_COMMAND} ORDER BY number"
_NUMBERED: Final = f"{_COMMAND} WHERE number = :number"
_LAST_BY: Final = f"""
    {_COMMAND} WHERE recorded_by = :by AND arrived_at IS NULL AND number < :below
    ORDER BY number DESC LIMIT :most
"""
_WANTED: Final = """
    WHERE recorded_at >= :since
    AND (:by IS NULL OR recorded_by IN (SELECT value FROM json_each(:by)))
    AND (:records IS NULL OR number IN (
        SELECT command FROM entry WHERE record_id IN (SELECT value FROM json_each(:records))
    ) OR number IN (SELECT value FROM json_each(:undos)))
"""
_NEWEST_WANTED: Final = f"{_COMMAND} {_WANTED} ORDER BY recorded_at DESC, token DESC LIMIT :most"
_ALL_WANTED: Final = f"{_COMMAND} {_WANTED} ORDER BY recorded_at, token"
_NUMBER_WANTED: Final = f"SELECT count(*) FROM command {_WANTED}"  # noqa: S608 - ours
_ABOUT: Final = """
    SELECT DISTINCT command FROM entry WHERE record_id IN (SELECT value FROM json_each(:ids))
"""
_RECORDS_OF: Final = """
    SELECT DISTINCT noun, record_id FROM entry
    WHERE command IN (SELECT value FROM json_each(:commands))
    AND (:records IS NULL OR record_id IN (SELECT value FROM json_each(:records)))
"""
_ADDED_AT: Final = """
    SELECT entry.record_id, entry.command FROM entry
    WHERE entry.action = 'add' AND entry.command > :since
    AND entry.record_id IN (
        SELECT id FROM {noun} WHERE ({at_company}) AND withdrawn IS NULL
    )
"""
_IS_PROTECTED: Final = f"SELECT 1 FROM entry WHERE command = :command AND ({PROTECTING}) LIMIT 1"  # noqa: S608 - ours
_COMPANY_EDITS_BY: Final = """
    SELECT record_id, facts FROM entry WHERE noun = 'company' AND action = 'edit'
    AND command IN (SELECT value FROM json_each(:commands))
"""
_JOINS_BY: Final = """
    SELECT command, record_id, facts FROM entry
    WHERE action = 'join' AND command IN (SELECT value FROM json_each(:commands))
"""
_ENTRIES: Final = "SELECT number, command, noun, record_id, action, facts FROM entry"
_RECORDS: Final = "SELECT DISTINCT record_id FROM entry WHERE noun = :noun"
_ARRIVED_AT: Final = "SELECT token FROM command WHERE arrived_at = :moment ORDER BY number"
_NEWEST: Final = "SELECT number, token FROM command ORDER BY number DESC LIMIT 1"
_IS_STORED: Final = "SELECT 1 FROM command WHERE number = :number AND token = :token"
_PEOPLE: Final = """
    SELECT DISTINCT record_id FROM entry
    WHERE noun = 'person' AND command IN (SELECT value FROM json_each(:commands))
"""
_ENTRIES_OF: Final = """
    SELECT noun, record_id, action FROM entry WHERE command = :command ORDER BY number
"""

_WITH_REASON: Final = """
    SELECT number, name, recorded_at, recorded_by, reason FROM command
    WHERE reason IS NOT NULL ORDER BY number
"""
# Two queries, each of which reads the end of an index. A number is free again where its command was
# rolled back.
_NUMBER_AND_LAST: Final = "SELECT count(*) AS number, max(recorded_at) AS last FROM command"
_INIT: Final = "SELECT token FROM command WHERE name = 'init' AND arrived_at IS NULL"
_ENTRY: Final = """
    SELECT entry.facts, command.recorded_at, command.recorded_by
    FROM entry JOIN command ON command.number = entry.command WHERE entry.number = :number
"""
_ON_RECORDS: Final = """
    SELECT command.number, command.recorded_at, command.recorded_by, command.name, entry.action,
           command.reason, EXISTS (
               SELECT 1 FROM entry AS undo
               WHERE undo.record_id = command.token
               AND undo.noun = 'command' AND undo.action = 'void'
           ) AS has_undo
    FROM entry JOIN command ON command.number = entry.command
    WHERE entry.record_id IN (SELECT value FROM json_each(:ids))
    ORDER BY command.recorded_at, command.token, entry.number
"""


# Higher than the number of any command, and not too high for a column of either database.
_ABOVE_ALL: Final = 1_000_000_000
_A_FEW: Final = 20


class Command(NamedTuple):
    """A command; `recorded_at` is UTC, `arrived_at` when it was merged in, None if it was given here.

    `stated_at` is the time of its clock, if that was corrected since.
    """

    number: int
    token: str
    name: str
    recorded_at: str
    recorded_by: str
    reason: str | None
    arrived_at: str | None
    stated_at: str | None = None


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
    """A command by its number, which is that of this ledger, and its token, which is the same in all."""

    number: int
    token: str


class ChainHead(NamedTuple):
    """The last entry of one person: how many entries there are, its moment (UTC) and its digest."""

    recorded_by: str
    entries: int
    recorded_at: str
    digest: str


class About(NamedTuple):
    """Records (ids), and the undos (numbers) of commands on them."""

    records: list[str]
    undos: list[int]


class Sought(NamedTuple):
    """Which commands to look for: since a moment (UTC), by one of these names, `about` some records."""

    since: str = ""
    recorded_by: Sequence[str] | None = None
    about: About | None = None

    def named(self) -> dict[str, object]:
        """Return the parameters of the statements that look for them."""
        about = self.about
        return {
            "since": self.since,
            "by": None if self.recorded_by is None else json.dumps(list(self.recorded_by)),
            "records": None if about is None else json.dumps(about.records),
            "undos": json.dumps(about.undos if about else []),
        }


def last_entries(store: Store) -> Iterator[CommandEnd]:
    """Yield the last entry of each command that other ledgers may receive, in order of the commands' moments."""
    return (CommandEnd(*row) for row in store.each(_LAST_ENTRIES))


def chain_heads(store: Store, known_at: str | None = None) -> list[ChainHead]:
    """Return the last entry of each user, at a moment (UTC) or now: proof that nothing was removed."""
    return [ChainHead(*row) for row in store.all(_CHAIN_HEADS, known_at=known_at)]


def first_token(store: Store) -> str:
    """Return the token of the command that made the ledger, which identifies it; "" for an empty ledger."""
    first = store.one(_FIRST_COMMAND)
    return str(first["token"]) if first else ""


def last_known(store: Store) -> str:
    """Return the moment (UTC) of the last command given or merged here: nothing is known later."""
    return str(store.get(_LAST_KNOWN)[0])


def last_stated(store: Store) -> str:
    """Return the moment (UTC) that the clock gave the last command, corrected since or not."""
    return str(store.get(_LAST_STATED)[0])


def moment_in_force(store: Store, stated: str) -> str:
    """Return the corrected moment (UTC) of a command; an uncorrected one unchanged."""
    return str(store.get(_MOMENT_IN_FORCE, stated=stated)[0] or stated)


def all_digests(store: Store) -> set[str]:
    """Return the digests of all entries."""
    return {row["digest"] for row in store.each(_DIGESTS)}


def all_commands(store: Store) -> Iterator[Command]:
    """Yield every command, in the order of their numbers."""
    return (Command(*row) for row in store.each(_COMMANDS))


def command_numbered(store: Store, number: int) -> Command | None:
    """Return the command with a number."""
    row = store.one(_NUMBERED, number=number)
    return None if row is None else Command(*row)


def commands_given_here(store: Store, recorded_by: str) -> Iterator[Command]:
    """Yield the commands that a person gave in this ledger, newest first."""
    below = _ABOVE_ALL
    while rows := store.all(_LAST_BY, by=recorded_by, below=below, most=_A_FEW):
        yield from (Command(*row) for row in rows)
        below = rows[-1]["number"]


def companies_numbered_by(store: Store, commands: Iterable[int]) -> set[str]:
    """Return the ids of the companies whose CVR number these commands edited."""
    rows = store.all(_COMPANY_EDITS_BY, commands=json.dumps(sorted(commands)))
    return {row["record_id"] for row in rows if "cvr" in json.loads(row["facts"])}


def joins_by(store: Store, commands: Iterable[int]) -> list[dict[str, Any]]:
    """Return the pairs of companies that these commands joined: command, record_id, and the other."""
    rows = store.all(_JOINS_BY, commands=json.dumps(sorted(commands)))
    return [{**dict(row), "other": json.loads(row["facts"])["with"]} for row in rows]


def is_protected(store: Store, command: Command) -> bool:
    """Return whether a command cannot be undone by anybody."""
    if command.name in PROTECTED:
        return True
    return store.one(_IS_PROTECTED, command=command.number) is not None


def find_commands(store: Store, sought: Sought, most: int) -> Iterable[Command]:
    """Return the newest `most` matching commands, oldest first; all of them are read one at a time."""
    if most >= EVERYTHING:
        return (Command(*row) for row in store.each(_ALL_WANTED, **sought.named()))
    newest = store.all(_NEWEST_WANTED, **sought.named(), most=most)
    return [Command(*row) for row in reversed(newest)]


def number_of_commands(store: Store, sought: Sought) -> int:
    """Return how many commands match."""
    return int(store.get(_NUMBER_WANTED, **sought.named())[0])


def commands_about(store: Store, records: Iterable[str]) -> set[int]:
    """Return the numbers of the commands on any of these records (ids)."""
    return {
        row["command"]
        for chunk in chunks(records)
        for row in store.all(_ABOUT, ids=json.dumps(chunk))
    }


def records_of_commands(
    store: Store, commands: Iterable[int], among: Iterable[str] | None = None
) -> dict[str, list[str]]:
    """Return the ids of the records that these commands are on, by noun; `among` narrows them down."""
    records = None if among is None else json.dumps(list(among))
    found: dict[str, list[str]] = defaultdict(list)
    for row in store.each(_RECORDS_OF, commands=json.dumps(list(commands)), records=records):
        found[row["noun"]].append(row["record_id"])
    return found


def additions_at(store: Store, noun: str, company_id: str, since: int) -> list[StoredRow]:
    """Return the entries after a command (number) that add live records of a noun at a company.

    Each has record_id and command.
    """
    at_company = " OR ".join(f"{column} = :company" for column in COMPANY_COLUMNS[noun])
    statement = _ADDED_AT.format(noun=noun, at_company=at_company)
    return store.all(statement, company=company_id, since=since)


def all_entries(store: Store) -> Iterator[StoredRow]:
    """Yield every entry: number, command, noun, record_id, action, facts (JSON)."""
    return store.each(_ENTRIES)


def records_with_entries(store: Store, noun: str) -> list[str]:
    """Return the ids of the records of a noun that any entry is about."""
    return [row["record_id"] for row in store.each(_RECORDS, noun=noun)]


def tokens_arrived_at(store: Store, moment: str) -> list[str]:
    """Return the tokens of the commands that a merge at a moment (UTC) brought, by their numbers."""
    return [row["token"] for row in store.all(_ARRIVED_AT, moment=moment)]


def newest_command(store: Store) -> CommandName:
    """Return the command that was stored last. Raises LookupError for an empty ledger."""
    return CommandName(*store.get(_NEWEST))


def is_stored(store: Store, number: int, token: str) -> bool:
    """Return whether the command of this number has this token."""
    return store.one(_IS_STORED, number=number, token=token) is not None


def people_in(store: Store, commands: Iterable[int]) -> list[str]:
    """Return the ids of the people that these commands are about."""
    return [row["record_id"] for row in store.all(_PEOPLE, commands=json.dumps(list(commands)))]


def entries_of(store: Store, command: int) -> list[StoredRow]:
    """Return the entries of a command, in order: noun, record_id, action."""
    return store.all(_ENTRIES_OF, command=command)


def commands_with_reason(store: Store) -> list[StoredRow]:
    """Return the commands that have a reason: number, name, recorded_at, recorded_by, reason."""
    return store.all(_WITH_REASON)


def number_and_last(store: Store) -> tuple[int, str]:
    """Return the number of commands, and when (UTC) the last of them was recorded."""
    row = store.get(_NUMBER_AND_LAST)
    return row["number"], row["last"]


def token_of_init(store: Store) -> str | None:
    """Return the token of the command that created this ledger, which identifies it."""
    row = store.one(_INIT)
    return row["token"] if row else None


def entry_with_command(store: Store, number: int) -> StoredRow:
    """Return the facts (JSON) of an entry, with when and by whom its command was recorded."""
    return store.get(_ENTRY, number=number)


def commands_on(store: Store, ids: Iterable[str]) -> list[StoredRow]:
    """Return when, by whom, by which command and why each entry on these records was made, in order.

    Each has the number of its command too. Those of void commands are left out.
    """
    wanted = json.dumps(list(ids))
    store.foresee(lambda: store.all(_ON_RECORDS, ids=wanted), lambda: all_undos(store))
    rows = store.all(_ON_RECORDS, ids=wanted)
    undone = {row["number"] for row in rows if row["has_undo"]}
    void = Voids(store).among(undone) if undone else ()
    return [row for row in rows if row["number"] not in void]
