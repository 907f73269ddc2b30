"""Choosing which command is undone: one of a number, or the last one that changed something."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kmtrack.errors import Refusal
from kmtrack.usecases.history.commands import COMMAND_FIELDS, Command
from kmtrack.usecases.history.timeline import steps_of

if TYPE_CHECKING:
    from kmtrack.ledger.store.base import Store
    from kmtrack.usecases.session import Session

_NONE_SO_HIGH: Final = 1_000_000_000
_LAST: Final = f"""
    SELECT {COMMAND_FIELDS} FROM command WHERE recorded_by = :by AND arrived_at IS NULL
    AND number < :below ORDER BY number DESC LIMIT 1
"""  # noqa: S608 - names of ours
_NUMBERED: Final = f"SELECT {COMMAND_FIELDS} FROM command WHERE number = :number"  # noqa: S608 - as above
ENTRIES: Final = "SELECT noun, record_id, action FROM entry WHERE command = :number"
# What takes away what somebody may never see again, and what a ledger begins with.
FOR_GOOD: Final = frozenset({"erase", "redact"})


def chosen_command(session: Session, number: int | None) -> Command:
    """The command of that number, or the last one of who sits here that changed something.

    Raises Refusal `nothing_to_undo`, `unknown_command`, `command_of_another`.
    """
    if number is None:
        return _last_of(session)
    row = session.store.one(_NUMBERED, number=number)
    if row is None:
        raise Refusal("unknown_command", number=number)
    if row["recorded_by"] != session.who:
        raise Refusal("command_of_another", number=number, by=row["recorded_by"])
    return Command.of(row)


def _last_of(session: Session) -> Command:
    """The last command of who sits here that changed something."""
    below = _NONE_SO_HIGH
    while row := session.store.one(_LAST, by=session.who, below=below):
        command = Command.of(row)
        if _changed_anything(session.store, command):
            return command
        below = command.number
    raise Refusal("nothing_to_undo", by=session.who)


def _changed_anything(store: Store, command: Command) -> bool:
    """Whether a command is more than an edit that stated what was known."""
    actions = {row["action"] for row in store.all(ENTRIES, number=command.number)}
    if not actions or not actions.isdisjoint({"add", *FOR_GOOD}):
        return True
    steps = steps_of(store, [command])[command.number]
    return any(step.changed() or step.follows for step in steps)
