"""Reading the names of files and folders."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path


def path_typed(text: str) -> Path:
    """The place that is named, a leading ~ being the user's own folder. Raises BadOption."""
    if "\0" in text:  # no file system has it
        from kmtrack.ledger.value_errors import BadCharacter
        from kmtrack.ledger.values import shown
        from kmtrack.usecases.desk import BadOption

        error = BadCharacter(character="U+0000", position=text.index("\0") + 1)
        raise BadOption(option=shown(text), sentence=error.sentence())
    path = Path(text)
    with suppress(RuntimeError):  # of a user whom nobody knows: a shell leaves that as it is
        path = path.expanduser()
    return path
