"""What several tests of use cases need: the desk of a second broker."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from builders import desk_over, ledger_in

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from kmtrack.usecases.session import Desk


@pytest.fixture
def other(tmp_path: Path) -> Iterator[Desk]:
    """The desk of broker MK over a ledger that began as a copy of JH's."""
    (tmp_path / "other").mkdir()
    with desk_over(ledger_in(tmp_path / "other"), broker="MK") as desk:
        yield desk
