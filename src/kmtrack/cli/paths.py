"""Reading the names of files and folders."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from kmtrack.errors import BadValue, Refusal, WrongUsage

if TYPE_CHECKING:
    from kmtrack.ledger.store.address import Location


def place_typed(text: str) -> Location:
    """The file or the server that is named.

    Raises WrongUsage `bad_server_address`, and as `path_typed`.
    """
    from kmtrack.ledger.store.address import is_address
    from kmtrack.usecases.location import place_named

    return place_named(text, os.environ) if is_address(text) else path_typed(text)


def has_password(place: Location) -> bool:
    """Whether a password was typed along with the address of a server."""
    return not isinstance(place, Path) and "password" in place.settings


def path_typed(text: str) -> Path:
    """The place that is named, a leading ~ being the user's own folder.

    Raises WrongUsage `address_for_file` or `bad_option`.
    """
    from kmtrack.ledger.store.address import is_address

    if is_address(text):
        raise WrongUsage("address_for_file")  # which is not repeated: it may hold a password
    if "\0" in text:  # no file system has it
        from kmtrack.ledger.schema.plain_text import shown

        error = BadValue("bad_character", character="U+0000", position=text.index("\0") + 1)
        raise Refusal("bad_option", option=shown(text), sentence=error.sentence())
    path = Path(text)
    with suppress(RuntimeError):  # of a user whom nobody knows: a shell leaves that as it is
        path = path.expanduser()
    return path
