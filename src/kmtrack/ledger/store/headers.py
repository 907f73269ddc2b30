"""Headers: what a file tells of itself before it is opened, and what its pages hold."""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO, Final

from kmtrack.errors import Refusal
from kmtrack.ledger.store.errors import LedgerEmpty, LedgerIsFolder, LedgerMissing, NotALedger

if TYPE_CHECKING:
    from pathlib import Path

APPLICATION_ID: Final = 0x6B6D7472  # "kmtr"
SCHEMA_VERSION: Final = 2
_HEADER: Final = 100
_BLOCK: Final = 1 << 20
_MAGIC: Final = b"SQLite format 3\x00"


def version_at(path: Path) -> int:
    """The version of the ledger at `path`, which is only looked at. Raises as `open_store`."""
    try:
        if not path.exists():
            raise LedgerMissing("ledger_missing", path=path)
        if not path.is_file():
            raise LedgerIsFolder("ledger_is_folder", path=path)
        with path.open("rb") as file:
            header = file.read(_HEADER)
    except OSError as error:
        raise Refusal("ledger_not_readable", path=path) from error
    if not header:
        raise LedgerEmpty("ledger_empty", path=path)
    application_id = int.from_bytes(header[68:72], "big")
    if not header.startswith(_MAGIC) or application_id != APPLICATION_ID:
        raise NotALedger("not_a_ledger", path=path)
    version = int.from_bytes(header[60:64], "big")
    if version > SCHEMA_VERSION:
        raise Refusal("ledger_newer", path=path)
    return version


def digest_of_pages(file: BinaryIO) -> bytes:
    """A digest of a database's content, without the header that counts its changes."""
    from hashlib import sha256

    digest = sha256()
    file.seek(_HEADER)
    while block := file.read(_BLOCK):
        digest.update(block)
    return digest.digest()
