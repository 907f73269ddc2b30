"""Spreadsheets that openpyxl does not read: by calamine, in a process that may crash."""

from __future__ import annotations

import re
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import openpyxl
import pytest

from builders import ledger_in, refuses, session_over
from kmtrack.errors import Refusal
from kmtrack.usecases.companies import add_company
from kmtrack.usecases.imports import spreadsheet
from kmtrack.usecases.imports.file import import_file
from kmtrack.usecases.imports.sources import opened
from kmtrack.usecases.imports.table import Deadline, Limits
from kmtrack.views.import_preview import render_preview
from spreadsheets import binary_workbook, open_document, open_document_row

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from kmtrack.usecases.session import Session

CVR = "13748136"
HEADINGS = ("Virksomhed", "Dato", "Kanal", "Mægler")
ROW = (CVR, "2011-03-04", "besøg", "JH")
FILES = Path(__file__).parent / "spreadsheets"
TRANSITIONAL = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
# The last cell that a sheet has room for.
FAR_ROW = (
    '<table:table-row table:number-rows-repeated="1048575"/>'
    '<table:table-row><table:table-cell table:number-columns-repeated="16384" '
    'office:value-type="float" office:value="1"/></table:table-row>'
)


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    with session_over(ledger_in(tmp_path)) as session:
        add_company(session, {"name": "Maskiner ApS", "cvr": CVR, "municipality": "Viborg"})
        yield session


def tables_of(file: Path, limits: Limits | None = None) -> dict[str, list[list[object]]]:
    limits = limits or Limits()
    with opened(file, limits, Deadline(limits)) as tables:
        return {table.title: [list(row) for _, row in table.rows()] for table in tables.tables}


def _binary(folder: Path) -> Path:
    rows = {number: dict(enumerate(row)) for number, row in enumerate((HEADINGS, ROW))}
    return binary_workbook(folder / "a.xlsb", "Kontakter", rows)


def _open_document(folder: Path) -> Path:
    rows = [open_document_row(*HEADINGS), open_document_row(*ROW)]
    return open_document(folder / "a.ods", "Kontakter", rows)


def _old(folder: Path) -> Path:
    """A workbook of Excel 97, saved by LibreOffice."""
    return FILES / "contacts.xls"


def _workbook(folder: Path) -> Path:
    workbook = openpyxl.Workbook()
    workbook.worksheets[0].title = "Kontakter"
    for row in (HEADINGS, ROW):
        workbook.worksheets[0].append(row)
    workbook.save(folder / "a.xlsx")
    return folder / "a.xlsx"


def changed(file: Path, change: Callable[[str, str], str]) -> Path:
    """Change the parts of a workbook: `change` gets the name and the text of each."""
    with zipfile.ZipFile(file) as archive:
        parts = {name: archive.read(name).decode() for name in archive.namelist()}
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, change(name, text))
    return file


def _strict(folder: Path) -> Path:
    return changed(_workbook(folder), lambda _, text: text.replace(TRANSITIONAL, STRICT))


def _empty_fills(folder: Path) -> Path:
    def change(name: str, text: str) -> str:
        return (
            re.sub("<fills.*?</fills>", "<fills><fill/></fills>", text)
            if "styles" in name
            else text
        )

    return changed(_workbook(folder), change)


def _nameless_style(folder: Path) -> Path:
    def change(name: str, text: str) -> str:
        return text.replace('<cellStyle name="Normal"', "<cellStyle") if "styles" in name else text

    return changed(_workbook(folder), change)


def _odd_properties(folder: Path) -> Path:
    def change(name: str, text: str) -> str:
        if "core" not in name:
            return text
        return re.sub(r"(<dcterms:created[^>]*>)[^<]*", r"\g<1>i går", text)

    return changed(_workbook(folder), change)


def _spelled_out(folder: Path) -> Path:
    """Truth as a word, which the standard allows; the cell is beyond the headings of the table."""

    def change(name: str, text: str) -> str:
        return text.replace(
            "</row></sheetData>", '<c r="F2" t="b"><v>true</v></c></row></sheetData>'
        )

    return changed(_workbook(folder), change)


ALL = [
    _spelled_out,
    _binary,
    _open_document,
    _old,
    _strict,
    _empty_fills,
    _nameless_style,
    _odd_properties,
]


@pytest.mark.parametrize("make", ALL, ids=lambda make: make.__name__)
def test_a_spreadsheet_of_any_form_is_imported(
    session: Session, tmp_path: Path, make: Callable[[Path], Path]
) -> None:
    result = import_file(session, make(tmp_path))
    assert [(noun.noun, noun.added) for noun in result.nouns] == [("contact", 1)]
    assert result.findings.errors_look_blank
    assert any("failed formulas" in line for line in render_preview(result))


@pytest.mark.parametrize("make", [_workbook], ids=["xlsx"])
def test_openpyxl_stays_the_reader_of_workbooks(
    session: Session, tmp_path: Path, make: Callable[[Path], Path]
) -> None:
    assert not import_file(session, make(tmp_path)).findings.errors_look_blank


def test_the_name_of_a_file_does_not_decide(tmp_path: Path) -> None:
    for make, name in ((_workbook, "a.xls"), (_old, "b.xlsx"), (_open_document, "c.csv")):
        file = tmp_path / name
        file.write_bytes(make(tmp_path).read_bytes())
        assert tables_of(file)["Kontakter"][0] == list(HEADINGS)


def test_hidden_sheets_and_rows_of_an_old_workbook(tmp_path: Path) -> None:
    with opened(_old(tmp_path), Limits(), Deadline(Limits())) as tables:
        assert [table.title for table in tables.tables] == ["Kontakter"]
        assert tables.findings.hidden_sheets == ["Kontakter 2010"]


def test_rows_that_a_filter_hides_in_an_open_document_are_counted(tmp_path: Path) -> None:
    rows = [
        open_document_row(*HEADINGS),
        open_document_row(*ROW, repeated=2, visibility="filter"),
        open_document_row(*ROW, visibility="collapse"),
        open_document_row(*ROW),
    ]
    file = open_document(tmp_path / "a.ods", "Mænd & »kvinder«", rows)
    with opened(file, Limits(), Deadline(Limits())) as tables:
        (table,) = tables.tables
        assert (table.title, table.hidden_rows, len(list(table.rows()))) == (
            "Mænd & »kvinder«",
            3,
            5,
        )


@pytest.mark.parametrize("make", [_strict, _empty_fills], ids=lambda make: make.__name__)
def test_rows_that_a_filter_hides_in_an_unusual_workbook_are_counted(
    tmp_path: Path, make: Callable[[Path], Path]
) -> None:
    file = changed(
        make(tmp_path), lambda _, text: text.replace('<row r="2"', '<row hidden="1" r="2"')
    )
    with opened(file, Limits(), Deadline(Limits())) as tables:
        assert [(table.title, table.hidden_rows) for table in tables.tables] == [("Kontakter", 1)]


def test_numbers_days_and_truth_are_what_openpyxl_makes_of_them(tmp_path: Path) -> None:
    old = tables_of(FILES / "values.xls")["Ark1"]
    assert old == tables_of(FILES / "values.xlsx")["Ark1"]


@pytest.mark.parametrize(
    ("make", "cell"),
    [
        (
            lambda folder: binary_workbook(folder / "a.xlsb", "A", {1_048_575: {16_383: "x"}}),
            "XFD1048576",
        ),
        (
            lambda folder: open_document(
                folder / "a.ods", "A", [open_document_row("x", repeated=999_999_999)] * 2
            ),
            "A1048576",
        ),
        (
            lambda folder: open_document(
                folder / "a.ods",
                "A",
                [FAR_ROW],
            ),
            "XFD1048576",
        ),
    ],
)
def test_a_small_file_that_claims_a_huge_sheet_is_refused_at_once(
    tmp_path: Path, make: Callable[[Path], Path], cell: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spreadsheet, "_run", lambda *_: pytest.fail("it was read"))
    file = make(tmp_path)
    assert file.stat().st_size < 5_000
    with refuses("cell_too_far", cell):
        tables_of(file)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows bounds no memory this way")
def test_a_crash_for_want_of_memory_is_one_line(tmp_path: Path) -> None:
    """The scan is passed by, as by a form of file that it does not know."""
    file = binary_workbook(tmp_path / "a.xlsb", "A", {0: {0: "x"}, 1_000_000: {1_000: "x"}})
    limits = Limits(memory=300 * 2**20)
    with (
        refuses("workbook_unreadable") as refused,
        spreadsheet.spreadsheet_tables(file, limits, Deadline(limits)),
    ):
        pass
    assert "\n" not in refused.value.sentence()


def test_a_process_that_takes_too_long_is_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = tmp_path / "slow.py"
    script.write_text("import time\ntime.sleep(60)\n")
    monkeypatch.setattr(spreadsheet, "_SCRIPT", script)
    with refuses("workbook_unreadable"):
        tables_of(_open_document(tmp_path), Limits(process_seconds=1))


@pytest.mark.parametrize(
    "printed",
    ["", '{"sheet":"A","hidden":false}\n', '{"sheet":"A","hidden":false}\n[1,["x"', "\0\0"],
)
def test_a_process_that_ends_in_the_middle_is_refused(
    tmp_path: Path, printed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = tmp_path / "crash.py"
    script.write_text(f"import sys\nsys.stdout.write({printed!r})\nsys.exit(134)\n")
    monkeypatch.setattr(spreadsheet, "_SCRIPT", script)
    with refuses("workbook_unreadable"):
        tables_of(_open_document(tmp_path))


@pytest.mark.parametrize(
    ("limits", "key"),
    [
        (Limits(rows=1), "too_many_rows"),
        (Limits(columns=3), "too_many_columns"),
        (Limits(packed=100), "import_file_too_large"),
        (Limits(seconds=-1), "import_too_slow"),
        (Limits(cells=3), "cell_too_far"),
    ],
)
def test_each_limit_holds_for_these_too(tmp_path: Path, limits: Limits, key: str) -> None:
    for make in (_open_document, _binary):
        with refuses(key):
            tables_of(make(tmp_path), limits)


def test_a_damaged_spreadsheet_is_damaged(tmp_path: Path) -> None:
    for make in (_open_document, _binary):
        whole = make(tmp_path).read_bytes()
        file = tmp_path / "cut"
        file.write_bytes(whole[:-30])
        with refuses("workbook_damaged"):
            tables_of(file)
    file.write_bytes(_old(tmp_path).read_bytes()[:2000])
    with refuses("workbook_damaged"):
        tables_of(file)


def test_a_protected_open_document_is_protected(tmp_path: Path) -> None:
    rows = [open_document_row(*HEADINGS)]
    with refuses("workbook_protected"):
        tables_of(open_document(tmp_path / "a.ods", "A", rows, marks="<encryption-data/>"))


def test_spoilt_letters_are_found_here_too(tmp_path: Path) -> None:
    file = open_document(tmp_path / "a.ods", "A", [open_document_row("SÃ¸ndergÃ¥rd")])
    (cell,) = tables_of(file)["A"][0]
    assert isinstance(cell, Refusal)


def test_the_process_needs_nothing_of_the_program_that_starts_it(tmp_path: Path) -> None:
    """Neither a module of kmtrack that is called like one of the library, nor one in the folder."""
    (tmp_path / "json.py").write_text("raise SystemExit('the wrong module')")
    script = Path(spreadsheet.__file__).with_name("calamine_process.py")
    bounds = '{"memory": 1000000000, "seconds": 60, "rows": 9, "columns": 9, "printed": 100000}'
    with _binary(tmp_path).open("rb") as stream:
        done = subprocess.run(
            [sys.executable, "-P", str(script), bounds],
            cwd=tmp_path,
            stdin=stream,
            capture_output=True,
            encoding="utf-8",
            check=True,
        )
    assert done.stdout.splitlines()[-1] == '{"end":null}'
