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


class FileNotXlsx(Refusal):
    """A workbook is to be written under a name that does not end in .xlsx."""


class FileThere(Refusal):
    """The file is there already, and is not one that may make way."""


class FolderMissing(Refusal):
    """The folder to write into is not there."""


class FolderNotWritable(Refusal):
    """The folder or the file may not be written."""


class FileIsFolder(Refusal):
    """The place to write to is a folder."""


class FileOpenElsewhere(Refusal):
    """A spreadsheet program has the file open."""


class NoRoom(Refusal):
    """The disk is full."""


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
        raise FileNotXlsx(file=path)
    if not path.parent.is_dir():
        raise FolderMissing(folder=path.parent)
    if path.is_dir():
        raise FileIsFolder(file=path)
    marks = (f"~${path.name}", f".~lock.{path.name}#")  # of Excel, of LibreOffice
    if any(path.with_name(mark).exists() for mark in marks):
        raise FileOpenElsewhere(file=path)
    if path.exists() and not makes_way(path):
        raise FileThere(file=path)
    if path.exists() and not os.access(path, os.W_OK):
        raise FolderNotWritable(file=path)


def _refusal(error: OSError, path: Path) -> Refusal:
    if error.errno in NO_ROOM:
        return NoRoom(file=path)
    if os.name == "nt" and isinstance(error, PermissionError) and path.exists():
        return FileOpenElsewhere(file=path)
    return FolderNotWritable(file=path)
