"""Parts of a ledger: some commands with their entries, in a file that has the tables of a ledger."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Final, NamedTuple

from kmtrack.errors import Refusal
from kmtrack.files import empty_beside, move_into
from kmtrack.ledger.settings import put_setting
from kmtrack.ledger.store.copies import telling_of
from kmtrack.ledger.store.headers import APPLICATION_ID, SCHEMA_VERSION, version_at
from kmtrack.ledger.store.sqlite import connection_to
from kmtrack.ledger.store.sqlite_file import new_store

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from kmtrack.ledger.store.base import Store

# What is kept of each, by which numbers or ids; references may be to what is not in the part.
_COPIED: Final = {
    "command": "SELECT * FROM command WHERE number IN (SELECT value FROM json_each(:commands))",
    "entry": "SELECT * FROM entry WHERE command IN (SELECT value FROM json_each(:commands))",
    "person": "SELECT * FROM person WHERE id IN (SELECT value FROM json_each(:persons))",
}

_SETTING: Final = "SELECT 1 FROM setting WHERE name = :name"


class Selection(NamedTuple):
    """The numbers of the commands, the ids of the persons they name, and settings of the part."""

    commands: Sequence[int]
    persons: Sequence[str]
    settings: Mapping[str, str]


def write_part(store: Store, file: Path, selection: Selection) -> None:
    """Write a part of a ledger to a file, over what is there.

    Raises WriteFailed `copy_failed` or `disk_full`.
    """
    with telling_of(file), empty_beside(file) as beside, telling_of(file, beside):
        with closing(new_store(beside)) as part:
            part.run("PRAGMA foreign_keys = OFF")
            part.run("BEGIN IMMEDIATE")
            store.lay_out(part)
            _fill(store, part, selection)
            part.run(f"PRAGMA application_id = {APPLICATION_ID}")
            part.run(f"PRAGMA user_version = {SCHEMA_VERSION}")
            part.run("COMMIT")
        move_into(beside, file)


def holds_setting(file: Path, name: str) -> bool:
    """Whether a file is a part of a ledger that has a setting of that name; it is only read."""
    try:
        version_at(file)
        with closing(connection_to(file, "ro")) as connection:
            return connection.execute(_SETTING, {"name": name}).fetchone() is not None
    except (Refusal, sqlite3.Error):
        return False


def _fill(store: Store, part: Store, selection: Selection) -> None:
    chosen = {
        "commands": json.dumps(list(selection.commands)),
        "persons": json.dumps(list(selection.persons)),
    }
    for table, statement in _COPIED.items():
        named = {name: value for name, value in chosen.items() if f":{name}" in statement}
        for row in store.each(statement, **named):
            columns = ", ".join(f'"{name}"' for name in row.keys())  # noqa: SIM118 - not a mapping
            values = ", ".join(f":{name}" for name in row.keys())  # noqa: SIM118 - as above
            part.run(f"INSERT INTO {table} ({columns}) VALUES ({values})", **dict(row))  # noqa: S608 - names of ours
    for name, value in selection.settings.items():
        put_setting(part, name, value)
