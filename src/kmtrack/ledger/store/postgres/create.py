"""Creation of a ledger on a server, completely or not at all."""

from __future__ import annotations

from contextlib import closing, contextmanager
from time import monotonic, sleep
from typing import TYPE_CHECKING, Final

import psycopg

from kmtrack.errors import Refusal
from kmtrack.ledger.store.errors import ServerLost
from kmtrack.ledger.store.postgres.connection import SCHEMA_NAME, connect
from kmtrack.ledger.store.postgres.schema import SET_VERSION, create_statements, version_of
from kmtrack.ledger.store.postgres.store import ServerStore
from kmtrack.ledger.store.sqlite import SECONDS_TO_WAIT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kmtrack.ledger.store.address import ServerAddress
    from kmtrack.ledger.store.base import Store

_TRANSACTION: Final = "SELECT pg_current_xact_id()::text"
_ENDED_AS: Final = "SELECT pg_xact_status(CAST(:transaction AS xid8)) AS status"
_EXISTING_SCHEMA: Final = """
    SELECT pg_has_role(nspowner, 'USAGE') AS is_own, NOT EXISTS (
        SELECT 1 FROM pg_depend WHERE refclassid = 'pg_namespace'::regclass
        AND refobjid = pg_namespace.oid AND deptype = 'n'
    ) AS is_empty
    FROM pg_namespace WHERE nspname = 'kmtrack'
"""
_UNDER_WAY: Final = "in progress"
_SECONDS_BETWEEN_LOOKS: Final = 0.1


@contextmanager
def new_ledger_on_server(address: ServerAddress) -> Iterator[Store]:
    """Open a new ledger to fill; it exists once the block ends without an error.

    It is made in one transaction. An empty schema that was made for it is replaced. Raises Refusal
    `ledger_exists`, `not_utf8`, `schema_in_the_way`, `not_stored`, `init_unknown`, and what
    `connect` raises.
    """
    store = ServerStore(connect(address), address, is_new=True)
    try:
        if store.get("SHOW server_encoding")[0] != "UTF8":
            raise Refusal("not_utf8", path=address)
        store.run("BEGIN")
        _make_schema(store)
        for statement in create_statements():
            store.run(statement)
        yield store
        store.run(SET_VERSION)
        transaction = store.get(_TRANSACTION)[0]
        try:
            store.run("COMMIT")
        except ServerLost as error:
            _resolve_creation(address, transaction, error)
    finally:
        store.close()


def _make_schema(store: Store) -> None:
    """Make the schema of a ledger, after waiting for anybody who makes one at the same time.

    Raises Refusal `ledger_exists` or `schema_in_the_way`.
    """
    if version_of(store) is not None:
        raise Refusal("ledger_exists", path=store.location)
    if _is_there_empty(store):
        store.run(f"DROP SCHEMA {SCHEMA_NAME}")
    try:
        store.run(f"CREATE SCHEMA {SCHEMA_NAME}")
    except (psycopg.errors.DuplicateSchema, psycopg.errors.UniqueViolation) as error:
        raise Refusal("ledger_exists", path=store.location) from error


def _is_there_empty(store: Store) -> bool:
    """Return whether there is an empty schema with that name.

    Raises Refusal `schema_in_the_way`.
    """
    row = store.one(_EXISTING_SCHEMA)
    if row is not None and not (row["is_own"] and row["is_empty"]):
        raise Refusal("schema_in_the_way", path=store.location)
    return row is not None


def _resolve_creation(address: ServerAddress, transaction: str, lost: ServerLost) -> None:
    """Find out by a new connection whether a ledger whose COMMIT failed was created."""
    cause = lost.facts["cause"]
    try:
        with closing(ServerStore(connect(address), address)) as store:
            until = monotonic() + SECONDS_TO_WAIT
            while (status := _status_of(store, transaction)) == _UNDER_WAY and monotonic() < until:
                sleep(_SECONDS_BETWEEN_LOOKS)
    except Refusal as second:
        raise Refusal("init_unknown", path=address, cause=cause) from second
    if status == _UNDER_WAY:
        raise Refusal("init_unknown", path=address, cause=cause) from lost
    if status != "committed":
        raise Refusal("not_stored", path=address, cause=cause) from lost


def _status_of(store: Store, transaction: str) -> str:
    return str(store.get(_ENDED_AS, transaction=transaction)["status"])
