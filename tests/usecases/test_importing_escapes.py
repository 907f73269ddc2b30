"""Characters that a workbook gives by number: read as what they are, and written so as to come back."""

from __future__ import annotations

import csv
import io
import re
import shutil
import subprocess
import zipfile
from functools import partial
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
from openpyxl import Workbook
from python_calamine import load_workbook

from kmtrack.usecases.imports.table import Deadline, Limits
from kmtrack.usecases.imports.workbook import workbook_tables
from kmtrack.views.xlsx.cells import safe_text, text_cell

if TYPE_CHECKING:
    from pathlib import Path

RAW = [
    "a_x000D_\nb",
    "_x005F_x000D_",
    "x005F_",
    "foox005F_bar",
    "_x41_",
    "_xD83D__xDE00_",
    "_x0041_x0042_",
]
READ = ["a\r\nb", "_x000D_", "x005F_", "foox005F_bar", "_x41_", "\U0001f600", "Ax0042_"]
TEXTS = [
    *("_x000D_", "_x005F_", "_x005F_x000D_", "_x0041_x0042_", "__x0041__", "x005F_", "_X000D_"),
    *("pris_x1234_kr", "=_x0041_", "_x", "_x12G4_", "æ_x00E6_"),
]

_OVERRIDE = (
    '<Override PartName="/xl/sharedStrings.xml" ContentType="application/'
    'vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/>'
)
_RELATION = (
    '<Relationship Id="shared" Target="sharedStrings.xml" Type="http://schemas.openxmlformats.org/'
    'officeDocument/2006/relationships/sharedStrings"/>'
)


def read(file: Path) -> list[object]:
    with workbook_tables(file, Limits(), Deadline(Limits())) as tables:
        return [row[0] for _, row in tables.tables[0].rows()]


def written(folder: Path, cells: list[list[Any]], *, shared: bool) -> Path:
    """Write cells by openpyxl, which escapes nothing and keeps texts in their cells; or share them."""
    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet("A")
    for row in cells:
        sheet.append([make(sheet) if callable(make) else make for make in row])
    file = folder / "texts.xlsx"
    workbook.save(file)
    if shared:
        _share_texts(file)
    return file


def _share_texts(file: Path) -> None:
    """Move the texts of the cells to a part of their own, as Excel does."""
    with zipfile.ZipFile(file) as archive:
        parts = {name: archive.read(name).decode() for name in archive.namelist()}
    texts: list[str] = []

    def share(match: re.Match[str]) -> str:
        texts.append(f"<si>{match[1]}</si>")
        return f't="s"><v>{len(texts) - 1}</v>'

    sheet = "xl/worksheets/sheet1.xml"
    parts[sheet] = re.sub(r't="inlineStr"><is>(.*?)</is>', share, parts[sheet], flags=re.DOTALL)
    assert texts
    namespace = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    parts["xl/sharedStrings.xml"] = f'<sst xmlns="{namespace}">{"".join(texts)}</sst>'
    _declare(parts, "[Content_Types].xml", "</Types>", _OVERRIDE)
    _declare(parts, "xl/_rels/workbook.xml.rels", "</Relationships>", _RELATION)
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)


def _declare(parts: dict[str, str], name: str, end: str, line: str) -> None:
    if "sharedStrings" not in parts[name]:
        parts[name] = parts[name].replace(end, line + end)


@pytest.mark.parametrize("shared", [True, False], ids=["shared", "inline"])
def test_characters_given_by_number_are_read(tmp_path: Path, shared: bool) -> None:
    assert read(written(tmp_path, [[text] for text in RAW], shared=shared)) == READ


@pytest.fixture(params=[True, False], ids=["shared", "inline"])
def ours(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A workbook with the texts as our own writers write them."""
    cells = [[partial(text_cell, value=text), partial(safe_text, value=text)] for text in TEXTS]
    return written(tmp_path, cells, shared=request.param)


def test_what_we_write_comes_back_through_import_and_calamine(ours: Path) -> None:
    with workbook_tables(ours, Limits(), Deadline(Limits())) as tables:
        assert [list(row) for _, row in tables.tables[0].rows()] == [[text, text] for text in TEXTS]
    rows = load_workbook(str(ours)).get_sheet_by_index(0).to_python()
    assert rows == [[text, text] for text in TEXTS]


@pytest.mark.libreoffice
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_what_we_write_comes_back_through_libreoffice(ours: Path, tmp_path: Path) -> None:
    office = ["soffice", "--headless", f"-env:UserInstallation=file://{tmp_path}/profile"]
    subprocess.run(
        [
            *office,
            "--convert-to",
            "csv:Text - txt - csv (StarCalc):44,34,76",
            "--outdir",
            str(tmp_path),
            str(ours),
        ],
        check=True,
        capture_output=True,
    )
    with (tmp_path / "texts.csv").open(encoding="utf-8", newline="") as stream:
        assert [row[0] for row in csv.reader(stream)] == TEXTS


def test_openpyxl_is_not_asked_for_shared_texts(tmp_path: Path) -> None:
    """It reads `_x005F_x000D_` and `_x000D_` as the same, which is why we do not."""
    cells = [["_x005F_x000D_"], ["_x000D_"]]
    file = written(tmp_path, cells, shared=True)
    workbook = openpyxl.load_workbook(io.BytesIO(file.read_bytes()))
    assert [row[0].value for row in workbook.worksheets[0].rows] == ["_x000D_", "_x000D_"]
