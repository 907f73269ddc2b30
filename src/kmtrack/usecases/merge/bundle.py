"""Bundling: only what was stated since the last time, as a file that another ledger can merge."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final, NamedTuple

from kmtrack.clock import first_moment_of
from kmtrack.errors import Refusal
from kmtrack.ledger.entries import as_json
from kmtrack.ledger.exchange import Selection, holds_setting, write_part
from kmtrack.ledger.settings import HEADS, LAST_BUNDLED, put_setting, setting
from kmtrack.usecases.history.commands import as_list

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from kmtrack.ledger.store.base import Store
    from kmtrack.usecases.session import Session

# How many bundles that were written are noted.
_KEPT: Final = 50
_AFTER: Final = """
    SELECT number FROM command WHERE number > :after AND number <= :until
    AND EXISTS (SELECT 1 FROM entry WHERE entry.command = command.number) ORDER BY number
"""
_SINCE: Final = """
    SELECT number FROM command
    WHERE coalesce(arrived_at, recorded_at) >= :since AND number <= :until
    AND EXISTS (SELECT 1 FROM entry WHERE entry.command = command.number) ORDER BY number
"""
_PERSONS: Final = """
    SELECT DISTINCT record_id FROM entry
    WHERE noun = 'person' AND command IN (SELECT value FROM json_each(:commands))
"""
_NEWEST: Final = "SELECT number, token FROM command ORDER BY number DESC LIMIT 1"
_STANDS: Final = "SELECT 1 FROM command WHERE number = :number AND token = :token"
_DIGESTS: Final = """
    SELECT command.recorded_by, entry.digest FROM entry
    JOIN command ON command.number = entry.command
    WHERE entry.number IN (SELECT max(number) FROM entry GROUP BY command)
    AND command.number NOT IN (SELECT value FROM json_each(:commands))
    ORDER BY command.recorded_at, command.token
"""


class Bundled(NamedTuple):
    """A bundle that was written: how many commands are in it, and how many persons."""

    file: Path
    commands: int
    persons: int


def bundle(session: Session, file: Path, since: date | None) -> Bundled:
    """Write what was stated from a day on, or since the last bundle, to a file of its own.

    An earlier bundle of that name makes way, and nothing else does. Raises Refusal
    `no_bundle_in_place`, `nothing_new`, and as `write_part`.
    """
    if file.exists() and not holds_setting(file, HEADS):
        raise Refusal("no_bundle_in_place", file=file)
    store = session.store
    with store.reading():
        until, token = store.get(_NEWEST)
        commands = _commands(store, since, until)
        if not commands:
            raise Refusal("nothing_new")
        rows = store.all(_PERSONS, commands=as_list(commands))
        persons = [row["record_id"] for row in rows]
        # What the receiver has had already, if nothing is missing in between.
        digests = store.each(_DIGESTS, commands=as_list(commands))
        heads = {row["recorded_by"]: row["digest"] for row in digests}
        write_part(store, file, Selection(commands, persons, {HEADS: as_json(heads)}))
    _note(store, (until, token))
    return Bundled(file, len(commands), len(persons))


def _commands(store: Store, since: date | None, until: int) -> list[int]:
    if since is not None:
        rows = store.all(_SINCE, since=first_moment_of(since), until=until)
    else:
        rows = store.all(_AFTER, after=_last_bundled(store), until=until)
    return [row["number"] for row in rows]


def _last_bundled(store: Store) -> int:
    """The number of the newest command that was bundled and is here; 0 if there is none.

    The settings outlive a restoring, and numbers that it takes back are given again. Where a number
    has its token still, all commands before it are those that were there when it was bundled.
    """
    for number, token in _bundled(store):
        if store.one(_STANDS, number=number, token=token):
            return number
    return 0


def _note(store: Store, newest: tuple[int, str]) -> None:
    others = [each for each in _bundled(store) if each != newest]
    put_setting(store, LAST_BUNDLED, as_json([newest, *others][:_KEPT]))


def _bundled(store: Store) -> list[tuple[int, str]]:
    noted = json.loads(setting(store, LAST_BUNDLED) or "[]")
    # A mere number, as it was noted once, may be another command's by now.
    return [(number, token) for number, token in noted] if isinstance(noted, list) else []


def is_bundle(store: Store) -> bool:
    """Whether a file holds only what was stated since some time."""
    return setting(store, HEADS) is not None


def heads_of_bundle(store: Store) -> dict[str, str]:
    """The last entry of each person that is not in a bundle but was known where it was made.

    None of a whole ledger. Raises ValueError or TypeError for what is no such thing.
    """
    heads = json.loads(setting(store, HEADS) or "{}")
    if not isinstance(heads, dict):
        raise TypeError(HEADS)
    return {str(by): str(digest) for by, digest in heads.items()}
