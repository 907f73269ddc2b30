"""Settings: named values that belong to one copy of a ledger and are never exchanged.

No entry covers them. In a file each has a seal beside it, a digest of its name and value, so that a
change outside kmtrack is found; on a server rights keep others from them.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from kmtrack.ledger.store.base import Store

OWN_BROKER: Final = "broker"
RESTORED: Final = "restored"
# The last command (number) of the backup that was restored last, and who restored it.
RESTORED_LAST: Final = "restored last"
# The command up to which a bundle was last written, and from which the next one continues.
LAST_BUNDLED: Final = "bundled"
HEADS: Final = "heads"
# Before the name of a login on a server: the initials under which its commands are recorded.
LOGIN_PREFIX: Final = "login:"
# On a server, before what a broker removed (a table, and what names it there): the token of the command.
REMOVED_PREFIX: Final = "removed:"
# In a copy that kmtrack made: of which ledger it is one, and up to which command.
COPY_OF: Final = "copy"
# Commands that a restore took out of this ledger, each with its number: copies of then hold them.
LOST: Final = "lost"
# Before the name of a table's headings: the fields for which somebody chose columns of it.
CHOSEN_COLUMNS: Final = "columns "
# There if the ledger is the demonstration, whose days are long past.
DEMONSTRATION: Final = "demonstration"
# Where erased names may still be, until every place is clean.
LEFT_PLACES: Final = "left"
# Before the digest of the name of a setting: its seal.
_SEAL_PREFIX: Final = "seal:"
_SEAL_SIZE: Final = 16  # hex digits
_VALUE: Final = "SELECT value FROM setting WHERE name = :name"
_IS_SEAL: Final = f"substr(name, 1, {len(_SEAL_PREFIX)}) = '{_SEAL_PREFIX}'"
_ALL: Final = f"SELECT name, value FROM setting WHERE NOT {_IS_SEAL} ORDER BY name"  # noqa: S608 - ours
_SEALS: Final = f"SELECT name, value FROM setting WHERE {_IS_SEAL}"  # noqa: S608 - ours
_DROP_SEALS: Final = f"DELETE FROM setting WHERE {_IS_SEAL}"  # noqa: S608 - ours
_OPENING: Final = (
    "SELECT name, value FROM setting WHERE name IN ('broker', 'heads', 'left', :login)"
)
_DROP: Final = "DELETE FROM setting WHERE name IN (:name, :seal)"
_NAMES: Final = "SELECT name FROM setting WHERE substr(name, 1, length(:before)) = :before"


def setting(store: Store, name: str) -> str | None:
    """Return the value of a setting; None if it is not set."""
    row = store.one(_VALUE, name=name)
    return None if row is None else str(row["value"])


class Restoring(NamedTuple):
    """The number of the last command in a restored backup, and who restored it."""

    command: int
    by: str


def restored_last(store: Store) -> Restoring | None:
    """Return the last restoring, if any."""
    value = setting(store, RESTORED_LAST)
    return None if value is None else Restoring(*json.loads(value))


def note_restored(store: Store, restoring: Restoring) -> None:
    """Remember that a backup was restored."""
    put_setting(store, RESTORED_LAST, json.dumps(restoring, ensure_ascii=False))


def all_settings(store: Store) -> Iterator[tuple[str, str]]:
    """Read the names and values of all settings, without their seals."""
    return ((row["name"], row["value"]) for row in store.each(_ALL))


def is_bundle(store: Store) -> bool:
    """Return whether a ledger is a bundle, which holds only what was recorded since some moment."""
    return setting(store, HEADS) is not None


def put_setting(store: Store, name: str, value: str = "") -> None:
    """Store a setting with its seal, replacing its value."""
    seal = () if store.is_served else (_seal_of(name, value),)
    store.put_settings(dict([(name, value), *seal]))


def drop_setting(store: Store, name: str) -> None:
    """Remove a setting with its seal, if it is there."""
    store.run(_DROP, name=name, seal=_seal_of(name, "")[0])


def seal_settings(store: Store) -> None:
    """Seal all settings of a ledger in a file as they are, inside a transaction."""
    store.run(_DROP_SEALS)
    for name, value in list(all_settings(store)):
        put_setting(store, name, value)


class BrokenSeals(NamedTuple):
    """The settings that are not as kmtrack put them, and how many it put that are gone."""

    altered: list[str]
    removed: int


def broken_seals(store: Store, settings: Iterable[tuple[str, str]]) -> BrokenSeals:
    """Compare all settings with their seals; a server has none."""
    if store.is_served:
        return BrokenSeals([], 0)
    seals = {row["name"]: row["value"] for row in store.all(_SEALS)}
    altered = []
    for name, value in settings:
        place, seal = _seal_of(str(name), str(value))
        if seals.pop(place, None) != seal:
            altered.append(name)
    return BrokenSeals(altered, len(seals))


def _seal_of(name: str, value: str) -> tuple[str, str]:
    """Return the name and the value of the setting that seals another one."""
    return f"{_SEAL_PREFIX}{_digest(name)}", _digest(f"{name}\x1f{value}")


def _digest(text: str) -> str:
    from hashlib import sha256  # most commands only read settings

    return sha256(text.encode()).hexdigest()[:_SEAL_SIZE]


def opening_settings(store: Store) -> dict[str, str]:
    """Read the settings that every command needs, as far as they are set.

    These are OWN_BROKER, HEADS, LEFT_PLACES and, on a server, the broker of the login.
    """
    login = f"{LOGIN_PREFIX}{store.login or ''}"
    return {row["name"]: row["value"] for row in store.all(_OPENING, login=login)}


def setting_names(store: Store, before: str) -> list[str]:
    """List the names of settings that begin with `before`, without that beginning."""
    return [row["name"].removeprefix(before) for row in store.all(_NAMES, before=before)]
