"""State colours: cells with the state of a target, coloured by what they say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from kmtrack.i18n import say
from kmtrack.views.xlsx.cells import (
    BAD_FILL,
    BAD_TEXT,
    BOLD,
    GOOD_FILL,
    GOOD_TEXT,
    NEUTRAL_FILL,
    coloured,
)

if TYPE_CHECKING:
    from openpyxl.styles import Font

    from kmtrack.views.xlsx.cells import Sheet

_WELL: Final = ("met", "on-schedule", "running", "under-way")
_NOT_WELL: Final = ("behind", "late", "missed", "silent", "gap", "incomplete")
_NEITHER: Final = ("not-started", "open")


def colour_states(sheet: Sheet, cells: str) -> None:
    """Colour the states in these cells by their words, even after a formula changes them."""
    styles = {say(f"state.{state}"): _style_of(state) for state in (*_WELL, *_NOT_WELL, *_NEITHER)}
    for word, (font, fill) in styles.items():
        sheet.conditional_formatting.add(cells, coloured(word, font, fill))


def _style_of(state: str) -> tuple[Font, Any]:
    if state in _WELL:
        return GOOD_TEXT, GOOD_FILL
    return (BAD_TEXT, BAD_FILL) if state in _NOT_WELL else (BOLD, NEUTRAL_FILL)
