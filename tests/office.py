"""LibreOffice, run without a window: what it makes of a workbook of ours, on paper or recalculated."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest
from pypdf import PdfReader

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from typing import Any

_OFFICE = shutil.which("soffice")


def with_office(test: Callable[..., Any]) -> Callable[..., Any]:
    """Mark a test that needs LibreOffice; it is skipped where there is none."""
    skip = pytest.mark.skipif(_OFFICE is None, reason="LibreOffice is not installed")
    marked: Callable[..., Any] = pytest.mark.libreoffice(skip(test))
    return marked


def converted(file: Path, kind: str, folder: Path) -> Path:
    """Return what LibreOffice makes of a file: another file of this kind, in `folder`."""
    assert _OFFICE is not None
    profile = (folder / "profile").as_uri()
    command = [_OFFICE, f"-env:UserInstallation={profile}", "--headless", "--convert-to", kind]
    subprocess.run([*command, "--outdir", str(folder), str(file)], check=True, capture_output=True)
    return folder / f"{file.stem}.{kind}"


def printed_pages(file: Path, folder: Path) -> list[str]:
    """Return the text of each page that LibreOffice prints of a workbook."""
    pdf = converted(file, "pdf", folder)
    return [" ".join(page.extract_text().split()) for page in PdfReader(pdf).pages]
