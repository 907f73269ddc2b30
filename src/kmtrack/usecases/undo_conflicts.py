"""Refusing to take back what later commands were built upon, in words that a person knows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from kmtrack.errors import Refusal
from kmtrack.ledger.timeline import COMMAND_FIELDS, Command
from kmtrack.usecases.history import record_in_words

if TYPE_CHECKING:
    from kmtrack.ledger.store.base import Store

_NUMBERED: Final = f"SELECT {COMMAND_FIELDS} FROM command WHERE number = :number"  # noqa: S608 - names of ours
_LAST_UPON: Final = f"""
    SELECT {COMMAND_FIELDS} FROM command WHERE number = (
        SELECT command FROM entry WHERE record_id = :id ORDER BY number DESC LIMIT 1
    )
"""  # noqa: S608 - as above


class RecordRef(NamedTuple):
    """A record by its noun and id."""

    noun: str
    id: str


def refuse_changed(store: Store, record: RecordRef, number: int | None) -> None:
    """Refuse because the record was changed since, by the command of that number or the last one."""
    command = _last_upon(store, record) if number is None else _numbered(store, number)
    raise Refusal("built_upon", record=record_in_words(store, *record), **_facts(command))


def refuse_used(store: Store, record: RecordRef, by: RecordRef) -> None:
    """Refuse because another record was stated of this one since."""
    words = {"record": record_in_words(store, *record), "used": record_in_words(store, *by)}
    raise Refusal("used_since", **words, **_facts(_last_upon(store, by)))


def refuse_gone(store: Store, record: RecordRef, of: RecordRef) -> None:
    """Refuse because what the record is of was taken out since."""
    words = {"record": record_in_words(store, *record), "of": record_in_words(store, *of)}
    raise Refusal("belongs_to_gone", **words, **_facts(_last_upon(store, of)))


def _facts(command: Command) -> dict[str, object]:
    return {"number": command.number, "command": command.name, "by": command.recorded_by}


def _numbered(store: Store, number: int) -> Command:
    return Command.of(store.get(_NUMBERED, number=number))


def _last_upon(store: Store, record: RecordRef) -> Command:
    return Command.of(store.get(_LAST_UPON, id=record.id))
