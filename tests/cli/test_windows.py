"""What only Windows does: files that are open elsewhere, long paths, consoles of an old code page."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.skipif(os.name != "nt", reason="only Windows does so")
_LONG: Final = 300  # characters: Windows counts 260 of a path unless it is told otherwise


def _kmtrack(folder: Path, *words: str, lang: str = "en") -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "KMTRACK_LANG": lang, "KMTRACK_BROKER": "JH"}
    return subprocess.run(
        [sys.executable, "-m", "kmtrack", *words],
        cwd=folder, env=environment, capture_output=True, encoding="utf-8", check=False, timeout=60,
    )  # fmt: skip


@contextmanager
def _opened_elsewhere(file: Path) -> Iterator[None]:
    """Keep a file open as a spreadsheet program does: others may read it, and not replace it."""
    from ctypes import windll  # type: ignore[attr-defined,unused-ignore]

    generic_read, share_read, open_existing = 0x80000000, 1, 3
    handle = windll.kernel32.CreateFileW(
        str(file), generic_read, share_read, None, open_existing, 0, None
    )
    assert handle != -1
    try:
        yield
    finally:
        windll.kernel32.CloseHandle(handle)


def _ledger(folder: Path) -> str:
    ledger = str(folder / "ledger.db")
    made = _kmtrack(folder, "--ledger", ledger, "init", "--municipality", "Viborg")
    assert made.returncode == 0, made.stderr
    return ledger


def test_a_workbook_that_is_open_elsewhere_stays_and_is_named(tmp_path: Path) -> None:
    ledger, file = _ledger(tmp_path), tmp_path / "region.xlsx"
    assert _kmtrack(tmp_path, "--ledger", ledger, "export", str(file)).returncode == 0
    before = file.read_bytes()
    with _opened_elsewhere(file):
        refused = _kmtrack(tmp_path, "--ledger", ledger, "export", str(file))
    assert refused.returncode == 1
    assert refused.stderr.count("\n") == 1
    assert "region.xlsx" in refused.stderr
    assert file.read_bytes() == before


def test_a_long_path_is_used_or_refused_in_one_line(tmp_path: Path) -> None:
    folder = tmp_path
    while len(str(folder)) < _LONG:
        folder /= "en lang mappe med æøå"
    made = _kmtrack(tmp_path, "--ledger", str(folder / "ledger.db"), "init")
    assert made.returncode in {0, 1}, made.stderr
    assert "Traceback" not in made.stderr
    if made.returncode == 1:
        assert made.stderr.count("\n") == 1


@pytest.mark.parametrize("page", [850, 1252, 65001])
def test_a_console_of_an_old_code_page_shows_danish(tmp_path: Path, page: int) -> None:
    ledger = _ledger(tmp_path)
    added = _kmtrack(tmp_path, "--ledger", ledger, "company", "add", "Ærø Smørrebrød")
    assert added.returncode == 0, added.stderr
    command = f'chcp {page} >nul & "{sys.executable}" -m kmtrack --ledger "{ledger}" company list'
    # Given as one line: a list would be quoted for another parser than that of cmd.
    listed = subprocess.run(
        f'cmd /d /s /c "{command}"', capture_output=True, check=False, timeout=60,
        env={**os.environ, "KMTRACK_LANG": "da"},
    )  # fmt: skip
    assert listed.returncode == 0, listed.stderr
    assert b"Traceback" not in listed.stderr
    assert b"Sm" in listed.stdout
