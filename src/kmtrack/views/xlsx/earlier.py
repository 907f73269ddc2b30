"""Earlier workbooks: whether a file was written by an export, and may make way for the next."""

from __future__ import annotations

import re
import zipfile
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

CREATOR: Final = "kmtrack"
_PROPERTIES: Final = "docProps/core.xml"
_MOST: Final = 1 << 16  # bytes: those of no workbook need more
# Only a workbook for the region has a subject: the contract and the day.
_WRITTEN_BY_EXPORT: Final = re.compile(
    rb"(?=.*<dc:creator>\s*" + CREATOR.encode() + rb"\b)(?=.*<dc:subject>[^<])", re.DOTALL
)


def is_export(file: Path) -> bool:
    """Whether a file is a workbook that an export wrote, whatever was done to it since."""
    try:
        with zipfile.ZipFile(file) as parts, parts.open(_PROPERTIES) as properties:
            return _WRITTEN_BY_EXPORT.match(properties.read(_MOST)) is not None
    except (OSError, KeyError, ValueError, NotImplementedError, RuntimeError, zipfile.BadZipFile):
        return False
