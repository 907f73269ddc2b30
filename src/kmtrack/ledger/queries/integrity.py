"""Queries of a check: chained entries, stored rows, waiting records and duplicates."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from kmtrack.ledger.entries import CommandHeader, Entry
from kmtrack.ledger.queries.events import SAME_FACTS
from kmtrack.ledger.schema.names import BY_NAME
from kmtrack.ledger.schema.nouns import NOUNS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from kmtrack.ledger.store.base import Store, StoredRow

_CHAIN: Final = """
    SELECT command.token, coalesce(command.stated_at, command.recorded_at), command.recorded_by,
           command.name,
           entry.noun, entry.record_id, entry.action, entry.facts, entry.secret,
           entry.digest, entry.number, command.previous, command.digest, command.number
    FROM entry JOIN command ON command.number = entry.command
    ORDER BY {order}
"""
# Read from an index alone.
_SPANS: Final = """
    SELECT min(number), max(number) FROM entry GROUP BY command ORDER BY command
"""
_BY_COMMAND: Final = "command.number, entry.number"
_BY_ENTRY: Final = "entry.number"
_CHAINED_COMMANDS: Final = """
    SELECT token, coalesce(stated_at, recorded_at), recorded_by, name,
           number, recorded_at, reason, previous, arrived_at, login, reason_secret, digest, follows,
           (SELECT entry.digest FROM entry WHERE entry.number = (
                SELECT max(number) FROM entry WHERE entry.command = command.number
            )), stated_at
    FROM command ORDER BY number
"""
_ARRIVALS: Final = "SELECT command, facts FROM entry WHERE noun = 'command' AND action = 'arrive'"
_COVERAGE: Final = """
    SELECT recorded_by, min(CASE WHEN digest IS NOT NULL THEN number END),
           sum(CASE WHEN digest IS NULL THEN 1 ELSE 0 END)
    FROM command GROUP BY recorded_by ORDER BY recorded_by
"""
_REDACTIONS: Final = """
    SELECT noun, record_id, facts FROM entry WHERE action = 'redact' ORDER BY number
"""
_AS_STATED: Final = """
    SELECT person.id, person.name, person.secret, entry.facts FROM person
    JOIN entry ON entry.noun = 'person' AND entry.record_id = person.id AND entry.action = 'add'
    WHERE coalesce(person.withdrawn, '') <> 'erased'
"""
_NAMED_THOUGH_ERASED: Final = """
    SELECT id FROM person
    WHERE withdrawn = 'erased' AND (name IS NOT NULL OR secret IS NOT NULL)
"""
_COUNT: Final = """
    INSERT INTO tally (target, outcome, day, number)
    SELECT target, outcome, day, count(*) FROM verdict GROUP BY target, outcome, day
"""
_OF_TALLY: Final = ("target", "outcome", "day", "number")
_TALLIES: Final = "SELECT target, outcome, day, number FROM tally"
_VERDICTS: Final = "SELECT target, outcome, day FROM verdict"
_NAMED: Final = """
    WHERE id IN (SELECT value FROM json_each(:ids))
    OR company_id IN (SELECT value FROM json_each(:ids))
"""
_COMPANIES: Final = """
    SELECT id, name_key, municipality, cvr, later FROM company
    WHERE withdrawn IS NULL ORDER BY name_key, id
"""
_OF_ONE_NUMBER: Final = """
    SELECT min(id), max(id) FROM company WHERE withdrawn IS NULL AND cvr IS NOT NULL AND cvr <> ''
    GROUP BY cvr HAVING count(*) > 1
"""
_WAITING: Final = f"""
    SELECT verdict.company_id, company.name, company.cvr, company.later,
           verdict.record_id, verdict.day, verdict.reasons
    FROM verdict JOIN company ON company.id = verdict.company_id
    WHERE verdict.outcome = 'waiting' ORDER BY {BY_NAME}, company.id, verdict.record_id
"""  # noqa: S608 - ours
_SAME_PAIRS: Final = """
    SELECT one.id AS one, other.id AS other, company.name AS name
    FROM {noun} AS one
    JOIN {noun} AS other ON other.company_id = one.company_id AND other.id > one.id
    JOIN company ON company.id = one.company_id
    WHERE one.withdrawn IS NULL AND other.withdrawn IS NULL AND {equal}
    ORDER BY {by_name}, one.id, other.id
"""
_EQUAL: Final = "coalesce(other.{fact}, '') = coalesce(one.{fact}, '')"


class ChainedEntry(NamedTuple):
    """A stored entry with its place in the chain: its command, and the digest before that command.

    `command_digest` is that of the command itself; None if an older version made it.
    """

    header: CommandHeader
    entry: Entry
    digest: str
    number: int
    previous: str
    command_digest: str | None
    command: int


class ChainedCommand(NamedTuple):
    """A stored command with its place in the chain; `last` is the digest of its last entry, if any.

    The moment in `header` is the one that the clock gave, `recorded_at` the one in force;
    `stated_at` is the former where the two differ. All are UTC.
    """

    header: CommandHeader
    number: int
    recorded_at: str
    reason: str | None
    previous: str
    arrived_at: str | None
    login: str | None
    reason_secret: str | None
    digest: str | None
    follows: str | None
    last: str | None
    stated_at: str | None

    @property
    def link(self) -> str:
        """The digest that it ends with, which the next command of this ledger follows."""
        return self.last or self.digest or self.header.token


class Coverage(NamedTuple):
    """How the chain covers reason and order of a person's commands: from the first (number), not so many.

    `first` is None if it covers none of them.
    """

    by: str
    first: int | None
    older: int


def chained_entries(store: Store) -> Iterator[ChainedEntry]:
    """Yield all entries, command by command, in the order in which they were recorded here."""
    # To sort them takes as much memory as they do, and they nearly always are in that order.
    order = _BY_ENTRY if _are_in_order(store) else _BY_COMMAND
    for row in store.each(_CHAIN.format(order=order)):
        yield ChainedEntry(CommandHeader(*row[:4]), Entry(*row[4:9]), *row[9:])


def _are_in_order(store: Store) -> bool:
    """Return whether entries are numbered command by command."""
    last = 0
    for first, until in store.each(_SPANS):
        if first <= last:
            return False
        last = until
    return True


def chained_commands(store: Store) -> Iterator[ChainedCommand]:
    """Yield all commands in the order of their numbers."""
    for row in store.each(_CHAINED_COMMANDS):
        yield ChainedCommand(CommandHeader(*row[:4]), *row[4:])


def arrival_entries(store: Store) -> dict[int, dict[str, Any]]:
    """Return the facts of the entries that list what a merge brought, by the numbers of their commands.

    Raises ValueError for facts that are not JSON.
    """
    return {row["command"]: json.loads(row["facts"]) for row in store.each(_ARRIVALS)}


def coverage(store: Store) -> list[Coverage]:
    """Return for each person which of their commands the chain covers with reason and order."""
    return [Coverage(*row) for row in store.all(_COVERAGE)]


def redaction_entries(store: Store) -> Iterator[StoredRow]:
    """Yield the redaction entries in order: noun, record_id, facts (JSON)."""
    return store.each(_REDACTIONS)


def people_as_stated(store: Store) -> Iterator[StoredRow]:
    """Yield the people who are not erased, with the facts (JSON) of the entry that added them."""
    return store.each(_AS_STATED)


def people_named_though_erased(store: Store) -> Iterator[str]:
    """Yield the ids of people whose row is erased and still has a name or its key."""
    return (row["id"] for row in store.each(_NAMED_THOUGH_ERASED))


def wrong_tallies(store: Store) -> list[dict[str, Any]]:
    """Return the target, outcome and day of each wrong tally, and the difference (`number`)."""
    # Counted here: SQLite would sort all verdicts in memory.
    excess: Counter[tuple[str, str, str]] = Counter()
    for target, outcome, day, number in store.each(_TALLIES):
        excess[target, outcome, day] += number
    for target, outcome, day in store.each(_VERDICTS):
        excess[target, outcome, day] -= 1
    return [
        dict(zip(_OF_TALLY, (*key, number), strict=True))
        for key, number in sorted(excess.items())
        if number
    ]


def count_tallies(store: Store) -> None:
    """Count the stored verdicts again, in place of the tallies that are there."""
    store.run("DELETE FROM tally")
    store.run(_COUNT)


def remove_rows(store: Store, noun: str, ids: Iterable[str]) -> None:
    """Remove rows of a noun: those that no entry made."""
    statement = f"DELETE FROM {noun} WHERE id = :id"  # noqa: S608 - a name of ours
    store.run_many(statement, ({"id": id_} for id_ in ids))


def records_by_id(store: Store, noun: str) -> Iterator[StoredRow]:
    """Yield all rows of a noun, withdrawn ones too, in the order of their ids."""
    return store.each(f"{NOUNS[noun].select} ORDER BY id")


def all_records(store: Store, noun: str) -> Iterator[StoredRow]:
    """Yield all rows of a noun, withdrawn ones too, in the order of the table, which is read soonest."""
    return store.each(NOUNS[noun].select)


def count_records(store: Store, noun: str, ids: Iterable[str]) -> tuple[int, int]:
    """Count the records of an event noun, and those of them with one of these ids or at these companies."""
    count = NOUNS[noun].count
    return store.get(count)[0], store.get(count + _NAMED, ids=json.dumps(list(ids)))[0]


def companies_by_key(store: Store) -> Iterator[StoredRow]:
    """Yield the companies that are not withdrawn, in the order of their name keys.

    Each has id, name_key, municipality, cvr and later.
    """
    return store.each(_COMPANIES)


def companies_of_one_number(store: Store) -> list[StoredRow]:
    """Return pairs of companies (ids) that are not withdrawn and have the same CVR number."""
    return store.all(_OF_ONE_NUMBER)


def waiting_records(store: Store) -> Iterator[StoredRow]:
    """Yield the verdicts of waiting records with their reasons (JSON), by the names of companies."""
    return store.each(_WAITING)


def same_pairs(store: Store, noun: str) -> Iterator[StoredRow]:
    """Yield pairs (`one`, `other`) of collaborations, or of hires, of a company with the same facts."""
    equal = " AND ".join(_EQUAL.format(fact=fact) for fact in SAME_FACTS[noun])
    return store.each(_SAME_PAIRS.format(noun=noun, equal=equal, by_name=BY_NAME))
