"""Excel tables: a name, one row of headings that differ from each other, and the rows below it."""

from __future__ import annotations

import re
import warnings
from typing import TYPE_CHECKING, Any, Final

from openpyxl.utils import get_column_letter
from openpyxl.worksheet.table import Table, TableStyleInfo

from kmtrack.views.xlsx.cells import plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from kmtrack.views.xlsx.cells import Sheet

_BLANKS: Final = re.compile(r"[ \t\r\n]+")  # but not what keeps a number and its unit together
_LONGEST_HEAD: Final = 200  # characters; a table's heading holds 255
_LONGEST_NAME: Final = 200
_STYLE: Final = "TableStyleLight1"  # the headings and stripes are the cells' own


def different_heads(heads: Iterable[str]) -> list[str]:
    """Return headings for a table, which must differ (whatever their case) and not be very long."""
    found: dict[str, str] = {}
    for head in heads:
        text = _BLANKS.sub(" ", head).strip()[:_LONGEST_HEAD]
        number, unlike = 1, text
        while unlike.casefold() in found:
            number += 1
            unlike = f"{text} ({number})"
        found[unlike.casefold()] = unlike
    return list(found.values())


def table_name(title: str) -> str:
    """Return the name of a table as formulas write it: letters, digits and underscores."""
    name = re.sub(r"\W+", "_", title)[:_LONGEST_NAME]
    return name if name[:1].isalpha() else f"_{name}"


def add_table(sheet: Sheet, title: str, heads: Sequence[str], rows: range) -> None:
    """Make a table of the `rows` of a sheet, the first of which has the `heads`."""
    last = get_column_letter(len(heads))
    table: Any = Table(displayName=table_name(title), ref=f"A{rows[0]}:{last}{rows[-1]}")
    # openpyxl's write-only mode does not set a table's headings, without which Excel repairs the file.
    table._initialise_columns()  # noqa: SLF001 - openpyxl's own way in its documentation
    for column, head in zip(table.tableColumns, heads, strict=True):
        column.name = plain(head)
    table.tableStyleInfo = TableStyleInfo(name=_STYLE, showRowStripes=False)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the columns must be named by hand, as they are
        sheet.add_table(table)
