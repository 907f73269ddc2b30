"""Journals as a crash leaves them beside a ledger, made without one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MAGIC: Final = bytes.fromhex("d9d505f920a163d7")
SECTOR: Final = 512
_NONCE: Final = 1234
_SIZE: Final = 4096


def journal_beside(path: Path) -> Path:
    """Return the path of the journal of a file."""
    return path.with_name(f"{path.name}-journal")


def break_off(path: Path, before: bytes) -> None:
    """Leave a journal beside a changed file as a crash does just before the change is stored.

    `before` is the content that SQLite restores when the file is opened next.
    """
    journal_beside(path).write_bytes(b"".join(_journal(before)))


def super_journal(victim: Path) -> bytes:
    """Return the end of a journal that names a file, which SQLite deletes when it plays that back."""
    name = str(victim).encode()
    lock_page = (0x40000000 // _SIZE + 1).to_bytes(4, "big")
    checksum = (sum(name) & 0xFFFFFFFF).to_bytes(4, "big")
    return lock_page + name + len(name).to_bytes(4, "big") + checksum + MAGIC


def _journal(before: bytes) -> Iterator[bytes]:
    """Yield the parts of a journal that keeps all pages of a database, the first one last."""
    size, pages = _SIZE, len(before) // _SIZE
    fields = (pages, _NONCE, pages, SECTOR, size)
    yield (MAGIC + b"".join(field.to_bytes(4, "big") for field in fields)).ljust(SECTOR, b"\0")
    for number in (*range(2, pages + 1), 1):
        page = before[(number - 1) * size : number * size]
        checksum = _NONCE + sum(page[at] for at in range(size - 200, 0, -200))
        yield number.to_bytes(4, "big") + page + (checksum & 0xFFFFFFFF).to_bytes(4, "big")
