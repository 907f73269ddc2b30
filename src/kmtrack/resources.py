"""The data files that come with the program, wherever it is installed."""

from __future__ import annotations

from pathlib import Path
from typing import Final

_INSTALLED: Final = Path(__file__).parent / "data"
# A checkout keeps the data beside src/, where those who tend it look for it.
DATA_FOLDER: Final = _INSTALLED if _INSTALLED.is_dir() else Path(__file__).parents[2] / "data"
