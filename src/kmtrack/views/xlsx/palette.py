"""The colours of a workbook, by what they are for.

Each colour of text has a contrast of at least 4.5:1 on white and on each background that it is used
on (`TEXTS_ON`). The colours of a chart differ in lightness too, so that they can be told apart in grey.
"""

from __future__ import annotations

from typing import Final

WHITE: Final = "FFFFFF"
INK: Final = "262626"  # text
QUIET: Final = "595959"  # text that is said aside
NAVY: Final = "1F3864"  # titles, headings of tables, what was reached
LINK: Final = "1F4E99"
GOOD: Final = "1E5631"  # a state that is well, a control that agrees
BAD: Final = "9C1C00"  # a state that is not, a control that does not agree

HEAD_BACK: Final = NAVY
BAND_BACK: Final = "F2F5FA"  # what stands out quietly: totals, the sentence of a page
GOOD_BACK: Final = "E2EFDA"
BAD_BACK: Final = "FBE3D6"
NEUTRAL_BACK: Final = "EDEDED"  # a state that is neither
ANSWER_BACK: Final = "FFF4CE"  # where somebody is to write

RULE: Final = "C3CBD9"  # a thin line between rows
DATA_BAR: Final = "7C9BCE"  # behind a dark number

# The tabs of the sheets, by what they are about; their names say it too.
TAB_FIGURES: Final = NAVY
TAB_DELIVERED: Final = "2E9C76"
TAB_TERMS: Final = QUIET
TAB_RECORDS: Final = "7F9BC8"
TAB_UNCOUNTED: Final = "D08A4E"

# The backgrounds that each colour of text is used on, besides white.
TEXTS_ON: Final = {
    WHITE: (HEAD_BACK,),
    INK: (BAND_BACK, NEUTRAL_BACK, DATA_BAR, ANSWER_BACK),
    QUIET: (BAND_BACK, NEUTRAL_BACK),
    NAVY: (BAND_BACK,),
    LINK: (BAND_BACK,),
    GOOD: (GOOD_BACK,),
    BAD: (BAD_BACK,),
}

# Charts: what was reached, the even distribution, the line of 100 %; and the lines of a chart with
# several targets, each lighter than the one before. More than these differ by their dashes alone.
REACHED: Final = NAVY
EVEN: Final = "AEBBD0"
FULL: Final = "B3261E"
GRID: Final = "E3E6EB"
LINES: Final = ("1F3864", "7A3E9D", "B45309", "2E9C76")
