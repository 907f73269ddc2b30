"""Councils in cells: one, or several of one record that a formula can tell apart."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kmtrack.i18n import say

if TYPE_CHECKING:
    from collections.abc import Iterable

BETWEEN_COUNCILS: Final = "; "


def council_in_cell(name: str) -> str:
    """Return the text of a council in a cell; "" is an unknown one."""
    return name.replace(BETWEEN_COUNCILS, ", ") or say("group.unknown")


def councils_in_cell(names: Iterable[str]) -> str:
    """Return the text of a record's councils in its cell."""
    return BETWEEN_COUNCILS.join(map(council_in_cell, names))
