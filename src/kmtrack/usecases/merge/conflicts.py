"""Conflicts: what both ledgers changed differently, and contacts that count for other targets now."""

from __future__ import annotations

import json
from collections import defaultdict
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple, TypeVar

from kmtrack.ledger.queries.companies import company_parts
from kmtrack.ledger.queries.targets import contact_targets
from kmtrack.ledger.schema.nouns import NOUNS
from kmtrack.ledger.timeline import changes_on
from kmtrack.rules.amendments import changed_terms, terms_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from kmtrack.ledger.store.base import Store
    from kmtrack.ledger.timeline import RecordChange
    from kmtrack.rules.amendments import Term
    from kmtrack.rules.contract import Contract

    # Which side of a merge recorded a command, by its number; None where both knew it.
    SideOf = Callable[[int], Literal["ours", "theirs"] | None]

Key = TypeVar("Key")

# Columns that refer to other records, which a user cannot settle.
_REFERENCES: Final = frozenset({"company_id", "person_id", "joined"})


class Conflict(NamedTuple):
    """A field that both sides changed to different values, and its `current` value.

    In the contract `term` is what both amended, and `field` is its key.
    """

    noun: str
    id: str
    name: str
    field: str
    ours: Any
    theirs: Any
    current: Any
    term: Term | None = None


def conflicts(
    store: Store, records: Mapping[str, Iterable[str]], side_of: SideOf
) -> list[Conflict]:
    """Return the fields of these records (ids by noun) that both sides changed differently."""
    return [
        conflict
        for noun, ids in records.items()
        for changes in _changes(store, noun, ids)
        if changes
        for conflict in _conflicts_of(noun, changes, side_of)
    ]


def _changes(store: Store, noun: str, ids: Iterable[str]) -> Iterator[list[RecordChange]]:
    """Yield the changes of each record, oldest first; those of a company are on all its records."""
    if noun != "company":
        yield from changes_on(store, noun, ids)
        return
    parts = company_parts(store)
    asked = {parts.get(id_, id_) for id_ in ids}
    records = asked | {part for part, whole in parts.items() if whole in asked}
    companies: dict[str, list[RecordChange]] = defaultdict(list)
    for changes in changes_on(store, noun, records):
        for change in changes:
            record_id = change.entry.record_id
            companies[parts.get(record_id, record_id)].append(change)
    for changes in companies.values():
        yield sorted(changes, key=lambda each: (each.entry.recorded_at, each.entry.command))


def _conflicts_of(noun: str, changes: list[RecordChange], side_of: SideOf) -> Iterator[Conflict]:
    if noun == "contract" and not _began_differently(changes, side_of):
        yield from _contract_conflicts(changes, side_of)
        return
    ours, theirs = _by_side(changes, side_of, lambda change: change.changed())
    row = changes[-1].after
    name = str(row.get("name") or row["id"])
    for field in NOUNS[noun].columns:
        if field in ours.keys() & theirs.keys() - _REFERENCES and ours[field] != theirs[field]:
            values = (_value(values, field) for values in (ours, theirs, row))
            yield Conflict(noun, row["id"], name, field, *values)


def _by_side(
    changes: Iterable[RecordChange],
    side_of: SideOf,
    changed_by: Callable[[RecordChange], Mapping[Key, tuple[Any, Any]]],
) -> tuple[dict[Key, Any], dict[Key, Any]]:
    """Return what each side, ours and theirs, changed, with its last value."""
    ours: dict[Key, Any] = {}
    theirs: dict[Key, Any] = {}
    for change in changes:
        side = side_of(change.entry.command)
        if side is not None:
            values = {key: pair[1] for key, pair in changed_by(change).items()}
            (ours if side == "ours" else theirs).update(values)
    return ours, theirs


def _began_differently(changes: list[RecordChange], side_of: SideOf) -> bool:
    """Return whether the two ledgers started with different contracts."""
    began = [
        (side_of(change.entry.command), change.entry.facts)
        for change in changes
        if change.entry.action == "add"
    ]
    return any(
        ours != theirs
        for side, ours in began
        if side == "ours"
        for other_side, theirs in began
        if other_side == "theirs"
    )


def _contract_conflicts(changes: list[RecordChange], side_of: SideOf) -> Iterator[Conflict]:
    """Compare the terms that both sides amended."""
    ours, theirs = _by_side(changes, side_of, _amended_terms)
    row = changes[-1].after
    current = terms_of(json.loads(row["document"]))
    for term in ours:
        if term in theirs and ours[term] != theirs[term]:
            values = (ours[term], theirs[term], current.get(term))
            yield Conflict("contract", row["id"], row["id"], term.key, *values, term)


def _amended_terms(change: RecordChange) -> Mapping[Term, tuple[Any, Any]]:
    if change.entry.action == "add" or change.before is None:
        return {}
    before, after = (json.loads(row["document"]) for row in (change.before, change.after))
    return changed_terms(before, after)


def _value(values: Mapping[str, Any], field: str) -> Any:
    """Return a value to compare; of a whole contract the municipalities that take part."""
    if field != "document":
        return values[field]
    document = json.loads(values[field])
    return sorted(span["municipality"] for span in document.get("participation", []))


class RetargetedContact(NamedTuple):
    """A contact that counts for other targets, since an earlier contact of its company is known now.

    `before` and `after` are ids of targets, in the order of the contract.
    """

    id: str
    company: str
    day: str
    before: tuple[str, ...]
    after: tuple[str, ...]


class ContactTargets:
    """For which targets each contact counted before a merge, here or in the ledger it came from.

    Only targets that depend on a company's history: an earlier contact changes no others.
    """

    def __init__(self, store: Store, contract: Contract) -> None:
        self._store = store
        self._targets = [t.id for t in contract.targets if t.selection.history is not None]
        self._before: dict[str, set[str]] = {}
        self.remember(store)

    def remember(self, source: Store) -> None:
        """Remember the targets of those contacts of a ledger that are not remembered yet."""
        found: dict[str, set[str]] = defaultdict(set)
        for row in contact_targets(source, self._targets):
            found[row["record_id"]].add(row["target"])
        self._before = {**found, **self._before}

    def retargeted(self) -> Iterator[RetargetedContact]:
        """Yield the contacts that count for other targets now, by their days."""
        rows = contact_targets(self._store, self._targets)
        for (day, record_id, company), group in groupby(rows, key=lambda row: row[:3]):
            before, after = self._before.get(record_id), {row["target"] for row in group}
            if before is not None and not after <= before:
                yield RetargetedContact(
                    record_id, company, day, self._in_order(before), self._in_order(after)
                )

    def _in_order(self, targets: set[str]) -> tuple[str, ...]:
        return tuple(target for target in self._targets if target in targets)
