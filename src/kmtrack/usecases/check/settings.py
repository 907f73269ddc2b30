"""Whether every setting is one that kmtrack writes."""

from __future__ import annotations

import json
import re
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from kmtrack.ledger.schema.values import clean_initials
from kmtrack.ledger.settings import HEADS, LAST_BUNDLED, OWN_BROKER, RESTORED
from kmtrack.ledger.store.copies import NOTED, folder_noted
from kmtrack.usecases.check.issue import UNREADABLE, Issue

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from kmtrack.ledger.store.base import Store

_SETTINGS: Final = "SELECT name, value FROM setting ORDER BY name"


def altered_settings(store: Store) -> Iterator[Issue]:
    """Settings that are none that kmtrack writes; of names that it does not know it reads nothing."""
    for name, value in store.each(_SETTINGS):
        is_written = False
        with suppress(*UNREADABLE):
            is_written = _is_written(name, value)
        if not is_written:
            yield Issue("setting_altered", {"name": name})


def _is_written(name: str, value: str) -> bool:
    if name.startswith(NOTED):
        return bool(folder_noted(name.removeprefix(NOTED)))
    return name not in _IS_WRITTEN or _IS_WRITTEN[name](value)


def _are_heads(value: str) -> bool:
    heads = json.loads(value)
    return isinstance(heads, dict) and all(isinstance(head, str) for head in heads.values())


def _are_bundles(value: str) -> bool:
    bundles = json.loads(value)
    # Once only the number of the last one was noted.
    return isinstance(bundles, int) or all(
        isinstance(number, int) and isinstance(token, str) for number, token in bundles
    )


_IS_WRITTEN: Final[Mapping[str, Callable[[str], bool]]] = {
    OWN_BROKER: lambda value: clean_initials(value) == value,
    RESTORED: lambda value: re.fullmatch("[0-9a-f]{32}", value) is not None,
    LAST_BUNDLED: _are_bundles,
    HEADS: _are_heads,
}
