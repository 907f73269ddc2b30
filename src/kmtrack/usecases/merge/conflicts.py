"""Conflicts: what both ledgers changed differently, and contacts that count for other targets now."""

from __future__ import annotations

import json
from collections import defaultdict
from datetime import date
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple, TypeVar

from kmtrack.ledger.queries.companies import company_parts, company_row
from kmtrack.ledger.queries.record_names import record_names
from kmtrack.ledger.queries.targets import contact_targets
from kmtrack.ledger.rows import current_facts, later_facts, stated_from
from kmtrack.ledger.schema.company import DATED_FACTS
from kmtrack.ledger.schema.nouns import NOUNS
from kmtrack.ledger.stored_entries import entries_on
from kmtrack.ledger.timeline import EntriesWithUndos, changes_in_force, timeline
from kmtrack.rules.amendments import changed_terms, terms_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from kmtrack.ledger.rows import Row
    from kmtrack.ledger.store.base import Store
    from kmtrack.ledger.stored_entries import StoredEntry
    from kmtrack.ledger.timeline import RecordChange
    from kmtrack.ledger.verdicts import StoredVerdict
    from kmtrack.rules.amendments import Term
    from kmtrack.rules.contract import Contract
    from kmtrack.usecases.merge.causes import Cause, RecordsBefore

    # Which side of a merge recorded a command, by its number; None where both knew it.
    SideOf = Callable[[int], Literal["ours", "theirs"] | None]

Key = TypeVar("Key")

# Columns that refer to other records, which a user cannot settle.
_REFERENCES: Final = frozenset({"company_id", "successor_id", "person_id", "joined"})
# An erased person is withdrawn too, and a merge names those by themselves.
_WITHDRAWN_AND_EDITED: Final = frozenset(NOUNS) - {"contract", "person"}


class Conflict(NamedTuple):
    """A field that both sides changed to different values, and its `current` value.

    In the contract `term` is what both amended, and `field` is its key. If a company has had
    several values for the field, `since` is the day (ISO) since which these are in force, "" for
    the beginning; otherwise it is None. `edited` are the fields that one side changed in a record
    that the other one withdrew; the field is "withdrawn" then.
    """

    noun: str
    id: str
    name: str
    field: str
    ours: Any
    theirs: Any
    current: Any
    term: Term | None = None
    since: str | None = None
    edited: tuple[str, ...] = ()


def conflicts(
    store: Store, records: Mapping[str, Iterable[str]], side_of: SideOf
) -> list[Conflict]:
    """Return what the two sides changed differently in these records (ids by noun).

    These are fields, and records that one side withdrew and the other one edited.
    """
    found = [
        conflict
        for noun, ids in records.items()
        for changes, row in _changes(store, noun, ids)
        for conflict in _conflicts_of(noun, changes, row, side_of)
    ]
    names = record_names(store, [each.id for each in found if each.name == each.id])
    return [each._replace(name=names[each.id].name) if each.id in names else each for each in found]


def _changes(
    store: Store, noun: str, ids: Iterable[str]
) -> Iterator[tuple[list[RecordChange], Row]]:
    """Yield the changes of each record, oldest first, and its row.

    Those of a company cover all its records, each projected by itself.
    """
    if noun != "company":
        for changes in changes_in_force(store, noun, ids):
            if changes:
                yield changes, changes[-1].after
        return
    parts = company_parts(store)
    asked = {parts.get(id_, id_) for id_ in ids}
    records: dict[str, dict[str, list[StoredEntry]]] = defaultdict(lambda: defaultdict(list))
    together = asked | {part for part, whole in parts.items() if whole in asked}
    for entry in entries_on(store, noun, sorted(together)):
        records[parts.get(entry.record_id, entry.record_id)][entry.record_id].append(entry)
    for main_id, entries_of in records.items():
        found = [
            change
            for record_id, entries in entries_of.items()
            for change in timeline(noun, record_id, EntriesWithUndos(entries))
        ]
        found.sort(key=lambda each: (each.entry.recorded_at, each.entry.command))
        if found:
            yield found, company_row(store, main_id)


def _conflicts_of(
    noun: str, changes: list[RecordChange], row: Row, side_of: SideOf
) -> Iterator[Conflict]:
    if noun == "contract" and not _began_differently(changes, side_of):
        yield from _contract_conflicts(changes, side_of)
        return
    ours, theirs = _by_side(changes, side_of, _changed_from_days)
    name = str(row.get("name") or row["id"])
    yield from _edited_and_withdrawn(noun, row, name, ours, theirs)
    for field in NOUNS[noun].columns:
        sides = [
            {day: values[day, key] for day, key in values if key == field}
            for values in (ours, theirs)
        ]
        if field not in _REFERENCES and all(sides):
            for since, *values in _differing_stretches(noun, row, field, *sides):
                here, there, now = (_value({field: value}, field) for value in values)
                yield Conflict(noun, row["id"], name, field, here, there, now, since=since)


def _edited_and_withdrawn(
    noun: str,
    row: Row,
    name: str,
    ours: Mapping[tuple[str, str], Any],
    theirs: Mapping[tuple[str, str], Any],
) -> Iterator[Conflict]:
    """Yield a record that one side withdrew and the other one, unaware of that, edited."""
    reason = row["withdrawn"]
    withdrew = [values.get(("", "withdrawn")) is not None for values in (ours, theirs)]
    if reason is None or noun not in _WITHDRAWN_AND_EDITED or all(withdrew) or not any(withdrew):
        return
    changed = theirs if withdrew[0] else ours
    edited = tuple(dict.fromkeys(field for _, field in changed if field not in _REFERENCES))
    if edited:
        here, there = (reason if each else None for each in withdrew)
        yield Conflict(noun, row["id"], name, "withdrawn", here, there, reason, edited=edited)


def _changed_from_days(change: RecordChange) -> Mapping[tuple[str, str], tuple[Any, Any]]:
    """Return what an entry changed by the day from which it is in force, "" for the beginning."""
    changed = change.changed()
    later = changed.pop("later", None)
    found = {("", field): values for field, values in changed.items()}
    if later is not None:
        before = later_facts(change.before) if change.before else {}
        for day, facts in later_facts(change.after).items():
            old = before.get(day, {})
            for field, value in facts.items():
                if field not in old or old[field] != value:
                    found[day, field] = (old.get(field), value)
    return found


def _differing_stretches(
    noun: str, row: Row, field: str, ours: Mapping[str, Any], theirs: Mapping[str, Any]
) -> Iterator[tuple[str | None, Any, Any, Any]]:
    """Yield each stretch of time in which the two sides changed a field differently.

    It has the first day (see Conflict), the value of each side, and the one in force.
    """
    days = sorted({*ours, *theirs})
    is_one_of_several = len(days) > 1 or (
        noun == "company" and field in DATED_FACTS and len(stated_from(row, field)) > 1
    )
    before: tuple[Any, ...] = ()
    for day in days:
        known = [[each for each in side if each <= day] for side in (ours, theirs)]
        if all(known):
            on = date.fromisoformat(day) if day else date.min
            now = current_facts(row, on) if noun == "company" else row
            values = (ours[max(known[0])], theirs[max(known[1])], now[field])
            if values[0] != values[1] and values != before:
                yield day if is_one_of_several else None, *values
            before = values


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
    """Return a value to compare; for a whole contract the participating municipalities."""
    if field != "document":
        return values[field]
    document = json.loads(values[field])
    return sorted(span["municipality"] for span in document.get("participation", []))


class RetargetedContact(NamedTuple):
    """A contact that counts for other targets, as more is known now about what preceded it.

    `before` and `after` are ids of targets, in the order of the contract.
    """

    id: str
    company: str
    day: str
    before: tuple[str, ...]
    after: tuple[str, ...]
    cause: Cause


class ContactTargets:
    """The targets that each contact counted for before a merge, here or in the ledger it came from.

    Only targets that depend on a company's history are compared: an earlier contact changes no
    others. Only contacts that the merge judges differently are kept.
    """

    def __init__(self, store: Store, contract: Contract) -> None:
        self._store = store
        self._targets = [t.id for t in contract.targets if t.selection.history is not None]
        self._before: dict[str, set[str]] = {}
        self._judged_first: set[str] = set()

    def note(self, old: Sequence[StoredVerdict], new: Sequence[StoredVerdict]) -> None:
        """Note the contacts of a company whose targets differ in the new verdicts."""
        before, after = self._targets_in(old), self._targets_in(new)
        for record_id in before.keys() | after.keys():
            if record_id not in before:
                self._judged_first.add(record_id)
            elif record_id not in self._judged_first and before[record_id] != after.get(record_id):
                self._before.setdefault(record_id, before[record_id])

    def settle(self, source: Store) -> None:
        """Read which targets the contacts of the ledger just applied counted for there."""
        ids = self._judged_first - self._before.keys()
        for row in contact_targets(source, self._targets, ids):
            self._before.setdefault(row["record_id"], set()).add(row["target"])

    def retargeted(self, before: RecordsBefore, contract: Contract) -> list[RetargetedContact]:
        """Return the contacts that count for other targets now, in the order of their days, with the causes."""
        found, companies = [], {}
        rows = contact_targets(self._store, self._targets, self._before)
        for (day, record_id, company, company_id), group in groupby(rows, key=lambda row: row[:4]):
            earlier, now = self._before[record_id], {row["target"] for row in group}
            if not now <= earlier:
                companies[record_id] = company_id
                found.append(
                    (record_id, company, day, self._in_order(earlier), self._in_order(now))
                )
        causes = before.causes(contract, companies)
        return [RetargetedContact(*facts, causes[facts[0]]) for facts in found]

    def _targets_in(self, verdicts: Iterable[StoredVerdict]) -> dict[str, set[str]]:
        found: dict[str, set[str]] = defaultdict(set)
        for verdict in verdicts:
            if verdict.noun == "contact" and verdict.target in self._targets:
                found[verdict.record_id].add(verdict.target)
        return found

    def _in_order(self, targets: set[str]) -> tuple[str, ...]:
        return tuple(target for target in self._targets if target in targets)
