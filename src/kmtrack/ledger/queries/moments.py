"""The moments of commands: those that are later than a clock says it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from kmtrack.ledger.store.base import Store

_AFTER: Final = """
    SELECT number, recorded_by, recorded_at FROM command WHERE recorded_at > :moment ORDER BY number
"""


class CommandMoment(NamedTuple):
    """A command by its number, whose it is, and the moment (UTC) at which it was recorded."""

    number: int
    recorded_by: str
    recorded_at: str


def commands_after(store: Store, moment: str) -> list[CommandMoment]:
    """Return the commands recorded after a moment (UTC), by number."""
    return [CommandMoment(*row) for row in store.all(_AFTER, moment=moment)]
