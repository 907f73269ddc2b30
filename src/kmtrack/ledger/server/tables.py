"""The tables of a ledger on a server: how PostgreSQL spells them, and how they get there."""

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from kmtrack.ledger.errors import LedgerExists, NotUtf8
from kmtrack.ledger.headers import SCHEMA_VERSION
from kmtrack.ledger.server.connections import SCHEMA, connect

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Table

    from kmtrack.ledger.address import ServerAddress
    from kmtrack.ledger.store import Store

# A text that names no day is refused by to_date itself.
_IS_A_DAY: Final = """"{column}" = to_char(to_date("{column}", 'YYYY-MM-DD'), 'YYYY-MM-DD')"""
_TOLD: Final = "kmtrack ledger, version"
_VERSION: Final = "SELECT obj_description(to_regnamespace('kmtrack'), 'pg_namespace') AS told"
_NEW: Final = f"{SCHEMA}_new"
# Two who make one at once do so one after the other; the lock goes with the connection.
_ALONE: Final = "SELECT pg_advisory_lock(1802335347)"


def version_of(store: Store) -> int | None:
    """The version of the ledger in a database; None where there is none."""
    told = store.get(_VERSION)["told"]
    match = re.fullmatch(rf"{_TOLD} (\d+)", told or "")
    return int(match[1]) if match else None


@contextmanager
def creating_on_server(address: ServerAddress) -> Iterator[Store]:
    """A new ledger to fill; it is there when the block ends well, and not at all otherwise.

    It is made under another name and renamed, as a file is moved. Raises LedgerExists, NotUtf8, and
    what `connect` raises.
    """
    from kmtrack.ledger.server.store import ServerStore

    store = ServerStore(connect(address), address)
    try:
        store.run(_ALONE)
        if version_of(store) is not None:
            raise LedgerExists(path=address)
        if store.get("SHOW server_encoding")[0] != "UTF8":
            raise NotUtf8(path=address)
        store.run(f"DROP SCHEMA IF EXISTS {_NEW} CASCADE")
        store.run(f"CREATE SCHEMA {_NEW}")
        store.run(f"SET search_path = {_NEW}, pg_temp")
        for statement in _statements():
            store.run(statement)
        yield store
        store.run("BEGIN")
        store.run(f"ALTER SCHEMA {_NEW} RENAME TO {SCHEMA}")
        store.run(f"COMMENT ON SCHEMA {SCHEMA} IS '{_TOLD} {SCHEMA_VERSION}'")
        store.run("COMMIT")
    finally:
        store.close()


def _statements() -> Iterator[str]:
    """Each CREATE statement, tables before what refers to them."""
    from sqlalchemy import MetaData
    from sqlalchemy.dialects import postgresql
    from sqlalchemy.schema import CreateIndex, CreateTable

    from kmtrack.ledger.tables import SCHEMA as TABLES

    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]
    spelled = MetaData()
    for table in TABLES.sorted_tables:
        table.to_metadata(spelled)
    for table in spelled.sorted_tables:
        _spell(table)
        yield str(CreateTable(table).compile(dialect=dialect))
        for index in sorted(table.indexes, key=lambda index: str(index.name)):
            yield str(CreateIndex(index).compile(dialect=dialect))


def _spell(table: Table) -> None:
    """Give texts and days the type by which they compare and sort as they do in a file."""
    from sqlalchemy import Boolean, CheckConstraint, Date, Integer, Text
    from sqlmodel.sql.sqltypes import AutoString

    for constraint in [one for one in table.constraints if isinstance(one, CheckConstraint)]:
        table.constraints.remove(constraint)  # in the words of SQLite
    for column in table.columns:
        if isinstance(column.type, Date):
            condition = _IS_A_DAY.format(column=column.name)
            table.append_constraint(CheckConstraint(condition, name=f"{column.name}_is_a_day"))
        if isinstance(column.type, AutoString | Date):
            column.type = Text(collation="C")
        elif isinstance(column.type, Boolean):
            column.type = Integer()
