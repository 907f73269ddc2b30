"""An export that is there already: replaced if nobody changed it, else asked about or kept."""

from __future__ import annotations

import errno
import json
import os
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
from openpyxl.comments import Comment

from cli_runner import run_in
from terminals import seen

if TYPE_CHECKING:
    from collections.abc import Callable

    from openpyxl import Workbook

    from cli_runner import Runner

pytestmark = pytest.mark.files

KEPT = "region (changed 2011-06-30).xlsx"


@pytest.fixture(scope="module")
def exported(stocked_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Return what an export of the stocked ledger is, written once."""
    file = tmp_path_factory.mktemp("exported") / "region.xlsx"
    run_in(stocked_folder, [("export", str(file))])
    return file.read_bytes()


@pytest.fixture
def file(tmp_path: Path, exported: bytes) -> Path:
    """Return the file of an export, in a folder of its own."""
    file = tmp_path / "out" / "region.xlsx"
    file.parent.mkdir()
    file.write_bytes(exported)
    return file


def _names(file: Path) -> list[str]:
    return sorted(path.name for path in file.parent.iterdir())


def _as_saved_by_excel(file: Path) -> None:
    """Save a workbook with other properties and the same sheets, as Excel does."""
    with zipfile.ZipFile(file) as archive:
        parts = {part.filename: archive.read(part) for part in archive.infolist()}
    name = "docProps/core.xml"
    by = b"<cp:lastModifiedBy>Birthe</cp:lastModifiedBy>"
    parts[name] = parts[name].replace(b"</cp:coreProperties>", by + b"</cp:coreProperties>")
    with zipfile.ZipFile(file, "w") as archive:
        for part, content in parts.items():
            archive.writestr(part, content)


def _author(book: Workbook) -> None:
    book.properties.lastModifiedBy = "Region Midtjylland"


def _remark(book: Workbook) -> None:
    book.worksheets[0]["A1"].comment = Comment("Er det rigtigt?", "Birthe")


def _sheet(book: Workbook) -> None:
    book.create_sheet("Mine noter")["A1"] = "husk"


def _value(book: Workbook) -> None:
    book.worksheets[1]["A2"] = "noget andet"


def _nothing(book: Workbook) -> None:
    del book


def _change(file: Path, how: Callable[[Workbook], None]) -> None:
    book = openpyxl.load_workbook(file)
    how(book)
    book.save(file)


def test_one_that_nobody_changed_is_replaced_without_a_word(stocked: Runner, file: Path) -> None:
    stocked.done("contact", "add", "13748136", "--date", "2011-03-02")
    before = file.read_bytes()
    outcome = stocked("export", str(file), "--json")
    assert (outcome.code, outcome.err) == (0, "")
    assert json.loads(outcome.out)["kept"] is None
    assert file.read_bytes() != before
    assert _names(file) == ["region.xlsx"]


@pytest.mark.everyday(1)
@pytest.mark.parametrize("how", [_author, _remark, _sheet, _value, _nothing])
def test_in_a_pipe_a_changed_one_is_kept_under_another_name(
    stocked: Runner, file: Path, how: Callable[[Workbook], None]
) -> None:
    _change(file, how)
    changed = file.read_bytes()
    outcome = stocked("export", str(file))
    assert outcome.code == 0
    assert outcome.err == (
        f"region.xlsx had been changed since it was created; it is now called {KEPT}\n"
    )
    assert _names(file) == [KEPT, "region.xlsx"]
    assert (file.parent / KEPT).read_bytes() == changed
    assert openpyxl.load_workbook(file).sheetnames[0] == "Front page"
    assert stocked("export", str(file)).err == ""


def test_another_last_author_alone_is_a_change(stocked: Runner, file: Path) -> None:
    _as_saved_by_excel(file)
    assert stocked("export", str(file)).code == 0
    assert _names(file) == [KEPT, "region.xlsx"]


def test_a_file_that_was_only_copied_or_touched_is_replaced(stocked: Runner, file: Path) -> None:
    file.write_bytes(file.read_bytes())
    os.utime(file, (1_300_000_000, 1_300_000_000))
    assert stocked("export", str(file)).err == ""
    assert _names(file) == ["region.xlsx"]


@pytest.mark.slow
def test_the_name_says_when_it_was_changed_and_is_free(stocked: Runner, file: Path) -> None:
    for _ in range(2):
        _change(file, _remark)
        os.utime(file, (1_300_000_000, 1_300_000_000))  # 13 March 2011
        outcome = stocked("export", str(file), "--json")
    expected = ["region (changed 2011-03-13) 2.xlsx", "region (changed 2011-03-13).xlsx"]
    assert _names(file) == [*expected, "region.xlsx"]
    assert json.loads(outcome.out)["kept"] == str(file.parent / expected[0])


def test_a_time_of_change_that_there_cannot_be_is_today(
    stocked: Runner, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _change(file, _remark)
    stat = Path.stat

    def far_ahead(path: Path, **how: Any) -> os.stat_result:
        found = stat(path, **how)
        return os.stat_result((*found[:7], *([10**12] * 3))) if path == file else found

    monkeypatch.setattr(Path, "stat", far_ahead)
    assert stocked("export", str(file)).code == 0
    assert _names(file) == [KEPT, "region.xlsx"]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("typed", "kept", "code"), [("1\n", True, 0), ("2\n", False, 0), ("\n", None, 1)]
)
def test_on_a_terminal_somebody_is_asked(
    stocked: Runner, file: Path, typed: str, kept: bool | None, code: int
) -> None:
    _change(file, _remark)
    changed = file.read_bytes()
    shown = seen(
        "--lang", "en", "export", str(file), typed=typed, KMTRACK_LEDGER=str(stocked.ledger)
    )
    assert shown.code == code, shown.text
    assert "region.xlsx has been changed since it was created" in shown.plain
    assert f"1  keep it as {KEPT}" in " ".join(shown.plain.split()).replace("1 keep", "1  keep")
    assert _names(file) == ([KEPT, "region.xlsx"] if kept else ["region.xlsx"])
    assert (file.read_bytes() == changed) == (kept is None)


def _full(*_: object) -> None:
    raise OSError(errno.ENOSPC, "full")


@pytest.mark.everyday(1)
@pytest.mark.parametrize("step", ["link", "fsync", "replace"])
def test_nothing_is_lost_on_a_disk_that_is_full(
    stocked: Runner, file: Path, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    _change(file, _remark)
    changed = file.read_bytes()
    if step == "replace":
        monkeypatch.setattr(Path, "replace", _full)
    else:
        monkeypatch.setattr(os, step, _full)
        monkeypatch.setattr(Path, "rename", _full)
    outcome = stocked("export", str(file))
    assert (outcome.code, outcome.out) == (1, "")
    assert _names(file) == ["region.xlsx"]
    assert file.read_bytes() == changed


@pytest.mark.slow
@pytest.mark.parametrize("fails", [False, True])
def test_a_disk_where_a_file_has_one_name_only_keeps_it_too(
    stocked: Runner, file: Path, fails: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unknown(*_: object) -> None:
        raise OSError(errno.EPERM, "no links here")

    _change(file, _remark)
    changed = file.read_bytes()
    monkeypatch.setattr(os, "link", unknown)
    if fails:
        monkeypatch.setattr(Path, "replace", _full)
    assert stocked("export", str(file)).code == int(fails)
    assert _names(file) == (["region.xlsx"] if fails else [KEPT, "region.xlsx"])
    assert (file if fails else file.parent / KEPT).read_bytes() == changed


def test_one_that_is_changed_while_the_new_one_is_written_is_kept(
    stocked: Runner, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from kmtrack.views.xlsx import workbook

    save: Callable[[Workbook, Path], None] = vars(workbook)["save_workbook"]

    def changed_meanwhile(book: Workbook, beside: Path) -> None:
        save(book, beside)
        _change(file, _remark)

    monkeypatch.setattr(workbook, "save_workbook", changed_meanwhile)
    assert "it is now called" in stocked("export", str(file)).err
    assert _names(file) == [KEPT, "region.xlsx"]
