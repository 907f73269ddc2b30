"""Origin of a copy: of which ledger a file is one, by what kmtrack wrote into it and not by its name."""

from __future__ import annotations

import json
from contextlib import closing
from functools import partial
from typing import TYPE_CHECKING, Final, NamedTuple

from kmtrack.ledger.queries.commands import is_stored
from kmtrack.ledger.settings import (
    COPY_OF,
    LEFT_PLACES,
    LOST,
    drop_setting,
    is_bundle,
    put_setting,
    setting,
)
from kmtrack.ledger.store.copies import copy_ledger, is_named_as_any_copy
from kmtrack.ledger.store.sqlite_file import new_store

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from kmtrack.ledger.store.base import Store

_FIRST: Final = "SELECT token FROM command ORDER BY number LIMIT 1"
_NEWEST: Final = "SELECT number, token FROM command ORDER BY number DESC LIMIT 1"
_AFTER: Final = "SELECT token FROM command WHERE number > :number"
_COMMANDS: Final = "SELECT number, token, name FROM command"
_NUMBERED: Final = "SELECT number, token FROM command ORDER BY number"
# The command by which an older version cleaned its copies.
_CLEANING: Final = "person erase"


class Origin(NamedTuple):
    """Of which ledger a file is a copy (the token of its first command), and up to which command.

    `cleaned` has the tokens of the commands that erased names in the copy itself.
    """

    ledger: str
    number: int
    token: str
    cleaned: tuple[str, ...] = ()


def keep_copy(store: Store, target: Path, origin: Origin | None = None) -> None:
    """Copy a ledger to `target` and note in the copy what it is a copy of. Raises as `copy_ledger`."""
    copy_ledger(store, target, partial(_note, origin=origin))


def origin_of(store: Store) -> Origin | None:
    """Return of which ledger a file says that it is a copy; None where kmtrack noted nothing."""
    value = setting(store, COPY_OF)
    return None if value is None else origin_from(value)


def origin_from(value: str) -> Origin:
    """Read the value of the setting COPY_OF. Raises ValueError or TypeError for another."""
    ledger, number, token, cleaned = json.loads(value)
    return Origin(str(ledger), int(number), str(token), tuple(map(str, cleaned)))


def own_origin(store: Store) -> Origin | None:
    """Return the origin that a copy of this ledger has if it is made now; None for an empty one."""
    newest = store.one(_NEWEST)
    if newest is None:
        return None
    return Origin(first_token(store), newest["number"], newest["token"])


def first_token(store: Store) -> str:
    """Return the token of the command that made a ledger; "" for an empty one."""
    first = store.one(_FIRST)
    return first["token"] if first else ""


def as_setting(origin: Origin) -> str:
    """Return an origin as the value of the setting COPY_OF."""
    return json.dumps(origin)


def tokens_after(store: Store, number: int) -> list[str]:
    """Return the tokens of all commands after that number."""
    return [row["token"] for row in store.all(_AFTER, number=number)]


def forget_origin(store: Store) -> None:
    """Make a ledger of its own of a copy."""
    for name in (COPY_OF, LEFT_PLACES):
        drop_setting(store, name)


def is_copy_of(file: Store, name: str, ledger: Store) -> bool:
    """Tell whether the open file of that name is certainly a copy of a ledger, or a bundle of it.

    A ledger that began as a copy is one of its own as soon as somebody works in it; that of a
    colleague shares commands but numbers them differently. Raises ValueError, TypeError or
    LookupError for what kmtrack did not write.
    """
    origin = origin_of(file)
    if origin is not None:
        return (
            origin.ledger == first_token(ledger)
            and was_here(ledger, origin.number, origin.token)
            and {*tokens_after(file, origin.number)} <= {*origin.cleaned}
        )
    # An older version made it.
    lost = _lost(ledger)
    commands = [(number, token, name) for number, token, name in file.all(_COMMANDS)]
    if is_bundle(file):
        return all(_had(ledger, lost, *each[:2]) for each in commands)
    return (
        is_named_as_any_copy(name)
        and first_token(file) == first_token(ledger)
        and all(each[2] == _CLEANING or _had(ledger, lost, *each[:2]) for each in commands)
    )


def was_here(ledger: Store, number: int, token: str) -> bool:
    """Tell whether a ledger has a command of that number and token, or lost it by a restore."""
    return _had(ledger, _lost(ledger), number, token)


def _had(ledger: Store, lost: set[tuple[int, str]], number: int, token: str) -> bool:
    return (number, token) in lost or is_stored(ledger, number, token)


def _lost(ledger: Store) -> set[tuple[int, str]]:
    return {(number, token) for number, token in json.loads(setting(ledger, LOST) or "[]")}


def note_lost(ledger: Store, kept: Iterable[tuple[int, str]]) -> None:
    """Remember the commands that a ledger loses by a restore, whose backup has those `kept`."""
    staying = {*kept}
    lost = _lost(ledger) | {each for each in numbered_commands(ledger) if each not in staying}
    if lost:
        put_setting(ledger, LOST, json.dumps(sorted(lost)))


def numbered_commands(store: Store) -> list[tuple[int, str]]:
    """Return the number and token of every command."""
    return [(row["number"], row["token"]) for row in store.all(_NUMBERED)]


def _note(copy: Path, origin: Origin | None) -> None:
    """Note in a finished copy what it is, and wipe what an erasure has left to be wiped in the ledger."""
    with closing(new_store(copy)) as store:
        if not {"setting", "command"} <= store.tables().keys():  # damaged, or of the first version
            return
        origin = origin or own_origin(store)
        store.write_unsynced()  # it is synced as a whole before it is moved into place
        is_to_be_wiped = setting(store, LEFT_PLACES) is not None
        store.run("BEGIN IMMEDIATE")
        drop_setting(store, LEFT_PLACES)
        if origin is not None:
            put_setting(store, COPY_OF, as_setting(origin))
        store.run("COMMIT")
        if is_to_be_wiped:
            store.compact()
