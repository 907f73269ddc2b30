"""Queries on a server about who wrote a row: the author of the command in the same transaction.

A broker writes rows only in a transaction with a command of their own, and PostgreSQL keeps with
each row the transaction that wrote it.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final, NamedTuple

from kmtrack.ledger.settings import REMOVED_PREFIX

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from kmtrack.ledger.store.base import Store

# The key of a table's rows, if it is not the id.
_KEYS: Final[Mapping[str, str]] = {
    "name_word": "written.company_id",
    "verdict": "written.record_id || ' ' || written.target",
    "tally": "written.target || ' ' || written.outcome || ' ' || written.day",
}
# After a server was made anew from a copy, all rows are of one transaction. Of several rows of one
# name the last tells.
_WRITERS: Final = """
    SELECT {key} AS id, max(command.number) AS number, max(command.login) AS login
    FROM {table} AS written JOIN command ON command.xmin = written.xmin
    WHERE {key} IN (SELECT value FROM json_each(:ids)) AND command.login IS NOT NULL
    GROUP BY {key}, written.ctid HAVING count(DISTINCT command.login) = 1
    ORDER BY number
"""
_REMOVERS: Final = """
    SELECT setting.name, command.number, command.login
    FROM setting JOIN command ON command.token = setting.value
    WHERE setting.name IN (SELECT value FROM json_each(:names)) AND command.login IS NOT NULL
"""
_LAST: Final = """
    SELECT id, command.number, command.login FROM (
        SELECT record_id AS id, max(command) AS number FROM entry
        WHERE record_id IN (SELECT value FROM json_each(:ids)) GROUP BY record_id
    ) AS last JOIN command ON command.number = last.number WHERE command.login IS NOT NULL
"""


class Writer(NamedTuple):
    """The login that wrote something, and the number of the command."""

    login: str
    number: int


def writers_of(store: Store, table: str, ids: Iterable[str]) -> dict[str, Writer]:
    """Return who last wrote or removed these rows of a table on a server, by the rows' keys."""
    ids = list(ids)
    statement = _WRITERS.format(table=table, key=_KEYS.get(table, "written.id"))
    rows = store.all(statement, ids=json.dumps(ids))
    found = {row["id"]: Writer(row["login"], row["number"]) for row in rows}
    removed = {f"{REMOVED_PREFIX}{table} {id_}": id_ for id_ in ids}
    for row in store.all(_REMOVERS, names=json.dumps([*removed])):
        id_ = removed[row["name"]]
        if id_ not in found or found[id_].number < row["number"]:
            found[id_] = Writer(row["login"], row["number"])
    return found


def last_on(store: Store, ids: Iterable[str]) -> dict[str, Writer]:
    """Return who gave the last command with an entry on each of these records (ids)."""
    rows = store.all(_LAST, ids=json.dumps(list(ids)))
    return {row["id"]: Writer(row["login"], row["number"]) for row in rows}
