"""Schema: the tables of a ledger on a server and their version."""

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from kmtrack.errors import Refusal
from kmtrack.ledger.schema.readable import ABOUT, POSTGRES, PREFIX, texts, views
from kmtrack.ledger.store.postgres.connection import SCHEMA_NAME
from kmtrack.ledger.store.postgres.functions import function_statements
from kmtrack.ledger.store.postgres.guard import CHECKS
from kmtrack.ledger.store.postgres.rights import renew_rights
from kmtrack.ledger.store.sqlite import SCHEMA_VERSION

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Constraint, Dialect, Table

    from kmtrack.ledger.store.base import Store

# A text that names no day is refused by to_date itself.
_IS_A_DAY: Final = """"{column}" = to_char(to_date("{column}", 'YYYY-MM-DD'), 'YYYY-MM-DD')"""
_COMMENT: Final = "kmtrack ledger, version"
SET_VERSION: Final = f"COMMENT ON SCHEMA {SCHEMA_NAME} IS '{_COMMENT} {SCHEMA_VERSION}'"
# Since this version only tables, optional columns and indexes were added, and columns widened; more
# needs its own step.
_ONLY_ADDED_TO_SINCE: Final = 2
# Hours have decimals since version 4; a column that has that type already stays as it is.
_WIDEN: Final = "ALTER TABLE hire ALTER COLUMN hours TYPE double precision"
# An index of contacts by company has their days too since version 6.
_INDEX_REPLACED: Final = "DROP INDEX IF EXISTS ix_contact_company_id"
_VIEWS: Final = """
    SELECT relname::text AS name FROM pg_class
    WHERE relnamespace = 'kmtrack'::regnamespace AND relkind = 'v'
        AND (relname = :about OR starts_with(relname::text, :prefix))
"""
_VERSION: Final = "SELECT obj_description(to_regnamespace('kmtrack'), 'pg_namespace') AS comment"

# Older versions numbered entries by a sequence, which a broker could use up.
_NUMBER_BY_HAND: Final = (
    "ALTER TABLE command ALTER COLUMN number DROP DEFAULT",
    "ALTER TABLE entry ALTER COLUMN number DROP DEFAULT",
    "DROP SEQUENCE IF EXISTS command_number_seq, entry_number_seq",
)
_LACKING_CHECK: Final = (
    "SELECT 1 FROM pg_constraint WHERE conname = :name AND connamespace = 'kmtrack'::regnamespace"
)
# Nobody writes meanwhile, with an older version of the program neither.
_LOCK_OUT: Final = "LOCK TABLE command, entry IN ACCESS EXCLUSIVE MODE"


def version_of(store: Store) -> int | None:
    """Return the version of the ledger in a database; None if there is none."""
    comment = store.get(_VERSION)["comment"]
    match = re.fullmatch(rf"{_COMMENT} (\d+)", comment or "")
    return int(match[1]) if match else None


def migrate_on_server(store: Store) -> None:
    """Add the tables, optional columns and indexes that an older ledger lacks; widen columns; settle the rest.

    The first user who opens it with this version does so, once. Raises Refusal `ledger_older`
    unless they own the tables, and for a version that differs in more than these.
    """
    from sqlalchemy.dialects import postgresql

    if not store.is_owned:
        raise Refusal("ledger_older", path=store.location)
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]
    with _changing(store):
        version = version_of(store)
        if version == SCHEMA_VERSION:
            return
        if version is None or version < _ONLY_ADDED_TO_SINCE:
            raise Refusal("ledger_older", path=store.location)
        existing = store.tables()
        _drop_views(store)
        for table in _tables():
            if table.name in existing:
                _add_what_lacks(store, table, existing[table.name], dialect)
                continue
            for statement in _creating(table, dialect):
                store.run(statement)
        for statement in (
            _WIDEN,
            _INDEX_REPLACED,
            *_NUMBER_BY_HAND,
            *_views_and_comments(),
            *function_statements(),
        ):
            store.run(statement)
        renew_rights(store)
        _settle_by_this_version(store)
        store.run(SET_VERSION)


def _drop_views(store: Store) -> None:
    """Drop the views of an older version, as a column that they read could not be changed."""
    for view in store.all(_VIEWS, about=ABOUT, prefix=PREFIX):
        store.run(f'DROP VIEW IF EXISTS "{view["name"]}" CASCADE')


@contextmanager
def _changing(store: Store) -> Iterator[None]:
    """Open the transaction of a migration, before the lock of this version exists."""
    store.run("BEGIN")
    try:
        store.run(_LOCK_OUT)
        yield
    except BaseException:
        store.roll_back()
        raise
    store.run("COMMIT")


def _settle_by_this_version(store: Store) -> None:
    """Fold all names, project the companies of several records again and judge everything."""
    from kmtrack.ledger.contract import contract_in_force
    from kmtrack.ledger.name_words import rewrite_name_words
    from kmtrack.ledger.projection import reproject
    from kmtrack.ledger.queries.companies import company_parts
    from kmtrack.ledger.verdicts import rejudge_all

    rewrite_name_words(store)
    parts = company_parts(store)
    reproject(store, {"company": {*parts, *parts.values()}})
    rejudge_all(store, contract_in_force(store))


def _add_what_lacks(store: Store, table: Table, existing: set[str], dialect: Dialect) -> None:
    """Add the columns that a table lacks, with their constraints, and its indexes."""
    from sqlalchemy.schema import AddConstraint, CreateColumn, CreateIndex

    lacking = {column.name for column in table.columns if column.name not in existing}
    for column in (column for column in table.columns if column.name in lacking):
        adapted = CreateColumn(column).compile(dialect=dialect)
        store.run(f'ALTER TABLE "{table.name}" ADD COLUMN {adapted}')
    for constraint in table.constraints:
        if lacking & _columns_of(constraint):
            store.run(str(AddConstraint(constraint).compile(dialect=dialect)))
    for name, condition in CHECKS.get(table.name, {}).items():
        if store.one(_LACKING_CHECK, name=name) is None:
            store.run(f'ALTER TABLE "{table.name}" ADD CONSTRAINT {name} CHECK ({condition})')
    for index in table.indexes:
        store.run(str(CreateIndex(index, if_not_exists=True).compile(dialect=dialect)))


def _columns_of(constraint: Constraint) -> set[str]:
    """Return the columns of a constraint; the check of a day names its column only in its own name."""
    from sqlalchemy import CheckConstraint, ForeignKeyConstraint

    if isinstance(constraint, CheckConstraint):
        return {str(constraint.name).removesuffix("_is_a_day")}
    return set(constraint.column_keys) if isinstance(constraint, ForeignKeyConstraint) else set()


def create_statements() -> Iterator[str]:
    """Yield the CREATE statements, tables before those that refer to them, then all else."""
    from sqlalchemy.dialects import postgresql

    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]
    for table in _tables():
        yield from _creating(table, dialect)
    yield from _views_and_comments()
    yield from function_statements()


def _views_and_comments() -> Iterator[str]:
    """Yield the statements that create the views for other programs, and the comments on everything."""
    named = dict(views(POSTGRES))
    for name, select in named.items():
        yield f"CREATE VIEW {name} AS {select}"
    for name, text in texts().items():
        quoted = text.replace("'", "''")
        yield f"COMMENT ON {'VIEW' if name in named else 'TABLE'} {name} IS '{quoted}'"


def _creating(table: Table, dialect: Dialect) -> Iterator[str]:
    """Yield the statements that create a table and its indexes."""
    from sqlalchemy.schema import CreateIndex, CreateTable

    yield str(CreateTable(table).compile(dialect=dialect))
    for index in sorted(table.indexes, key=lambda index: str(index.name)):
        yield str(CreateIndex(index).compile(dialect=dialect))


def _tables() -> list[Table]:
    """Return the tables with the types of PostgreSQL, each before those that refer to it."""
    from sqlalchemy import MetaData

    from kmtrack.ledger.schema.tables import SCHEMA

    adapted = MetaData()
    for table in SCHEMA.sorted_tables:
        _adapt_types(table.to_metadata(adapted))
    return adapted.sorted_tables


def _adapt_types(table: Table) -> None:
    """Give texts and days the types that make them compare and sort as in SQLite."""
    from sqlalchemy import Boolean, CheckConstraint, Date, Integer, Text
    from sqlmodel.sql.sqltypes import AutoString

    for constraint in [one for one in table.constraints if isinstance(one, CheckConstraint)]:
        table.constraints.remove(constraint)  # written for SQLite
    for name, condition in CHECKS.get(table.name, {}).items():
        table.append_constraint(CheckConstraint(condition, name=name))
    for column in table.columns:
        column.autoincrement = False  # numbers are counted on, as in a file
        if isinstance(column.type, Date):
            condition = _IS_A_DAY.format(column=column.name)
            table.append_constraint(CheckConstraint(condition, name=f"{column.name}_is_a_day"))
        if isinstance(column.type, AutoString | Date):
            column.type = Text(collation="C")
        elif isinstance(column.type, Boolean):
            column.type = Integer()
