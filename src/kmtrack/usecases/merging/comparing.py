"""Comparing: what two ledgers both changed, and what became of contacts that were first ones."""

from __future__ import annotations

import json
from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from kmtrack.ledger.nouns import NOUNS
from kmtrack.usecases.history.commands import as_list, steps_on

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from kmtrack.ledger.rows import Row
    from kmtrack.ledger.store import Store
    from kmtrack.ledger.timeline import Step

_NOTE_OWN: Final = "INSERT INTO stood SELECT record_id, target FROM verdict WHERE noun = 'contact'"
_NOTE: Final = """
    INSERT INTO stood (id, target) VALUES (:id, :target) ON CONFLICT (id) DO NOTHING
"""
_MOVED: Final = """
    SELECT stood.id, company.name, verdict.day, stood.target, verdict.target
    FROM verdict JOIN stood ON stood.id = verdict.record_id
    JOIN company ON company.id = verdict.company_id
    WHERE verdict.noun = 'contact' AND verdict.target <> stood.target
    ORDER BY verdict.day, stood.id
"""
_TOGETHER: Final = """
    SELECT id, coalesce(part_of, id) AS standing FROM company
    WHERE coalesce(part_of, id) IN (
        SELECT coalesce(part_of, id) FROM company WHERE id IN (SELECT value FROM json_each(:ids))
    )
"""
# Ids that a record refers to by are no values that anybody settles.
_NO_VALUES: Final = frozenset({"company_id", "person_id", "joined"})


class Conflict(NamedTuple):
    """A field that both sides changed to something else, and the value that stands."""

    noun: str
    id: str
    name: str
    field: str
    ours: Any
    theirs: Any
    stands: Any


class BecameLater(NamedTuple):
    """A contact that was for one target and is for another, since an earlier one is known now."""

    id: str
    company: str
    day: str
    before: str
    after: str


def conflicts(
    store: Store,
    records: dict[str, set[str]],
    arrived: set[int],
    known_there: Callable[[int], bool],
) -> list[Conflict]:
    """The fields that commands which `arrived` changed, and others that were not known there.

    `records` are the ids, by noun, that the arrived commands are about.
    """
    found: list[Conflict] = []
    for noun, ids in records.items():
        for steps in _together(store, noun, ids):
            found += _of_record(noun, steps, arrived, known_there)
    return found


def _together(store: Store, noun: str, ids: Iterable[str]) -> list[list[Step]]:
    """The steps of each record; of a company those on all its records, in order."""
    if noun != "company":
        return list(steps_on(store, noun, ids))
    standing = {row["id"]: row["standing"] for row in store.all(_TOGETHER, ids=as_list(ids))}
    groups: dict[str, list[Step]] = defaultdict(list)
    for steps in steps_on(store, noun, standing):
        for step in steps:
            groups[standing[step.stated.record_id]].append(step)
    return [
        sorted(steps, key=lambda step: (step.stated.recorded_at, step.stated.command))
        for steps in groups.values()
    ]


def _of_record(
    noun: str, steps: list[Step], arrived: set[int], known_there: Callable[[int], bool]
) -> list[Conflict]:
    ours: dict[str, Any] = {}
    theirs: dict[str, Any] = {}
    for step in steps:
        command = step.stated.command
        changed = {name: values[1] for name, values in step.changed().items()}
        if command in arrived:
            theirs.update(changed)
        elif not known_there(command):
            ours.update(changed)
    if not steps:
        return []
    row: Row = steps[-1].after
    name = str(row.get("name") or row["id"])
    return [
        Conflict(
            noun, row["id"], name, field, *(_value(side, field) for side in (ours, theirs, row))
        )
        for field in NOUNS[noun].columns
        if field in ours.keys() & theirs.keys() - _NO_VALUES and ours[field] != theirs[field]
    ]


def _value(side: Mapping[str, Any], field: str) -> Any:
    """A value as it can be settled; of two contracts what they differ in is mostly who takes part."""
    if field != "document":
        return side[field]
    document = json.loads(side[field])
    return sorted(span["municipality"] for span in document.get("participation", []))


class Stood:
    """For which target each contact was, here or in the ledger that it comes from."""

    def __init__(self, store: Store) -> None:
        self._store = store
        store.run("CREATE TEMP TABLE stood (id TEXT PRIMARY KEY, target TEXT)")
        store.run(_NOTE_OWN)

    def note(self, source: Store) -> None:
        """Note the contacts of a ledger that were not known before."""
        rows = source.each("SELECT record_id, target FROM verdict WHERE noun = 'contact'")
        self._store.run_many(_NOTE, ({"id": row[0], "target": row[1]} for row in rows))

    def became_later(self) -> list[BecameLater]:
        """The contacts whose target is another one than it was."""
        return [BecameLater(*row) for row in self._store.all(_MOVED)]

    def forget(self) -> None:
        """Forget what was noted."""
        self._store.run("DROP TABLE stood")
