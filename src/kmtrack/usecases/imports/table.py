"""Tables of a file, and the limits within which they are read."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from kmtrack.errors import BadValue, Refusal
from kmtrack.ledger.schema.plain_text import shown
from kmtrack.named_files import MEGABYTE

NumberedRow = tuple[int, Sequence[object]]

# What a title says of a sheet that is not the one in use; the number is what Excel adds to a copy.
_DRAFT: Final = re.compile(
    r"(?<![^\W\d_])(?:"
    r"kladder?|udkast|gammelt?|gamle|forældet|kopi|kopier|"
    r"drafts?|old|outdated|obsolete|copy|copies|backup"
    r")(?![^\W\d_])|\(\d+\)\s*$",
    re.IGNORECASE,
)


class FileTable(NamedTuple):
    """A sheet of a workbook, or all of a CSV file (which has no title).

    Rows come with their numbers as a spreadsheet or an editor shows them, blank ones left out. A
    cell is a text, a day, a fraction, None, or an error in place of its content. `hidden_rows` of
    them are hidden by a filter, and read like the others.
    """

    title: str
    rows: Callable[[], Iterator[NumberedRow]]
    hidden_rows: int = 0

    @property
    def is_draft(self) -> bool:
        """Return whether the title says that this is a draft, a copy, or an old sheet."""
        return _DRAFT.search(self.title) is not None


def spoilt_text(text: str) -> BadValue:
    """Return the error for a cell with letters that cannot be right."""
    return BadValue("letters_spoilt", value=shown(text))


@dataclass
class Findings:
    """Findings from reading a file, apart from its rows.

    `hidden_sheets` were not read. With `errors_look_blank`, the reader cannot tell a failed or
    uncalculated formula from an empty cell. `encoding` is that of a text file that is not Unicode.
    """

    hidden_sheets: list[str] = field(default_factory=list)
    errors_look_blank: bool = False
    encoding: str | None = None


class Tables(NamedTuple):
    """The tables of a file; `size` is roughly the number of rows in all of them."""

    size: int
    tables: list[FileTable]
    findings: Findings


class Limits(NamedTuple):
    """The limits of an import: more than any honest file needs, less than would harm the machine.

    Sizes are in bytes; `rows` and `errors` are for the whole file, `columns` for one sheet. `ratio`
    applies once a file unpacks to more than `small`; `texts` is for the part of a workbook that is
    read whole, and `gap` for the longest stretch without a new row. `cells` is for a reader that
    holds all cells from the first to the last, in a process that may take `memory` bytes and
    `process_seconds`.
    """

    packed: int = 200 * MEGABYTE
    unpacked: int = 2000 * MEGABYTE
    ratio: int = 100
    small: int = 20 * MEGABYTE
    texts: int = 64 * MEGABYTE
    gap: int = 8 * MEGABYTE
    rows: int = 1_000_000
    columns: int = 256
    cells: int = 20_000_000
    memory: int = 1500 * MEGABYTE
    process_seconds: int = 300
    seconds: int = 1800
    errors: int = 1000


class Deadline:
    """The moment after which reading has taken too long."""

    def __init__(self, limits: Limits) -> None:
        self._minutes = limits.seconds // 60
        self._at = time.monotonic() + limits.seconds

    @property
    def seconds_left(self) -> float:
        """Return how many seconds are left for reading."""
        return max(0.0, self._at - time.monotonic())

    def check(self) -> None:
        """Raise Refusal `import_too_slow` once the time is up."""
        if time.monotonic() > self._at:
            raise Refusal("import_too_slow", minutes=self._minutes)
