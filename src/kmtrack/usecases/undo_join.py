"""Parting companies that were joined: refused where something was stated of them as one."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from kmtrack.ledger.company_identity import OWN_COLUMNS
from kmtrack.ledger.entries import entries_on
from kmtrack.ledger.rows import project
from kmtrack.ledger.schema.nouns import AT_COMPANIES
from kmtrack.ledger.timeline import company_steps
from kmtrack.usecases.undo_conflicts import RecordRef, refuse_changed, refuse_used

if TYPE_CHECKING:
    from kmtrack.ledger.rows import Row
    from kmtrack.ledger.store.base import Store
    from kmtrack.ledger.timeline import Command, RecordChange

_GROUP: Final = """
    SELECT id, recorded_at FROM company WHERE coalesce(part_of, id) = (
        SELECT coalesce(part_of, id) FROM company WHERE id = :id
    )
"""
# A person is nothing that happened at a company.
_HAPPENING: Final = tuple(noun for noun in AT_COMPANIES if noun != "person")
_STATED_AFTER: Final = """
    SELECT entry.record_id, entry.facts, command.recorded_at
    FROM entry JOIN command ON command.number = entry.command
    WHERE entry.action = 'add' AND command.recorded_at > :since
    AND entry.record_id IN (
        SELECT id FROM {noun} WHERE company_id = :company AND withdrawn IS NULL
    )
"""


class _Built(NamedTuple):
    """What was stated of a company as one, and when: a record at it, or a command upon itself."""

    recorded_at: str
    used: RecordRef | None = None
    number: int | None = None


def part(store: Store, record_id: str, others: list[str], command: Command) -> dict[str, Row]:
    """What else goes back where a record is no longer one company with `others`: facts by record.

    What was stated of the company as one is of the record that stood for it, and nobody can tell of
    which it was meant. Raises Refusal `built_upon` where that still stands; what was taken back
    since goes back to what it was before the two were joined.
    """
    group = {row["id"]: row["recorded_at"] for row in store.all(_GROUP, id=record_id)}
    order = sorted(group, key=lambda id_: (group[id_], id_))
    stood = order[: 1 + min(order.index(id_) for id_ in (record_id, *others) if id_ in group)]
    upon = _upon_itself(store, stood, command)
    [joining] = [
        step
        for step in company_steps(store, [record_id], {command.number})
        if step.stated.command == command.number
    ][-1:]
    built = [*_at_it(store, order[0], stood, command), *_standing(store, order[0], upon, joining)]
    if built:
        last = max(built, key=lambda each: each.recorded_at)
        company = RecordRef("company", order[0])
        if last.used is not None:
            refuse_used(store, company, last.used)
        refuse_changed(store, company, last.number)
    return _as_before(store, upon, command)


def _upon_itself(store: Store, stood: list[str], command: Command) -> list[RecordChange]:
    """The steps after a command upon the records that stood for the company."""
    later = {
        stated.command
        for stated in entries_on(store, "company", stood)
        if stated.recorded_at > command.recorded_at
    }
    return list(company_steps(store, stood, later))


def _at_it(store: Store, company: str, stood: list[str], command: Command) -> list[_Built]:
    """What was stated after a command as something that happened at the company."""
    named = {"since": command.recorded_at, "company": company}
    return [
        _Built(row["recorded_at"], RecordRef(noun, row["record_id"]))
        for noun in _HAPPENING
        for row in store.all(_STATED_AFTER.format(noun=noun), **named)
        if json.loads(row["facts"])["company_id"] in stood
    ]


def _standing(
    store: Store, company: str, upon: list[RecordChange], joining: RecordChange
) -> list[_Built]:
    """The steps upon the company that changed what is otherwise now than when it was joined."""
    now: dict[str, Any] = dict(store.get("SELECT * FROM company WHERE id = :id", id=company))
    return [
        _Built(step.stated.recorded_at, number=step.stated.command)
        for step in upon
        if any(
            now[column] != joining.after[column]
            for column in step.changed().keys() - (OWN_COLUMNS - {"withdrawn"})
        )
    ]


def _as_before(store: Store, upon: list[RecordChange], command: Command) -> dict[str, Row]:
    """The columns that were changed and changed back, as each record by itself had them before."""
    backs: dict[str, Row] = {}
    for id_ in {step.stated.record_id for step in upon}:
        said = entries_on(store, "company", [id_])
        now = project("company", id_, said)
        then = project("company", id_, [s for s in said if s.recorded_at < command.recorded_at])
        columns = {
            column for step in upon if step.stated.record_id == id_ for column in step.changed()
        }
        if now and then:
            backs[id_] = {
                column: then[column]
                for column in sorted(columns - OWN_COLUMNS)
                if then[column] != now[column]
            }
    return {id_: facts for id_, facts in backs.items() if facts}
