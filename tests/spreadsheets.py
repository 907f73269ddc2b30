"""Spreadsheets in the forms that openpyxl does not read, made byte by byte."""

from __future__ import annotations

import struct
import zipfile
from typing import TYPE_CHECKING, Final
from xml.sax.saxutils import escape

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

_TYPES: Final = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="bin" ContentType="application/vnd.ms-excel.sheet.binary.macroEnabled.main"/>'
    '<Default Extension="rels" '
    'ContentType="application/vnd.openxmlformats-package.relationships+xml"/></Types>'
)
_RELATIONS: Final = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
    'relationships/{kind}" Target="{target}"/></Relationships>'
)


def open_document(file: Path, title: str, rows: Sequence[str], marks: str = "") -> Path:
    """Write an .ods with these rows, as XML, in its one sheet; `marks` are for its manifest."""
    names = ["table", "office", "text", "style"]
    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in names
    )
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {spaces}>'
        f'<office:body><office:spreadsheet><table:table table:name="{escape(title)}">'
        f"{''.join(rows)}</table:table></office:spreadsheet></office:body></office:document-content>"
    )
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
        archive.writestr("META-INF/manifest.xml", f"<manifest>{marks}</manifest>")
    return file


def open_document_row(*texts: str, repeated: int = 1, visibility: str = "visible") -> str:
    """Return the XML of a row of texts."""
    cells = "".join(
        f'<table:table-cell office:value-type="string"><text:p>{escape(text)}</text:p></table:table-cell>'
        for text in texts
    )
    return (
        f'<table:table-row table:number-rows-repeated="{repeated}" table:visibility="{visibility}">'
        f"{cells}</table:table-row>"
    )


def binary_workbook(file: Path, title: str, rows: Mapping[int, Mapping[int, str | float]]) -> Path:
    """Write an .xlsb with one sheet, whose cells are given by row and column from 0."""
    sheet = _record(129) + _record(148, bytes(16)) + _record(145)
    for row, cells in rows.items():
        sheet += _record(0, struct.pack("<III", row, 0, 0) + bytes(5))
        for column, value in cells.items():
            place = struct.pack("<II", column, 0)
            if isinstance(value, str):
                sheet += _record(6, place + _text(value))
            else:
                sheet += _record(5, place + struct.pack("<d", value))
    sheet += _record(146) + _record(130)
    bundle = struct.pack("<II", 0, 1) + _text("rId1") + _text(title)
    book = _record(131) + _record(143) + _record(156, bundle) + _record(144) + _record(132)
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", _TYPES)
        document = _RELATIONS.format(kind="officeDocument", target="xl/workbook.bin")
        archive.writestr("_rels/.rels", document)
        archive.writestr("xl/workbook.bin", book)
        relation = _RELATIONS.format(kind="worksheet", target="worksheets/sheet1.bin")
        archive.writestr("xl/_rels/workbook.bin.rels", relation)
        archive.writestr("xl/worksheets/sheet1.bin", sheet)
    return file


def _text(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def _record(kind: int, content: bytes = b"") -> bytes:
    head = bytes([kind]) if kind < 128 else bytes([kind & 0x7F | 0x80, kind >> 7])
    return head + _size(len(content)) + content


def _size(number: int) -> bytes:
    sizes = bytearray()
    while True:
        number, part = number >> 7, number & 0x7F
        sizes.append(part | (0x80 if number else 0))
        if not number:
            return bytes(sizes)
