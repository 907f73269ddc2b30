"""Store: the interface of an open ledger, in a file or on a server."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, Final, Generic, NamedTuple, Protocol, TypeVar

from kmtrack.ledger.schema.nouns import TABLES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from contextlib import AbstractContextManager
    from pathlib import Path

    from kmtrack.ledger.schema.nouns import Noun
    from kmtrack.ledger.store.address import Location
    from kmtrack.ledger.store.objects import Schema

Item = TypeVar("Item")

# The highest LIMIT that both databases take.
EVERYTHING: Final = (1 << 63) - 1
# Whether the command of a token is stored; a restore replaces all commands.
IS_STORED: Final = """
    SELECT 1 FROM command WHERE token = :token
    UNION ALL SELECT 1 FROM setting WHERE name = 'restored' AND value = :token
"""

VERDICT_COLUMNS: Final = TABLES["verdict"]
_ENTRY_COLUMNS: Final = TABLES["entry"][1:]  # the store numbers entries itself
# What a merge brought arrived when the merge was given: no two commands given here have one moment.
_PUT_ARRIVALS: Final = """
    UPDATE command SET arrived_at = :recorded_at
    WHERE arrived_at = (
        SELECT given.recorded_at FROM command AS given
        WHERE given.number = :number AND given.arrived_at IS NULL
    )
"""
_PUT_MOMENT: Final = """
    UPDATE command SET recorded_at = :recorded_at, stated_at = :stated_at WHERE number = :number
"""
_FREE_NUMBER: Final = "UPDATE company SET cvr = NULL WHERE id = :id"
_DELETE_VERDICT: Final = """
    DELETE FROM verdict
    WHERE company_id = :company_id AND record_id = :record_id AND target = :target
"""
_ADD_TO_TALLY: Final = """
    INSERT INTO tally (target, outcome, day, number) VALUES (:target, :outcome, :day, :number)
    ON CONFLICT (target, outcome, day) DO UPDATE SET number = tally.number + excluded.number
"""
_INSERT_WORD: Final = """
    INSERT INTO name_word (word, company_id) VALUES (:word, :company_id) ON CONFLICT DO NOTHING
"""
_DELETE_WORD: Final = "DELETE FROM name_word WHERE word = :word AND company_id = :company_id"
_PUT_PLACE: Final = """
    INSERT INTO imported_row (record_id, place) VALUES (:record_id, :place)
    ON CONFLICT (record_id) DO UPDATE SET place = excluded.place
"""
_PUT_SETTINGS: Final = """
    INSERT INTO setting (name, value) SELECT key, value FROM json_each(:settings) WHERE true
    ON CONFLICT (name) DO UPDATE SET value = excluded.value
"""


class StoredRow(Protocol):
    """A row of a store: its values in order, by position, and by the names of its columns."""

    def keys(self) -> list[str]:
        """Return the names of the columns."""

    def __getitem__(self, name: int | slice | str, /) -> Any: ...

    def __iter__(self) -> Iterator[Any]: ...

    def __len__(self) -> int: ...


class Rereadable(Generic[Item]):
    """Items that are read from a store at each iteration, and never held together."""

    def __init__(self, read: Callable[[], Iterator[Item]]) -> None:
        self._read = read

    def __iter__(self) -> Iterator[Item]:
        return self._read()


class Problem(NamedTuple):
    """An integrity error reported by the database itself."""

    kind: str
    facts: dict[str, Any]


class Store(ABC):
    """An open ledger. Statements take named parameters only; rows come as mappings by column.

    Statements are in the SQL that SQLite and PostgreSQL share. A parameter of `json_each` is a JSON
    list. `location` is where the ledger is, as messages name it; files that belong to it, such as
    its backups, are kept beside `path`.
    """

    def __init__(self, location: Location, path: Path) -> None:
        self.location = location
        self.path = path

    @property
    def is_served(self) -> bool:
        """Whether a server keeps the ledger, for several people at once."""
        return self.location is not self.path

    @property
    def folder(self) -> Path:
        """The folder for files that belong to the ledger."""
        return self.path.parent

    @property
    def login(self) -> str | None:
        """The login recorded with each command; None for a file."""
        return None

    @property
    def user(self) -> str | None:
        """The name by which the database knows the current user, if it does."""
        return None

    @property
    @abstractmethod
    def schemas(self) -> tuple[str, str]:
        """The names of the schema with the ledger's tables, and of that with temporary ones."""

    @abstractmethod
    def prefer_temporary(self, *, prefer: bool) -> None:
        """Let names mean temporary tables and views first, or not: inside `reading` only."""

    def spill(self) -> None:  # noqa: B027 - a server does so by itself
        """Let sorted rows and temporary tables that are too large for memory go to temporary files.

        Call it before a transaction that reads the whole ledger.
        """

    @abstractmethod
    def each(self, statement: str, **named: object) -> Iterator[StoredRow]:
        """Yield the rows of a query, one at a time."""

    @abstractmethod
    def all(self, statement: str, **named: object) -> list[StoredRow]:
        """Return all rows of a query."""

    @abstractmethod
    def one(self, statement: str, **named: object) -> StoredRow | None:
        """Return the first row of a query, or None."""

    def get(self, statement: str, **named: object) -> StoredRow:
        """Return the first row of a query that always has one. Raises LookupError if it has none."""
        row = self.one(statement, **named)
        if row is None:
            raise LookupError(statement)
        return row

    @abstractmethod
    def run(self, statement: str, **named: object) -> None:
        """Run a statement."""

    @abstractmethod
    def run_many(self, statement: str, rows: Iterable[Mapping[str, object]]) -> None:
        """Run a statement once for each mapping of named parameters."""

    @abstractmethod
    def insert_rows(
        self, table: str, columns: Sequence[str], rows: Iterable[Sequence[object]]
    ) -> None:
        """Insert rows into a table, their values in the order of `columns`."""

    def foresee(self, *reads: Callable[[], object], is_deep: bool = False) -> None:  # noqa: B027 - a file is near
        """Announce reads: a server answers in one trip everything they ask without waiting for an answer.

        Each of them is carried out there as if nothing were found. With `is_deep` they are repeated
        with the answers until they ask nothing more; what they write is not written. The answers
        hold until something is written that they may depend on.
        """

    def rehearse(  # noqa: B027 - a file is near
        self, read: Callable[[], object], *, is_repeated: bool = False, is_trusted: bool = False
    ) -> None:
        """Announce what the next transaction will read: a server answers it in one trip with the lock.

        With `is_repeated`, the transaction reads it again after it has written. With `is_trusted`,
        everything is read before the lock and writes are sent at the end; the transaction raises
        Outdated if somebody else stored something in between.
        """

    # How a command writes. A server lets brokers write in these ways only.

    def append_entries(self, rows: Iterable[Sequence[object]]) -> None:
        """Append entries: command, noun, record_id, action, facts (JSON), secret and digest of each."""
        self.insert_rows("entry", _ENTRY_COLUMNS, rows)

    def add_rows(self, noun: Noun, rows: Iterable[Mapping[str, object]]) -> None:
        """Store the rows of records that are new."""
        self.insert_rows(noun.name, noun.columns, map(noun.values, rows))

    def put_rows(self, noun: Noun, rows: Sequence[Mapping[str, object]]) -> None:
        """Store the rows of records, replacing existing ones.

        Companies may exchange their numbers.
        """
        if noun.name == "company" and len(rows) > 1:  # no two may have one number even for a moment
            self.run_many(_FREE_NUMBER, ({"id": row["id"]} for row in rows))
        self.run_many(noun.upsert, rows)

    def replace_verdicts(
        self, gone: Sequence[tuple[object, ...]], new: Sequence[tuple[object, ...]]
    ) -> None:
        """Remove verdicts and store others, as StoredVerdict has them; `add_to_tally` counts them."""
        if gone:
            keys = VERDICT_COLUMNS[:3]
            self.run_many(
                _DELETE_VERDICT, (dict(zip(keys, each[:3], strict=True)) for each in gone)
            )
        self.insert_rows("verdict", VERDICT_COLUMNS, new)

    def add_to_tally(self, changes: Mapping[tuple[str, str, str], int]) -> None:
        """Count replaced verdicts: how many more there are by target, outcome and day."""
        self.run_many(
            _ADD_TO_TALLY,
            (
                {"target": target, "outcome": outcome, "day": day, "number": number}
                for (target, outcome, day), number in changes.items()
                if number
            ),
        )

    def replace_name_words(
        self, gone: Iterable[tuple[str, str]], new: Iterable[tuple[str, str]]
    ) -> None:
        """Remove words of names and store others, each with the id of its company."""
        keys = ("word", "company_id")
        self.run_many(_DELETE_WORD, (dict(zip(keys, each, strict=True)) for each in gone))
        self.run_many(_INSERT_WORD, (dict(zip(keys, each, strict=True)) for each in new))

    def put_moments(self, moments: Iterable[tuple[int, str, str | None]]) -> None:
        """Store the moments of commands: number, the one in force, and the stated one if that differs."""
        for number, recorded_at, stated_at in moments:
            named = {"number": number, "recorded_at": recorded_at}
            self.run(_PUT_ARRIVALS, **named)
            self.run(_PUT_MOMENT, **named, stated_at=stated_at)

    def put_places(self, places: Iterable[tuple[str, str]]) -> None:
        """Store where records (ids) were read from, replacing earlier places."""
        keys = ("record_id", "place")
        self.run_many(_PUT_PLACE, (dict(zip(keys, each, strict=True)) for each in places))

    def put_settings(self, settings: Mapping[str, str]) -> None:
        """Store settings by their names, all of them or none, replacing their values."""
        self.run(_PUT_SETTINGS, settings=json.dumps(settings))

    @abstractmethod
    def reading(self) -> AbstractContextManager[None]:
        """Open a snapshot: all queries inside see the ledger as it is at the first of them."""

    @abstractmethod
    def writing(self, token: str) -> AbstractContextManager[None]:
        """Open the one transaction that may write: everything inside is stored, or nothing.

        Other writers wait. After an error from COMMIT the command is looked up by its
        `token`: either it was stored after all, or Refusal `not_stored` is raised; `stored_unknown`
        if that cannot be determined.
        """

    @abstractmethod
    def is_stored(self, token: str) -> bool:
        """Return whether the command of a token was stored, once its transaction has ended."""

    @abstractmethod
    def refuse_replaced(self, token: str) -> None:
        """Raise Refusal `ledger_deleted` or `ledger_replaced` unless the ledger is still in place.

        It must have the command of that token, which it had before.
        """

    @abstractmethod
    def roll_back(self) -> None:
        """Roll back the transaction under way, if there still is one, and ignore failures."""

    @abstractmethod
    def replace_with(self, file: Path, token: str, meanwhile: Callable[[], None]) -> None:
        """Replace the content of this ledger by that of the ledger in a file of this version.

        Settings stay, as they belong to this copy. `meanwhile` runs as soon as nobody else can
        write.
        """

    @abstractmethod
    def back_up_to(self, path: Path) -> bytes:
        """Copy this ledger into the empty file at `path`; return a digest of what was copied.

        Call it inside `reading` or `writing`, before anything is written.
        """

    @abstractmethod
    def digest_of(self, copy: Path) -> bytes:
        """Return the digest of a file that `back_up_to` wrote."""

    @abstractmethod
    def create_schema_in(self, empty: Store) -> None:
        """Create the tables of this ledger in an empty file."""

    @abstractmethod
    def tables(self) -> dict[str, set[str]]:
        """Return the names of the columns of each table that exists."""

    @abstractmethod
    def schema(self) -> Schema:
        """Return all objects of the ledger's schema."""

    @abstractmethod
    def due_schema(self) -> Schema | None:
        """Return the objects of a new ledger; None if this user cannot have one made."""

    def planted(self) -> str | None:
        """Return the name of a trigger, or of a view in place of a table, that kmtrack did not make.

        On a server only the owner of the tables could have made one.
        """
        return None

    @abstractmethod
    def problems(self) -> Iterator[Problem]:
        """Yield what the database itself finds wrong with the ledger."""

    @property
    def is_owned(self) -> bool:
        """Whether this user owns the tables, as everybody does in a file; only the owner may `compact`."""
        return True

    @abstractmethod
    def compact(self) -> None:
        """Rewrite the storage, so that nothing remains of deleted or changed data."""

    @abstractmethod
    def close(self) -> None:
        """Close the connection."""


def insertion(table: str, columns: Sequence[str], parameter: str) -> str:
    """Return the SQL that inserts a row; `parameter` is how the database marks a value."""
    names = ", ".join(f'"{column}"' for column in columns)
    values = ", ".join([parameter] * len(columns))
    return f'INSERT INTO "{table}" ({names}) VALUES ({values})'  # noqa: S608 - names of ours


def columns_by_table(rows: Iterable[StoredRow]) -> dict[str, set[str]]:
    """Group the names of columns by table."""
    tables: dict[str, set[str]] = {}
    for table, column in rows:
        tables.setdefault(table, set()).add(column)
    return tables
