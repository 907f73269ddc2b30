"""Archives of which a byte is wrong: each reader reads them, or refuses them."""

from __future__ import annotations

import zipfile
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest

from kmtrack.errors import Refusal
from kmtrack.usecases.imports.file_kinds import kind_of
from kmtrack.usecases.survey_form_files import may_hold
from kmtrack.views.xlsx.fingerprint import is_as_written, is_export
from kmtrack.views.xlsx.origin import read_origin

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

_PARTS = {
    "[Content_Types].xml": '<Types><Override ContentType="spreadsheetml.sheet.main+xml"/></Types>',
    "docProps/core.xml": "<a><dc:creator>kmtrack 1</dc:creator><dc:subject>K</dc:subject></a>",
    "docProps/custom.xml": "<properties/>",
    "xl/workbook.xml": "<workbook/>",
    "xl/æ.xml": "<a>Inger Holm</a>",
}


def _may_hold(file: Path) -> None:
    may_hold(file, ["Inger Holm"])


def _spoiled(whole: bytes) -> Iterator[bytes]:
    """Yield an archive with one byte of its directory changed, or cut off in it."""
    for place in range(whole.index(b"PK\1\2"), len(whole), 3):
        yield whole[:place] + b"\xfe" + whole[place + 1 :]
        yield whole[:place]


@pytest.mark.parametrize("read", [kind_of, _may_hold, is_export, is_as_written, read_origin])
def test_a_reader_of_archives_reads_or_refuses(
    tmp_path: Path, read: Callable[[Path], object]
) -> None:
    file = tmp_path / "form.xlsx"
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in _PARTS.items():
            archive.writestr(name, content)
    for spoiled in _spoiled(file.read_bytes()):
        file.write_bytes(spoiled)
        with suppress(Refusal):
            read(file)
