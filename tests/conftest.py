"""What holds for every test: a fixed clock, home, language and width, and no way to a real ledger."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from kmtrack import texts

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_UNSET = ("KMTRACK_LEDGER", "KMTRACK_LANG", "KMTRACK_BROKER", "LC_MESSAGES", "LANG", "LANGUAGE")
_FIXED = {
    "KMTRACK_TODAY": "2011-06-30",
    "COLUMNS": "80",
    "NO_COLOR": "1",
    "LC_ALL": "C.UTF-8",
    "TZ": "UTC",
    "TERM": "xterm",
}
_HOMES = ("HOME", "USERPROFILE", "APPDATA", "LOCALAPPDATA", "XDG_DATA_HOME", "XDG_STATE_HOME")


@pytest.fixture(autouse=True)
def fixed_world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The same surroundings for each test, with a home folder of its own."""
    for name in _UNSET:
        monkeypatch.delenv(name, raising=False)
    for name, value in _FIXED.items():
        monkeypatch.setenv(name, value)
    home = tmp_path / "home"
    for name in (*_HOMES, "KMTRACK_HOME"):
        monkeypatch.setenv(name, str(home))
    texts.use("en")
    yield
    texts.use("en")
