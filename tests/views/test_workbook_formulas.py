"""Formulas of a workbook: each has its value beside it, and no word ever becomes one."""

from __future__ import annotations

import re
import zipfile
from typing import TYPE_CHECKING

import openpyxl
import pytest
from python_calamine import CalamineWorkbook

from kmtrack.views.xlsx.cells import styled
from kmtrack.views.xlsx.file import save_workbook
from kmtrack.views.xlsx.formulas import (
    Formula,
    FormulaValue,
    seen_from_elsewhere,
    streamed_workbook,
)

if TYPE_CHECKING:
    from pathlib import Path


def _sheet(file: Path, row: list[object]) -> str:
    """Write a workbook of one row; return the XML of its sheet."""
    book = streamed_workbook()
    sheet = book.create_sheet("Sheet")
    sheet.append([styled(sheet, value) if isinstance(value, Formula) else value for value in row])
    save_workbook(book, file)
    with zipfile.ZipFile(file) as parts:
        return parts.read("xl/worksheets/sheet1.xml").decode()


@pytest.mark.parametrize(
    ("formula", "cell"),
    [
        (Formula("SUM(B1:C1)", 3), "<f>SUM(B1:C1)</f><v>3</v>"),
        (Formula("1/3", 1 / 3), "<f>1/3</f><v>0.3333333333333333</v>"),
        (
            Formula('IF(1<2,"a & b","")', "a & b"),
            '<f>IF(1&lt;2,"a &amp; b","")</f><v>a &amp; b</v>',
        ),
        (Formula("1=1", True), "<f>1=1</f><v>1</v>"),
    ],
)
def test_a_formula_has_its_value_beside_it(tmp_path: Path, formula: Formula, cell: str) -> None:
    kinds = {str: ' t="str"', bool: ' t="b"'}
    kind = kinds.get(type(formula.value), "")
    written = _sheet(tmp_path / "book.xlsx", [formula])
    assert re.search(f'<c r="A1" s="[0-9]+"{kind}>{re.escape(cell)}</c>', written), written


@pytest.mark.parametrize(
    ("text", "elsewhere"),
    [
        ("B5=C5", "'A ''b'!B5='A ''b'!C5"),
        ("$A2&AB$10", "'A ''b'!$A2&'A ''b'!AB$10"),
        ("SUM(B$2:B9)*100", "SUM('A ''b'!B$2:B9)*100"),
        ("'Other A1'!$B$2:$B$9=A1", "'Other A1'!$B$2:$B$9='A ''b'!A1"),
        ('IF(A1="B2 ""C3""",LOG10(D4),DATE(2011,1,31))',
         'IF(\'A \'\'b\'!A1="B2 ""C3""",LOG10(\'A \'\'b\'!D4),DATE(2011,1,31))'),
    ],
)  # fmt: skip
def test_cells_of_a_formula_are_those_of_its_sheet_elsewhere(text: str, elsewhere: str) -> None:
    assert seen_from_elsewhere(Formula(text, 0), "A 'b") == Formula(elsewhere, 0)


@pytest.mark.parametrize("value", [0, 41, 0.07, "stemmer", "", True, False])
def test_other_readers_see_the_value(tmp_path: Path, value: FormulaValue) -> None:
    file = tmp_path / "book.xlsx"
    _sheet(file, ["first", Formula("B2", value), "last"])
    seen = CalamineWorkbook.from_path(file).get_sheet_by_index(0).to_python()
    assert seen == [["first", value, "last"]]
    stated = openpyxl.load_workbook(file).worksheets[0]["B1"]
    assert stated.value == "=B2"


@pytest.mark.parametrize("word", ["=1+1", "=HYPERLINK(A1)", "#N/A", "#REF!", "=", "==", "@x", "+1"])
def test_no_word_becomes_a_formula_or_an_error(tmp_path: Path, word: str) -> None:
    file = tmp_path / "book.xlsx"
    written = _sheet(file, [word, "after"])
    assert "<f" not in written
    assert 't="e"' not in written
    cells = openpyxl.load_workbook(file).worksheets[0]
    assert [cells["A1"].value, cells["B1"].value] == [word, "after"]
    assert cells["A1"].data_type == "s"
    assert not cells["B1"].quotePrefix
