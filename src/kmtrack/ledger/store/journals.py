"""Journals: what SQLite keeps beside a ledger, and plays back into whatever lies there by then."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# A ledger has the first only; the others come of programs that changed its mode.
_SUFFIXES: Final = ("-journal", "-wal", "-shm")
# What a journal ends with that is one of several, behind the name of the file that lists them all:
# whoever plays it back deletes that file, wherever it lies.
_ONE_OF_SEVERAL: Final = bytes.fromhex("d9d505f920a163d7")


def journal_of(path: Path) -> Path:
    """Where the journal of a ledger lies while it is changed, or after that was broken off."""
    return path.with_name(path.name + _SUFFIXES[0])


def is_one_of_several(journal: Path) -> bool:
    """Whether a journal names another file to be deleted; none of a ledger ever does."""
    with journal.open("rb") as file:
        size = file.seek(0, 2)
        file.seek(max(0, size - len(_ONE_OF_SEVERAL)))
        return file.read() == _ONE_OF_SEVERAL


def left_beside(path: Path) -> Iterator[Path]:
    """What SQLite left beside the place of a ledger."""
    for suffix in _SUFFIXES:
        left = path.with_name(path.name + suffix)
        if left.exists():
            yield left


def sweep(path: Path) -> None:
    """Remove what a ledger that is gone left beside its place. Raises OSError."""
    for left in left_beside(path):
        left.unlink()
