"""Writing a file beside its place and moving it in, so that the old one stays whole until then."""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

from kmtrack.errors import NO_ROOM, Refusal
from kmtrack.files import empty_beside, move_into

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


def _never(path: Path) -> bool:
    del path
    return False


@contextmanager
def replacing(path: Path, makes_way: Callable[[Path], bool] = _never) -> Iterator[Path]:
    """A path beside `path` to write a workbook to; moved into place when the block ends well.

    A file that is there is written over only if it `makes_way`. Raises one of the refusals of this
    module; the old file is whole whatever happens.
    """
    _look_at(path, makes_way)
    try:
        with empty_beside(path) as beside:
            yield beside
            move_into(beside, path)
    except OSError as error:
        raise _refusal(error, path) from error


def _look_at(path: Path, makes_way: Callable[[Path], bool]) -> None:
    if path.suffix.lower() != ".xlsx":
        raise Refusal("file_not_xlsx", file=path)
    if not path.parent.is_dir():
        raise Refusal("folder_missing", folder=path.parent)
    if path.is_dir():
        raise Refusal("file_is_folder", file=path)
    marks = (f"~${path.name}", f".~lock.{path.name}#")  # of Excel, of LibreOffice
    if any(path.with_name(mark).exists() for mark in marks):
        raise Refusal("file_open_elsewhere", file=path)
    if path.exists() and not makes_way(path):
        raise Refusal("file_there", file=path)
    if path.exists() and not os.access(path, os.W_OK):
        raise Refusal("folder_not_writable", file=path)


def _refusal(error: OSError, path: Path) -> Refusal:
    if error.errno in NO_ROOM:
        return Refusal("no_room", file=path)
    if os.name == "nt" and isinstance(error, PermissionError) and path.exists():
        return Refusal("file_open_elsewhere", file=path)
    return Refusal("folder_not_writable", file=path)
