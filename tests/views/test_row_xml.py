"""Rows as XML: a reader finds in them what openpyxl would have written cell by cell."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.cell import WriteOnlyCell
from openpyxl.utils.exceptions import IllegalCharacterError
from openpyxl.xml.functions import fromstring, tostring

from hypothesis_profiles import examples
from kmtrack.views.xlsx.cells import BOLD, styled, text_cell
from kmtrack.views.xlsx.formulas import Formula, streamed_workbook
from kmtrack.views.xlsx.row_xml import StyledValue, row_xml

if TYPE_CHECKING:
    from pathlib import Path

DAY = dt.date(2011, 6, 30)
VALUES: list[Any] = [
    *("Hedelund", "", None, " før og efter ", "a & b < c > d", "to\nlinjer", "=1+1", "#N/A", "#1"),
    *("+45", "'", "_x000D_", "Ærø 🏭", 7, -1, 2.5, True, False, DAY, "x" * 40_000),
    *(dt.datetime(2011, 6, 30, 12, 15), "1,5", "007"),  # noqa: DTZ001
]


def _read(file: Path, rows: list[list[Any]], *, theirs: bool) -> list[list[Any]]:
    book: Any = openpyxl.Workbook(write_only=True) if theirs else streamed_workbook()
    sheet = book.create_sheet("Ark")
    for row in rows:
        sheet.append([text_cell(sheet, one) if theirs and str(one)[:1] in "=#" and one else one for one in row])  # fmt: skip
    book.save(file)
    found = openpyxl.load_workbook(file)["Ark"]
    return [[(cell.value, cell.value and cell.data_type) for cell in row] for row in found.iter_rows()]  # fmt: skip


def test_values_are_read_back_as_openpyxl_writes_them(tmp_path: Path) -> None:
    rows = [VALUES, [], list(reversed(VALUES)), [None, *VALUES]]
    ours = _read(tmp_path / "ours.xlsx", rows, theirs=False)
    assert ours == _read(tmp_path / "theirs.xlsx", rows, theirs=True)
    assert ours[0][6] == ("=1+1", "s")


@examples(200)
@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=20))
def test_any_text_is_escaped_as_openpyxl_escapes_it(text: str) -> None:
    sheet = openpyxl.Workbook(write_only=True).create_sheet("Ark")
    try:
        written = row_xml(sheet, [text], 1, {})
    except IllegalCharacterError:
        with pytest.raises(IllegalCharacterError):
            WriteOnlyCell(sheet, text)
        return
    found = [each.text for each in fromstring(written).iter("t")]
    assert found == ([text.replace("\r\n", "\n").replace("\r", "\n")] if text else [])


def test_styles_links_and_formulas_are_kept(tmp_path: Path) -> None:
    book = streamed_workbook()
    sheet: Any = book.create_sheet("Ark")
    linked = styled(sheet, "til arket", font=BOLD)
    linked.hyperlink = "https://example.dk/"
    sheet.row_dimensions[1].height = 33
    cells = [styled(sheet, value, font=BOLD) for value in ("tekst", 7, DAY, 0.5, "", "=x")]
    sheet.append([*cells, linked, styled(sheet, Formula("1+1", 2), font=BOLD)])
    book.save(tmp_path / "ark.xlsx")
    found = openpyxl.load_workbook(tmp_path / "ark.xlsx")["Ark"]
    row: Any = next(found.iter_rows())
    assert [cell.value for cell in row] == [
        *("tekst", 7, dt.datetime(2011, 6, 30), 0.5, None, "=x", "til arket", "=1+1"),  # noqa: DTZ001
    ]
    assert all(cell.font.bold for cell in row)
    assert (row[2].is_date, row[5].data_type, row[7].data_type) == (True, "s", "f")
    assert row[6].hyperlink.target == "https://example.dk/"
    assert found.row_dimensions[1].height == 33
    values = openpyxl.load_workbook(tmp_path / "ark.xlsx", data_only=True)["Ark"]
    assert values["H1"].value == 2


def test_a_value_is_read_back_with_its_style(tmp_path: Path) -> None:
    book = streamed_workbook()
    sheet: Any = book.create_sheet("Ark")
    style = styled(sheet, "", font=BOLD).style_id
    values: list[Any] = ["=x & y", "", 7, 37.0, 2.25, DAY]
    sheet.append([StyledValue(value, style) for value in values])
    book.save(tmp_path / "ark.xlsx")
    row: Any = next(openpyxl.load_workbook(tmp_path / "ark.xlsx")["Ark"].iter_rows())
    assert [cell.value for cell in row] == ["=x & y", None, 7, 37, 2.25, 40724]
    assert [cell.data_type for cell in row] == ["s", "n", "n", "n", "n", "n"]
    assert all(cell.font.bold for cell in row)


def test_another_writer_of_xml_gets_the_row_as_an_element() -> None:
    written: list[Any] = []

    class Lxml:
        write = written.append

    sheet: Any = streamed_workbook().create_sheet("Ark")
    sheet._get_writer()
    sheet._writer.write_row(Lxml(), ["a & b", 7], 3)
    assert tostring(written[0]) == (
        b'<row r="3"><c r="A3" t="inlineStr"><is><t>a &amp; b</t></is></c>'
        b'<c r="B3" t="n"><v>7</v></c></row>'
    )
