"""Conflicts: the refusals to undo what later commands were built upon, naming those commands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from kmtrack.errors import Phrase, Refusal
from kmtrack.ledger.queries.commands import command_numbered, last_command_on
from kmtrack.ledger.queries.record_names import broken_reference, record_names
from kmtrack.ledger.schema.ids import noun_of
from kmtrack.ledger.schema.nouns import REFERENCES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kmtrack.ledger.queries.commands import Command
    from kmtrack.ledger.store.base import Store

# Not those to people: a person without another contact is withdrawn along with this one.
_REFERENCES: Final = tuple(r for r in REFERENCES if "person" not in {r.noun, r.refers_to})


class RecordRef(NamedTuple):
    """A record by its noun and id."""

    noun: str
    id: str


def changed_since(store: Store, record: RecordRef, number: int | None) -> Refusal:
    """Make the refusal for a record changed since, by the command of that number or the last one."""
    command = None if number is None else command_numbered(store, number)
    return _refusal(
        store, "built_upon", command or last_command_on(store, record.id), record=record
    )


def used_since(store: Store, record: RecordRef, by: RecordRef) -> Refusal:
    """Make the refusal for a record that a later one refers to."""
    return _refusal(store, "used_since", last_command_on(store, by.id), record=record, used=by)


def refuse_dangling(store: Store, withdrawn: Sequence[str], put_back: Sequence[str]) -> None:
    """Refuse to withdraw what a live record refers to, or to put back what refers to a withdrawn one.

    To be called when these records (ids) are withdrawn and put back. Raises Refusal `used_since` or
    `belongs_to_gone`.
    """
    out, back = ({noun_of(id_) for id_ in ids} for ids in (withdrawn, put_back))
    for reference in _REFERENCES:
        if reference.refers_to not in out and reference.noun not in back:
            continue
        broken = broken_reference(store, reference, put_back, withdrawn)
        if broken is None:
            continue
        child = RecordRef(reference.noun, broken.child)
        parent = RecordRef(reference.refers_to, broken.parent)
        if parent.id in withdrawn:
            raise used_since(store, parent, child)
        command = last_command_on(store, parent.id)
        raise _refusal(store, "belongs_to_gone", command, record=child, of=parent)


def _refusal(store: Store, key: str, command: Command, **records: RecordRef) -> Refusal:
    names = record_names(store, (record.id for record in records.values()))
    phrases = {}
    for fact, (noun, id_) in records.items():
        shown = {"noun": Phrase(f"noun.{noun}"), "id": id_}
        name = [part for part in names.get(id_, ()) if part]
        phrases[fact] = (
            Phrase("record.named", **shown, name=name) if name else Phrase("record.bare", **shown)
        )
    return Refusal(
        key, **phrases, number=command.number, command=command.name, by=command.recorded_by
    )
