"""Cells of a spreadsheet, in forms that mean the same in any column."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from kmtrack.errors import Refusal
from kmtrack.usecases.imports.encodings import is_spoilt
from kmtrack.usecases.imports.table import spoilt_text


def cell_text(text: str) -> object:
    """Return a text, or the error that stands for it if its letters cannot be right."""
    return text if text.isascii() or not is_spoilt(text) else spoilt_text(text)


def plain_cell(cell: Any) -> object:
    """Return a cell in a form that means the same in any column."""
    if cell is None or isinstance(cell, Refusal):
        return cell
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    if isinstance(cell, float) and not cell.is_integer():
        return cell
    # 13748136.0 is how a spreadsheet may keep a CVR number, 740 a municipality's code.
    return str(int(cell)) if isinstance(cell, (int, float)) else str(cell)
