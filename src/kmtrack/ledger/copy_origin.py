"""Origin of a copy: which ledger a file is a copy of, by what kmtrack noted in it and not by its name."""

from __future__ import annotations

import json
from contextlib import closing
from functools import partial
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from kmtrack.errors import Refusal
from kmtrack.ledger.queries.commands import all_commands, first_token
from kmtrack.ledger.schema.ids import batches
from kmtrack.ledger.settings import (
    COPY_OF,
    LEFT_PLACES,
    LOST,
    drop_setting,
    is_bundle,
    put_setting,
    setting,
)
from kmtrack.ledger.store.copies import (
    Backups,
    copies_folders,
    copy_ledger,
    is_named_as_any_copy,
    maker_at,
)
from kmtrack.ledger.store.sqlite_file import new_store
from kmtrack.ledger.store.untrusted_file import glimpsed, looks_like_ledger
from kmtrack.ledger.voids import ERASING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from kmtrack.ledger.queries.commands import Command
    from kmtrack.ledger.store.base import Store

_AFTER: Final = "SELECT token FROM command WHERE number > :number"
_COMMANDS: Final = "SELECT number, token, arrived_at IS NOT NULL, name FROM command ORDER BY number"
_OF_THE_FIRST_VERSION: Final = "SELECT number, token, 0, name FROM command ORDER BY number"
_NEWEST: Final = "DESC LIMIT 1"
_IS_HERE: Final = """
    SELECT arrived_at IS NOT NULL FROM command WHERE number = :number AND token = :token
"""
_AMONG: Final = "SELECT token FROM command WHERE token IN (SELECT value FROM json_each(:tokens))"
_AT_ONCE: Final = 500


class CommandPlace(NamedTuple):
    """A command by its place in one ledger: elsewhere its number differs, or it arrived by a merge."""

    number: int
    token: str
    has_arrived: bool


class Origin(NamedTuple):
    """Which ledger a file is a copy of (the token of its first command), and up to which command.

    `maker` identifies where that ledger was without naming the place: a colleague's ledger may
    begin with the same commands. `cleaned` has the tokens of the commands that erased names in the
    copy itself.
    """

    ledger: str
    maker: str
    last: CommandPlace
    cleaned: tuple[str, ...] = ()


def keep_copy(store: Store, target: Path, origin: Origin | None = None) -> None:
    """Copy a ledger to `target` and note its origin in the copy. Raises as `copy_ledger`."""
    noted = partial(_note, maker=maker_at(store.path), origin=origin)
    copy_ledger(store, target, noted)


def origin_of(store: Store) -> Origin | None:
    """Return the origin that kmtrack noted in a file; None if there is none."""
    value = setting(store, COPY_OF)
    return None if value is None else origin_from(value)


def origin_from(value: str) -> Origin:
    """Parse the value of the setting COPY_OF. Raises ValueError or TypeError for any other text."""
    ledger, maker, last, cleaned = json.loads(value)
    return Origin(str(ledger), str(maker), _place(last), tuple(map(str, cleaned)))


def own_origin(store: Store) -> Origin | None:
    """Return the origin that a copy of this ledger would have now; None for an empty ledger."""
    row = store.one(f"{_statement(store)} {_NEWEST}")
    if row is None:
        return None
    return Origin(first_token(store), maker_at(store.path), _place(row[:3]))


def as_setting(origin: Origin) -> str:
    """Return an origin as the value of the setting COPY_OF."""
    return json.dumps(origin)


def tokens_after(store: Store, number: int) -> list[str]:
    """Return the tokens of all commands after a number."""
    return [row["token"] for row in store.all(_AFTER, number=number)]


def forget_origin(store: Store) -> None:
    """Make a copy an independent ledger."""
    for name in (COPY_OF, LEFT_PLACES):
        drop_setting(store, name)


def is_copy_of(file: Store, path: Path, ledger: Store) -> bool:
    """Return whether the open file at a path is certainly a copy, or a bundle, of a ledger.

    A ledger that began as a copy is independent as soon as somebody works in it; a colleague's
    ledger shares commands but numbers them differently. Raises ValueError, TypeError or LookupError
    for content that kmtrack did not write.
    """
    origin = origin_of(file)
    if origin is not None:
        return (
            origin.ledger == first_token(ledger)
            and _is_by(origin, path, ledger)
            and {*tokens_after(file, origin.last.number)} <= {*origin.cleaned}
        )
    # An older version made it.
    if not _is_beside(path, ledger) and twins(ledger):
        return False
    lost, is_part = _lost(ledger), is_bundle(file)
    if not is_part and not (
        is_named_as_any_copy(path.name) and first_token(file) == first_token(ledger)
    ):
        return False
    # The older version cleaned its copies by a command of that name.
    return all(
        place in lost or is_here(ledger, place) or (named == ERASING and not is_part)
        for place, named in _named_commands(file)
    )


def is_here(ledger: Store, place: CommandPlace) -> bool:
    """Return whether a ledger has a command in that place."""
    found = ledger.one(_IS_HERE, number=place.number, token=place.token)
    return found is not None and bool(found[0]) == place.has_arrived


def was_here(ledger: Store, place: CommandPlace) -> bool:
    """Return whether a ledger has a command in that place, or lost it by a restore."""
    return is_here(ledger, place) or place in _lost(ledger)


def _place(value: Any) -> CommandPlace:
    number, token, has_arrived = value
    return CommandPlace(int(number), str(token), bool(has_arrived))


def _lost(ledger: Store) -> set[CommandPlace]:
    return {_place(each) for each in json.loads(setting(ledger, LOST) or "[]")}


def twins(ledger: Store) -> list[Path]:
    """Return the ledgers that this one was duplicated from by hand: they are where it was once."""
    places = {path for folder in copies_folders(ledger) for path in folder.ledgers}
    return [path for path in sorted(places) if _is_twin(path, ledger)]


def _is_twin(path: Path, ledger: Store) -> bool:
    if path == ledger.path.resolve() or not looks_like_ledger(path):
        return False
    try:
        with glimpsed(path) as other:
            return not path.samefile(ledger.path) and first_token(other) == first_token(ledger)
    except (OSError, Refusal):
        return True  # in doubt it is one


def _is_by(origin: Origin, path: Path, ledger: Store) -> bool:
    """Return whether a ledger made a copy, at its present place or at a former one.

    A colleague's ledger that began as a copy was at that place too, but went on with commands of
    its own. Where the ledger at the former place still exists, the copies are that one's, except
    those beside this.
    """
    if origin.maker == maker_at(ledger.path):
        return True
    makers = {maker for folder in copies_folders(ledger) for maker in folder.makers}
    if origin.maker not in makers or not was_here(ledger, origin.last):
        return False
    return _is_beside(path, ledger) or origin.maker not in map(maker_at, twins(ledger))


def _is_beside(path: Path, ledger: Store) -> bool:
    return path.parent.resolve() == Backups(ledger.path).folder.resolve()


def note_lost(ledger: Store, copy: Store) -> None:
    """Remember the commands that a ledger loses by a restore of a copy."""
    lost = _lost(ledger) | {*_not_in_place(ledger, copy)}
    if lost:
        put_setting(ledger, LOST, json.dumps(sorted(lost, key=str)))


def _not_in_place(ledger: Store, copy: Store) -> Iterator[CommandPlace]:
    """Yield the commands of a ledger that a copy lacks at the same place; both are read in order."""
    there = commands_by_place(copy)
    kept = next(there, None)
    for place in commands_by_place(ledger):
        while kept is not None and kept.number < place.number:
            kept = next(there, None)
        if place != kept:
            yield place


def commands_not_in(copy: Store, ledger: Store) -> Iterator[Command]:
    """Yield the commands of a ledger that a copy lacks at any place, in order."""
    for some in batches(all_commands(ledger), _AT_ONCE):
        tokens = json.dumps([command.token for command in some])
        there = {row["token"] for row in copy.all(_AMONG, tokens=tokens)}
        yield from (command for command in some if command.token not in there)


def commands_by_place(store: Store) -> Iterator[CommandPlace]:
    """Yield every command by its place, in order."""
    return (place for place, _ in _named_commands(store))


def _named_commands(store: Store) -> Iterator[tuple[CommandPlace, str]]:
    return ((_place(row[:3]), row[3]) for row in store.each(_statement(store)))


def _statement(store: Store) -> str:
    is_first = "arrived_at" not in store.tables()["command"]
    return _OF_THE_FIRST_VERSION if is_first else _COMMANDS


def _note(copy: Path, maker: str, origin: Origin | None) -> None:
    """Note the origin in a finished copy, and wipe there what an erasure has still to wipe in the ledger."""
    with closing(new_store(copy)) as store:
        if not {"setting", "command"} <= store.tables().keys():  # damaged, or of the first version
            return
        if origin is None and (own := own_origin(store)):
            origin = own._replace(maker=maker)
        store.write_unsynced()  # it is synced as a whole before it is moved into place
        is_to_be_wiped = setting(store, LEFT_PLACES) is not None
        store.run("BEGIN IMMEDIATE")
        drop_setting(store, LEFT_PLACES)
        if origin is not None:
            put_setting(store, COPY_OF, as_setting(origin))
        store.run("COMMIT")
        if is_to_be_wiped:
            # Nobody uses the copy yet, and it goes if this fails: the journal would be the whole of it.
            store.run("PRAGMA journal_mode = OFF")
            store.compact()
