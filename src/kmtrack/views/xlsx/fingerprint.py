"""The fingerprint of a workbook, stored in its properties: whether anybody saved it since it was written."""

from __future__ import annotations

import re
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final
from zipfile import ZIP_DEFLATED, ZipFile

from kmtrack.archives import BROKEN_ARCHIVE
from kmtrack.named_files import open_regular

if TYPE_CHECKING:
    from pathlib import Path

CREATOR: Final = "kmtrack"
_PROPERTIES: Final = "docProps/core.xml"
_LONGEST_PROPERTIES: Final = 1 << 16  # bytes: no workbook needs more for them
# Only a workbook for the region has a subject: the contract and the day. An element may declare its
# prefix itself, as openpyxl has it where lxml is installed.
_WRITTEN_BY_EXPORT: Final = re.compile(
    rb"(?=.*<dc:creator(?: [^>]*)?>\s*" + CREATOR.encode() + rb"\b)"
    rb"(?=.*<dc:subject(?: [^>]*)?>[^<])",
    re.DOTALL,
)
_FINGERPRINT: Final = re.compile(
    rb"<dc:identifier(?: [^>]*)?>sha256:([0-9a-f]{64})</dc:identifier>"
)
_PREFIX: Final = 'xmlns:dc="http://purl.org/dc/elements/1.1/"'


class FingerprintedArchive(ZipFile):
    """The archive of a workbook that is being written; its properties come last, with the fingerprint."""

    def __init__(self, file: Path) -> None:
        super().__init__(file, "w", ZIP_DEFLATED)
        self._properties = b""

    def writestr(self, zinfo_or_arcname: Any, data: Any, *rest: Any, **options: Any) -> None:
        """Write a part; keep the properties back until `complete`."""
        if zinfo_or_arcname == _PROPERTIES:
            self._properties = data if isinstance(data, bytes) else data.encode()
        else:
            super().writestr(zinfo_or_arcname, data, *rest, **options)

    def complete(self) -> None:
        """Write the properties, with the fingerprint of everything in the archive. Raises OSError."""
        digest = _fingerprint(self, self._properties)
        mark = f"<dc:identifier {_PREFIX}>sha256:{digest}</dc:identifier>"
        head, end, tail = self._properties.rpartition(b"</")
        super().writestr(_PROPERTIES, head + mark.encode() + end + tail)


def is_export(file: Path) -> bool:
    """Return whether an export wrote a file, whatever was done to it since."""
    try:
        with open_regular(file) as stream, ZipFile(stream) as archive:
            return _WRITTEN_BY_EXPORT.match(_properties_of(archive)) is not None
    except BROKEN_ARCHIVE:
        return False


def is_as_written(file: Path) -> bool:
    """Return whether nobody has saved a workbook since it was written.

    A program that saves it writes different parts, even if nothing was changed.
    """
    try:
        with open_regular(file) as stream, ZipFile(stream) as archive:
            properties = _properties_of(archive)
            found = _FINGERPRINT.search(properties)
            rest = _FINGERPRINT.sub(b"", properties)
            return found is not None and found[1].decode() == _fingerprint(archive, rest)
    except BROKEN_ARCHIVE:
        return False


def _properties_of(archive: ZipFile) -> bytes:
    with archive.open(_PROPERTIES) as properties:
        return properties.read(_LONGEST_PROPERTIES)


def _fingerprint(archive: ZipFile, properties: bytes) -> str:
    """Return the digest of the names, sizes and checksums of all parts, and of the properties.

    It guards against losing work by mistake, not against a forger of checksums.
    """
    digest = sha256(properties)
    for part in sorted(archive.infolist(), key=lambda part: part.filename):
        if part.filename != _PROPERTIES:
            digest.update(f"{part.filename}\0{part.file_size}\0{part.CRC:08x}\0".encode())
    return digest.hexdigest()
