"""SQLite: the only module that opens a connection to a file; its header, journals and errors."""

from __future__ import annotations

import errno
import sqlite3
from os import SEEK_END
from typing import TYPE_CHECKING, BinaryIO, Final

from kmtrack.errors import Refusal
from kmtrack.files import dangling_target
from kmtrack.ledger.store.errors import (
    LedgerDamaged,
    LedgerEmpty,
    LedgerIsFolder,
    LedgerMissing,
    NotALedger,
    WriteFailed,
)
from kmtrack.named_files import NotRegularFileError, open_regular

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path, PurePath

SECONDS_TO_WAIT: Final = 10
APPLICATION_ID: Final = 0x6B6D7472  # "kmtr"
SCHEMA_VERSION: Final = 6
_HEADER: Final = 100
_BLOCK: Final = 1 << 20
_MAGIC: Final = b"SQLite format 3\x00"
# A ledger has the first only; the others come from programs that changed its mode.
_SUFFIXES: Final = ("-journal", "-wal", "-shm")
# How a journal ends that is one of several, after the name of the file that lists them all: SQLite
# deletes that file, in any folder, when it plays the journal back.
_MULTI_FILE_MAGIC: Final = bytes.fromhex("d9d505f920a163d7")
_MULTI_FILE_END: Final = 16

# The header of each part of a journal, whose magic is that above: a number of pages, a nonce, the
# size of the ledger before, and the sizes of a sector and of a page, four bytes each.
_JOURNAL_HEADER: Final = 28
_FIELDS: Final = range(8, _JOURNAL_HEADER, 4)
_NOT_COUNTED: Final = 0xFFFFFFFF
_SIZES: Final = frozenset(1 << exponent for exponent in range(9, 17))
_PAGE_ONE: Final = (1).to_bytes(4, "big")

_PRAGMAS: Final = (
    # Replayed power cuts lost confirmed rows with FULL and none with EXTRA; WAL has had a
    # corruption bug in every release before 3.51.3 and does not work on a share.
    "PRAGMA journal_mode = DELETE",
    "PRAGMA synchronous = EXTRA",
    "PRAGMA foreign_keys = ON",
    "PRAGMA secure_delete = ON",
    "PRAGMA trusted_schema = OFF",
    "PRAGMA temp_store = MEMORY",
    # 40 MiB at most: with more an import of a hundred thousand rows is no faster.
    "PRAGMA cache_size = -40960",
)

_REFUSALS: Final[Mapping[int, tuple[type[Refusal], str]]] = {
    sqlite3.SQLITE_BUSY: (Refusal, "ledger_busy"),
    sqlite3.SQLITE_LOCKED: (Refusal, "ledger_busy"),
    sqlite3.SQLITE_READONLY: (Refusal, "ledger_read_only"),
    sqlite3.SQLITE_PERM: (Refusal, "ledger_read_only"),
    sqlite3.SQLITE_CANTOPEN: (Refusal, "ledger_not_readable"),
    sqlite3.SQLITE_CORRUPT: (LedgerDamaged, "ledger_damaged"),
    sqlite3.SQLITE_NOTADB: (LedgerDamaged, "ledger_damaged"),
    sqlite3.SQLITE_IOERR: (Refusal, "ledger_io_error"),
    sqlite3.SQLITE_FULL: (WriteFailed, "disk_full"),
    sqlite3.SQLITE_INTERRUPT: (Refusal, "took_too_long"),
    sqlite3.SQLITE_TOOBIG: (LedgerDamaged, "ledger_damaged"),
}


def connect(path: Path) -> sqlite3.Connection:
    """Open the existing file at `path` with our settings. Raises what `refusal` returns."""
    try:
        return _configure(connection_to(path, "rw"))
    except UnicodeDecodeError as error:
        raise LedgerDamaged("ledger_damaged", path=path) from error
    except sqlite3.Error as error:
        raise refusal(error, path) from error


def connect_in_memory() -> sqlite3.Connection:
    """Open an empty database in memory."""
    return _configure(sqlite3.connect(":memory:", isolation_level=None))


def connect_to_scratch() -> sqlite3.Connection:
    """Open an empty temporary database: what exceeds its cache goes to a file without a name."""
    return _configure(sqlite3.connect("", isolation_level=None))


def connection_to(path: Path, mode: str) -> sqlite3.Connection:
    """Open an existing file without settings, in a mode of SQLite (rw, ro)."""
    return sqlite3.connect(
        uri_of(path.absolute(), mode), uri=True, timeout=SECONDS_TO_WAIT, isolation_level=None
    )


def uri_of(path: PurePath, mode: str) -> str:
    """Return the URI by which SQLite opens the file at an absolute path, in a mode (rw, ro).

    A "?" in a bare path would open another file. SQLite accepts no share as the authority of a URI,
    so the share goes into the path.
    """
    uri = path.as_uri()
    if path.drive.startswith("\\\\"):
        uri = uri.replace("//", "////", 1)
    return f"{uri}?mode={mode}"


def file_id(path: Path) -> tuple[int, int] | None:
    """Return what distinguishes a file from another with its name; None if there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _configure(connection: sqlite3.Connection) -> sqlite3.Connection:
    connection.row_factory = sqlite3.Row
    try:
        for pragma in _PRAGMAS:
            connection.execute(pragma)
    except BaseException:
        connection.close()  # an open file cannot be replaced on Windows
        raise
    return connection


def refusal(error: sqlite3.Error, path: Path) -> Refusal:
    """Return the refusal for an error of SQLite. Raises the error itself if there is none."""
    code = getattr(error, "sqlite_errorcode", None)
    found = _REFUSALS.get(code & 0xFF) if code is not None else None
    if found is None:
        if "decode" in str(error):  # sqlite3 reports invalid UTF-8 without an error code
            return LedgerDamaged("ledger_damaged", path=path)
        raise error
    kind, key = found
    if code == sqlite3.SQLITE_READONLY_DBMOVED:
        key = "ledger_replaced" if path.exists() else "ledger_deleted"
    if code == sqlite3.SQLITE_READONLY_ROLLBACK:
        return Refusal("ledger_unfinished", path=path, journal=journal_of(path))
    return kind(key, path=path)


def version_at(path: Path) -> int:
    """Read the version of the ledger at `path` without opening it. Raises as `open_store`.

    If a crash left a journal, it is the version that the ledger has once SQLite plays that back.
    Raises NotALedger `foreign_journal` for a journal that names other files.
    """
    header = header_at(path)
    if not header:
        raise LedgerEmpty("ledger_empty", path=path)
    application_id = int.from_bytes(header[68:72], "big")
    if not header.startswith(_MAGIC) or application_id != APPLICATION_ID:
        raise NotALedger("not_a_ledger", path=path)
    version = int.from_bytes(header[60:64], "big")
    if version > SCHEMA_VERSION:
        raise Refusal("ledger_newer", path=path)
    return version


def header_at(path: Path) -> bytes:
    """Read the header of the file at `path`, as it is after the journal beside it is played back.

    Raises as `version_at`.
    """
    try:
        with open_regular(path) as file:
            header = file.read(_HEADER)
        # After the file, as a change that begins meanwhile writes its journal first. Of an empty
        # file SQLite plays none back.
        return (header and _header_in_journal(path)) or header
    except NotRegularFileError as error:
        raise LedgerIsFolder("ledger_is_folder", path=path) from error
    except OSError as error:
        if error.errno == errno.ELOOP:
            raise LedgerMissing("link_circle", path=path) from error
        if error.errno in {errno.ENOENT, errno.ENOTDIR}:
            if target := dangling_target(path):
                raise LedgerMissing("dangling_link", path=path, target=target) from error
            raise LedgerMissing("ledger_missing", path=path) from error
        raise Refusal("ledger_not_readable", path=path) from error


def _header_in_journal(path: Path) -> bytes | None:
    """Read the header stored in the journal of a ledger; None if the journal has none."""
    journal = journal_of(path)
    try:
        if names_other_files(journal):
            raise NotALedger("foreign_journal", path=path, journal=journal)
        if journal.is_symlink():  # which SQLite does not follow
            raise Refusal("journal_not_regular", path=path, journal=journal)
        with open_regular(journal) as file:
            return first_page_in(file, _HEADER)
    except NotRegularFileError as error:
        raise Refusal("journal_not_regular", path=path, journal=journal) from error
    except FileNotFoundError:  # never there, or the change has ended meanwhile
        return None


def first_page_in(journal: BinaryIO, length: int) -> bytes | None:
    """Return the beginning of page 1 as stored in a journal, None if that is not among its pages.

    A journal has parts, each with a header in a sector of its own and the former content of pages.
    """
    size, start = journal.seek(0, SEEK_END), 0
    while start + _JOURNAL_HEADER <= size:
        journal.seek(start)
        head = journal.read(_JOURNAL_HEADER)
        number, _, _, sector, page = (int.from_bytes(head[at : at + 4], "big") for at in _FIELDS)
        is_sound = all(each in _SIZES for each in (sector, page))
        if not head.startswith(_MULTI_FILE_MAGIC) or not is_sound:
            return None
        record = 4 + page + 4  # its number, the page, a checksum
        there = (size - start - sector) // record
        # The number is written when all of the part is: until then the file has not been changed.
        pages = there if number == _NOT_COUNTED else min(number, there)
        for each in range(pages):
            journal.seek(start + sector + each * record)
            if journal.read(4) == _PAGE_ONE:
                return journal.read(length)
        start += -(-(sector + max(pages, 0) * record) // sector) * sector
    return None


def digest_of_pages(file: BinaryIO) -> bytes:
    """Return a digest of a database's content, without the header that counts its changes."""
    from hashlib import sha256

    digest = sha256()
    file.seek(0)
    left = _end_of_pages(file.read(_HEADER)) or file.seek(0, SEEK_END)
    left -= file.seek(_HEADER)
    while block := file.read(min(_BLOCK, max(left, 0))):
        digest.update(block)
        left -= len(block)
    return digest.digest()


def _end_of_pages(header: bytes) -> int:
    """Return where a database ends by its header, after which SQLite reads nothing; 0 where it does not say."""
    numbers = (int.from_bytes(header[at : at + 4], "big") for at in (24, 28, 92))
    changes, pages, changes_then = numbers
    size = int.from_bytes(header[16:18], "big")
    return pages * (1 << 16 if size == 1 else size) if changes == changes_then else 0


def journal_of(path: Path) -> Path:
    """Return the path of a ledger's journal, which is there during a change or after a crash."""
    return next(_names_beside(path))


def _names_beside(path: Path) -> Iterator[Path]:
    """Yield the paths of the files that SQLite makes beside a ledger; for a link, beside its target."""
    real = path.resolve() if path.is_symlink() else path
    return (real.with_name(real.name + suffix) for suffix in _SUFFIXES)


def names_other_files(journal: Path) -> bool:
    """Return whether a journal names another file to be deleted; that of a ledger never does."""
    with open_regular(journal) as file:
        size = file.seek(0, SEEK_END)
        if size < _MULTI_FILE_END:
            return False
        file.seek(size - _MULTI_FILE_END)
        end = file.read()
        length = int.from_bytes(end[:4], "big")  # of the name; then come a checksum and the magic
        return end.endswith(_MULTI_FILE_MAGIC) and 0 < length <= size - _MULTI_FILE_END


def journals_beside(path: Path) -> Iterator[Path]:
    """Return the files that SQLite left beside a ledger."""
    return (left for left in _names_beside(path) if left.exists())


def play_back_journal(path: Path) -> None:
    """Return a ledger that a crash left half changed to its last state, and remove its journal.

    Raises what `refusal` returns, LedgerDamaged for a journal that does not belong to a ledger, and
    OSError.
    """
    journal = journal_of(path)
    if journal.exists() and names_other_files(journal):
        raise LedgerDamaged("ledger_damaged", path=path)
    connection = connect(path)
    try:
        connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    except sqlite3.Error as error:
        raise refusal(error, path) from error
    finally:
        connection.close()
    remove_journals(path)


def remove_journals(path: Path) -> None:
    """Remove the journals of a ledger that is gone. Raises OSError."""
    for left in list(journals_beside(path)):
        left.unlink()
