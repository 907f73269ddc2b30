"""Files that are no lists: named for what they are, with what to do."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from builders import ledger_in, refuses
from kmtrack.usecases.imports.file_kinds import kind_of

if TYPE_CHECKING:
    from collections.abc import Callable

OLE = bytes.fromhex("d0cf11e0a1b11ae1").ljust(128, b"\0")


def stream_entry(name: str) -> bytes:
    return name.encode("utf-16-le").ljust(128, b"\0")


def archive(*names: str) -> Callable[[Path], None]:
    def make(file: Path) -> None:
        with zipfile.ZipFile(file, "w") as opened:
            for each in names:
                name, _, content = each.partition("=")
                opened.writestr(name, content)

    return make


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("crm.xls", b"<html><body><table><tr><td>Navn</td></tr></table>", "a web page (HTML)"),
        ("crm.xls", b"\xef\xbb\xbf\r\n<!-- x -->\n<TABLE border=1>", "a web page (HTML)"),
        ("crm.xls", b"<!DOCTYPE html PUBLIC '-//W3C//DTD'>", "a web page (HTML)"),
        ("crm.xls", b'<?xml version="1.0"?><html xmlns="x">', "a web page (HTML)"),
        ("crm.csv", b"<div>Log ind</div>", "a web page (HTML)"),
        (
            "crm.xls",
            b"MIME-Version: 1.0\r\nContent-Type: multipart/related",
            "a saved web page (MHT)",
        ),
        (
            "crm.xls",
            b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">',
            "XML format of 2003",
        ),
        ("a.fods", b'<?xml version="1.0"?><office:document>', "(.fods)"),
        ("a.xml", b'<?xml version="1.0"?><companies/>', "an XML file"),
        ("a.slk", b"ID;PWXL;N;E\r\nP;PGeneral\r\n", "SYLK"),
        ("a.pdf", b"%PDF-1.4\n%\xe2\xe3", "a PDF"),
        ("a.xlsx", b"\r\n%PDF-1.4\n", "a PDF"),
        ("a.png", b"\x89PNG\r\n\x1a\n", "an image"),
        ("a.jpg", b"\xff\xd8\xff\xe0", "an image"),
        ("a.rtf", b"{\\rtf1\\ansi", "a text document"),
        ("a.7z", b"7z\xbc\xaf\x27\x1c", "a packed file"),
        ("a.rar", b"Rar!\x1a\x07", "a packed file"),
        ("a.gz", b"\x1f\x8b\x08", "a packed file"),
        ("a.vcf", b"BEGIN:VCARD\r\nVERSION:3.0", "vCard"),
        ("a.mdb", b"\x00\x01\x00\x00Standard Jet DB", "a database"),
        ("a.xls", b"\x09\x04\x06\x00\x00\x00\x10\x00", "before 1995"),
        ("a.doc", OLE + stream_entry("WordDocument"), "a text document"),
        ("a.ppt", OLE + stream_entry("PowerPoint Document"), "a presentation"),
        ("a.msg", OLE + stream_entry("__properties_version1.0"), "an e-mail"),
        ("a.docx", archive("[Content_Types].xml", "word/document.xml"), "a text document"),
        ("a.pptx", archive("[Content_Types].xml", "ppt/presentation.xml"), "a presentation"),
        ("a.odt", archive("mimetype=application/vnd.oasis.opendocument.text"), "a text document"),
        ("a.numbers", archive("Index/Document.iwa", "preview.jpg"), "a Numbers spreadsheet"),
        ("a.zip", archive("kontakter.csv"), "a packed file"),
        ("a.xlsx", b"company;date\n", "a text file, whatever its name says"),
        ("a.xlsx", b"\x00\x01;date\n", "neither a workbook nor a CSV file"),
    ],
)
def test_a_file_is_named_for_what_it_is(
    tmp_path: Path, name: str, content: bytes | Callable[[Path], None], words: str
) -> None:
    file = tmp_path / name
    if callable(content):
        content(file)
    else:
        file.write_bytes(content)
    with refuses("not_a_table") as refused:
        kind_of(file)
    assert words in refused.value.sentence()
    assert refused.value.sentence().count(";") == 1


def test_a_ledger_is_sent_to_merge(tmp_path: Path) -> None:
    ledger = ledger_in(tmp_path)
    if not isinstance(ledger, Path):
        pytest.skip("this one is on a server")
    with refuses("not_a_table", "kmtrack merge"):
        kind_of(ledger)


def test_the_file_that_excel_keeps_beside_an_open_one_is_known(tmp_path: Path) -> None:
    file = tmp_path / "~$kontakter.xlsx"
    file.write_bytes(b"\x05Maria" + bytes(159))
    with refuses("excel_lock", "import kontakter.xlsx"):
        kind_of(file)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"ID;Person;Dato\n1;2;3\n", "text"),
        (b"Navn,CVR\n", "text"),
        (b'{"vat": 1}', "json"),
        (b'\xef\xbb\xbf [\n {"a": 1}]', "json"),
        (b"[]", "json"),
        (b"[navn];cvr\n", "text"),
        (b"{navn};cvr\n", "text"),
        (b"<5 ansatte;navn\n", "text"),
        (OLE + stream_entry("Workbook") + stream_entry("WordDocument"), "old_workbook"),
        (OLE + "Hvad er WordDocument?".encode("utf-16-le"), "old_workbook"),
    ],
)
def test_what_is_read_is_known_by_its_content(tmp_path: Path, content: bytes, kind: str) -> None:
    file = tmp_path / "list"
    file.write_bytes(content)
    assert kind_of(file) == kind
