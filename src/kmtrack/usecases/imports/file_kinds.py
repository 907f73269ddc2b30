"""File kinds: what a file is, by its content; its name may say something else."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, Literal, cast, get_args

from kmtrack.errors import Phrase, Refusal
from kmtrack.named_files import open_file

if TYPE_CHECKING:
    from pathlib import Path
    from zipfile import ZipFile

ReadableKind = Literal[
    "workbook", "binary_workbook", "old_workbook", "open_document", "json", "text"
]

_READABLE: Final = get_args(ReadableKind)
_START: Final = 4096
_CHUNK: Final = 1024 * 1024
_NEVER_TEXT: Final = (".xlsx", ".xlsm", ".xltx", ".xltm")
_CONTROL: Final = re.compile(rb"[\x00-\x08\x0e-\x1f\x7f]")
_LOCK: Final = "~$"
_ZIP: Final = (b"PK\x03\x04", b"PK\x05\x06")
_COMPOUND: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# Names of streams in a compound file, the container of Excel before 2007 and of much else.
_STREAMS: Final = {
    "EncryptedPackage": "protected",
    "Workbook": "old_workbook",
    "Book": "old_workbook",
    "WordDocument": "word",
    "PowerPoint Document": "presentation",
    "__properties_version1.0": "message",
}
_ENTRY: Final = 128  # bytes, of a stream's entry in the directory of a compound file
_LONGEST_NAME: Final = 64
# Parts of an archive that say what it is, and what they say of a workbook.
_TELLING_PARTS: Final = ("mimetype", "META-INF/manifest.xml", "[Content_Types].xml")
_SHEET_TYPE: Final = b"spreadsheetml.sheet.main+xml"
_LONGEST_PART: Final = 64 * 1024
# How the stream of a workbook with a password begins: the record BOF, then FILEPASS.
_PASSWORD: Final = re.compile(rb"\x09\x08\x10\x00.{16}\x2f\x00", re.DOTALL)
_STARTS: Final = (
    (b"%PDF", "pdf"),
    (b"\x89PNG", "image"),
    (b"\xff\xd8\xff", "image"),
    (b"GIF8", "image"),
    (b"II*\x00", "image"),
    (b"MM\x00*", "image"),
    (b"{\\rtf", "word"),
    (b"7z\xbc\xaf\x27\x1c", "archive"),
    (b"Rar!\x1a", "archive"),
    (b"\x1f\x8b", "archive"),
    (b"\x00\x01\x00\x00Standard ", "database"),
    (b"\x09\x00\x04\x00", "old_excel"),
    (b"\x09\x02\x06\x00", "old_excel"),
    (b"\x09\x04\x06\x00", "old_excel"),
    (b"BEGIN:VCARD", "vcard"),
    (b"BEGIN:VCALENDAR", "calendar"),
    (b"MIME-Version:", "web_archive"),
    (b"SQLite format 3\x00", "database"),
)
_LEDGER: Final = b"kmtr"  # where a database says whose it is
_WHOSE: Final = slice(68, 72)
_HTML: Final = re.compile(
    rb"\s*(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body|meta|title|table|style|script|div)\b",
    re.IGNORECASE | re.DOTALL,
)
_XML: Final = re.compile(rb"\s*<\?xml|\s*<[A-Za-z_][\w:.-]*[\s>]")
_IN_XML: Final = (
    ("sheet_xml", b"urn:schemas-microsoft-com:office:spreadsheet"),
    ("flat_ods", b"office:document"),
    ("html", b"<html"),
)
_PDF_INSIDE: Final = re.compile(rb".{0,1000}?%PDF-\d", re.DOTALL)
_SYLK: Final = re.compile(rb"ID;P[^\r\n]*\r?\n[A-Z]{1,2};")  # "ID;Person" is a heading
_JSON: Final = re.compile(rb'\s*(?:\[\s*[\[{"\]]|\{\s*["}])')
_UTF8_MARK: Final = b"\xef\xbb\xbf"
# What to do with a file of each kind that is not read.
_ADVICE: Final = {
    "html": "resave",
    "web_archive": "resave",
    "old_excel": "resave",
    "sheet_xml": "resave",
    "flat_ods": "resave",
    "sylk": "resave",
    "word": "copy",
    "text_document": "copy",
    "numbers": "numbers",
    "archive": "unpack",
    "ledger": "merge",
    "misnamed_text": "rename",
}


def kind_of(file: Path) -> ReadableKind:
    """Return how to read a file. Raises Refusal for one that cannot be read, naming what it is.

    The keys are `not_a_table`, `excel_lock`, `workbook_protected` and `workbook_damaged`. Raises
    OSError.
    """
    if file.name.startswith(_LOCK):
        raise Refusal("excel_lock", file=file.name, other=file.name.removeprefix(_LOCK))
    with open_file(file) as stream:
        start = stream.read(_START)
    kind = _kind(file, start)
    if kind == "protected":
        raise Refusal("workbook_protected", file=file.name)
    if kind not in _READABLE:
        raise not_a_table(file, kind)
    return cast("ReadableKind", kind)


def not_a_table(file: Path, kind: str = "unknown") -> Refusal:
    """Return the refusal of a file that is something else, with what to do."""
    advice = Phrase(f"file_advice.{_ADVICE.get(kind, 'export')}")
    return Refusal("not_a_table", file=file.name, kind=Phrase(f"file_kind.{kind}"), advice=advice)


def _kind(file: Path, start: bytes) -> str:
    if start.startswith(_COMPOUND):
        return _kind_of_compound(file)
    if start.startswith(_ZIP):
        return _kind_of_archive(file)
    known = next((kind for first, kind in _STARTS if start.startswith(first)), None)
    if known:
        is_ledger = known == "database" and start[_WHOSE] == _LEDGER
        return "ledger" if is_ledger else known
    return _kind_of_text(file, start.removeprefix(_UTF8_MARK))


def _kind_of_text(file: Path, start: bytes) -> str:
    by_start = (("html", _HTML), ("sylk", _SYLK), ("pdf", _PDF_INSIDE))
    known = next((kind for kind, pattern in by_start if pattern.match(start)), None)
    if known:
        return known
    if _XML.match(start):
        return next((kind for kind, word in _IN_XML if word in start.lower()), "xml")
    if _JSON.match(start) and b"\0" not in start:
        return "json"
    if file.suffix.lower() not in _NEVER_TEXT:
        return "text"
    return "unknown" if _CONTROL.search(start) else "misnamed_text"


def _kind_of_compound(file: Path) -> str:
    """Return the kind of a compound file, by the names of its streams in the directory."""
    found = set()
    with open_file(file) as stream:
        rest, at = b"", 0
        while chunk := stream.read(_CHUNK):
            if _PASSWORD.search(chunk):
                found.add("protected")
            piece = rest + chunk
            for name, kind in _STREAMS.items():
                if _has_entry(piece, at - len(rest), name):
                    found.add(kind)
            at += len(chunk)
            rest = piece[-_ENTRY:]
    kinds = ("protected", "old_workbook", "word", "presentation", "message")
    return next((kind for kind in kinds if kind in found), "old_workbook")


def _has_entry(piece: bytes, position: int, name: str) -> bool:
    """Return whether a stream with that name begins in the piece of a file that begins at `position`."""
    entry = name.encode("utf-16-le").ljust(_LONGEST_NAME, b"\0")
    at = piece.find(entry)
    while at >= 0:
        if (position + at) % _ENTRY == 0:
            return True
        at = piece.find(entry, at + 1)
    return False


def _kind_of_archive(file: Path) -> str:
    import zipfile

    from kmtrack.archives import BROKEN_ARCHIVE

    try:
        with open_file(file) as stream, zipfile.ZipFile(stream) as archive:
            names = set(archive.namelist())
            starts = {name: _start_of(archive, name) for name in _TELLING_PARTS if name in names}
    except RuntimeError:
        return "protected"
    except BROKEN_ARCHIVE as error:
        raise Refusal("workbook_damaged", file=file.name) from error
    if stated := starts.get("mimetype", b""):
        is_protected = b"encryption-data" in starts.get("META-INF/manifest.xml", b"")
        return "protected" if is_protected else _kind_of_open_document(stated)
    lower = {name.replace("\\", "/").lower() for name in names}
    if "xl/workbook.bin" in lower:
        return "binary_workbook"
    types = starts.get("[Content_Types].xml")
    if types and (_SHEET_TYPE in types or any(name.startswith("xl/") for name in lower)):
        return "workbook"
    return _kind_of_other_archive(lower)


def _kind_of_open_document(stated: bytes) -> str:
    if stated.startswith(b"application/vnd.oasis.opendocument.spreadsheet"):
        return "open_document"
    is_document = stated.startswith(b"application/vnd.oasis.opendocument.")
    return "text_document" if is_document else "archive"


def _start_of(archive: ZipFile, name: str) -> bytes:
    with archive.open(name) as part:
        return part.read(_LONGEST_PART)


def _kind_of_other_archive(names: set[str]) -> str:
    if "word/document.xml" in names:
        return "word"
    if "ppt/presentation.xml" in names:
        return "presentation"
    if any(name.endswith(".iwa") or name == "index.zip" for name in names):
        return "numbers"
    return "archive"
