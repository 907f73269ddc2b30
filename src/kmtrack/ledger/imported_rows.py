"""Imported rows: where each record was last read, as a keyed digest of the file's name, sheet and line.

Like a setting, this belongs to one copy of a ledger: no entry holds it, and no merge takes it
along. A digest reveals nothing without the key.
"""

from __future__ import annotations

import os
from hashlib import blake2b
from typing import TYPE_CHECKING, Final

from kmtrack.ledger.schema.ids import LETTERS
from kmtrack.ledger.settings import put_setting, setting

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from collections.abc import Set as AbstractSet

    from kmtrack.ledger.store.base import Store

_KEY: Final = "import key"
_SIZE: Final = 8  # bytes
# A sheet ends where this many lines in a row are unknown.
_BEYOND: Final = 1000
# "{" follows every character of an id.
_OF_NOUN: Final = """
    SELECT record_id, place FROM imported_row WHERE record_id >= :letter AND record_id < :letter || '{'
"""


def places_of(store: Store, noun: str) -> dict[str, str]:
    """Return where the records of a noun were last read, by their ids."""
    return {row[0]: row[1] for row in store.each(_OF_NOUN, letter=LETTERS[noun])}


def note_places(store: Store, new: Iterable[tuple[str, str]], moved: Mapping[str, str]) -> None:
    """Note where records (ids) were read: for the first time, or now at another place."""
    store.put_places([*new, *moved.items()])


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
    key = setting(store, _KEY)
    if key is None:
        key = os.urandom(32).hex()
        put_setting(store, _KEY, key)
    return bytes.fromhex(key)
