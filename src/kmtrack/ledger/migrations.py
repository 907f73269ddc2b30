"""Migrations: bring a ledger of an older schema up to this version, whole or not at all, after a backup.

The recorded facts are in four tables: commands, entries, names of persons, settings. Only these,
and the places of imported rows, are migrated; all rows and verdicts are rebuilt from them, in
tables that have a column for each field. So an optional field needs no migration of its own, only a
new version.
"""

from __future__ import annotations

import json
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final

from kmtrack.clock import later_than
from kmtrack.files import is_private_folder
from kmtrack.ledger.copy_origin import keep_copy
from kmtrack.ledger.entries import FIRST_DIGEST, Chain, CommandHeader, Entry
from kmtrack.ledger.imported_rows import forget_places, seal_places
from kmtrack.ledger.moments import retime_all
from kmtrack.ledger.projection import rebuild
from kmtrack.ledger.schema.nouns import TABLES
from kmtrack.ledger.settings import drop_setting, seal_settings
from kmtrack.ledger.store.copies import copy_ledger, remember_folder
from kmtrack.ledger.store.errors import LedgerDamaged
from kmtrack.ledger.store.sqlite import SCHEMA_VERSION
from kmtrack.ledger.store.sqlite_file import create_tables

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from pathlib import Path

    from kmtrack.ledger.rows import Row
    from kmtrack.ledger.store.base import Store

# These belong to one copy of a ledger; the first versions had none of them.
LOCAL: Final = ("setting", "imported_row")
TRUTH: Final = ("command", "entry", "person", *LOCAL)
# Triggers first, as none of them is ours: one that names what is not there would stop the renaming.
_OBJECTS: Final = """
    SELECT type, name FROM sqlite_schema WHERE sql IS NOT NULL
    ORDER BY type = 'trigger' DESC, type = 'view' DESC, type, name
"""
_PERSON: Final = "SELECT name, secret FROM old_person WHERE id = :id"
_SEPARATOR: Final = "\x1f"


def migrate(store: Store) -> None:
    """Migrate a ledger to this version, and keep a backup of the old one next to it.

    If two processes try at the same time, only one migrates. Raises LedgerDamaged if an entry was
    altered; the ledger is unchanged then.
    """
    store.run("PRAGMA foreign_keys = OFF")  # tables are put in the places of others
    store.run("BEGIN IMMEDIATE")
    try:
        version = _version(store)
        if version < SCHEMA_VERSION:
            copy_ledger(store, place_of_backup(store.path, version))
            _move(store, version)
            if not is_private_folder(store.path.parent):
                remember_folder(store, store.path.parent)
        store.run("COMMIT")
    except BaseException:
        store.roll_back()
        raise
    store.run("PRAGMA foreign_keys = ON")


def remake(
    store: Store, kept: Path, forgotten: Collection[str], *, with_places: bool = True
) -> None:
    """Rebuild every table, row and verdict of a ledger of this version from its entries.

    The old ledger is kept at `kept`. Settings named in `forgotten` are left out, and without
    `with_places` where rows were read. Raises LedgerDamaged if the entries are inconsistent; the
    ledger is unchanged then.
    """
    store.run("PRAGMA foreign_keys = OFF")  # as above
    store.run("BEGIN IMMEDIATE")
    try:
        keep_copy(store, kept)
        for name in forgotten:
            drop_setting(store, name)
        if not with_places:
            forget_places(store)
        _move(store, SCHEMA_VERSION)
        store.run("COMMIT")
    except BaseException:
        store.roll_back()
        raise
    store.run("PRAGMA foreign_keys = ON")


def place_of_backup(ledger: Path, version: int) -> Path:
    """Return the path of the backup made before a ledger is migrated from a version."""
    return ledger.with_name(f"{ledger.stem}-version-{version}{ledger.suffix}")


def _version(store: Store) -> int:
    return int(store.get("PRAGMA user_version")[0])


def _move(store: Store, version: int) -> None:
    if not store.tables().keys() >= set(TRUTH).difference(LOCAL):
        raise LedgerDamaged("ledger_damaged", path=store.path)
    for kind, name in store.all(_OBJECTS):
        if kind == "table" and name in TRUTH:
            store.run(f"ALTER TABLE {name} RENAME TO old_{name}")
        else:  # views before tables: one that they read cannot be renamed
            _drop(store, kind, name)
    create_tables(store)
    (_from_1 if version == 1 else _keep_what_was_stated)(store)
    seal_settings(store)
    seal_places(store)
    retime_all(store)
    rebuild(store, store, names=lambda person: _with_name(store, person))
    for name in TRUTH:
        store.run(f"DROP TABLE IF EXISTS old_{name}")
    if store.all("PRAGMA foreign_key_check"):
        raise LedgerDamaged("ledger_damaged", path=store.path)
    store.run(f"PRAGMA user_version = {SCHEMA_VERSION}")


def _drop(store: Store, kind: str, name: str) -> None:
    quoted = name.replace('"', '""')
    store.run(f'DROP {kind} IF EXISTS "{quoted}"')


def _with_name(store: Store, person: Row) -> Row:
    return {**person, **dict(store.get(_PERSON, id=person["id"]))}


def _from_1(store: Store) -> None:
    """Chain the entries again, with commitments to texts and with the digest before each command."""
    _keep_what_is_local(store)
    before: dict[str, str] = {}
    last: dict[str, str] = {}
    moment = ""
    for command in store.each("SELECT * FROM old_command ORDER BY number"):
        by = command["recorded_by"]
        entries = store.all(
            "SELECT * FROM old_entry WHERE command = :number ORDER BY number",
            number=command["number"],
        )
        before[by] = _verified(store, dict(command), entries, before.get(by, ""))
        moment = later_than(moment, command["recorded_at"])
        previous = last.get(by, FIRST_DIGEST)
        named = {**dict(command), "recorded_at": moment, "previous": previous, "arrived_at": None}
        store.run(_INSERT_COMMAND, **named)
        chain = Chain(CommandHeader(command["token"], moment, by, command["name"]), previous)
        for row in entries:
            facts = json.loads(row["facts"])
            entry, covered = Entry.new(row["noun"], row["record_id"], row["action"], facts)
            last[by] = chain.add(entry, covered)
            store.run(
                _INSERT_ENTRY,
                number=row["number"],
                command=row["command"],
                **entry._asdict(),
                digest=last[by],
            )


def _keep_what_was_stated(store: Store) -> None:
    """Copy commands and entries unchanged; a column that the old tables lacked stays empty."""
    _keep_what_is_local(store)
    for table in ("command", "entry"):
        _copy(store, table)


def _keep_what_is_local(store: Store) -> None:
    for table in LOCAL:
        if f"old_{table}" in store.tables():
            _copy(store, table)


def _copy(store: Store, table: str) -> None:
    """Copy the rows of an old table, in the columns that it had.

    Row by row: a single statement would keep the former content of every page that it changes in
    memory, to be able to fail as a whole.
    """
    had = store.tables()[f"old_{table}"]
    columns = [name for name in TABLES[table] if name in had]
    named = ", ".join(f'"{name}"' for name in columns)
    rows = store.each(f"SELECT {named} FROM old_{table}")  # noqa: S608 - names of ours
    store.insert_rows(table, columns, map(tuple, rows))


_INSERT_COMMAND: Final = """
    INSERT INTO command
        (number, token, recorded_at, recorded_by, name, reason, previous, arrived_at)
    VALUES
        (:number, :token, :recorded_at, :recorded_by, :name, :reason, :previous, :arrived_at)
"""
_INSERT_ENTRY: Final = """
    INSERT INTO entry (number, command, noun, record_id, action, facts, secret, digest)
    VALUES (:number, :command, :noun, :record_id, :action, :facts, :secret, :digest)
"""


def _verified(store: Store, command: Mapping[str, Any], entries: list[Any], digest: str) -> str:
    """Verify the entries of a command of version 1 and return the digest of the last one."""
    heading = [command[name] for name in ("token", "recorded_at", "recorded_by", "name")]
    for row in entries:
        stated = [row[name] for name in ("noun", "record_id", "action", "facts")]
        digest = sha256(_SEPARATOR.join((digest, *heading, *stated)).encode()).hexdigest()
        if digest != row["digest"]:
            raise LedgerDamaged("ledger_damaged", path=store.path)
    return digest
