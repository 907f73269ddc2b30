"""Location of the data files shipped with the program."""

from __future__ import annotations

from pathlib import Path
from typing import Final

_INSTALLED: Final = Path(__file__).parent / "data"
# A checkout keeps its data next to src/, a wheel inside the package.
DATA_FOLDER: Final = _INSTALLED if _INSTALLED.is_dir() else Path(__file__).parents[2] / "data"
