"""Bundles: the commands since a day or since the last bundle, in a file that another ledger merges."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final, NamedTuple

from kmtrack.clock import first_moment_of, here
from kmtrack.errors import Refusal
from kmtrack.ledger.copy_origin import as_setting, commands_by_place, is_here, own_origin
from kmtrack.ledger.exchange import ExcerptSelection, is_bundle_at, write_excerpt
from kmtrack.ledger.json_text import as_json
from kmtrack.ledger.queries.commands import is_stored, last_entries, newest_command, people_in
from kmtrack.ledger.settings import COPY_OF, HEADS, LAST_BUNDLED, put_setting, setting
from kmtrack.ledger.store.copies import remember_folder

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from pathlib import Path

    from kmtrack.ledger.queries.commands import CommandEnd
    from kmtrack.ledger.store.base import Store
    from kmtrack.usecases.session import Session

# How many earlier bundles are remembered.
_REMEMBERED: Final = 50


class Bundle(NamedTuple):
    """A bundle that was written: how many commands it has, and by how many people.

    The next one continues from there; `since` is the day from which all of it can be written again.
    """

    file: Path
    commands: int
    persons: int
    since: date


def write_bundle(session: Session, file: Path, since: date | None) -> Bundle:
    """Write the commands since a day, or since the last bundle, to a separate file.

    An earlier bundle with that name is replaced, and nothing else. Raises Refusal for another file
    with that name, for a name without an ending, if there are no new commands, and as
    `write_excerpt`.
    """
    if not file.suffix and not file.is_dir():
        # A word meant for another command must not become a file: the news would count as sent.
        raise Refusal("bundle_without_ending", file=file, named=file.with_name(f"{file.name}.db"))
    if file.exists() and not is_bundle_at(file):
        raise Refusal("no_bundle_in_place", file=file)
    store = session.store
    if file.parent.is_dir():
        remember_folder(store, file.parent)
    with store.reading():
        newest, ends = newest_command(store), list(last_entries(store))
        if since is not None:
            moment = first_moment_of(since)
            commands = {e.number for e in ends if _since(e) >= moment}
        else:
            after = _last_bundled(store)
            commands = {end.number for end in ends if end.number > after}
        if not commands:
            raise Refusal("nothing_new")
        people = people_in(store, commands)
        _write(store, file, commands, ends)
    _remember(store, newest)
    first = min(_since(end) for end in ends if end.number in commands)
    return Bundle(file, len(commands), len(people), here(first).date())


def rewrite_bundle(store: Store, file: Path, old: Store) -> bool:
    """Write a bundle again, with everything that came after it, so that it has every erasure since.

    Return False if the ledger has lost its content.
    """
    with store.reading():
        held = list(commands_by_place(old))
        if not held or not all(is_here(store, each) for each in held):
            return False
        ends, numbers = list(last_entries(store)), {each.number for each in held}
        numbers |= {end.number for end in ends if end.number > max(numbers)}
        _write(store, file, numbers, ends)
    return True


def _write(store: Store, file: Path, commands: set[int], ends: Sequence[CommandEnd]) -> None:
    # The entries that the recipient has already, if no bundle is missing.
    heads = {end.recorded_by: end.digest for end in ends if end.number not in commands}
    settings = {HEADS: as_json(heads)}
    if (origin := own_origin(store)) is not None:
        settings[COPY_OF] = as_setting(origin)
    selection = ExcerptSelection(sorted(commands), people_in(store, commands), settings)
    write_excerpt(store, file, selection)


def _since(end: CommandEnd) -> str:
    """Return the moment since which a command has been in this ledger."""
    return end.arrived_at or end.recorded_at


def _last_bundled(store: Store) -> int:
    """Return the number of the newest bundled command that is here; 0 for none.

    Settings survive a restore, after which numbers of lost commands are assigned again. If a number
    still has its token, all commands before it are the same as when it was bundled.
    """
    for number, token in _bundled(store):
        if is_stored(store, number, token):
            return number
    return 0


def _remember(store: Store, newest: tuple[int, str]) -> None:
    others = [each for each in _bundled(store) if each != newest]
    put_setting(store, LAST_BUNDLED, as_json([newest, *others][:_REMEMBERED]))


def _bundled(store: Store) -> list[tuple[int, str]]:
    noted = json.loads(setting(store, LAST_BUNDLED) or "[]")
    # The first version noted a mere number, which may be another command's by now.
    return [(number, token) for number, token in noted] if isinstance(noted, list) else []
