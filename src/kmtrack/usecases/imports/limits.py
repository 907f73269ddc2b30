"""The limits of an import: more than any honest file needs, less than would harm the machine."""

from __future__ import annotations

import time
from typing import Final, NamedTuple

from kmtrack.errors import Refusal

MEGABYTE: Final = 1024 * 1024


class Limits(NamedTuple):
    """Sizes in bytes; `rows` and `mistakes` of the whole file, `columns` of one sheet.

    `ratio` holds once a file unpacks to more than `small`; `texts` is for the part of a workbook
    that is read whole, and `gap` for the longest stretch without a new row.
    """

    packed: int = 200 * MEGABYTE
    unpacked: int = 2000 * MEGABYTE
    ratio: int = 100
    small: int = 20 * MEGABYTE
    texts: int = 64 * MEGABYTE
    gap: int = 8 * MEGABYTE
    rows: int = 1_000_000
    columns: int = 256
    seconds: int = 1800
    mistakes: int = 1000


class Deadline:
    """The moment at which reading has taken too long."""

    def __init__(self, limits: Limits) -> None:
        self._minutes = limits.seconds // 60
        self._at = time.monotonic() + limits.seconds

    def check(self) -> None:
        """Raise Refusal `import_too_slow` once the time is up."""
        if time.monotonic() > self._at:
            raise Refusal("import_too_slow", minutes=self._minutes)
