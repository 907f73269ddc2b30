"""Commands as they are in the ledger: which, when, by whom, and upon which records."""

from __future__ import annotations

import json
from collections import defaultdict
from typing import TYPE_CHECKING, Final, NamedTuple

from kmtrack.ledger.company_identity import RecordGroups
from kmtrack.ledger.entries import entries_on
from kmtrack.ledger.timeline import CommandMoment, company_name_at, company_timeline, timeline

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from kmtrack.ledger.entries import StoredEntry
    from kmtrack.ledger.store.base import Store, StoredRow
    from kmtrack.ledger.timeline import RecordChange

COMMAND_FIELDS: Final = "number, token, name, recorded_at, recorded_by, reason, arrived_at"
_CHUNK: Final = 5000
_TOGETHER: Final = """
    SELECT id, coalesce(part_of, id) AS standing FROM company
    WHERE part_of IS NOT NULL OR id IN (SELECT part_of FROM company WHERE part_of IS NOT NULL)
"""
# No index is over what an entry does, but few commands join.
_JOINS: Final = """
    SELECT record_id, facts FROM entry WHERE action = 'join' AND command IN (
        SELECT number FROM command WHERE name = 'company join'
    )
"""
_ARRIVED: Final = """
    SELECT number, arrived_at FROM command WHERE number IN (SELECT value FROM json_each(:numbers))
"""


class Command(NamedTuple):
    """One command; `recorded_at` is UTC, `arrived_at` when it was merged in, if it was."""

    number: int
    token: str
    name: str
    recorded_at: str
    recorded_by: str
    reason: str | None
    arrived_at: str | None

    @classmethod
    def of(cls, row: StoredRow) -> Command:
        """The command of a row."""
        return cls(*(row[name] for name in cls._fields))


def steps_on(store: Store, noun: str, ids: Iterable[str]) -> Iterator[list[RecordChange]]:
    """The steps of each of these records of a noun, record by record."""
    in_order = sorted(set(ids))
    together = _records_together(store) if noun == "company" else {}
    for at in range(0, len(in_order), _CHUNK):
        chunk = in_order[at : at + _CHUNK]
        wanted = {member for id_ in chunk for member in together.get(id_, [id_])}
        said: dict[str, list[StoredEntry]] = {id_: [] for id_ in wanted}
        order: dict[int, int] = {}
        for position, stated in enumerate(entries_on(store, noun, wanted)):
            said[stated.record_id].append(stated)
            order[id(stated)] = position
        for id_ in chunk:
            members = together.get(id_, [id_])
            statements = [stated for member in members for stated in said[member]]
            if len(members) > 1:
                statements.sort(key=lambda stated: order[id(stated)])
            yield timeline(noun, id_, statements)


def company_steps(
    store: Store, ids: Iterable[str], wanted: Collection[int]
) -> Iterator[RecordChange]:
    """The steps of the commands `wanted` upon these companies, each as it was known at the time."""
    asked = set(ids)
    together: set[str] = set()
    for group in _groups_with(store, asked):
        together.update(group)
        for step in company_timeline(*_said_of(store, group), wanted):
            if step.stated.record_id in asked:
                yield step
    for steps in steps_on(store, "company", asked - together):
        yield from (step for step in steps if step.stated.command in wanted)


def company_names(
    store: Store, asked: Mapping[str, Iterable[Command]]
) -> dict[int, dict[str, str]]:
    """What companies that are or were of several records were called when commands were given.

    `asked` has by the id of a company the commands that said something of it; what is found is by
    the number of a command and the id.
    """
    names: dict[int, dict[str, str]] = defaultdict(dict)
    for group in _groups_with(store, asked.keys()):
        said, arrived = _said_of(store, group)
        for id_ in asked.keys() & set(group):
            for command in asked[id_]:
                at = CommandMoment(command.number, command.recorded_at, command.arrived_at)
                if name := company_name_at(said, arrived, id_, at):
                    names[command.number][id_] = name
    return names


def _groups_with(store: Store, ids: Collection[str]) -> list[list[str]]:
    """The records that are or were said to be one company with any of these."""
    stated = [(row["record_id"], json.loads(row["facts"])["with"]) for row in store.all(_JOINS)]
    parts = [(id_, other) for id_, group in _records_together(store).items() for other in group]
    return [
        group for group in RecordGroups([*stated, *parts]).all() if not set(group).isdisjoint(ids)
    ]


def _said_of(store: Store, group: list[str]) -> tuple[list[StoredEntry], dict[int, str | None]]:
    """What was stated of these records, and when each command that did so was merged in."""
    said = entries_on(store, "company", group)
    rows = store.all(_ARRIVED, numbers=as_list({stated.command for stated in said}))
    return said, {row["number"]: row["arrived_at"] for row in rows}


def _records_together(store: Store) -> dict[str, list[str]]:
    """The records of each company that several are of, by each of their ids."""
    groups: dict[str, list[str]] = {}
    for row in store.all(_TOGETHER):
        groups.setdefault(row["standing"], []).append(row["id"])
    return {id_: members for members in groups.values() for id_ in members}


def as_list(ids: Iterable[object]) -> str:
    """Ids or numbers as a parameter for `json_each`."""
    return json.dumps(list(ids))
