"""Exchange: write an excerpt of a ledger to a file, and apply the commands of another ledger."""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from contextlib import closing
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from kmtrack.errors import Refusal
from kmtrack.files import empty_beside, move_into
from kmtrack.ledger.arrived_erasures import ArrivedErasures
from kmtrack.ledger.commitments import legible
from kmtrack.ledger.entries import FIRST_DIGEST
from kmtrack.ledger.moments import CORRECT_TIME, corrected_by, retime
from kmtrack.ledger.queries.commands import last_entries
from kmtrack.ledger.schema.nouns import COMMAND, REFERENCE_COLUMNS, TABLES
from kmtrack.ledger.settings import HEADS, put_setting, setting
from kmtrack.ledger.store.copies import reporting_failure_of
from kmtrack.ledger.store.sqlite import APPLICATION_ID, SCHEMA_VERSION, connection_to, version_at
from kmtrack.ledger.store.sqlite_file import new_store
from kmtrack.ledger.voids import circle_of, commands_reached, undos_without_effect

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from kmtrack.ledger.store.base import Store, StoredRow
    from kmtrack.ledger.unit_of_work import UnitOfWork
    from kmtrack.ledger.voids import Undo


# What a merge brought belongs to one ledger, and stays in it.
_COMMANDS: Final = """
    SELECT number, token, coalesce(stated_at, recorded_at) AS recorded_at, recorded_by, name, reason,
           previous, login, reason_secret, digest, follows
    FROM command
    WHERE EXISTS (
        SELECT 1 FROM entry WHERE entry.command = command.number AND entry.action <> 'arrive'
    )
    ORDER BY number
"""
_ADDED: Final = """
    SELECT DISTINCT record_id FROM entry
    WHERE noun = :noun AND action = 'add' AND record_id IN (SELECT value FROM json_each(:ids))
"""
# These a command has in one ledger only.
_LOCAL_COLUMNS: Final = frozenset({"number", "arrived_at", "stated_at"})
_COPIED_COLUMNS: Final = tuple(name for name in TABLES["command"] if name not in _LOCAL_COLUMNS)
_TOKENS: Final = "SELECT token FROM command"
_INSERT_COMMAND: Final = """
    INSERT INTO command (number, token, recorded_at, recorded_by, name, reason, previous, arrived_at,
                         login, reason_secret, digest, follows)
    VALUES (:number, :token, :recorded_at, :recorded_by, :name, :reason, :previous, :arrived_at,
            :login, :reason_secret, :digest, :follows)
"""
_ENTRIES: Final = """
    SELECT noun, record_id, action, facts, secret, digest FROM entry
    WHERE command = :command ORDER BY number
"""
# The rows of each table in an excerpt; they may refer to records outside it.
_COPIED: Final = {
    "command": "SELECT * FROM command WHERE number IN (SELECT value FROM json_each(:commands))",
    "entry": "SELECT * FROM entry WHERE command IN (SELECT value FROM json_each(:commands))",
    "person": "SELECT * FROM person WHERE id IN (SELECT value FROM json_each(:persons))",
}
_IS_BUNDLE: Final = "SELECT 1 FROM setting WHERE name = :heads"


class AppliedCommands(NamedTuple):
    """What was applied from another ledger: its commands, by their numbers here.

    `records` has the ids of the records concerned, by noun, and `added` those of the records added.
    `gaps` are records that the commands concern or refer to and that are not here as they were
    there; `broken_chains` names the authors of commands whose predecessor is missing here.
    `reached` are the commands, here before or not, that its undos name, that those undos name in
    turn and so on, and those that get another moment; `flawed` are its undos that clearly have no
    effect. `erasures` are its erasing commands with what they changed here. `retimed` are commands
    here before that get another moment.
    """

    commands: list[int]
    already_here: int
    records: dict[str, set[str]]
    added: dict[str, set[str]]
    gaps: set[str]
    broken_chains: list[str]
    reached: list[int]
    flawed: list[Undo]
    erasures: ArrivedErasures
    retimed: list[int]


def command_tokens(store: Store) -> set[str]:
    """Return the tokens of all commands of a ledger."""
    return {row["token"] for row in store.each(_TOKENS)}


def apply_commands(work: UnitOfWork, source: Store) -> AppliedCommands:
    """Store every command of `source` that the ledger lacks, in a unit of work and before its own entries.

    Raises ForgedRedaction.
    """
    target = work.store
    here = command_tokens(target)
    commands = source.all(_COMMANDS)
    new = [command for command in commands if command["token"] not in here]
    records: dict[str, set[str]] = defaultdict(set)
    referred: dict[str, set[str]] = defaultdict(set)
    added: dict[str, set[str]] = defaultdict(set)
    known = len(commands) - len(new)
    erasures = ArrivedErasures(target)
    applied = AppliedCommands([], known, records, added, set(), [], [], [], erasures, [])
    undos: list[int] = []
    retimed = {command["token"] for command in new}  # a correction may be here before its command
    for command in new:
        named = {name: command[name] for name in _COPIED_COLUMNS}
        number = next(work.numbers)
        target.run(_INSERT_COMMAND, number=number, **named, arrived_at=work.recorded_at)
        entries = [dict(row) for row in source.all(_ENTRIES, command=command["number"])]
        target.append_entries([(number, *entry.values()) for entry in entries])
        applied.commands.append(number)
        for entry in entries:
            if entry["action"] in {"erase", "redact"}:
                erasures.add(number, command, entry)
            if entry["noun"] == COMMAND:
                undos += [number] * (entry["action"] == "void")
                retimed |= {entry["record_id"]} if entry["action"] == CORRECT_TIME else set()
                continue
            records[entry["noun"]].add(entry["record_id"])
            for noun, record_id in _references(entry):
                referred[noun].add(record_id)
            if entry["action"] == "add":
                added[entry["noun"]].add(entry["record_id"])
    for noun, ids in (*records.items(), *referred.items()):
        applied.gaps.update(_never_added(target, noun, ids))
    applied.broken_chains.extend(_broken_chains(target, new, applied.commands))
    applied.reached.extend(commands_reached(target, undos))
    retimed |= corrected_by(target, [*undos, *applied.reached])
    changed = {each.number for each in retime(target, retimed)}
    applied.reached.extend(sorted(changed))
    applied.retimed.extend(sorted(changed.difference(applied.commands)))
    if undos:
        applied.flawed.extend(_flawed(target, undos, set(applied.commands)))
    erasures.apply({command["token"] for command in new})
    applied.gaps.update(erasures.gaps)
    for noun, ids in erasures.changed.items():
        records[noun] |= ids
    return applied


def _never_added(store: Store, noun: str, ids: set[str]) -> set[str]:
    """Return those of these ids that no entry adds as a record of the noun."""
    rows = store.all(_ADDED, noun=noun, ids=json.dumps(list(ids)))
    return ids - {row["record_id"] for row in rows}


def _broken_chains(
    store: Store, commands: Iterable[StoredRow], numbers: Iterable[int]
) -> Iterator[str]:
    """Yield the authors of those of these commands whose predecessor is not here before them.

    `numbers` are their numbers here. So the commands of a person are numbered in the order of their
    chain.
    """
    ends = {(end.recorded_by, end.digest): end.number for end in last_entries(store)}
    for command, number in zip(commands, numbers, strict=True):
        by, previous = command["recorded_by"], command["previous"]
        if previous != FIRST_DIGEST and ends.get((by, previous), number) >= number:
            yield by


def _flawed(store: Store, undos: Collection[int], new: Collection[int]) -> Iterator[Undo]:
    """Yield those of these undos (numbers) that have no effect, judged by the commands that are here.

    In a circle all must be `new` here: else one of them named a command that arrived later.
    """
    without_effect = undos_without_effect(store)
    for undo in without_effect:
        if undo.number not in undos:
            continue
        if undo.flaw != "circle" or circle_of(undo, without_effect) <= set(new):
            yield undo


def _references(entry: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield the records that an entry refers to, each with its noun."""
    facts = legible(json.loads(entry["facts"]))
    for column, noun in REFERENCE_COLUMNS.items():
        if facts.get(column) is not None:
            yield noun, facts[column]
    if entry["noun"] == "company":
        for other in f"{facts.get('joined') or ''} {facts.get('with') or ''}".split():
            yield "company", other


class ExcerptSelection(NamedTuple):
    """The content of an excerpt: commands by number, the persons they name by id, and its settings."""

    commands: Sequence[int]
    persons: Sequence[str]
    settings: Mapping[str, str]


def write_excerpt(store: Store, file: Path, selection: ExcerptSelection) -> None:
    """Write an excerpt of a ledger to a file, replacing what is there.

    Raises WriteFailed `copy_failed` or `disk_full`.
    """
    with (
        reporting_failure_of(file),
        empty_beside(file) as beside,
        reporting_failure_of(file, beside),
    ):
        with closing(new_store(beside)) as excerpt:
            excerpt.run("PRAGMA foreign_keys = OFF")
            excerpt.run("BEGIN IMMEDIATE")
            store.create_schema_in(excerpt)
            _fill(store, excerpt, selection)
            excerpt.run(f"PRAGMA application_id = {APPLICATION_ID}")
            excerpt.run(f"PRAGMA user_version = {SCHEMA_VERSION}")
            excerpt.run("COMMIT")
        move_into(beside, file)


def is_bundle_at(file: Path) -> bool:
    """Return whether a file is a bundle, after undoing what a crash left unfinished in it."""
    try:
        version_at(file)
        with closing(connection_to(file, "rw")) as connection:
            return connection.execute(_IS_BUNDLE, {"heads": HEADS}).fetchone() is not None
    except (Refusal, sqlite3.Error):
        return False


def heads_of_bundle(store: Store) -> dict[str, str]:
    """Read each person's last entry that was known where a bundle was written but is not in it.

    A whole ledger has none. Raises ValueError or TypeError for a setting that kmtrack did not
    write.
    """
    heads = json.loads(setting(store, HEADS) or "{}")
    if not isinstance(heads, dict):
        raise TypeError(HEADS)
    return {str(by): str(digest) for by, digest in heads.items()}


def _fill(store: Store, excerpt: Store, selection: ExcerptSelection) -> None:
    chosen = {
        "commands": json.dumps(list(selection.commands)),
        "persons": json.dumps(list(selection.persons)),
    }
    for table, statement in _COPIED.items():
        named = {name: value for name, value in chosen.items() if f":{name}" in statement}
        for row in store.each(statement, **named):
            columns = ", ".join(f'"{name}"' for name in row.keys())  # noqa: SIM118 - not a mapping
            values = ", ".join(f":{name}" for name in row.keys())  # noqa: SIM118 - as above
            excerpt.run(f"INSERT INTO {table} ({columns}) VALUES ({values})", **dict(row))  # noqa: S608 - names of ours
    for name, value in selection.settings.items():
        put_setting(excerpt, name, value)
