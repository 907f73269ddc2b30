"""The fingerprint of an export, whichever library openpyxl writes the properties with."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET
from zipfile import ZipFile

import pytest

from kmtrack.views.xlsx.fingerprint import FingerprintedArchive, is_as_written, is_export

if TYPE_CHECKING:
    from pathlib import Path

_PACKAGE = "http://schemas.openxmlformats.org/package/2006/metadata/core-properties"
_DUBLIN = 'xmlns:dc="http://purl.org/dc/elements/1.1/"'


@pytest.mark.parametrize("at_root", [True, False])
def test_properties_are_read_wherever_their_prefix_is_declared(
    tmp_path: Path, *, at_root: bool
) -> None:
    root, own = (f" {_DUBLIN}", "") if at_root else ("", f" {_DUBLIN}")
    file = tmp_path / "region.xlsx"
    with FingerprintedArchive(file) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr(
            "docProps/core.xml",
            f'<cp:coreProperties xmlns:cp="{_PACKAGE}"{root}><dc:creator{own}>kmtrack 0.1.0'
            f"</dc:creator><dc:subject{own}>contract, day</dc:subject></cp:coreProperties>",
        )
        archive.complete()
    with ZipFile(file) as parts:
        properties = ET.fromstring(parts.read("docProps/core.xml"))  # noqa: S314 - of our own making
    assert [child.tag.rpartition("}")[2] for child in properties] == [
        "creator",
        "subject",
        "identifier",
    ]
    assert is_export(file)
    assert is_as_written(file)
