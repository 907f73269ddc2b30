"""Copies between a server and files: every row of every table, with a digest."""

from __future__ import annotations

import json
from contextlib import closing
from hashlib import sha256
from itertools import islice
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Final

from kmtrack.ledger.schema.tables import SCHEMA
from kmtrack.ledger.store.sqlite_file import make_tables, new_store

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy import Table

    from kmtrack.ledger.store.base import Store

_CHUNK: Final = 5000


def write_ledger(store: Store, path: Path) -> bytes:
    """Copy a ledger on a server into the empty file at `path`; return the digest of its rows."""
    digest = sha256()
    with closing(new_store(path)) as file:
        make_tables(file)
        file.run("BEGIN IMMEDIATE")
        for table in SCHEMA.sorted_tables:
            for chunk in _chunks(store, table):
                _insert(file, table, chunk)
                digest.update(_as_bytes(chunk))
        file.run("COMMIT")
    return digest.digest()


def digest_of_ledger(path: Path) -> bytes:
    """Return the digest of all rows of the ledger in a file."""
    digest = sha256()
    with closing(new_store(path)) as file:
        for table in SCHEMA.sorted_tables:
            for chunk in _chunks(file, table):
                digest.update(_as_bytes(chunk))
    return digest.digest()


def replace_rows(store: Store, path: Path) -> None:
    """Replace the rows of a ledger on a server by those of the ledger in a file; settings stay."""
    tables = [table for table in SCHEMA.sorted_tables if table.name != "setting"]
    for table in reversed(tables):
        store.run(f'DELETE FROM "{table.name}"')  # noqa: S608 - a name of ours
    with closing(new_store(path)) as file:
        for table in tables:
            for chunk in _chunks(file, table):
                _insert(store, table, chunk)


def _chunks(store: Store, table: Table) -> Iterator[list[dict[str, Any]]]:
    keys = ", ".join(f'"{column.name}"' for column in table.primary_key.columns)
    rows = store.each(f'SELECT * FROM "{table.name}" ORDER BY {keys}')  # noqa: S608 - names of ours
    while chunk := [dict(row) for row in islice(rows, _CHUNK)]:
        yield chunk


def _insert(store: Store, table: Table, chunk: list[dict[str, Any]]) -> None:
    columns = table.columns.keys()
    store.insert_rows(table.name, columns, map(itemgetter(*columns), chunk))


def _as_bytes(chunk: list[dict[str, Any]]) -> bytes:
    return json.dumps(chunk, sort_keys=True).encode()
