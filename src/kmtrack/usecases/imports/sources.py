"""Opening the file of an import as what it is, whatever its name says."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from kmtrack.errors import Refusal
from kmtrack.usecases.imports.columns import recognised
from kmtrack.usecases.imports.csv import csv_tables
from kmtrack.usecases.imports.errors import unreadable
from kmtrack.usecases.imports.limits import MEGABYTE
from kmtrack.usecases.imports.workbook import workbook_tables

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from kmtrack.usecases.imports.limits import Deadline, Limits
    from kmtrack.usecases.imports.table import Tables

_ARCHIVE: Final = b"PK"
# Excel wraps a workbook that has a password in the container that it once kept .xls files in.
_COMPOUND: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")
_OF_WORKBOOKS: Final = (".xlsx", ".xlsm", ".xltx", ".xltm")


@contextmanager
def opened(file: Path, limits: Limits, deadline: Deadline) -> Iterator[Tables]:
    """The tables of a file, to be read while the block lasts; raises what it is refused for."""
    start, size = _look_at(file)
    if size == 0:
        raise Refusal("import_file_empty", file=file.name)
    if size > limits.packed:
        raise Refusal("import_file_too_large", file=file.name, size=-(-size // MEGABYTE))
    if start == _COMPOUND:
        is_encrypted = _ENCRYPTED in file.read_bytes()
        raise Refusal("workbook_protected" if is_encrypted else "old_workbook", file=file.name)
    if start.startswith(_ARCHIVE):
        with workbook_tables(file, limits, deadline) as tables:
            yield tables
    elif file.suffix.lower() in _OF_WORKBOOKS:
        raise Refusal("not_a_table", file=file.name)
    else:
        with csv_tables(file, limits, deadline, recognised) as tables:
            yield tables


def _look_at(file: Path) -> tuple[bytes, int]:
    try:
        if not file.exists():
            raise Refusal("import_file_missing", file=file)
        if not file.is_file():
            raise Refusal("import_file_is_folder", file=file)
        with file.open("rb") as stream:
            return stream.read(len(_COMPOUND)), file.stat().st_size
    except OSError as error:
        raise unreadable(file, error) from error
