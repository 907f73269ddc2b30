"""The colours of workbooks: text can be read on its background, lines of a chart told apart in grey."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from openpyxl.styles import Font

from kmtrack.views.xlsx import cells, palette


def luminance(colour: str) -> float:
    """Return the relative luminance of a colour, as WCAG 2 defines it."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(text: str, back: str) -> float:
    """Return the contrast of two colours, from 1 to 21."""
    light, dark = sorted((luminance(text), luminance(back)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_the_contrast_is_that_of_the_standard() -> None:
    assert contrast("000000", "FFFFFF") == pytest.approx(21)
    assert contrast("777777", "FFFFFF") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize(
    ("text", "back"),
    [
        (text, back)
        for text, backs in palette.TEXTS_ON.items()
        for back in (*backs, *([] if text == palette.WHITE else [palette.WHITE]))
    ],
)
def test_every_text_can_be_read(text: str, back: str) -> None:
    assert contrast(text, back) >= 4.5


def _colour(value: Any) -> str:
    return str(value.rgb)[-6:]


def test_every_font_has_a_colour_of_the_palette() -> None:
    fonts = {name: value for name, value in vars(cells).items() if isinstance(value, Font)}
    assert fonts
    assert {_colour(font.color) for font in fonts.values()} <= palette.TEXTS_ON.keys()


def test_the_bars_and_lines_of_charts_differ_in_lightness() -> None:
    assert contrast(palette.REACHED, palette.EVEN) >= 3
    assert contrast(palette.FULL, palette.WHITE) >= 3
    assert contrast(palette.WHITE, palette.REACHED) >= 4.5  # the numbers inside of the bars
    assert contrast(palette.INK, palette.EVEN) >= 4.5
    assert all(contrast(line, palette.WHITE) >= 3 for line in palette.LINES)
    for darker, lighter in pairwise(palette.LINES):
        assert contrast(darker, palette.WHITE) >= 1.3 * contrast(lighter, palette.WHITE)
