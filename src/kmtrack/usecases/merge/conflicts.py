"""Comparing: what two ledgers both changed, and what became of contacts that were first ones."""

from __future__ import annotations

import json
from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from kmtrack.ledger.contract import CONTRACT_ID
from kmtrack.ledger.schema.nouns import NOUNS
from kmtrack.rules.amendments import changed_terms, terms_of
from kmtrack.rules.contract_format import read_contract
from kmtrack.usecases.history.commands import as_list, steps_on
from kmtrack.views.contract import changes_in_words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from kmtrack.ledger.rows import Row
    from kmtrack.ledger.store.base import Store, StoredRow
    from kmtrack.ledger.timeline import RecordChange
    from kmtrack.rules.amendments import Term
    from kmtrack.rules.contract import Contract

_STOOD: Final = """
    CREATE TEMP TABLE stood (id TEXT, target TEXT, ledger INTEGER, PRIMARY KEY (id, target))
"""
_TARGETS: Final = """
    SELECT record_id, target FROM verdict
    WHERE noun = 'contact' AND target IN (SELECT value FROM json_each(:targets))
"""
_NOTE_OWN: Final = (
    f"INSERT INTO stood (id, target, ledger) SELECT own.*, 0 FROM ({_TARGETS}) AS own"  # noqa: S608 - ours
)
_NOTE: Final = """
    INSERT INTO stood (id, target, ledger) SELECT :id, :target, :ledger
    WHERE NOT EXISTS (SELECT 1 FROM stood WHERE id = :id AND ledger <> :ledger)
"""
_MOVED: Final = """
    SELECT DISTINCT verdict.record_id, company.name, verdict.day, verdict.company_id
    FROM verdict JOIN company ON company.id = verdict.company_id
    WHERE verdict.noun = 'contact' AND verdict.target IN (SELECT value FROM json_each(:targets))
    AND EXISTS (SELECT 1 FROM stood WHERE id = verdict.record_id)
    AND NOT EXISTS (SELECT 1 FROM stood WHERE id = verdict.record_id AND target = verdict.target)
    ORDER BY verdict.day, verdict.record_id
"""
_BEFORE: Final = "SELECT target FROM stood WHERE id = :id"
_AFTER: Final = "SELECT target FROM verdict WHERE company_id = :company AND record_id = :id"
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
    """A contact that was for some targets and is for others, since an earlier one is known now."""

    id: str
    company: str
    day: str
    before: tuple[str, ...]
    after: tuple[str, ...]


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


def _together(store: Store, noun: str, ids: Iterable[str]) -> list[list[RecordChange]]:
    """The steps of each record; of a company those on all its records, in order."""
    if noun != "company":
        return list(steps_on(store, noun, ids))
    standing = {row["id"]: row["standing"] for row in store.all(_TOGETHER, ids=as_list(ids))}
    groups: dict[str, list[RecordChange]] = defaultdict(list)
    for steps in steps_on(store, noun, standing):
        for step in steps:
            groups[standing[step.stated.record_id]].append(step)
    return [
        sorted(steps, key=lambda step: (step.stated.recorded_at, step.stated.command))
        for steps in groups.values()
    ]


def _of_record(
    noun: str, steps: list[RecordChange], arrived: set[int], known_there: Callable[[int], bool]
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
    if noun == "contract" and not _are_founded_apart(steps, arrived, known_there):
        return _of_contract(steps, arrived, known_there)
    name = str(row.get("name") or row["id"])
    return [
        Conflict(
            noun, row["id"], name, field, *(_value(side, field) for side in (ours, theirs, row))
        )
        for field in NOUNS[noun].columns
        if field in ours.keys() & theirs.keys() - _NO_VALUES and ours[field] != theirs[field]
    ]


def _are_founded_apart(
    steps: list[RecordChange], arrived: set[int], known_there: Callable[[int], bool]
) -> bool:
    """Whether both sides began with a contract of their own, and these differ."""
    founded = [step.stated for step in steps if step.stated.action == "add"]
    theirs = [stated.facts for stated in founded if stated.command in arrived]
    ours = [
        stated.facts
        for stated in founded
        if stated.command not in arrived and not known_there(stated.command)
    ]
    return any(one != other for one in ours for other in theirs)


def _of_contract(
    steps: list[RecordChange], arrived: set[int], known_there: Callable[[int], bool]
) -> list[Conflict]:
    """The terms that both sides amended to something else; the name of each is the change in words."""
    ours: dict[Term, Any] = {}
    theirs: dict[Term, Any] = {}
    document = json.loads(steps[-1].after["document"])
    for step in steps:
        if step.stated.action == "add" or step.before is None:
            continue
        before, after = (json.loads(row["document"]) for row in (step.before, step.after))
        changed = {term: values[1] for term, values in changed_terms(before, after).items()}
        if step.stated.command in arrived:
            theirs.update(changed)
        elif not known_there(step.stated.command):
            ours.update(changed)
    contract, stands = read_contract(document), terms_of(document)
    return [
        Conflict(
            "contract", CONTRACT_ID, line, term.key, ours[term], theirs[term], stands.get(term)
        )
        for term in ours
        if term in theirs and ours[term] != theirs[term]
        for line in changes_in_words(contract, {term: (ours[term], theirs[term])})
    ]


def _value(side: Mapping[str, Any], field: str) -> Any:
    """A value as it can be settled; of two contracts what they differ in is mostly who takes part."""
    if field != "document":
        return side[field]
    document = json.loads(side[field])
    return sorted(span["municipality"] for span in document.get("participation", []))


class TargetSnapshot:
    """For which targets each contact was, here or in the ledger that it comes from.

    Only of those targets that it is for by its company's history: others no earlier contact moves.
    """

    def __init__(self, store: Store, contract: Contract) -> None:
        self._store = store
        self._targets = [t.id for t in contract.targets if t.selection.history is not None]
        self._ledgers = 0
        store.run(_STOOD)
        store.run(_NOTE_OWN, targets=as_list(self._targets))

    def note(self, source: Store) -> None:
        """Note the contacts of a ledger that were not known before."""
        self._ledgers += 1
        rows = source.each(_TARGETS, targets=as_list(self._targets))
        notes = ({"id": row[0], "target": row[1], "ledger": self._ledgers} for row in rows)
        self._store.run_many(_NOTE, notes)

    def became_later(self) -> list[BecameLater]:
        """The contacts that are for other targets than they were."""
        moved = self._store.all(_MOVED, targets=as_list(self._targets))
        return [
            BecameLater(
                record_id,
                name,
                day,
                self._among(self._store.all(_BEFORE, id=record_id)),
                self._among(self._store.all(_AFTER, id=record_id, company=company)),
            )
            for record_id, name, day, company in moved
        ]

    def _among(self, rows: Iterable[StoredRow]) -> tuple[str, ...]:
        """The targets that these rows name, in the order of the contract."""
        named = {row["target"] for row in rows}
        return tuple(target for target in self._targets if target in named)

    def forget(self) -> None:
        """Forget what was noted."""
        self._store.run("DROP TABLE stood")
