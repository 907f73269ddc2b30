"""Lost folder: wait no longer for copies in a folder that is lost for good."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from kmtrack.ledger.erasure import require_compaction
from kmtrack.ledger.left_places import left_places, settle_left
from kmtrack.ledger.store.copies import forget_folder

if TYPE_CHECKING:
    from pathlib import Path

    from kmtrack.ledger.store.base import Store


def forget_copies(store: Store, folder: Path) -> None:
    """Forget a folder of copies, so that no erasure is left to be finished there.

    Raises the refusals of `require_compaction` and `forget_folder`.
    """
    require_compaction(store)
    with store.writing(os.urandom(16).hex()):
        path = forget_folder(store, folder)
        for place in left_places(store):
            if place.kind == "folder" and place.path == str(path):
                settle_left(store, place, None)
