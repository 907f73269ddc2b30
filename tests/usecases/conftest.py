"""What several tests of use cases need: the session of a second broker."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from builders import ledger_in, session_over

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from kmtrack.usecases.session import Session


@pytest.fixture
def other(tmp_path: Path) -> Iterator[Session]:
    """Yield the session of broker MK over a ledger that began as a copy of JH's."""
    (tmp_path / "other").mkdir()
    with session_over(ledger_in(tmp_path / "other"), broker="MK") as session:
        yield session
