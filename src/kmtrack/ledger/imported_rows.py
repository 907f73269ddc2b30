"""Imported rows: where each record was last read, as a keyed digest of the file's name, sheet and line.

Like a setting, this belongs to one copy of a ledger: no entry holds it, and no merge takes it
along. A digest reveals nothing without the key. In a file one more row, of no record, holds the
sum of the digests of all others, so that a change outside kmtrack is found.
"""

from __future__ import annotations

import json
import os
from hashlib import blake2b
from typing import TYPE_CHECKING, Final

from kmtrack.ledger.schema.ids import LETTERS
from kmtrack.ledger.settings import put_setting, setting

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from collections.abc import Set as AbstractSet

    from kmtrack.ledger.store.base import Store

IMPORT_KEY: Final = "import key"
_SIZE: Final = 8  # bytes
# A sheet ends where this many lines in a row are unknown.
_BEYOND: Final = 1000
# "{" follows every character of an id.
_OF_NOUN: Final = """
    SELECT record_id, place FROM imported_row WHERE record_id >= :letter AND record_id < :letter || '{'
"""
_SEAL: Final = ""  # the id of no record
_SEAL_SIZE: Final = 8  # bytes, as a place
_ALL: Final = "SELECT record_id, place FROM imported_row"
_SOME: Final = """
    SELECT record_id, place FROM imported_row
    WHERE record_id IN (SELECT value FROM json_each(:ids))
"""
_EMPTY: Final = "DELETE FROM imported_row"


def places_of(store: Store, noun: str) -> dict[str, str]:
    """Return where the records of a noun were last read, by their ids."""
    return {row[0]: row[1] for row in store.each(_OF_NOUN, letter=LETTERS[noun])}


def note_places(store: Store, new: Iterable[tuple[str, str]], moved: Mapping[str, str]) -> None:
    """Note where records (ids) were read: for the first time, and now at another place."""
    noted = [*new, *moved.items()]
    if not store.is_served:
        before = store.all(_SOME, ids=json.dumps([_SEAL, *moved]))
        total = sum(map(_weight_of, noted))
        for record_id, place in before:
            total += _total_of(place) if record_id == _SEAL else -_weight_of((record_id, place))
        noted.append((_SEAL, _as_place(total)))
    store.put_places(noted)


def seal_places(store: Store) -> None:
    """Seal all places in a file as they are, inside a transaction; without their key they are gone."""
    if _notes_places(store):
        due, _ = _seals(store)
        store.put_places([(_SEAL, due)])
    else:
        forget_places(store)


def keep_sealed(store: Store) -> None:
    """Seal the places of a restored backup, which may be from before the first import."""
    if _notes_places(store):
        note_places(store, [], {})


def forget_places(store: Store) -> None:
    """Forget where every record was read; the next import of its file notes it again."""
    store.run(_EMPTY)


def are_places_altered(store: Store) -> bool:
    """Return whether places of a ledger in a file are not as kmtrack noted them; a server has no seal."""
    if store.is_served:
        return False
    due, seal = _seals(store)
    if not _notes_places(store):
        return (due, seal) != (_as_place(0), None)
    return due != seal


def _seals(store: Store) -> tuple[str, str | None]:
    """Return the seal of all places as they are, and the one that is there."""
    total, seal = 0, None
    for record_id, place in store.each(_ALL):
        if record_id == _SEAL:
            seal = str(place)
        else:
            total += _weight_of((record_id, place))
    return _as_place(total), seal


def _notes_places(store: Store) -> bool:
    """Return whether a ledger ever noted where a row was read."""
    return setting(store, IMPORT_KEY) is not None


def _weight_of(noted: tuple[str, str]) -> int:
    text = "{} {}".format(*noted)
    return int.from_bytes(blake2b(text.encode(), digest_size=_SEAL_SIZE).digest())


def _total_of(seal: object) -> int:
    """Return the sum that a seal states; 0 for one that was altered, which stays wrong."""
    try:
        return int(str(seal), 16)
    except ValueError:
        return 0


def _as_place(total: int) -> str:
    return f"{total % (1 << 8 * _SEAL_SIZE):0{2 * _SEAL_SIZE}x}"


class SheetPlaces:
    """The places of the rows of one sheet, by their lines. Made inside a unit of work."""

    def __init__(self, store: Store, file: str, sheet: str) -> None:
        self._digest = blake2b(
            f"{file}\x1f{sheet}\x1f".encode(), key=_key(store), digest_size=_SIZE
        )

    def at(self, line: int) -> str:
        """Return the place of the row at a line."""
        digest = self._digest.copy()
        digest.update(b"%d" % line)
        return digest.hexdigest()

    def among(self, places: AbstractSet[str]) -> set[str]:
        """Return those of these places that belong to the sheet."""
        found, line, end = set(), 0, _BEYOND
        while line < end:
            line += 1
            if (place := self.at(line)) in places:
                found.add(place)
                end = line + _BEYOND
        return found


def _key(store: Store) -> bytes:
    """Return the key for this ledger's digests of places; it is made on first use."""
    key = setting(store, IMPORT_KEY)
    if key is None:
        key = os.urandom(32).hex()
        put_setting(store, IMPORT_KEY, key)
        note_places(store, [], {})
    return bytes.fromhex(key)
