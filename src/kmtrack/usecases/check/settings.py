"""Altered settings: whether each is as kmtrack put it, in its form and by its seal."""

from __future__ import annotations

import json
import re
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from kmtrack.ledger.copy_origin import origin_from
from kmtrack.ledger.imported_rows import IMPORT_KEY
from kmtrack.ledger.left_places import places_from
from kmtrack.ledger.schema.values import clean_initials
from kmtrack.ledger.settings import (
    COPY_OF,
    HEADS,
    LAST_BUNDLED,
    LEFT_PLACES,
    LOST,
    OWN_BROKER,
    RESTORED,
    RESTORED_LAST,
    Restoring,
    all_settings,
    broken_seals,
)
from kmtrack.ledger.store.copies import FOLDER_PREFIX, is_folder_value, remembered_folder
from kmtrack.usecases.check.issues import UNREADABLE, Issue

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from kmtrack.ledger.store.base import Store


def altered_settings(store: Store) -> Iterator[Issue]:
    """Find settings with values that kmtrack does not write, and those that it did not write itself.

    Unknown names may have any value.
    """
    malformed = set()
    settings = list(all_settings(store))
    for name, value in settings:
        is_valid = False
        with suppress(*UNREADABLE):
            is_valid = _is_valid_setting(name, value)
        if not is_valid:
            malformed.add(name)
            yield Issue("setting_altered", {"name": name})
    altered, removed = broken_seals(store, settings)
    for name in altered:
        if name not in malformed:
            yield Issue("setting_changed", {"name": name})
    if removed:
        yield Issue("settings_removed", {"number": removed})


def _is_valid_setting(name: str, value: str) -> bool:
    if name.startswith(FOLDER_PREFIX):
        return bool(remembered_folder(name.removeprefix(FOLDER_PREFIX))) and is_folder_value(value)
    return name not in _SETTINGS or _SETTINGS[name](value)


_PARTS: Final = 3


def _are_heads(value: str) -> bool:
    heads = json.loads(value)
    return isinstance(heads, dict) and all(isinstance(head, str) for head in heads.values())


def _are_bundles(value: str) -> bool:
    bundles = json.loads(value)
    # The first version noted only the number of the last bundle.
    return isinstance(bundles, int) or all(
        isinstance(number, int) and isinstance(token, str) for number, token in bundles
    )


_SETTINGS: Final[Mapping[str, Callable[[str], bool]]] = {
    OWN_BROKER: lambda value: clean_initials(value) == value,
    RESTORED: lambda value: re.fullmatch("[0-9a-f]{32}", value) is not None,
    RESTORED_LAST: lambda value: isinstance(Restoring(*json.loads(value)).command, int),
    LAST_BUNDLED: _are_bundles,
    HEADS: _are_heads,
    COPY_OF: lambda value: isinstance(origin_from(value).last.number, int),
    IMPORT_KEY: lambda value: re.fullmatch("[0-9a-f]{64}", value) is not None,
    LEFT_PLACES: lambda value: bool(places_from(value)),
    LOST: lambda value: all(len(each) == _PARTS for each in json.loads(value)),
}
