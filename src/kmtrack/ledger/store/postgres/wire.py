"""Statements on the wire to a server: which of them travel together, and how their answers come back."""

from __future__ import annotations

import re
from contextlib import contextmanager, suppress
from itertools import count
from typing import TYPE_CHECKING, Final, NamedTuple

import psycopg
from psycopg.pq import TransactionStatus

from kmtrack.errors import Refusal
from kmtrack.ledger.schema.nouns import NOUNS
from kmtrack.ledger.store.base import Store, insertion
from kmtrack.ledger.store.errors import Outdated
from kmtrack.ledger.store.postgres.connection import OUTDATED, refusal
from kmtrack.ledger.store.postgres.dialect import translated
from kmtrack.ledger.store.postgres.pending_writes import PendingWrites

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from typing import Any

    from psycopg import Connection, Cursor, Pipeline

    from kmtrack.ledger.store.address import ServerAddress
    from kmtrack.ledger.store.base import StoredRow
    from kmtrack.ledger.store.postgres.connection import NamedRow

# The last command: another one as soon as anybody has stored something.
_LAST_STORED: Final = "SELECT number, token FROM command ORDER BY number DESC LIMIT 1"
# The lock that writers wait for.
LOCK: Final = "SELECT kmtrack.lock_ledger()"
# Fails where the last command is another one, and with it all that is sent after it.
_FAIL_IF_OUTDATED: Final = """
    SELECT CAST(CASE WHEN EXISTS (
        SELECT 1 FROM (SELECT number, token FROM command ORDER BY number DESC LIMIT 1) AS last
        WHERE number = :number AND token = :token
    ) THEN '0' ELSE :otherwise END AS integer)
"""
# What a statement writes, where it writes nothing but the tables below.
_WRITTEN: Final = re.compile(
    r'\s*(?:INSERT INTO "?|SELECT kmtrack\.)(command|entry|replace_\w+|put_\w+)\b'
)
# How often reads that are foreseen deeply go on with their answers, at most.
_DEEPEST: Final = 12
_BATCH: Final = 4000  # rows that are held of a query that is read one row at a time
_TABLES: Final[Mapping[str, Sequence[str]]] = {
    "command": ("command",),
    "entry": ("entry",),
    "replace_verdicts": ("verdict", "tally"),
    "replace_name_words": ("name_word",),
    **{f"put_{noun}": (noun,) for noun in NOUNS},
}


class _Query(NamedTuple):
    """A query and its parameters, the key of its answer."""

    statement: str
    named: tuple[tuple[str, object], ...]


class _Answer:
    """The answer to a query sent ahead; its rows arrive when the pipeline is synchronised."""

    def __init__(self, cursor: Cursor[NamedRow]) -> None:
        self._cursor = cursor
        self._rows: list[NamedRow] | None = None

    @property
    def is_there(self) -> bool:
        """Whether the server has answered, and not with an error."""
        return self._cursor.pgresult is not None

    @property
    def rows(self) -> list[NamedRow]:
        """The rows, as often as they are asked for."""
        if self._rows is None:
            self._rows = self._cursor.fetchall()
        return self._rows


class StoreOnWire(Store):
    """The statements of a ledger on a server.

    Nobody waits for a write in a transaction: it travels with the next read, or with COMMIT, and
    its error is raised there. The same holds for foreseen reads.
    """

    def __init__(self, connection: Connection[NamedRow], address: ServerAddress) -> None:
        super().__init__(address, address.path)
        self._connection = connection
        self._address = address
        self._pipeline: Pipeline | None = None  # of the transaction under way
        self._foreseen: dict[_Query, _Answer] = {}
        self._ahead: Callable[[], object] = tuple
        self._is_repeated = self._is_trusted = False
        # What was stored last as the rehearsal began, and what is to be written without having the lock.
        self._trusted: _Answer | None = None
        self._pending: PendingWrites | None = None
        # What is asked again after a write of this transaction, and of that what is to be asked now.
        self._repeated: dict[_Query, None] = {}
        self._forgotten: dict[_Query, None] = {}
        self._rehearsed: dict[_Query, None] | None = None
        self._foreseeing: list[_Query] | None = None
        self._cursors = count(1)
        self._abandoned: list[str] = []  # cursors that were not read to their end

    def each(self, statement: str, **named: object) -> Iterator[StoredRow]:
        """Yield the rows of a query: in batches inside a transaction, unless they were foreseen."""
        query = _Query(statement, tuple(sorted(named.items())))
        is_whole = any(
            each is not None for each in (self._foreseeing, self._rehearsed, self._pending)
        )
        if is_whole or query in self._foreseen or query in self._repeated or not self._pipeline:
            return iter(self._ask(statement, named))
        return self._in_batches(query, self._pipeline)

    def _in_batches(self, query: _Query, pipeline: Pipeline) -> Iterator[NamedRow]:
        """Yield the rows of a query, fetched with a cursor of the transaction under way."""
        if self._pipeline is not pipeline:  # it has ended meanwhile
            yield from self._ask(query.statement, dict(query.named))
            return
        self._ask_ahead(())
        self._close_abandoned()
        name = f"rows_{next(self._cursors)}"
        statement = translated(query.statement)
        with self._translated_errors():
            self._connection.execute(
                f"DECLARE {name} NO SCROLL CURSOR FOR {statement.text}",
                statement.parameters(dict(query.named)),
            )
        is_at_end = False
        try:
            while not is_at_end:
                with self._translated_errors():
                    fetched = self._connection.execute(f"FETCH {_BATCH} FROM {name}")
                self._wait()
                rows = fetched.fetchall()
                is_at_end = len(rows) < _BATCH
                if is_at_end:
                    with self._translated_errors():
                        self._connection.execute(f"CLOSE {name}")
                yield from rows
        finally:
            # The connection may be at work when Python collects what was not read to its end.
            if not is_at_end and self._pipeline is pipeline:
                self._abandoned.append(name)

    def _close_abandoned(self) -> None:
        """Close the cursors that were not read to their end, as a table in use cannot be dropped."""
        while self._abandoned:
            with self._translated_errors():
                self._connection.execute(f"CLOSE {self._abandoned.pop()}")

    def all(self, statement: str, **named: object) -> list[StoredRow]:
        """Return all rows of a query."""
        return list(self._ask(statement, named))

    def one(self, statement: str, **named: object) -> StoredRow | None:
        """Return the first row of a query, or None."""
        return next(iter(self._ask(statement, named)), None)

    def run(self, statement: str, **named: object) -> None:
        """Run a statement."""
        self._send(statement, named)

    def run_many(self, statement: str, rows: Iterable[Mapping[str, object]]) -> None:
        """Run a statement once for each mapping of named parameters."""
        self._send_many(translated(statement).text, list(rows))

    def insert_rows(
        self, table: str, columns: Sequence[str], rows: Iterable[Sequence[object]]
    ) -> None:
        """Insert rows into a table, their values in the order of `columns`."""
        self._send_many(insertion(table, columns, "%s"), list(rows))

    def foresee(self, *reads: Callable[[], object], is_deep: bool = False) -> None:
        """Ask together what these reads will ask, as far as that does not depend on an answer.

        With `is_deep`, go on with the answers until nothing more is asked.
        """
        outer = self._foreseeing
        for _ in range(_DEEPEST if is_deep and outer is None else 1):
            queries = self._foreseeing = [] if outer is None else outer
            try:
                for read in reads:
                    # It needs an answer to go on, and what it does without one may fail in any way.
                    with suppress(
                        *((Exception,) if is_deep else (LookupError, TypeError, Refusal))
                    ):
                        read()
            finally:
                self._foreseeing = outer
            if outer is None:
                self._ask_ahead(queries)
            if not queries:
                break
            if is_deep and outer is None:
                self._wait()

    def rehearse(
        self, read: Callable[[], object], *, is_repeated: bool = False, is_trusted: bool = False
    ) -> None:
        """Let the next transaction read this before its lock, and then ask for all of it with the lock.

        With `is_repeated`, all of it is asked again with the first question after a write. With
        `is_trusted`, everything else is read before the lock too: writes are pending until the
        transaction ends, which only asks whether a command was stored since.
        """
        if self._foreseeing is None:
            self._ahead, self._is_repeated, self._is_trusted = read, is_repeated, is_trusted

    def _rehearse(self) -> Iterable[_Query]:
        """Read what is to be read ahead; return the queries. Refusals are left for later."""
        read, self._ahead = self._ahead, tuple
        asked = self._rehearsed = {}
        if self._is_trusted:  # it is asked before all else
            self._forgotten = {_Query(_LAST_STORED, ()): None}
        try:
            read()
        except Refusal:
            pass
        finally:
            self._rehearsed = None
        if self._is_repeated:
            self._repeated = asked
        return asked

    def _begin(self) -> None:
        """Begin a transaction with its lock, after the announced reads, unless these are trusted."""
        asked = self._rehearse()
        before = self._foreseen.pop(_Query(_LAST_STORED, ()), None) if self._is_trusted else None
        if before is None:
            self._send("BEGIN", {})
            self._send(LOCK, {})
            self._ask_ahead(asked)
            return
        if not before.is_there:
            self._wait()
        self._trusted, self._pending = before, PendingWrites()

    def _lock_trusting(self) -> None:
        """Begin the transaction of what is pending: with its lock, and only if nothing is outdated."""
        pending, self._pending = self._pending, None
        before, self._trusted = self._trusted, None
        if pending is None or before is None:
            return
        number, token = before.rows[0] if before.rows else (None, None)
        with self._translated_errors():
            self._connection.execute("BEGIN")
            self._connection.execute(LOCK)
        known = {"number": number, "token": token, "otherwise": OUTDATED}
        self._send(_FAIL_IF_OUTDATED, known)
        for statement, named in pending.statements:
            self._send(statement, named)

    def _refuse_outdated(self) -> None:
        """Raise Outdated if a command was stored after the announced reads; nothing is locked then."""
        before, self._trusted = self._trusted, None
        self._pending = None  # nobody stored that
        if before is not None and self.all(_LAST_STORED) != before.rows:
            raise Outdated("ledger_busy", path=self._address)

    @contextmanager
    def _together(self) -> Iterator[None]:
        """Send statements without waiting for each; wait at the end for the remaining ones."""
        self._foreseen.clear()
        try:
            with self._connection.pipeline() as self._pipeline:
                yield
        except BaseException:
            self._prepare_no_more()
            raise
        finally:
            self._pipeline = self._trusted = self._pending = None
            self._foreseen.clear()
            self._repeated, self._forgotten = {}, {}
            self._abandoned.clear()

    def _prepare_no_more(self) -> None:
        """Send every statement whole from now on.

        The driver takes for prepared what it sent after the statement that failed, too.
        """
        self._connection.prepare_threshold = None

    def _send(self, statement: str, named: Mapping[str, object]) -> None:
        """Send a statement; in a transaction, without waiting for it."""
        if self._foreseeing is not None:
            return
        self._forget(statement)
        if self._pending is not None:
            written = _WRITTEN.match(statement)
            if (
                written
                and written[1] in _TABLES
                and self._pending.takes(statement, named, written[1])
            ):
                return
            self._lock_trusting()  # it is sent at once, and so is all that follows
        self._close_abandoned()
        query = translated(statement)
        with self._translated_errors():
            self._connection.execute(query.text, query.parameters(named))

    def _send_many(self, text: str, parameters: Sequence[Any]) -> None:
        """Send a statement of the driver's dialect once for each of these parameters."""
        if self._foreseeing is not None:
            return
        self._lock_trusting()
        self._forget(text)
        with self._translated_errors(), self._connection.cursor() as cursor:
            cursor.executemany(text, parameters)

    def _send_last(self, statement: str) -> None:
        """Send the end of a transaction that stores nothing; whether that fails makes no difference."""
        with suppress(psycopg.Error):
            self._connection.execute(statement)

    def _ask(self, statement: str, named: Mapping[str, object]) -> Iterable[NamedRow]:
        """Return the rows of a query, foreseen or asked for now."""
        query = _Query(statement, tuple(sorted(named.items())))
        answer = self._foreseen.get(query)
        if self._foreseeing is not None:
            if answer is not None and answer.is_there:
                return answer.rows
            self._foreseeing.append(query)
            return ()
        if self._rehearsed is not None:
            self._rehearsed[query] = None
        if answer is None and (self._rehearsed is not None or query in self._repeated):
            self._ask_ahead([query])
            answer = self._foreseen[query]
        if answer is None:
            self._ask_ahead(())
            cursor = self._execute(query)
            self._wait()
            return cursor
        if not answer.is_there:
            self._wait()
        if self._pipeline is None:  # others may write meanwhile
            del self._foreseen[query]
        return answer.rows

    def _execute(self, query: _Query) -> Cursor[NamedRow]:
        of_driver = translated(query.statement)
        text, parameters = of_driver.text, of_driver.parameters(dict(query.named))
        if self._pending is not None:
            text, parameters = self._pending.seen_by(text, parameters)
        with self._translated_errors():
            return self._connection.execute(text, parameters)

    def _wait(self) -> None:
        """Wait until everything sent is answered."""
        if self._pipeline is not None:
            with self._translated_errors():
                self._pipeline.sync()

    def _ask_ahead(self, queries: Iterable[_Query]) -> None:
        """Send queries whose answers will be needed; outside a transaction, wait for them."""
        if self._rehearsed is not None:
            self._rehearsed |= dict.fromkeys(queries)
        wanted, self._forgotten = self._forgotten | dict.fromkeys(queries), {}
        new = [query for query in wanted if query not in self._foreseen]
        if self._pipeline is not None:
            self._foreseen |= {query: _Answer(self._execute(query)) for query in new}
        elif new and self._connection.info.transaction_status == TransactionStatus.IDLE:
            answers: dict[_Query, _Answer] = {}
            # What the server refuses is asked again where it is wanted, and refused there.
            with suppress(psycopg.Error, Refusal), self._connection.pipeline():
                for query in new:
                    answers[query] = _Answer(self._execute(query))
            if len(answers) < len(new) or not all(one.is_there for one in answers.values()):
                self._prepare_no_more()
            self._foreseen |= {query: one for query, one in answers.items() if one.is_there}

    def _forget(self, statement: str) -> None:
        """Forget the answers that a statement may change."""
        written = _WRITTEN.match(statement)
        tables = _TABLES.get(written[1]) if written else None
        reads = re.compile(rf"\b({'|'.join(tables)})\b" if tables else "")
        for query in list(self._foreseen):
            if reads.search(query.statement):
                del self._foreseen[query]
                if query in self._repeated:
                    self._forgotten[query] = None

    @contextmanager
    def _translated_errors(self) -> Iterator[None]:
        try:
            yield
        except psycopg.Error as error:
            raise refusal(error, self._address) from None
