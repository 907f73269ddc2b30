"""Undoing a join: make one company two again, unless it was built upon as one."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final, NamedTuple

from kmtrack.ledger.company_identity import OWN_COLUMNS
from kmtrack.ledger.entries import entries_on
from kmtrack.ledger.queries.commands import additions_at
from kmtrack.ledger.queries.companies import company_row, records_of_company
from kmtrack.ledger.rows import project
from kmtrack.ledger.schema.nouns import AT_COMPANIES
from kmtrack.ledger.timeline import company_changes
from kmtrack.usecases.undo_conflicts import RecordRef, changed_since, used_since

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kmtrack.ledger.queries.commands import Command
    from kmtrack.ledger.rows import Row
    from kmtrack.ledger.store.base import Store
    from kmtrack.ledger.timeline import RecordChange

# A contact person is not an event at a company.
_HAPPENING: Final = tuple(noun for noun in AT_COMPANIES if noun != "person")


class _Use(NamedTuple):
    """What was built upon a company as one, and when: a record at it, or a command on itself."""

    recorded_at: str
    record: RecordRef | None = None
    command: int | None = None


def unlink(store: Store, record_id: str, others: list[str], command: Command) -> dict[str, Row]:
    """Return what else goes back where a record is no longer linked with `others`: facts by id.

    Facts entered after the join are on the main record of that time, and it is unknown which company
    they were meant for. Raises Refusal `built_upon` or `used_since` if such facts are still in force;
    facts that were taken back since return to their value before the join.
    """
    group = records_of_company(store, record_id)
    order = sorted(group, key=lambda id_: (group[id_], id_))
    mains = order[: 1 + min(order.index(id_) for id_ in (record_id, *others) if id_ in group)]
    changes = _changes_after(store, mains, command)
    *_, join = company_changes(store, [record_id], {command.number})
    company = RecordRef("company", order[0])
    uses = [
        *_records_added(store, company.id, mains, command),
        *_changes_in_force(company_row(store, company.id), changes, join),
    ]
    if uses:
        last = max(uses, key=lambda use: use.recorded_at)
        if last.record is not None:
            raise used_since(store, company, last.record)
        raise changed_since(store, company, last.command)
    return _facts_before(store, changes, command)


def _changes_after(store: Store, mains: list[str], command: Command) -> list[RecordChange]:
    """List the changes after a command on the records that have been the main one."""
    later = {
        entry.command
        for entry in entries_on(store, "company", mains)
        if entry.recorded_at > command.recorded_at
    }
    return list(company_changes(store, mains, later))


def _records_added(
    store: Store, company_id: str, mains: list[str], command: Command
) -> Iterator[_Use]:
    """Yield the records that were added at the company after a command, where they still count."""
    for noun in _HAPPENING:
        for row in additions_at(store, noun, company_id, command.recorded_at):
            if json.loads(row["facts"])["company_id"] in mains:
                yield _Use(row["recorded_at"], record=RecordRef(noun, row["record_id"]))


def _changes_in_force(now: Row, changes: list[RecordChange], join: RecordChange) -> Iterator[_Use]:
    """Yield the changes of columns that are different now from when the companies were joined."""
    for change in changes:
        columns = change.changed().keys() - (OWN_COLUMNS - {"withdrawn"})
        if any(now[column] != join.after[column] for column in columns):
            yield _Use(change.entry.recorded_at, command=change.entry.command)


def _facts_before(store: Store, changes: list[RecordChange], command: Command) -> dict[str, Row]:
    """Return the columns that were changed and changed back, as each record had them by itself."""
    found: dict[str, Row] = {}
    for id_ in {change.entry.record_id for change in changes}:
        entries = entries_on(store, "company", [id_])
        now = project("company", id_, entries)
        then = project("company", id_, [e for e in entries if e.recorded_at < command.recorded_at])
        if now is None or then is None:
            continue
        of_record = (change for change in changes if change.entry.record_id == id_)
        columns = {column for change in of_record for column in change.changed()} - OWN_COLUMNS
        facts = {column: then[column] for column in sorted(columns) if then[column] != now[column]}
        if facts:
            found[id_] = facts
    return found
