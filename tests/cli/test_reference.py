"""The reference of commands says what the commands say, and all of it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from reference import reference

PAGE: Final = Path(__file__).parents[2] / "docs" / "commands.md"


def test_the_reference_is_that_of_the_commands() -> None:
    """KMTRACK_WRITE_GOLDEN=1 writes it first."""
    page = reference()
    if os.environ.get("KMTRACK_WRITE_GOLDEN"):
        PAGE.write_text(page, encoding="utf-8", newline="\n")
    assert page == PAGE.read_text(encoding="utf-8")
