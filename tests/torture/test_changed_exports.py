"""A full disk and kill -9 at every step of an export over a workbook that somebody has changed."""

from __future__ import annotations

import re
import shutil
import zipfile
from typing import TYPE_CHECKING, Final

import openpyxl
import pytest
from forking import Forked
from laid_out import MAKING, lay_out, restored
from program import command_line, environment, run

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = [
    pytest.mark.torture,
    pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed"),
]

_CALLS: Final = "link,linkat,rename,renameat,renameat2,unlink,unlinkat,write,fsync,ftruncate"
_CALL: Final = re.compile(r"^\d+ +(\w+)\(", re.MULTILINE)
_EXPORT: Final = MAKING["export"]


def _points(program: Forked, folder: Path) -> list[tuple[str, int]]:
    """Return each call of an export by its name, and its position among those of that name."""
    log = folder.parent / "points.log"
    code, _, err = program.run(folder, _EXPORT, _strace(log))
    assert code == 0, err
    points: list[tuple[str, int]] = []
    numbers: dict[str, int] = {}
    for call in _CALL.findall(log.read_text(errors="replace")):
        numbers[call] = numbers.get(call, 0) + 1
        points.append((call, numbers[call]))
    return points


def _strace(log: Path) -> list[str]:
    return ["strace", "-f", "-e", f"trace={_CALLS}", "-o", str(log)]


@pytest.mark.parametrize(
    ("name", "fault"), [("ENOSPC", "error=ENOSPC"), ("kill -9", "signal=KILL")]
)
def test_what_somebody_changed_is_never_lost(
    tmp_path: Path,
    times: Callable[[int, int], int],
    told: Callable[[str, str], None],
    name: str,
    fault: str,
) -> None:
    folder, kept = tmp_path / "work", tmp_path / "kept"
    lay_out(kept, imported=20)
    folder.mkdir()
    restored(folder, kept)
    assert run(folder, command_line(*_EXPORT)).code == 0
    workbook = openpyxl.load_workbook(folder / "region.xlsx")
    workbook.worksheets[0]["A1"] = "Er det rigtigt?"
    workbook.save(kept / "region.xlsx")
    changed = (kept / "region.xlsx").read_bytes()
    faults = kept_twice = 0
    with Forked(environment(folder)) as program:
        restored(folder, kept)
        points = _points(program, folder)
        assert {call for call, _ in points} & {"link", "linkat"}
        for call, number in points[:: times(1, 5)]:
            restored(folder, kept)
            log = folder.parent / "faults.log"
            inject = ["-e", f"inject={call}:{fault}:when={number}"]
            code, out, err = program.run(folder, _EXPORT, [*_strace(log), *inject])
            where = (call, number, code, out, err)
            assert "Traceback" not in err, where
            found = sorted(folder.glob("region*.xlsx"))
            assert changed in [file.read_bytes() for file in found], where
            for file in found:
                assert zipfile.ZipFile(file).testzip() is None, where
            if "untouched" in err:
                assert [file.name for file in found] == ["region.xlsx"], where
            faults += 1
            kept_twice += len(found) == 2
    assert kept_twice
    told(f"{name} in an export", f"{faults} points over a changed workbook: 0 lost")
