"""Colours of a terminal, named by what they say, which the words beside them say as well.

They are of the 256 that every terminal shows alike, and can be read on white and on black.
"""

from __future__ import annotations

from typing import Final

GOOD: Final = "color(29)"
WARNING: Final = "color(130)"
BAD: Final = "bold color(161)"
STRONG: Final = "bold"
