"""Mangled workbooks, for both readers, and zip bombs: refused or read, in bounded time and memory."""

from __future__ import annotations

import datetime as dt
import io
import random
import re
import sys
import time
import zipfile
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Final

import openpyxl
import pytest
from program import command_line, run

from builders import cvr_number, ledger_in, session_over
from kmtrack.errors import Refusal
from kmtrack.ledger.open import open_store
from kmtrack.usecases.check import check_ledger
from kmtrack.usecases.imports.file import import_file
from kmtrack.usecases.imports.sources import opened
from kmtrack.usecases.imports.table import Deadline, Limits
from kmtrack.views.xlsx.template import write_template
from spreadsheets import binary_workbook, open_document, open_document_row

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.torture

_SECONDS: Final = 10
_HERE: Final = Path(__file__).parent
_TRANSITIONAL: Final = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_STRICT: Final = b"http://purl.oclc.org/ooxml/spreadsheetml/main"
_DIMENSION: Final = re.compile(rb'dimension ref="[^"]*"')
_MEGABYTES: Final = 300
# An intermediate process, since a child inherits the peak memory of its parent.
_MEASURING: Final = """
import os, subprocess, sys
process = subprocess.Popen(sys.argv[1:])
_, status, usage = os.wait4(process.pid, 0)
seconds = usage.ru_utime + usage.ru_stime
print(os.waitstatus_to_exitcode(status), usage.ru_maxrss // 1024, seconds)
"""


def _workbook(folder: Path) -> bytes:
    """Return a template filled in with companies and contacts."""
    file = folder / "source.xlsx"
    write_template(file)
    workbook = openpyxl.load_workbook(file)
    for number in range(25):
        name, cvr = f"Firma {number:03}", cvr_number(number)
        workbook["Companies"].append([name, cvr, "Viborg", 40 + number])
        contact = [cvr, dt.date(2011, 3, 1 + number), "visit", "JH", None, None, f"nr. {number}"]
        workbook["Contacts"].append(contact)
    workbook.save(file)
    return file.read_bytes()


def _mangled(whole: bytes, chance: random.Random) -> bytes:
    """Return a workbook with some bytes changed, in the archive or in one of its files."""
    if chance.random() < 0.4:
        spoiled = bytearray(whole)
        for _ in range(chance.choice((1, 4, 64))):
            spoiled[chance.randrange(len(spoiled))] = chance.randrange(256)
        return bytes(spoiled[: chance.choice((len(spoiled), chance.randrange(len(spoiled))))])
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    name = chance.choice(list(parts))
    parts[name] = _mangled_part(parts[name], chance)
    if chance.random() < 0.1:
        del parts[chance.choice(list(parts))]
    return _zipped(parts)


def _mangled_part(content: bytes, chance: random.Random) -> bytes:
    way = chance.randrange(5)
    if way == 0:
        return _DIMENSION.sub(b'dimension ref="A1:XFD1048576"', content)
    if way == 1:
        return content[: chance.randrange(len(content) + 1)]
    if way == 2:
        return content.replace(b"<v>", b"<v>99999999999999999999", chance.randrange(1, 9))
    if way == 3:
        return b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>' + content
    spoiled = bytearray(content)
    for _ in range(chance.choice((1, 3, 20))):
        if spoiled:
            spoiled[chance.randrange(len(spoiled))] = chance.randrange(256)
    return bytes(spoiled)


def test_mangled_workbooks_are_refused_or_read_in_full(
    tmp_path: Path,
    times: Callable[[int, int], int],
    told: Callable[[str, str], None],
) -> None:
    whole = _workbook(tmp_path)
    chance = random.Random(37)
    target, file = ledger_in(tmp_path, "target.db"), tmp_path / "mangled.xlsx"
    number = times(2000, 60)
    refused, slowest = 0, 0.0
    with session_over(target) as session:
        file.write_bytes(whole)
        assert import_file(session, file, dry_run=True).rows == 50
        for _ in range(number):
            file.write_bytes(_mangled(whole, chance))
            began = time.process_time()
            try:
                import_file(session, file, dry_run=True)
            except Refusal:
                refused += 1
            slowest = max(slowest, time.process_time() - began)
        assert session.store.get("SELECT count(*) FROM command")[0] == 1
    with closing(open_store(target)) as store:
        assert check_ledger(store).damage == []
    told(
        "mangled workbooks",
        f"{number} workbooks, {refused} refused, the others read: 0 tracebacks, "
        f"the slowest {slowest:.1f} s",
    )
    assert slowest < _SECONDS


def _spreadsheets(folder: Path) -> dict[str, bytes]:
    """Return the forms that calamine reads, each with the contacts of one company."""
    headings = ("Virksomhed", "Dato", "Kanal", "Mægler")
    rows = [headings, *(("13748136", f"2011-03-{day:02}", "besøg", "JH") for day in range(1, 26))]
    cells = {number: dict(enumerate(row)) for number, row in enumerate(rows)}
    binary = binary_workbook(folder / "source.xlsb", "Kontakter", cells)
    lines = [open_document_row(*row) for row in rows]
    document = open_document(folder / "source.ods", "Kontakter", lines)
    strict = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(_workbook(folder))) as source:
        parts = {name: source.read(name) for name in source.namelist()}
    with zipfile.ZipFile(strict, "w", zipfile.ZIP_DEFLATED) as target:
        for name, part in parts.items():
            target.writestr(name, part.replace(_TRANSITIONAL, _STRICT))
    old = (_HERE.parent / "usecases" / "spreadsheets" / "contacts.xls").read_bytes()
    documents = {"xlsb": binary.read_bytes(), "ods": document.read_bytes()}
    return {**documents, "xlsx": strict.getvalue(), "xls": old}


def test_mangled_spreadsheets_are_refused_or_read(
    tmp_path: Path,
    times: Callable[[int, int], int],
    told: Callable[[str, str], None],
) -> None:
    sources = _spreadsheets(tmp_path)
    chance = random.Random(41)
    number, slowest, sentences = times(800, 40), 0.0, list[str]()
    limits = Limits(process_seconds=_SECONDS)
    for each in range(number):
        form = list(sources)[each % len(sources)]
        file = tmp_path / f"mangled.{form}"
        file.write_bytes(
            _mangled(sources[form], chance) if form != "xls" else _flipped(sources, chance)
        )
        began = time.process_time()
        try:
            with opened(file, limits, Deadline(limits)) as tables:
                for table in tables.tables:
                    assert sum(1 for _ in table.rows()) <= limits.rows
        except Refusal as refusal:
            sentences.append(refusal.sentence())
        slowest = max(slowest, time.process_time() - began)
    assert not any("\n" in sentence for sentence in sentences)
    told(
        "mangled spreadsheets",
        f"{number} of {', '.join(sources)}, {len(sentences)} refused, the others read: 0 tracebacks, "
        f"the slowest {slowest:.1f} s",
    )
    assert slowest < _SECONDS


def _flipped(sources: dict[str, bytes], chance: random.Random) -> bytes:
    """Return an .xls with some bytes changed or its end missing; it has no parts."""
    spoiled = bytearray(sources["xls"])
    for _ in range(chance.choice((1, 4, 64))):
        spoiled[chance.randrange(len(spoiled))] = chance.randrange(256)
    return bytes(spoiled[: chance.choice((len(spoiled), chance.randrange(len(spoiled))))])


@pytest.mark.parametrize("size", ["A1", "A1:B2", "A1:XFD1048576", "XFD1048576"])
def test_a_sheet_with_a_false_size_is_read_in_full(tmp_path: Path, size: str) -> None:
    file = tmp_path / "false.xlsx"
    false = f'dimension ref="{size}"'.encode()
    with zipfile.ZipFile(io.BytesIO(_workbook(tmp_path))) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    assert any(_DIMENSION.search(content) for content in parts.values())
    file.write_bytes(_zipped({n: _DIMENSION.sub(false, part) for n, part in parts.items()}))
    with session_over(ledger_in(tmp_path, "target.db")) as session:
        assert import_file(session, file, dry_run=True).rows == 50


def _zipped(parts: dict[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return made.getvalue()


def _wide(whole: bytes) -> bytes:
    """Return a workbook with rows of the maximum width and almost no content."""
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    row = b'<row><c t="inlineStr"><is><t>F</t></is></c><c r="XFD%d"/></row>'
    rows = b"".join(row % number for number in range(100, 60_000))
    sheet = "xl/worksheets/sheet2.xml"
    parts[sheet] = parts[sheet].replace(b"</sheetData>", rows + b"</sheetData>")
    return _zipped(parts)


def _bomb(number: int, whole: bytes) -> bytes:
    """Return a small archive that is large when unpacked, or declares to be."""
    if number % 4 == 3:
        return _wide(whole)
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        sheet = b"<row><c><v>1</v></c></row>" * (400_000 * (1 + number % 10))
        way = number % 4
        if way == 0:
            archive.writestr("xl/workbook.xml", b" " * (30_000_000 * (1 + number % 5)))
        elif way == 1:
            archive.writestr("xl/worksheets/sheet1.xml", b"<sheetData>" + sheet)
        else:
            for part in range(2000):
                archive.writestr(f"xl/media/{part}.xml", b"0" * 100_000)
    return made.getvalue()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows tells no peak of memory this way")
def test_bombs_cost_neither_time_nor_memory(
    tmp_path: Path,
    times: Callable[[int, int], int],
    told: Callable[[str, str], None],
) -> None:
    ledger_in(tmp_path)
    file = tmp_path / "bomb.xlsx"
    number = times(32, 4)
    whole, slowest, most = _workbook(tmp_path), 0.0, 0
    for each in range(number):
        file.write_bytes(_bomb(each, whole))
        ended = run(
            tmp_path, [sys.executable, "-c", _MEASURING, *command_line("import", str(file))]
        )
        code, megabytes, seconds = ended.out.split()
        # Of the processor: how long others keep it from a command says nothing about the command.
        slowest, most = max(slowest, float(seconds)), max(most, int(megabytes))
        assert (int(code), ended.err.count("\n")) == (1, 1), ended.err
    told("zip bombs", f"{number} bombs: all refused, at most {slowest:.1f} s and {most} MB")
    assert slowest < _SECONDS
    assert most < _MEGABYTES
