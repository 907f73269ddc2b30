"""Which files an import takes, which it refuses, and that a refusal changes nothing."""

from __future__ import annotations

import datetime as dt
import shutil
import zipfile
from typing import TYPE_CHECKING, Any, Final

import openpyxl
import pytest

from kmtrack.clock import Clock
from kmtrack.errors import BadValue, Refusal
from kmtrack.usecases.companies import add_company
from kmtrack.usecases.imports import file as file_import
from kmtrack.usecases.imports.file import import_file
from kmtrack.usecases.imports.result import BadRows
from kmtrack.usecases.imports.table import Limits
from kmtrack.usecases.init import NewLedger, create_ledger
from kmtrack.usecases.location import session_at
from kmtrack.views.imports import result_as_dict

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from kmtrack.usecases.session import Session

TODAY = dt.date(2011, 6, 30)
CVR = "13748136"
HEADINGS = ["company", "date"]
ROW = [CVR, "2011-03-04"]
OLE = bytes.fromhex("d0cf11e0a1b11ae1")
# The entry of a stream in the directory of such a file.
ENCRYPTED = "EncryptedPackage".encode("utf-16-le").ljust(128, b"\0")
# The parts of a workbook that another program made, without styles or shared texts.
CONTENT_TYPES: Final = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Default Extension="rels" '
    'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/xl/workbook.xml" ContentType="application/'
    'vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
    '<Override PartName="/xl/sheet1.xml" ContentType="application/'
    'vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>'
)
RELATIONS: Final = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
    'relationships/{kind}" Target="{target}"/></Relationships>'
)
WORKBOOK: Final = (
    '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
    '<sheets><sheet name="{title}" sheetId="1" r:id="r1"/></sheets></workbook>'
)


@pytest.fixture(scope="module")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("founded") / "ledger.db"
    clock = Clock(TODAY, is_set=True)
    create_ledger(path, NewLedger(("Viborg",), None, "JH", None), clock, {})
    with session_at(path, clock, {}) as session:
        add_company(session, {"name": "Maskiner ApS", "cvr": CVR, "municipality": "Viborg"})
    return path


@pytest.fixture
def session(founded: Path, tmp_path: Path) -> Iterator[Session]:
    path = tmp_path / "ledger.db"
    shutil.copy(founded, path)
    with session_at(path, Clock(TODAY, is_set=True), {}) as session:
        yield session


def workbook_file(folder: Path, sheets: dict[str, list[list[Any]]]) -> Path:
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.worksheets[0])
    for title, rows in sheets.items():
        sheet = workbook.create_sheet(title)
        for row in rows:
            sheet.append(row)
    file = folder / "work.xlsx"
    workbook.save(file)
    return file


def raw_workbook(folder: Path, sheet: str, title: str = "contacts", **parts: str) -> Path:
    """Return a workbook with this XML for its one sheet, as no program of ours would write it."""
    file = folder / "raw.xlsx"
    namespace = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", CONTENT_TYPES)
        archive.writestr(
            "_rels/.rels", RELATIONS.format(kind="officeDocument", target="xl/workbook.xml")
        )
        archive.writestr("xl/workbook.xml", WORKBOOK.format(title=title))
        archive.writestr(
            "xl/_rels/workbook.xml.rels", RELATIONS.format(kind="worksheet", target="sheet1.xml")
        )
        archive.writestr("xl/sheet1.xml", f'<worksheet xmlns="{namespace}">{sheet}</worksheet>')
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/") + ".xml", content)
    return file


def cells(number: int, *texts: str) -> str:
    inner = "".join(f'<c t="inlineStr"><is><t>{text}</t></is></c>' for text in texts)
    return f'<row r="{number}">{inner}</row>'


def rows_in(session: Session) -> int:
    return int(session.store.get("SELECT count(*) FROM contact")[0])


def _rows(session: Session) -> list[list[object]]:
    """Return all rows but where the day's backup is, with its seal: it is made before an import is read."""
    tables = [session.store.all(f"SELECT * FROM {name}") for name in sorted(session.store.tables())]
    rows = [[*row] for table in tables for row in table]
    return [row for row in rows if not str(row[0]).startswith(("backups:", "seal:"))]


def refused(session: Session, file: Path, noun: str | None = None) -> Refusal:
    """What an import of `file` is refused for, after which the ledger is as it was."""
    before = _rows(session)
    with pytest.raises(Refusal) as caught:
        import_file(session, file, noun)
    assert _rows(session) == before
    assert "\n" not in caught.value.sentence()
    return caught.value


def _missing(folder: Path) -> Path:
    return folder / "nowhere.xlsx"


def _folder(folder: Path) -> Path:
    return folder


def _with(name: str, content: bytes) -> Callable[[Path], Path]:
    def make(folder: Path) -> Path:
        file = folder / name
        file.write_bytes(content)
        return file

    return make


def _zip(name: str, *members: str) -> Callable[[Path], Path]:
    def make(folder: Path) -> Path:
        file = folder / name
        with zipfile.ZipFile(file, "w") as archive:
            for member in members:
                archive.writestr(member, "<x/>")
        return file

    return make


def _cut_short(folder: Path) -> Path:
    file = workbook_file(folder, {"contacts": [HEADINGS, *[ROW] * 100]})
    file.write_bytes(file.read_bytes()[:-200])
    return file


def _encrypted_part(folder: Path) -> Path:
    file = _zip("locked.xlsx", "xl/workbook.xml", "[Content_Types].xml")(folder)
    content = bytearray(file.read_bytes())
    at = content.find(b"PK\x01\x02")
    while at >= 0:
        content[at + 8] |= 1  # the flag of an encrypted member
        at = content.find(b"PK\x01\x02", at + 4)
    file.write_bytes(content)
    return file


@pytest.mark.parametrize(
    ("make", "error"),
    [
        (_missing, "file_missing"),
        (_folder, "file_not_regular"),
        (_with("a.xlsx", b""), "import_file_empty"),
        (_with("a.csv", b""), "import_file_empty"),
        (_with("a.csv", b" \n\n  \r\n"), "import_file_empty"),
        (_with("a.xlsx", b"company;date\n"), "not_a_table"),
        (_with("a.xlsx", b"%PDF-1.4 ..."), "not_a_table"),
        (_with("a.csv", b"\x00\x01\x02\x03"), "not_a_table"),
        (_with("a.xlsx", b"PK\x03\x04 and then nothing"), "workbook_damaged"),
        (_zip("a.docx", "[Content_Types].xml", "word/document.xml"), "not_a_table"),
        (_zip("a.ods", "mimetype", "content.xml"), "not_a_table"),
        (_zip("a.xlsx", "xl/workbook.xml", "[Content_Types].xml"), "workbook_damaged"),
        (_cut_short, "workbook_damaged"),
        (_with("a.xls", OLE + bytes(600)), "workbook_damaged"),
        (_with("a.xlsx", OLE + bytes(120) + ENCRYPTED), "workbook_protected"),
        (_encrypted_part, "workbook_protected"),
        (_with("a.csv", b"nothing;known\n1;2\n"), "noun_unclear"),
        (_with("a.csv", b"company;note\n1;2\n"), "noun_unclear"),
        (_with("contacts.csv", b"company;note\n1;2\n"), "missing_column"),
        (_with("a.csv", b'company;date;note\n1;2;"a\n3;4;5\n'), "text_damaged"),
        (_with("a.csv", b'company;date;note\n1;2;"a"b\n'), "text_damaged"),
        (_with("a.csv", b"company;date\n1;" + b"x" * 200_000 + b"\n"), "line_too_long"),
        (_with("a.csv", b'company;date\n1;"' + b"x\n" * 200_000), "text_damaged"),
        (_with("a.csv", b"company;date\n\x81\x8d\x8f;1\n"), "unknown_encoding"),
        (_with("a.csv", b"\xff\xfea"), "unknown_encoding"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_a_file_that_is_no_table_is_refused(
    session: Session, tmp_path: Path, make: Callable[[Path], Path], error: str
) -> None:
    assert refused(session, make(tmp_path)).key == error


@pytest.mark.parametrize(
    ("sheets", "error"),
    [
        ({"Ark1": [["x"]], "Ark2": [["y"]]}, "no_known_sheet"),
        ({"Ark1": []}, "import_file_empty"),
        ({"Ark1": [["x", "y"]]}, "noun_unclear"),
        ({"contacts": [["company", "note"]]}, "missing_column"),
        ({"contacts": [["x", "y"]]}, "missing_column"),
        ({"contacts": [["company", "date", "Dato"]]}, "double_column"),
        ({"contacts": [[*HEADINGS, *[f"x{n}" for n in range(300)]]]}, "too_many_columns"),
    ],
)
def test_a_workbook_that_lacks_something_is_refused(
    session: Session, tmp_path: Path, sheets: dict[str, list[list[Any]]], error: str
) -> None:
    assert refused(session, workbook_file(tmp_path, sheets)).key == error


def test_what_the_rows_are_is_asked_for_and_told(session: Session, tmp_path: Path) -> None:
    file = tmp_path / "rows.csv"
    file.write_text(f"company,cvr,kind\nAlfa,{CVR},project\n", encoding="utf-8")
    sentence = refused(session, file).sentence()
    assert f"kmtrack import {file} --as NOUN (one of: company, collaboration)" in sentence
    assert import_file(session, file, "samarbejde").nouns[0].noun == "collaboration"
    assert refused(session, file, "brokers").key == "unknown_noun"


@pytest.mark.parametrize(
    "name", ["collaborations.csv", "Samarbejder 2011.csv", "mine-samarbejder.CSV"]
)
def test_the_name_of_a_file_tells_where_headings_do_not(
    session: Session, tmp_path: Path, name: str
) -> None:
    file = tmp_path / name
    file.write_text(f"company,kind\n{CVR},project\n", encoding="utf-8")
    assert import_file(session, file).nouns[0].noun == "collaboration"


def test_a_single_sheet_goes_by_its_headings(session: Session, tmp_path: Path) -> None:
    import_file(session, workbook_file(tmp_path, {"Ark1": [HEADINGS, ROW]}))
    assert rows_in(session) == 1


def test_a_false_dimension_hides_no_rows(session: Session, tmp_path: Path) -> None:
    rows = "".join(cells(n, CVR, f"2011-03-{n:02}") for n in range(2, 30))
    sheet = f'<dimension ref="A1:A2"/><sheetData>{cells(1, *HEADINGS)}{rows}</sheetData>'
    import_file(session, raw_workbook(tmp_path, sheet))
    assert rows_in(session) == 28


def test_a_gap_between_rows_keeps_their_numbers(session: Session, tmp_path: Path) -> None:
    sheet = f"<sheetData>{cells(3, *HEADINGS)}{cells(90, CVR, 'x')}</sheetData>"
    error = refused(session, raw_workbook(tmp_path, sheet))
    assert isinstance(error, BadRows)
    assert error.errors[0].position == ("contacts", 90)


def test_a_row_beyond_the_end_of_any_sheet_is_refused(session: Session, tmp_path: Path) -> None:
    sheet = f"<sheetData>{cells(1, *HEADINGS)}{cells(4_000_000_000, *ROW)}</sheetData>"
    assert refused(session, raw_workbook(tmp_path, sheet)).key == "too_many_rows"


@pytest.mark.parametrize(
    "sheet",
    [
        "<sheetData><row r='1'><c r='A1' t='s'><v>7</v></c></row></sheetData>",
        "<sheetData><row r='x'><c r='A1'><v>7</v></c></row></sheetData>",
        "<sheetData><row r='1'><c r='A1'><v>seven</v></c></row></sheetData>",
        "<sheetData><row r='1'>",
        "&nothing;",
    ],
)
def test_a_sheet_that_cannot_be_read_is_refused(
    session: Session, tmp_path: Path, sheet: str
) -> None:
    assert refused(session, raw_workbook(tmp_path, sheet)).key == "workbook_damaged"


def test_formulas_count_by_what_they_gave(session: Session, tmp_path: Path) -> None:
    def formula(inner: str) -> str:
        return f'<row r="2"><c r="A2" t="str"><f>1+1</f><v>{CVR}</v></c>{inner}</row>'

    heads = cells(1, "company", "date", "note")
    day = '<c r="B2" t="str"><f>"a"</f><v>2011-03-04</v></c>'
    blank = '<c r="C2" t="str"><f>IF(A2="","",""))</f><v></v></c>'
    import_file(
        session, raw_workbook(tmp_path, f"<sheetData>{heads}{formula(day + blank)}</sheetData>")
    )
    assert rows_in(session) == 1
    uncalculated = '<c r="B2"><f>TODAY()</f><v></v></c>'
    error = refused(
        session, raw_workbook(tmp_path, f"<sheetData>{heads}{formula(uncalculated)}</sheetData>")
    )
    assert isinstance(error, BadRows)
    (mistake,) = error.errors
    assert (mistake.position, mistake.column) == (("contacts", 2), "date")
    assert mistake.error.sentence() == BadValue("formula_without_value").sentence()


def test_values_beyond_the_headings_of_a_sheet_are_told_of(
    session: Session, tmp_path: Path
) -> None:
    result = import_file(session, workbook_file(tmp_path, {"contacts": [HEADINGS, [*ROW, "husk"]]}))
    assert result_as_dict(result)["ignored_columns"] == ["contacts: values without a heading"]


def test_a_workbook_that_unpacks_to_too_much_is_refused(session: Session, tmp_path: Path) -> None:
    blank = "<row/>" * 8_000_000
    file = raw_workbook(tmp_path, f"<sheetData>{blank}</sheetData>")
    assert file.stat().st_size < 1_000_000
    assert refused(session, file).key == "import_file_too_large"


@pytest.mark.parametrize(
    "limits",
    [
        Limits(packed=1000),
        Limits(unpacked=1000),
        Limits(small=1000, ratio=2),
        Limits(gap=1000),
    ],
)
def test_each_limit_on_size_holds(
    session: Session, tmp_path: Path, limits: Limits, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = workbook_file(tmp_path, {"contacts": [HEADINGS, ROW]})
    monkeypatch.setattr(file_import, "LIMITS", limits)
    assert refused(session, file).key == "import_file_too_large"


def test_one_huge_value_is_refused_before_it_is_read(session: Session, tmp_path: Path) -> None:
    huge = "".join(f"{n:x}" for n in range(700_000))
    file = raw_workbook(tmp_path, f"<sheetData>{cells(1, huge)}</sheetData>")
    assert refused(session, file).key == "import_file_too_large"


def test_too_many_rows_are_refused(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [[CVR, f"2011-03-{n:02}"] for n in range(1, 12)]
    workbook = workbook_file(tmp_path, {"contacts": [HEADINGS, *rows]})
    text = tmp_path / "rows.csv"
    lines = [";".join(row) for row in (HEADINGS, *rows)]
    text.write_text("\n".join(lines), encoding="utf-8")
    monkeypatch.setattr(file_import, "LIMITS", Limits(rows=10))
    for file in (workbook, text):
        assert refused(session, file).key == "too_many_rows"
    monkeypatch.setattr(file_import, "LIMITS", Limits(rows=12))
    assert import_file(session, workbook).nouns[0].added == 11


@pytest.mark.slow
def test_two_million_rows_are_refused_at_once(session: Session, tmp_path: Path) -> None:
    file = tmp_path / "rows.csv"
    with file.open("w", encoding="utf-8") as stream:
        stream.write("company;date\n")
        stream.writelines(f"{CVR};2011-03-04\n" for _ in range(2_000_000))
    error = refused(session, file)
    assert error.key == "too_many_rows"
    assert "2000000" in error.sentence()


def test_a_reading_that_takes_too_long_is_stopped(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = workbook_file(tmp_path, {"contacts": [HEADINGS, ROW]})
    monkeypatch.setattr(file_import, "LIMITS", Limits(seconds=-1))
    assert refused(session, file).key == "import_too_slow"


def test_only_the_first_of_very_many_mistakes_are_kept(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "rows.csv"
    file.write_text("company;date\n" + f"{CVR};x\n" * 2500, encoding="utf-8")
    monkeypatch.setattr(file_import, "LIMITS", Limits(errors=100))
    error = refused(session, file)
    assert isinstance(error, BadRows)
    assert (len(error.errors), error.number) == (100, 2500)


def test_a_sheet_made_by_another_program_is_read(session: Session, tmp_path: Path) -> None:
    """Its elements have a prefix, and its rows and cells no numbers."""
    namespace = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    file = raw_workbook(tmp_path, "")
    rows = "".join(
        f'<x:row><x:c t="inlineStr"><x:is><x:t>{one}</x:t></x:is></x:c>'
        f'<x:c t="inlineStr"><x:is><x:t>{other}</x:t></x:is></x:c></x:row>'
        for one, other in (HEADINGS, ROW)
    )
    sheet = f'<x:worksheet xmlns:x="{namespace}"><x:sheetData>{rows}</x:sheetData></x:worksheet>'
    with zipfile.ZipFile(file) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in {**parts, "xl/sheet1.xml": sheet.encode()}.items():
            archive.writestr(name, content)
    import_file(session, file)
    assert rows_in(session) == 1
