"""The store: what every part of the program may do with an open ledger, wherever it is kept."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from contextlib import AbstractContextManager
    from pathlib import Path

    from kmtrack.ledger.store.address import Location

# The highest LIMIT that both databases take.
EVERYTHING: Final = (1 << 63) - 1
# Whether the command of a token is stored; going back to a backup takes the commands along.
IS_STORED: Final = """
    SELECT 1 FROM command WHERE token = :token
    UNION ALL SELECT 1 FROM setting WHERE name = 'restored' AND value = :token
"""


class StoredRow(Protocol):
    """A row of a store: its values in order, by number, and by the names of its columns."""

    def keys(self) -> list[str]:
        """The names of its columns."""

    def __getitem__(self, name: int | slice | str, /) -> Any: ...

    def __iter__(self) -> Iterator[Any]: ...

    def __len__(self) -> int: ...


class Problem(NamedTuple):
    """What a database itself finds wrong with a ledger: of what kind, and what it says of it."""

    kind: str
    facts: dict[str, Any]


class Store(ABC):
    """An open ledger. Statements take named parameters only; rows come as mappings by column.

    Statements are in the SQL that SQLite and PostgreSQL share. A parameter that `json_each` takes
    apart is a JSON list. `place` is where the ledger is, as sentences name it; files that belong to
    it, its backups among them, go beside `path`.
    """

    def __init__(self, place: Location, path: Path) -> None:
        self.place = place
        self.path = path

    @property
    def is_served(self) -> bool:
        """Whether a server keeps the ledger, for several people at once."""
        return self.place is not self.path

    @property
    def folder(self) -> Path:
        """Where files that belong to the ledger may be made."""
        return self.path.parent

    @property
    def user(self) -> str | None:
        """The name by which the database knows who works in it, where it knows."""
        return None

    @abstractmethod
    def each(self, statement: str, **named: object) -> Iterator[StoredRow]:
        """The rows of a query, one at a time."""

    @abstractmethod
    def all(self, statement: str, **named: object) -> list[StoredRow]:
        """All rows of a query."""

    @abstractmethod
    def one(self, statement: str, **named: object) -> StoredRow | None:
        """The first row of a query, if there is one."""

    def get(self, statement: str, **named: object) -> StoredRow:
        """The first row of a query that always has one. Raises LookupError where it has none."""
        row = self.one(statement, **named)
        if row is None:
            raise LookupError(statement)
        return row

    @abstractmethod
    def run(self, statement: str, **named: object) -> int:
        """Run a statement; the number of rows that it changed."""

    @abstractmethod
    def run_many(self, statement: str, rows: Iterable[Mapping[str, object]]) -> None:
        """Run a statement once for each mapping of named parameters."""

    @abstractmethod
    def insert(self, statement: str, **named: object) -> int:
        """Run an INSERT; the `number` that the new row got."""

    @abstractmethod
    def reading(self) -> AbstractContextManager[None]:
        """Let all queries inside see the ledger as it is at the first of them."""

    @abstractmethod
    def writing(self, token: str) -> AbstractContextManager[None]:
        """One transaction, in which nothing is judged from what another is changing.

        Everything inside is stored or nothing. An error out of COMMIT leaves that open, so the
        command is looked for by its `token`: either it is stored after all, or `not_stored` is
        raised; `stored_unknown` where nobody can tell.
        """

    @abstractmethod
    def abandon(self) -> None:
        """Undo the transaction under way, if there still is one; nothing that goes wrong is told."""

    @abstractmethod
    def replace_with(self, file: Path, token: str, meanwhile: Callable[[], None]) -> None:
        """Put all that the ledger in a file of this version holds in the place of what this holds.

        Settings stay: they are of this ledger. `meanwhile` runs when nobody else can write any more.
        """

    @abstractmethod
    def back_up_to(self, path: Path) -> bytes:
        """Make the empty file at `path` a ledger that holds all of this; a digest of what it holds.

        To be called inside `reading` or `writing`, before anything is written.
        """

    @abstractmethod
    def digest_of(self, copy: Path) -> bytes:
        """The digest of what is in a file that `back_up_to` wrote."""

    @abstractmethod
    def lay_out(self, empty: Store) -> None:
        """Make the tables of this ledger in an empty file."""

    @abstractmethod
    def tables(self) -> dict[str, set[str]]:
        """The tables that are there, each with the names of its columns."""

    @abstractmethod
    def problems(self) -> Iterator[Problem]:
        """What the database itself finds wrong with the ledger."""

    @property
    def can_compact(self) -> bool:
        """Whether `compact` is for this user to do: without it an erasure would leave traces."""
        return True

    @abstractmethod
    def compact(self) -> None:
        """Leave nothing behind of what was deleted or changed."""

    @abstractmethod
    def close(self) -> None:
        """Close the connection."""


def columns_by_table(rows: Iterable[StoredRow]) -> dict[str, set[str]]:
    """The names of columns by those of their tables."""
    tables: dict[str, set[str]] = {}
    for table, column in rows:
        tables.setdefault(table, set()).add(column)
    return tables


def open_store(place: Location) -> Store:
    """Open the ledger at `place`, after a look that leaves it untouched.

    A ledger of an older version is brought forward first. Raises LedgerMissing or `ledger_gone`,
    LedgerIsFolder, LedgerEmpty, NotALedger or `ledger_overwritten`, `ledger_newer` or
    `ledger_not_readable`; of a server what `open_on_server` raises.
    """
    from kmtrack.ledger.store.address import ServerAddress

    if isinstance(place, ServerAddress):
        from kmtrack.ledger.store.postgres.store import open_on_server

        return open_on_server(place)
    from kmtrack.ledger.store.sqlite_file import open_file

    return open_file(place)
