"""The moments of commands: those after a given one, and the limits between which one may be set."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from kmtrack.ledger.store.base import Store

_AFTER: Final = """
    SELECT number, recorded_by, recorded_at, token FROM command WHERE recorded_at > :moment ORDER BY number
"""
_NUMBERED: Final = """
    SELECT number, recorded_by, recorded_at, token FROM command
    WHERE number BETWEEN :first AND :last ORDER BY recorded_at, number
"""
_LAST_BEFORE: Final = """
    SELECT number, recorded_by, recorded_at, token FROM command WHERE number < :number
    ORDER BY recorded_at DESC LIMIT 1
"""
_FIRST_AFTER: Final = """
    SELECT number, recorded_by, recorded_at, token FROM command
    WHERE number > :number AND recorded_at > :moment ORDER BY recorded_at LIMIT 1
"""


class CommandMoment(NamedTuple):
    """A command by its number, its author, and the moment (UTC) at which it was recorded."""

    number: int
    recorded_by: str
    recorded_at: str
    token: str


def commands_after(store: Store, moment: str) -> list[CommandMoment]:
    """Return the commands recorded after a moment (UTC), by number."""
    return [CommandMoment(*row) for row in store.all(_AFTER, moment=moment)]


def commands_between(store: Store, first: int, last: int) -> list[CommandMoment]:
    """Return the commands with these numbers, in the order of their moments."""
    return [CommandMoment(*row) for row in store.all(_NUMBERED, first=first, last=last)]


def latest_before(store: Store, number: int) -> CommandMoment | None:
    """Return the latest of the commands that were stored here before a command (number)."""
    row = store.one(_LAST_BEFORE, number=number)
    return CommandMoment(*row) if row else None


def earliest_after(store: Store, number: int, moment: str) -> CommandMoment | None:
    """Return the earliest of the commands stored here after one (number) that are later than a moment."""
    row = store.one(_FIRST_AFTER, number=number, moment=moment)
    return CommandMoment(*row) if row else None
