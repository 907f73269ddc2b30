"""Files that appear whole: written beside their place, brought to the disk, and moved in."""

from __future__ import annotations

import os
import re
import secrets
import shutil
import tempfile
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

_SUFFIX: Final = ".kmtrack-new"
_PRIVATE: Final = ".kmtrack-aside-"
_BESIDE: Final = rf"\.(.+)\.[0-9a-f]{{8}}{re.escape(_SUFFIX)}(?:-journal)?"
# What is younger may still be written by another process.
_LEFT_OVER_AFTER: Final = 3600


@contextmanager
def empty_beside(path: Path) -> Iterator[Path]:
    """An empty file in the folder of `path`, of its owner only; gone when the block ends unless moved.

    What a crash left beside `path` an hour ago or longer is swept. Raises OSError.
    """
    _sweep(path)
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}{_SUFFIX}")
    try:
        os.close(os.open(beside, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        yield beside
    finally:
        beside.unlink(missing_ok=True)


@contextmanager
def private_folder(parent: Path) -> Iterator[Path]:
    """A new folder in another one, of its owner only; gone when the block ends.

    What a crash left there an hour ago or longer is swept. Raises OSError.
    """
    for left in parent.glob(f"{_PRIVATE}*"):
        sweep(left)
    with tempfile.TemporaryDirectory(prefix=_PRIVATE, dir=parent) as folder:
        yield Path(folder)


def begun_as(path: Path) -> str | None:
    """The name under which a file was to appear that is still beside its place; None for any other."""
    found = re.fullmatch(_BESIDE, path.name)
    return found[1] if found else None


def is_private_folder(path: Path) -> bool:
    """Whether a path is named as `private_folder` names its folders."""
    return path.name.startswith(_PRIVATE)


def sweep(path: Path) -> bool:
    """Remove what was made beside or aside if a crash left it an hour ago or longer; whether it is gone."""
    if _is_left_over(path):
        with suppress(OSError):
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)
    return not os.path.lexists(path)


def to_disk(path: Path) -> None:
    """Wait until what was written to a file is on the disk."""
    with path.open("rb+") as written:
        os.fsync(written.fileno())


def move_into(beside: Path, path: Path) -> None:
    """Move a whole file into its place, over the one that was there, and wait for the disk."""
    to_disk(beside)
    beside.replace(path)
    if os.name != "nt":
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _sweep(path: Path) -> None:
    for left in path.parent.glob(f".{_without_wildcards(path.name)}.*{_SUFFIX}"):
        sweep(left)


def _is_left_over(path: Path) -> bool:
    with suppress(OSError):
        return time.time() - path.stat().st_mtime > _LEFT_OVER_AFTER
    return False


def _without_wildcards(name: str) -> str:
    return "".join(f"[{letter}]" if letter in "*?[" else letter for letter in name)
